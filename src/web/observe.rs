//! Around every call: its id, its log line, its numbers, and the problem that it ends in when it does.

use super::{AppState, Problem, pages, problem};
use crate::access::Origin;
use crate::clock::{Clock, SystemClock};
use crate::config::metrics;
use crate::db::queries_of_call;
use crate::error::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Instant as Stopwatch;

/// The call's id, as the logs and problems have it.
#[derive(Clone)]
struct RequestId(String);

/// The id of this call and the address it came from.
pub fn origin_of(request: &HttpRequest) -> Origin {
    let request_id = request
        .extensions()
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default();
    Origin {
        request_id,
        address: address_of(request),
    }
}

fn address_of(request: &HttpRequest) -> IpAddr {
    let peer = request
        .peer_addr()
        // Listening on both, IPv4 comes as IPv6 that holds it: proxies are named as they are.
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip().to_canonical());
    let proxies = AppState::of(request)
        .map(|app| app.config.server.trusted_proxies.as_slice())
        .unwrap_or_default();
    if !proxies.contains(&peer) {
        return peer;
    }
    // Each proxy adds whom it was called by, to the last line or as a line of its own.
    let lines = request.headers().get_all("x-forwarded-for");
    let forwarded: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
    first_untrusted(&forwarded.join(","), proxies).unwrap_or(peer)
}

/// The last address that no trusted proxy has: what stands before it, or before a word that is no address, anybody may have
/// written.
fn first_untrusted(forwarded: &str, proxies: &[IpAddr]) -> Option<IpAddr> {
    let mut backwards = forwarded.rsplit(',').map_while(|word| an_address(word.trim()));
    backwards.find(|address| !proxies.contains(address))
}

/// An address as proxies write it: alone, or with a port.
fn an_address(word: &str) -> Option<IpAddr> {
    let alone = word.parse().ok();
    let found: Option<IpAddr> = alone.or_else(|| word.parse::<SocketAddr>().ok().map(|address| address.ip()));
    found.map(|address| address.to_canonical())
}

/// The outermost middleware.
pub async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Stopwatch::now();
    let id = crate::ids::request_id(SystemClock.now());
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let (answered, queries) = queries_of_call(next.call(request)).await;
    // Handlers and extractors answer with a response even when they refuse; an error here is the transport's.
    let mut response = explain(answered?.map_into_boxed_body(), &id);
    let route = response
        .request()
        .match_pattern()
        .unwrap_or_else(|| "(none)".to_owned());
    let over_tls = AppState::of(response.request()).is_ok_and(|app| app.config.server.is_https());
    let took = started.elapsed();
    let status = response.status().as_u16();
    // The pattern, never the address called: no id, and nothing that a caller typed, gets into a log line.
    tracing::info!(request_id = %id, %method, %route, status, queries, micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX), "answered");
    metrics::request(method_name(&method), route, status, took, queries);
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let is_html = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_html && !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(pages::content_security_policy()),
        );
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    if over_tls {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

/// Gives an error answer its body, with the request's id.
fn explain(response: ServiceResponse<BoxBody>, id: &str) -> ServiceResponse<BoxBody> {
    let (request, response) = response.into_parts();
    let explained = match response.error().map(|error| error.as_error::<Problem>()) {
        Some(Some(problem)) => {
            log_cause(&problem.0, id);
            if is_page(&request) {
                pages::refused(&request, &problem.0, id)
            } else {
                problem::response(&problem.0, id)
            }
        }
        _ => match response.status() {
            status @ (StatusCode::NOT_FOUND
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::BAD_REQUEST)
                if !response.headers().contains_key(header::CONTENT_TYPE) || response.error().is_some() =>
            {
                let mut explained = HttpResponse::build(status);
                if is_page(&request) {
                    let error = match status {
                        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Error::NotFound("page"),
                        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
                        _ => Error::Malformed("The request can't be read.".to_owned()),
                    };
                    return ServiceResponse::new(request.clone(), pages::refused(&request, &error, id));
                }
                for allowed in response.headers().get_all(header::ALLOW) {
                    explained.append_header((header::ALLOW, allowed.clone()));
                }
                explained
                    .content_type("application/problem+json")
                    .json(problem::of_status(status, id))
            }
            _ => response,
        },
    };
    ServiceResponse::new(request, explained)
}

/// Whether a person reads the answer: everything but the API and what machines ask.
fn is_page(request: &HttpRequest) -> bool {
    !["/api/", "/health/", "/metrics"]
        .iter()
        .any(|prefix| request.path().starts_with(prefix))
}

/// The one place where an internal cause is written down.
fn log_cause(error: &Error, id: &str) {
    match error {
        Error::Internal(cause) => tracing::error!(request_id = %id, %cause, "internal error"),
        Error::CorruptRow { table, id: row } => tracing::error!(request_id = %id, table, row, "corrupt row"),
        _ => {}
    }
}

fn method_name(method: &actix_web::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "HEAD" => "HEAD",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_anybody_may_have_written_is_not_believed() {
        let proxies: Vec<IpAddr> = ["10.0.0.1", "10.0.0.2"]
            .iter()
            .map(|text| text.parse().unwrap())
            .collect();
        for (forwarded, caller) in [
            ("203.0.113.7", Some("203.0.113.7")),
            ("198.51.100.1, 203.0.113.7, 10.0.0.2", Some("203.0.113.7")),
            // A line that the caller sent, then the proxy's own.
            ("198.51.100.1,203.0.113.7", Some("203.0.113.7")),
            ("198.51.100.1, 203.0.113.7:4711", Some("203.0.113.7")),
            ("198.51.100.1, [2001:db8::7]:4711", Some("2001:db8::7")),
            ("198.51.100.1, ::ffff:203.0.113.7, ::ffff:10.0.0.2", Some("203.0.113.7")),
            ("198.51.100.1, unknown", None),
            ("10.0.0.2", None),
            ("", None),
        ] {
            let caller = caller.map(|text| text.parse().unwrap());
            assert_eq!(first_untrusted(forwarded, &proxies), caller, "{forwarded}");
        }
    }
}
