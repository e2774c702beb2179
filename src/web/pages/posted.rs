//! What a form sent.

use crate::error::{Error, Result};
use crate::web::{Access, AppState, Problem};
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::future::LocalBoxFuture;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

use super::door::{self, Kept};
use super::session;

/// The field that carries a form's token.
const TOKEN: &str = "_token";
/// The field that carries the version that the form was made of.
const VERSION: &str = "_version";

/// The fields of a form, whose token was verified.
#[derive(Debug, Clone)]
pub struct Posted {
    fields: Vec<(String, String)>,
    /// The token's own part: it names this rendering of the form.
    pub(super) nonce: String,
    /// Over what was typed.
    pub(super) digest: [u8; 32],
}

impl Posted {
    /// The first value of a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The places in a list of which something was filled in, in one of these parts: `scores[2].reason` is begun at 2.
    pub fn begun(&self, list: &str, parts: &[&str]) -> BTreeSet<usize> {
        let place = |name: &str| {
            let (at, part) = name.strip_prefix(list)?.strip_prefix('[')?.split_once("].")?;
            at.parse().ok().filter(|_| parts.contains(&part))
        };
        let filled = self.fields.iter().filter(|(_, value)| !value.trim().is_empty());
        filled.filter_map(|(name, _)| place(name)).collect()
    }

    /// All values of a field, as ticked boxes have them.
    pub fn values<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p str> {
        self.fields
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Every field but the form's own, in the order of the page.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The version of the thing that the form was made of, where the form says one: a change of any later one is refused.
    pub fn version(&self) -> Option<i64> {
        self.value(VERSION).and_then(|version| version.parse().ok())
    }
}

impl FromRequest for Posted {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let bytes = Bytes::from_request(&request, payload);
        Box::pin(async move {
            let bytes = bytes.await.map_err(|cause| {
                let too_large =
                    cause.as_response_error().status_code() == actix_web::http::StatusCode::PAYLOAD_TOO_LARGE;
                Problem(if too_large {
                    Error::TooLarge
                } else {
                    Error::Malformed("The form did not arrive whole.".to_owned())
                })
            })?;
            read(&request, &bytes).map_err(Problem)
        })
    }
}

fn read(request: &HttpRequest, bytes: &[u8]) -> Result<Posted> {
    let declared = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if !declared.is_some_and(|value| value.starts_with("application/x-www-form-urlencoded")) {
        return Err(Error::Malformed(
            "A form of one of our pages is expected here.".to_owned(),
        ));
    }
    let app = AppState::of(request)?;
    let mut token = String::new();
    let mut fields = Vec::new();
    for (name, value) in url::form_urlencoded::parse(bytes) {
        if name == TOKEN {
            token = value.into_owned();
        } else {
            fields.push((legible(&name), legible(&value)));
        }
    }
    let holder = door::holder(request, app);
    let person = session::person_of(&app.secret, &token);
    let kept = person.map(|person| Kept {
        person,
        path: request.path().to_owned(),
        fields: fields.clone(),
    });
    if !holder.is_some_and(|holder| session::is_token_of(&app.secret, &holder, &token)) {
        return Err(of_another_session(request, app, kept));
    }
    let mut digest = Sha256::new();
    digest.update(app.secret.derive("idempotency-digest"));
    digest.update(request.path());
    for (name, value) in &fields {
        digest.update((name.len() as u64).to_be_bytes());
        digest.update(name);
        digest.update((value.len() as u64).to_be_bytes());
        digest.update(value);
    }
    if let Some(kept) = kept {
        request.extensions_mut().insert(kept);
    }
    let nonce = token.split_once('.').map_or("", |(nonce, _)| nonce).to_owned();
    Ok(Posted {
        fields,
        nonce,
        digest: digest.finalize().into(),
    })
}

/// What was sent as a text: browsers send every line's end as two characters, and what no database keeps stands, as bytes that are no
/// letters do, as the mark of a letter that was lost. The field's own rule refuses that, with all that was typed beside it.
fn legible(sent: &str) -> String {
    sent.replace("\r\n", "\n").replace('\0', "\u{fffd}")
}

/// A form that this session was not given. One that another session was given, from a page of somebody who was signed in then, is kept
/// until its person has signed in: nothing comes of it before they read it and send it themselves. Not so where another site sends it.
fn of_another_session(request: &HttpRequest, app: &AppState, kept: Option<Kept>) -> Error {
    let site = request.headers().get("sec-fetch-site");
    let is_foreign = site.is_some_and(|site| site.as_bytes() == b"cross-site");
    let takes_person = app.access_of(request).is_ok_and(|access| access != Access::Public);
    match kept {
        Some(kept) if takes_person && !is_foreign => {
            request.extensions_mut().insert(kept);
            Error::Unauthenticated("auth.session_ended")
        }
        _ => FormRefused::TokenWrong.into(),
    }
}

crate::refusals! {
    /// Why a form was refused before it was read.
    pub enum FormRefused {
        /// The form is not one that this session was given.
        TokenWrong => (forbidden, "form.token_wrong", "This form is not one of this session: the page is from before you signed in or out. Go back, load the page again, and send it once more."),
    }
}

#[cfg(test)]
impl Posted {
    pub(crate) fn sample(fields: &[(&str, &str)]) -> Self {
        Self {
            fields: fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            nonce: String::new(),
            digest: [0; 32],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Posted, legible};

    #[test]
    fn a_place_of_a_list_is_begun_where_something_was_filled_in() {
        let sent = [
            ("scores[0].reason", "  "),
            ("scores[2].score", "4"),
            ("scores[2].reason", "Good."),
            ("scores[1].criterion_id", "7"),
            ("others[3].score", "5"),
            ("scores[x].score", "5"),
        ];
        let begun = |parts: &[&str]| {
            Posted::sample(&sent)
                .begun("scores", parts)
                .into_iter()
                .collect::<Vec<_>>()
        };
        assert_eq!(begun(&["score", "reason"]), [2]);
        assert_eq!(begun(&["criterion_id"]), [1]);
    }

    #[test]
    fn a_letter_that_no_database_keeps_is_marked_as_lost() {
        assert_eq!(legible("a\r\nb\0c"), "a\nb\u{fffd}c");
    }
}
