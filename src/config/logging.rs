//! The log: one line an event, to standard error, as text or JSON.

use tracing_subscriber::EnvFilter;

use super::Variable;
use super::reader::Reader;

const FILTER: Variable = Variable::open(
    "HEARTH_LOG",
    "info",
    "What is logged: a level, or levels by module, as in `info,hearth::mail=debug`.",
);
const FORMAT: Variable = Variable::open(
    "HEARTH_LOG_FORMAT",
    "text",
    "`text` for people, `json` for machines (one object a line).",
);
pub(super) const VARIABLES: &[Variable] = &[FILTER, FORMAT];

/// What is written to the log, and in which form.
#[derive(Debug, Clone)]
pub struct LoggingConfig {
    /// Levels, by module where wanted (`tracing_subscriber::EnvFilter`'s syntax).
    pub filter: String,
    /// For people or for machines.
    pub format: LogFormat,
}

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One line an event, for people.
    Text,
    /// One JSON object an event, for machines.
    Json,
}

impl LoggingConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let filter = reader.value(&FILTER, "info".to_owned(), |value| {
            EnvFilter::try_new(value).map_err(|error| format!("`{value}` cannot be read: {error}"))?;
            Ok(value.to_owned())
        });
        let format = reader.value(&FORMAT, LogFormat::Text, |value| match value {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            other => Err(format!("`text` or `json` is needed, not `{other}`")),
        });
        Some(Self {
            filter: filter?,
            format: format?,
        })
    }
}

/// Starts the log of this process. A second call changes nothing.
pub fn start(config: &LoggingConfig) {
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(&config.filter))
        .with_writer(std::io::stderr)
        .with_target(true);
    // Refused only when a log is there already (tests start the program's parts many times over).
    let _ = match config.format {
        LogFormat::Text => subscriber
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .try_init(),
        LogFormat::Json => subscriber.json().flatten_event(true).with_current_span(true).try_init(),
    };
}
