//! Calls the API as somebody, over HTTP and nothing else.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::{HeaderMap, Request};

/// The password of everybody in the tests.
pub const PASSWORD: &str = "correct-Horse-7-battery";

/// What a call was answered with.
#[derive(Debug)]
pub struct Answer {
    /// Method and path, to say what failed.
    pub call: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body; null when there is none, a text when it is no JSON.
    pub fn json(&self) -> Value {
        match serde_json::from_slice(&self.bytes) {
            Ok(body) => body,
            Err(_) if self.bytes.is_empty() => Value::Null,
            Err(_) => String::from_utf8_lossy(&self.bytes).into_owned().into(),
        }
    }

    /// A header's value; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The body of what must have gone well.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(
            (200..300).contains(&self.status),
            "{} was answered {} {}",
            self.call,
            self.status,
            self.json()
        );
        self.json()
    }

    /// The problem of what must have been refused, with this status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        let problem = self.json();
        assert_eq!(
            (self.status, problem["code"].as_str()),
            (status, Some(code)),
            "{} was answered {problem}",
            self.call
        );
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.call);
        problem
    }

    /// The fields that the problem names, with their codes, of what must have been refused as a whole.
    #[track_caller]
    pub fn wrong_fields(self) -> Vec<(String, String)> {
        assert_eq!(self.status, 422, "{} was answered {}", self.call, self.json());
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        let errors = self.json()["errors"].as_array().cloned().unwrap_or_default();
        errors
            .iter()
            .map(|error| (text(&error["field"]), text(&error["code"])))
            .collect()
    }
}

/// Somebody who calls: a visitor, or a person who has signed in and stays so.
#[derive(Clone)]
pub struct Client {
    base: String,
    agent: ureq::Agent,
    person: Option<Arc<Signed>>,
}

struct Signed {
    email: String,
    token: Mutex<String>,
}

/// Calls straight, follows nothing, and takes every answer for one.
pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .timeout_global(Some(Duration::from_mins(1)))
        .max_redirects(0)
        .build()
        .into()
}

impl Client {
    /// A visitor to the server at this address.
    pub fn visitor(base: &str) -> Self {
        Self {
            base: base.to_string(),
            agent: agent(),
            person: None,
        }
    }

    /// The person of an address, once they have joined.
    pub fn signed_in(&self, email: &str) -> Self {
        let client = self.as_person(email, String::new());
        client.sign_in();
        client
    }

    /// A person who was given an access token.
    pub fn as_person(&self, email: &str, token: String) -> Self {
        let signed = Signed {
            email: email.into(),
            token: Mutex::new(token),
        };
        Self {
            person: Some(Arc::new(signed)),
            ..self.clone()
        }
    }

    /// The address of who calls; empty for a visitor.
    pub fn email(&self) -> &str {
        self.person.as_ref().map_or("", |person| &person.email)
    }

    fn sign_in(&self) {
        let person = self.person.as_ref().expect("a person signs in");
        let visitor = Self {
            person: None,
            ..self.clone()
        };
        let answer = visitor
            .post("/auth/sign-in", json!({"email": person.email, "password": PASSWORD}))
            .ok();
        *person.token.lock().unwrap() = answer["access_token"].as_str().unwrap().to_string();
    }

    pub fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None, &[])
    }

    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, Some(body.to_string().as_bytes()), &[])
    }

    pub fn put(&self, path: &str, body: Value) -> Answer {
        self.call("PUT", path, Some(body.to_string().as_bytes()), &[])
    }

    pub fn patch(&self, path: &str, body: Value) -> Answer {
        self.call("PATCH", path, Some(body.to_string().as_bytes()), &[])
    }

    /// An action without a body.
    pub fn act(&self, path: &str) -> Answer {
        self.call("POST", path, None, &[])
    }

    /// Any call: path below `/api/v1` (or from the root, after `//`), body as bytes, further headers.
    pub fn call(&self, method: &str, path: &str, body: Option<&[u8]>, headers: &[(&str, &str)]) -> Answer {
        self.try_call(method, path, body, headers)
            .unwrap_or_else(|cause| panic!("{method} {path} got no answer: {cause}"))
    }

    /// [`Client::call`] on a server that may be gone.
    pub fn try_call(
        &self,
        method: &str,
        path: &str,
        body: Option<&[u8]>,
        headers: &[(&str, &str)],
    ) -> Result<Answer, ureq::Error> {
        let answer = self.call_once(method, path, body, headers)?;
        // The clock of a test jumps by days: whoever was signed in then signs in again.
        let expired = answer.json()["code"]
            .as_str()
            .is_some_and(|code| code.ends_with("expired"));
        if answer.status == 401 && self.person.is_some() && expired {
            self.sign_in();
            return self.call_once(method, path, body, headers);
        }
        Ok(answer)
    }

    fn call_once(
        &self,
        method: &str,
        path: &str,
        body: Option<&[u8]>,
        headers: &[(&str, &str)],
    ) -> Result<Answer, ureq::Error> {
        let address = match path.strip_prefix('/') {
            Some(rooted) if rooted.starts_with('/') => format!("{}{rooted}", self.base),
            _ => format!("{}/api/v1{path}", self.base),
        };
        let mut request = Request::builder().method(method).uri(address);
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        if let Some(person) = &self.person {
            request = request.header("authorization", format!("Bearer {}", person.token.lock().unwrap()));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (head, mut body) = match body {
            Some(body) => self.agent.run(request.body(body.to_vec())?)?,
            None => self.agent.run(request.body(())?)?,
        }
        .into_parts();
        Ok(Answer {
            call: format!("{method} {path}"),
            status: head.status.as_u16(),
            headers: head.headers,
            bytes: body.read_to_vec()?,
        })
    }

    /// The same person, calling another server.
    pub fn at(&self, base: &str) -> Self {
        Self {
            base: base.to_string(),
            ..self.clone()
        }
    }
}

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $role(pub Client);

        impl std::ops::Deref for $role {
            type Target = Client;
            fn deref(&self) -> &Client {
                &self.0
            }
        }
    )*};
}

roles! {
    /// Runs the frameworks of a cooperative.
    Operator;
    /// Calls off for an authority.
    Commissioner;
    /// Approves for an authority.
    Approver;
    /// Does everything for a provider.
    ProviderAdmin;
    /// Bids for a provider.
    Bidder;
    /// Reads, and changes nothing.
    Auditor;
}
