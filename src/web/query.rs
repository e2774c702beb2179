//! The query string of a list: its filters, and which part of it is wanted.

use super::{Page, Problem};
use crate::error::Error;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use std::future::{Ready, ready};
use std::ops::Deref;

/// The filters of a list. A name that is no filter is refused.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T> Deref for Query<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

const PAGING: [&str; 2] = ["limit", "after"];

fn pairs(request: &HttpRequest) -> Vec<(String, String)> {
    url::form_urlencoded::parse(request.query_string().as_bytes())
        .into_owned()
        .collect()
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let filters: Vec<(String, String)> = pairs(request)
            .into_iter()
            .filter(|(name, value)| !PAGING.contains(&name.as_str()) && !value.is_empty())
            .collect();
        let text = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(filters)
            .finish();
        let reader = serde_urlencoded::Deserializer::new(url::form_urlencoded::parse(text.as_bytes()));
        ready(serde_path_to_error::deserialize(reader).map(Query).map_err(|cause| {
            let message = cause.inner().to_string();
            let error = match super::body::unknown_field(&message) {
                Some(name) => Error::field(name, "unknown_field", "is not a filter of this list"),
                None => Error::field(
                    cause.path().to_string(),
                    "filter.invalid",
                    super::body::in_words(&message).1,
                ),
            };
            Problem(error)
        }))
    }
}

impl FromRequest for Page {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut page = Page::default();
        for (name, value) in pairs(request) {
            match name.as_str() {
                "limit" => match value.parse::<i64>() {
                    Ok(limit) if (1..=200).contains(&limit) => page.limit = limit,
                    _ => {
                        return ready(Err(Problem(Error::field(
                            "limit",
                            "range",
                            "must be a whole number from 1 to 200",
                        ))));
                    }
                },
                "after" if !value.is_empty() => page.after = Some(value),
                _ => {}
            }
        }
        ready(Ok(page))
    }
}
