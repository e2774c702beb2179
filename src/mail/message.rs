use std::time::SystemTime;

use lettre::message::header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};

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
            .multipart(
                MultiPart::alternative()
                    .singlepart(part(ContentType::TEXT_PLAIN, &self.text))
                    .singlepart(part(ContentType::TEXT_HTML, &self.html)),
            )
            .map_err(|error| SendError::Permanent(error.to_string()))
    }
}

/// Longest line that SMTP carries (RFC 5321, 4.5.3.1.6), without its end.
const LONGEST_LINE: usize = 998;

/// Plain ASCII goes as it is, so that a link is a link in a mail that is read as a file; the rest is encoded.
fn part(content_type: ContentType, words: &str) -> SinglePart {
    let as_it_is = words.is_ascii() && words.lines().all(|line| line.len() <= LONGEST_LINE);
    let body = if as_it_is {
        let words = words.lines().collect::<Vec<_>>().join("\r\n") + "\r\n";
        Body::dangerous_pre_encoded(words.into_bytes(), ContentTransferEncoding::SevenBit)
    } else {
        Body::new(words.to_owned())
    };
    SinglePart::builder().header(content_type).body(body)
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
