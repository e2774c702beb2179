use std::sync::{Arc, OnceLock};

use lettre::message::Message;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::ExposeSecret;

use super::{ATTEMPT_TIMEOUT, SendError};
use crate::config::{Relay, Tls};

/// Most connections to the relay at once.
const CONNECTIONS: u32 = 4;

/// The port on which a relay speaks TLS from the first byte (RFC 8314).
const SUBMISSIONS_PORT: u16 = 465;

/// A relay, spoken to by SMTP over kept connections. The pool of connections tidies itself in a task, so it is made at the
/// first mail, when the runtime is there.
#[derive(Debug, Clone)]
pub(super) struct Smtp {
    builder: AsyncSmtpTransportBuilder,
    pool: Arc<OnceLock<Pool>>,
}

/// The kept connections.
#[derive(Debug)]
struct Pool(Option<AsyncSmtpTransport<Tokio1Executor>>);

impl Drop for Pool {
    fn drop(&mut self) {
        // It takes its leave of the relay in a task. Without a runtime there is nobody to run it, and asking for one panics:
        // the connections then end with the process.
        if tokio::runtime::Handle::try_current().is_err() {
            std::mem::forget(self.0.take());
        }
    }
}

impl Smtp {
    pub(super) fn new(relay: &Relay) -> Result<Self, String> {
        let wrong_name = |error: Error| format!("TLS cannot be spoken with {}: {error}", relay.host);
        let builder = match (relay.tls, relay.port) {
            (Tls::None, _) => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&relay.host),
            (Tls::Required, SUBMISSIONS_PORT) => {
                AsyncSmtpTransport::<Tokio1Executor>::relay(&relay.host).map_err(wrong_name)?
            }
            (Tls::Required, _) => {
                AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&relay.host).map_err(wrong_name)?
            }
        };
        let mut builder = builder
            .port(relay.port)
            .timeout(Some(ATTEMPT_TIMEOUT))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS));
        if let Some((user, password)) = &relay.credentials {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose_secret().to_owned()));
        }
        Ok(Self {
            builder,
            pool: Arc::default(),
        })
    }

    pub(super) async fn send(&self, message: Message) -> Result<(), SendError> {
        let pool = self.pool.get_or_init(|| Pool(Some(self.builder.clone().build())));
        let transport = pool.0.as_ref().expect("a pool has its transport until it is dropped");
        match transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => {
                let said = with_causes(&error);
                if refuses_this_mail(&error) {
                    Err(SendError::Permanent(said))
                } else {
                    Err(SendError::Transient(said))
                }
            }
        }
    }
}

/// Whether the relay refuses this recipient or this content for good. Other permanent answers (authentication, a command it
/// does not know) speak of the set-up: a mail must not be lost because a password was changed.
fn refuses_this_mail(error: &Error) -> bool {
    error.is_permanent()
        && error
            .status()
            .is_some_and(|code| matches!(u16::from(code), 501 | 550..=556))
}

/// What the relay or the system said, to its first cause.
fn with_causes(error: &Error) -> String {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        let words = deeper.to_string();
        if !said.contains(&words) {
            said.push_str(": ");
            said.push_str(&words);
        }
        cause = deeper.source();
    }
    said
}
