//! Cookies, and the tokens of forms.

use crate::access::Actor;
use crate::config::SecretKey;
use crate::error::{Error, Result};
use crate::ids::{PersonId, SessionId};
use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::hmac::{Hmac, Mac};
use sha2::Sha256;

const SESSION: &str = "hearth_session";
const VISITOR: &str = "hearth_visitor";
const SAID: &str = "hearth_said";

/// A cookie of ours, as it is sent.
fn cookie(name: &str, value: &str, secure: bool, seconds: Option<i64>) -> String {
    let mut cookie = Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure);
    if let Some(seconds) = seconds {
        cookie = cookie.max_age(Duration::seconds(seconds));
    }
    cookie.finish().to_string()
}

/// The cookie that carries a session's token, until the browser is closed; without a token it ends the session there.
pub fn session_cookie(token: Option<&str>, secure: bool) -> String {
    match token {
        Some(token) => cookie(SESSION, token, secure, None),
        None => cookie(SESSION, "", secure, Some(0)),
    }
}

/// The holder of the forms of a browser that is new to us, and the cookie by which they know it again.
pub(super) fn new_visitor(secure: bool) -> Result<(String, String)> {
    let value = random()?;
    Ok((holder_of_visitor(&value), cookie(VISITOR, &value, secure, None)))
}

/// The cookie that says on the next page what was done on this one; nothing ends it.
pub(super) fn said_cookie(text: Option<&str>, secure: bool) -> String {
    match text {
        Some(text) => cookie(SAID, &URL_SAFE_NO_PAD.encode(text), secure, Some(60)),
        None => cookie(SAID, "", secure, Some(0)),
    }
}

fn value(request: &HttpRequest, name: &str) -> Option<String> {
    request
        .cookie(name)
        .map(|cookie| cookie.value().to_owned())
        .filter(|value| !value.is_empty())
}

/// The session's token, where the browser sent one.
pub(super) fn session_token(request: &HttpRequest) -> Option<String> {
    value(request, SESSION)
}

/// How the browser of somebody who is not signed in is known again.
pub(super) fn visitor(request: &HttpRequest) -> Option<String> {
    value(request, VISITOR).filter(|value| value.len() <= 100)
}

/// Who holds the forms of a session: no visitor's cookie can claim to be it.
pub(super) fn holder_of_session(actor: &Actor) -> String {
    format!("{}~{}", actor.session_id, actor.person_id)
}

/// Who holds the forms of a browser that nobody is signed in with.
pub(super) fn holder_of_visitor(cookie: &str) -> String {
    format!("visitor~{cookie}")
}

/// What was done on the page before.
pub(super) fn said(request: &HttpRequest) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(value(request, SAID)?).ok()?;
    String::from_utf8(bytes).ok().filter(|text| text.len() <= 500)
}

/// 128 random bits.
fn random() -> Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn signature(secret: &SecretKey, holder: &str, nonce: &str) -> Result<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret.derive("form-tokens")).map_err(Error::internal)?;
    mac.update(holder.as_bytes());
    mac.update(&[0]);
    mac.update(nonce.as_bytes());
    Ok(mac)
}

/// A fresh token for a form of this holder. That of a session says whose it is, so that a form can be told for its person's own when
/// the session's cookie is gone.
pub(super) fn form_token(secret: &SecretKey, holder: &str) -> Result<String> {
    let nonce = random()?;
    let tag = signature(secret, holder, &nonce)?.finalize().into_bytes();
    let token = format!("{nonce}.{}", URL_SAFE_NO_PAD.encode(tag));
    Ok(match session_and_person(holder) {
        Some(_) => format!("{token}.{holder}"),
        None => token,
    })
}

fn session_and_person(holder: &str) -> Option<(SessionId, PersonId)> {
    let (session, person) = holder.split_once('~')?;
    Some((session.parse().ok()?, person.parse().ok()?))
}

/// Whose form it is, where its token was given to somebody's session: this one or any other.
pub(super) fn person_of(secret: &SecretKey, token: &str) -> Option<PersonId> {
    let holder = token.splitn(3, '.').nth(2)?;
    let (_, person) = session_and_person(holder)?;
    is_token_of(secret, holder, token).then_some(person)
}

/// Whether a form's token is one that this holder was given.
pub(super) fn is_token_of(secret: &SecretKey, holder: &str, token: &str) -> bool {
    let mut parts = token.splitn(3, '.');
    let (Some(nonce), Some(tag)) = (parts.next(), parts.next()) else {
        return false;
    };
    let Ok(tag) = URL_SAFE_NO_PAD.decode(tag) else {
        return false;
    };
    signature(secret, holder, nonce).is_ok_and(|mac| mac.verify_slice(&tag).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_holder_only() {
        let secret = SecretKey::new(vec![7; 32]).unwrap();
        let token = form_token(&secret, "one").unwrap();
        assert!(is_token_of(&secret, "one", &token));
        assert!(!is_token_of(&secret, "two", &token));
        assert!(!is_token_of(&SecretKey::new(vec![8; 32]).unwrap(), "one", &token));
        let other = form_token(&secret, "one").unwrap();
        assert_ne!(token, other);
        let mixed = format!(
            "{}.{}",
            token.split_once('.').unwrap().0,
            other.split_once('.').unwrap().1
        );
        assert!(!is_token_of(&secret, "one", &mixed));
        assert!(
            ["", ".", "x", "x.y", "x.!"]
                .iter()
                .all(|forged| !is_token_of(&secret, "one", forged))
        );
    }

    #[test]
    fn a_token_says_whose_form_it_is_and_nobody_can_say_it_for_them() {
        let secret = SecretKey::new(vec![7; 32]).unwrap();
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let (session, person) = (SessionId::new(now), PersonId::new(now));
        let holder = format!("{session}~{person}");
        let token = form_token(&secret, &holder).unwrap();
        assert_eq!(person_of(&secret, &token), Some(person));
        assert!(is_token_of(&secret, &holder, &token));
        // A visitor's cookie is whatever the visitor says.
        for claimed in [holder.clone(), person.to_string()] {
            let visitor = holder_of_visitor(&claimed);
            let own = form_token(&secret, &visitor).unwrap();
            assert_eq!(person_of(&secret, &own), None);
            assert_eq!(person_of(&secret, &format!("{own}.{visitor}")), None);
            assert_eq!(person_of(&secret, &format!("{own}.{holder}")), None);
            assert!(!is_token_of(&secret, &holder, &own));
        }
        let other = token.replace(&person.to_string(), &PersonId::new(now).to_string());
        assert_eq!(person_of(&secret, &other), None);
    }

    #[test]
    fn cookies_keep_to_the_server() {
        let cookie = session_cookie(Some("t"), true);
        assert_eq!(cookie, "hearth_session=t; HttpOnly; SameSite=Lax; Secure; Path=/");
        assert!(session_cookie(None, false).contains("Max-Age=0"));
    }
}
