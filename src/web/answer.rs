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
    /// The name under which a browser keeps it.
    #[serde(default)]
    attachment: Option<String>,
    /// Finished `Set-Cookie` values.
    #[serde(default)]
    cookies: Vec<String>,
    body: Vec<u8>,
}

impl Answer {
    fn json(status: StatusCode, view: &impl Serialize) -> Result<Self> {
        Ok(Self {
            content_type: Some("application/json".to_owned()),
            body: serde_json::to_vec(view).map_err(Error::internal)?,
            ..Self::empty(status)
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
            attachment: None,
            cookies: Vec::new(),
            body: Vec::new(),
        }
    }

    /// 200 with a page.
    pub(super) fn html(text: String) -> Self {
        Self {
            content_type: Some("text/html; charset=utf-8".to_owned()),
            body: text.into_bytes(),
            ..Self::empty(StatusCode::OK)
        }
    }

    /// 303: go on to this path of ours.
    pub fn see_other(path: String) -> Self {
        Self {
            location: Some(path),
            ..Self::empty(StatusCode::SEE_OTHER)
        }
    }

    /// To be kept as a file of this name.
    #[must_use]
    pub fn attachment(mut self, name: &str) -> Self {
        self.attachment = Some(name.to_owned());
        self
    }

    /// With finished `Set-Cookie` values.
    #[must_use]
    pub(super) fn with_cookies(mut self, cookies: Vec<String>) -> Self {
        self.cookies.extend(cookies);
        self
    }

    /// The same with another status.
    #[must_use]
    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status.as_u16();
        self
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
        self.response()
    }
}

impl Answer {
    /// The finished response.
    pub(super) fn response(self) -> HttpResponse {
        let mut response = HttpResponse::build(StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK));
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        if let Some(version) = self.version {
            response.insert_header((header::ETAG, format!("\"{version}\"")));
        }
        for cookie in self.cookies {
            response.append_header((header::SET_COOKIE, cookie));
        }
        if let Some(name) = self.attachment {
            response.insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")));
        }
        match self.content_type {
            Some(content_type) => response.content_type(content_type).body(self.body),
            None => response.finish(),
        }
    }
}
