//! What a handler answers. It is made inside the transaction, so that an answer kept for an idempotency key can't differ from
//! what was done.

use super::Problem;
use crate::error::{Error, Result};
use actix_web::body::BoxBody;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::{Deserialize, Serialize};

/// What every handler returns.
pub type Reply = std::result::Result<Answer, Problem>;

/// A finished answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answer {
    status: u16,
    location: Option<String>,
    version: Option<i64>,
    content_type: Option<String>,
    body: Vec<u8>,
}

impl Answer {
    fn json(status: StatusCode, view: &impl Serialize) -> Result<Self> {
        Ok(Self {
            status: status.as_u16(),
            location: None,
            version: None,
            content_type: Some("application/json".to_owned()),
            body: serde_json::to_vec(view).map_err(Error::internal)?,
        })
    }

    /// 200 with the resource.
    pub fn ok(view: impl Serialize) -> Result<Self> {
        Self::json(StatusCode::OK, &view)
    }

    /// 201 with the resource and where it is from now on (a path below `/api/v1`).
    pub fn created(path: impl std::fmt::Display, view: impl Serialize) -> Result<Self> {
        let mut answer = Self::json(StatusCode::CREATED, &view)?;
        answer.location = Some(format!("/api/v1{path}"));
        Ok(answer)
    }

    /// 202: it will be done.
    pub fn accepted() -> Result<Self> {
        Ok(Self::empty(StatusCode::ACCEPTED))
    }

    /// 204: done, and nothing to say.
    pub fn none() -> Result<Self> {
        Ok(Self::empty(StatusCode::NO_CONTENT))
    }

    /// 200 with bytes as they are.
    pub fn bytes(content_type: &str, body: Vec<u8>) -> Result<Self> {
        Ok(Self {
            content_type: Some(content_type.to_owned()),
            body,
            ..Self::empty(StatusCode::OK)
        })
    }

    fn empty(status: StatusCode) -> Self {
        Self {
            status: status.as_u16(),
            location: None,
            version: None,
            content_type: None,
            body: Vec::new(),
        }
    }

    /// The resource's version, as its `ETag`.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }
}

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK));
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        if let Some(version) = self.version {
            response.insert_header((header::ETAG, format!("\"{version}\"")));
        }
        match self.content_type {
            Some(content_type) => response.content_type(content_type).body(self.body),
            None => response.finish(),
        }
    }
}
