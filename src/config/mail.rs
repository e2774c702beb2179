use std::path::PathBuf;

use lettre::message::Mailbox;
use secrecy::SecretString;
use url::Url;

use super::reader::Reader;
use super::{DatabaseUrl, Variable};

const MAIL: Variable = Variable::url(
    "HEARTH_MAIL",
    "file: and the folder `mails` beside the embedded database; required with PostgreSQL",
    "How mail leaves: `smtp://USER:PASSWORD@HOST:PORT?tls=required` (or `tls=none`) for a relay, `file:DIR` for files. Port 465 speaks TLS from the start, every other by STARTTLS.",
);
const FROM: Variable = Variable::open(
    "HEARTH_MAIL_FROM",
    "Hearth <no-reply@localhost> with files; required with a relay",
    "The sender of every mail, as in `Hearth <no-reply@example.org>`.",
);
pub(super) const VARIABLES: &[Variable] = &[MAIL, FROM];

/// How mail leaves.
#[derive(Debug, Clone)]
pub struct MailConfig {
    /// The way it goes.
    pub transport: MailTransport,
    /// The sender of every mail.
    pub from: Mailbox,
}

/// The way mail goes.
#[derive(Debug, Clone)]
pub enum MailTransport {
    /// To a relay, by SMTP.
    Smtp(Relay),
    /// Into a folder, one file a mail.
    Files(PathBuf),
}

/// An SMTP relay.
#[derive(Debug, Clone)]
pub struct Relay {
    /// Its name or address.
    pub host: String,
    /// Its port: 587 when not given.
    pub port: u16,
    /// User and password, when it asks for them.
    pub credentials: Option<(String, SecretString)>,
    /// Whether the connection is encrypted.
    pub tls: Tls,
}

/// Whether the connection to the relay is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Always, and the relay's certificate is checked; otherwise nothing is sent.
    Required,
    /// Never: for a relay on the same machine or network.
    None,
}

impl MailConfig {
    pub(super) fn read(reader: &mut Reader<'_>, database: Option<&DatabaseUrl>) -> Option<Self> {
        let transport = match (reader.given(&MAIL), database.and_then(DatabaseUrl::folder)) {
            (Some(value), _) => reader.checked(&MAIL, MailTransport::parse(&value)),
            (None, Some(folder)) => Some(MailTransport::Files(folder.join("mails"))),
            (None, None) => {
                // Without a database that could be read there is nothing to say about mail yet.
                if database.is_some() {
                    reader.problem(
                        &MAIL,
                        "is required with PostgreSQL: `smtp://HOST:PORT?tls=required` or `file:DIR`",
                    );
                }
                None
            }
        };
        let from = match (reader.given(&FROM), &transport) {
            (Some(value), _) => reader.checked(&FROM, mailbox(&value)),
            (None, Some(MailTransport::Smtp(_))) => {
                reader.problem(&FROM, "is required with a relay, as in `Hearth <no-reply@example.org>`");
                None
            }
            (None, _) => reader.checked(&FROM, mailbox("Hearth <no-reply@localhost>")),
        };
        Some(Self {
            transport: transport?,
            from: from?,
        })
    }
}

fn mailbox(value: &str) -> Result<Mailbox, String> {
    value
        .parse()
        .map_err(|_| format!("a sender is needed, as in `Hearth <no-reply@example.org>`, not `{value}`"))
}

impl MailTransport {
    /// Reads `smtp://…` or `file:DIR`.
    ///
    /// # Errors
    /// A sentence that says what is wrong, never the password.
    pub fn parse(value: &str) -> Result<Self, String> {
        if let Some(folder) = value.strip_prefix("file:") {
            return match folder.trim_start_matches("//") {
                "" => Err("a folder is needed, as in `file:mails`".into()),
                folder => Ok(Self::Files(folder.into())),
            };
        }
        if !value.starts_with("smtp://") {
            return Err("`smtp://HOST:PORT` or `file:DIR` is needed".into());
        }
        let url = Url::parse(value).map_err(|error| format!("the URL cannot be read: {error}"))?;
        let host = url
            .host_str()
            .filter(|host| !host.is_empty())
            .ok_or("a host is needed")?;
        let mut tls = Tls::Required;
        for (name, value) in url.query_pairs() {
            tls = match (&*name, &*value) {
                ("tls", "required") => Tls::Required,
                ("tls", "none") => Tls::None,
                ("tls", other) => return Err(format!("tls is `required` or `none`, not `{other}`")),
                (other, _) => return Err(format!("`tls` is the only parameter there is, not `{other}`")),
            };
        }
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err("a relay has a host and a port, no path".into());
        }
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            ("", Some(_)) => return Err("a password needs a user".into()),
            (_, None) => return Err("a user needs a password".into()),
            (user, Some(password)) => Some((decoded(user)?, decoded(password)?.into())),
        };
        Ok(Self::Smtp(Relay {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(587),
            credentials,
            tls,
        }))
    }
}

/// Undoes the percent-encoding of a user or password.
fn decoded(value: &str) -> Result<String, String> {
    // A `+` stands for itself in this part of a URL; the form decoding, which has no other quirk, would make it a space.
    let kept = format!("v={}", value.replace('+', "%2B"));
    let (_, decoded) = url::form_urlencoded::parse(kept.as_bytes())
        .next()
        .ok_or("user or password cannot be read")?;
    if decoded.contains(char::REPLACEMENT_CHARACTER) {
        return Err("user or password is not UTF-8".into());
    }
    Ok(decoded.into_owned())
}
