//! The program's log, as far as it says what calls cost.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, Once};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// The queries of the calls that were answered and not asked after yet, by the call's id.
static QUERIES: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());

/// Begins to listen to the log; of the calls before nothing is known.
pub fn listen() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        let answered = Targets::new().with_target("hearth::web::observe", Level::INFO);
        let log = tracing_subscriber::registry().with(Answered.with_filter(answered));
        tracing::subscriber::set_global_default(log).expect("nobody else takes the log of the tests");
    });
}

/// How many queries a call made, by its id.
#[track_caller]
pub fn queries_of(request_id: &str) -> u64 {
    let found = QUERIES.lock().unwrap().remove(request_id);
    found.unwrap_or_else(|| panic!("the log does not say what the call `{request_id}` cost"))
}

struct Answered;

impl<S: Subscriber> Layer<S> for Answered {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = Line::default();
        event.record(&mut line);
        if let (Some(id), Some(queries)) = (line.request_id, line.queries) {
            QUERIES.lock().unwrap().insert(id, queries);
        }
    }
}

#[derive(Default)]
struct Line {
    request_id: Option<String>,
    queries: Option<u64>,
}

impl Visit for Line {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "queries" {
            self.queries = Some(value);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "request_id" {
            self.request_id = Some(format!("{value:?}"));
        }
    }
}
