//! How an [`Error`] looks over HTTP: RFC 9457 problem details. The only table from errors to status codes.

use crate::error::{Error, FieldErrors, RefusalKind};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use std::fmt;
use utoipa::ToSchema;

/// An error on its way out.
#[derive(Debug)]
pub struct Problem(pub Error);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The body of a problem (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// A stable address for the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "/api/docs#bid.deadline_passed")]
    pub kind: String,
    /// The kind of problem in short.
    #[schema(example = "The state of things refuses this")]
    pub title: &'static str,
    /// The status code again.
    #[schema(example = 409)]
    pub status: u16,
    /// The stable code.
    #[schema(example = "bid.deadline_passed")]
    pub code: &'static str,
    /// What happened here, and what would be right.
    #[schema(example = "Bids closed on 4 March 2026, 17:00 GMT.")]
    pub detail: String,
    /// The fields it is about, all of them.
    #[schema(value_type = Vec<crate::error::FieldError>)]
    pub errors: FieldErrors,
    /// The request's id, to quote when asking for help.
    #[schema(example = "0198b0a45c2e7c3a9d2f0123456789ab")]
    pub request_id: String,
}

impl ProblemBody {
    /// The body for an error of this request.
    pub fn of(error: &Error, request_id: &str) -> Self {
        let status = status(error);
        let (detail, errors) = match error {
            // Causes stay inside.
            Error::Internal(_) | Error::CorruptRow { .. } => (
                "Something went wrong on our side. It has been recorded under this request's id.".to_owned(),
                FieldErrors::new(),
            ),
            Error::Invalid(errors) => (error.to_string(), errors.clone()),
            Error::Refused(refused) => (refused.detail.clone(), refused.errors.clone()),
            other => (other.to_string(), FieldErrors::new()),
        };
        Self {
            kind: format!("/api/docs#{}", error.code()),
            title: title(status),
            status: status.as_u16(),
            code: error.code(),
            detail,
            errors,
            request_id: request_id.to_owned(),
        }
    }
}

/// The status code of each error.
pub fn status(error: &Error) -> StatusCode {
    match error {
        Error::Malformed(_) => StatusCode::BAD_REQUEST,
        Error::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::Refused(refused) => match refused.kind {
            RefusalKind::Conflict => StatusCode::CONFLICT,
            RefusalKind::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
            RefusalKind::Forbidden => StatusCode::FORBIDDEN,
        },
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Stale => StatusCode::PRECONDITION_FAILED,
        Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Error::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable | Error::Contended => StatusCode::SERVICE_UNAVAILABLE,
        Error::CorruptRow { .. } | Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "The request can't be read",
        401 => "Not signed in",
        403 => "Not allowed",
        404 => "Not found",
        405 => "No such verb here",
        409 => "The state of things refuses this",
        412 => "Changed meanwhile",
        413 => "Too large",
        415 => "Not JSON",
        422 => "Fields are not right",
        429 => "Too many requests",
        503 => "Not available just now",
        _ => "Something went wrong",
    }
}

/// The finished response for an error.
pub fn response(error: &Error, request_id: &str) -> HttpResponse {
    let mut response = HttpResponse::build(status(error));
    match error {
        Error::TooMany { retry_after } => {
            response.insert_header((header::RETRY_AFTER, retry_after.to_string()));
        }
        Error::Unavailable | Error::Contended => {
            response.insert_header((header::RETRY_AFTER, "2"));
        }
        Error::Unauthenticated(_) => {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        _ => {}
    }
    response
        .content_type("application/problem+json")
        .json(ProblemBody::of(error, request_id))
}

/// The body for a refusal that the router itself gave (no such path, no such verb).
pub fn of_status(status: StatusCode, request_id: &str) -> ProblemBody {
    let (code, detail) = match status.as_u16() {
        404 => ("not_found", "There is nothing at this address."),
        405 => ("method_not_allowed", "This address does not know that verb."),
        413 => ("too_large", "That is larger than is taken here."),
        _ => ("malformed", "The request can't be read."),
    };
    ProblemBody {
        kind: format!("/api/docs#{code}"),
        title: title(status),
        status: status.as_u16(),
        code,
        detail: detail.to_owned(),
        errors: FieldErrors::new(),
        request_id: request_id.to_owned(),
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        status(&self.0)
    }

    // Used only where no request is at hand; `observe` writes the one with the request's id.
    fn error_response(&self) -> HttpResponse {
        response(&self.0, "")
    }
}
