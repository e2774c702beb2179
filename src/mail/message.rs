use std::time::SystemTime;

use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};

use super::SendError;
use crate::clock::Instant;

/// A mail to one person, as text and as HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The Message-ID without its angle brackets; the same at every attempt.
    pub message_id: String,
    /// The recipient.
    pub to: Mailbox,
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

impl Message {
    pub(super) fn build(&self, from: &Mailbox, now: Instant) -> Result<lettre::Message, SendError> {
        lettre::Message::builder()
            .message_id(Some(format!("<{}>", self.message_id)))
            .date(SystemTime::from(now.inner()))
            .from(from.clone())
            .to(self.to.clone())
            .subject(self.subject.clone())
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(self.text.clone(), self.html.clone()))
            .map_err(|error| SendError::Permanent(error.to_string()))
    }
}

/// `Auto-Submitted: auto-generated` (RFC 3834): no absence notice is sent in answer.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
