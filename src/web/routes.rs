//! The one registration from which both the routes and their document come.

use crate::access::Permission;
use crate::error::FieldError;
use crate::web::problem::ProblemBody;
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler, Responder, Route};
use std::borrow::Cow;
use std::future::Future;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, PartialSchema, ToSchema};

/// What an operation asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Public,
    /// To be signed in.
    SignedIn,
    /// A role with this permission.
    May(Permission),
}

/// A type's schema, made only when the document is.
#[derive(Debug, Clone, Copy)]
pub struct SchemaOf {
    /// Its name among the components.
    pub name: fn() -> Cow<'static, str>,
    /// Itself.
    pub schema: fn() -> RefOr<Schema>,
    /// Those it refers to.
    pub others: fn(&mut Vec<(String, RefOr<Schema>)>),
}

impl SchemaOf {
    fn of<T: ToSchema + PartialSchema>() -> Self {
        Self {
            name: T::name,
            schema: T::schema,
            others: T::schemas,
        }
    }

    /// The schemas that every document has.
    pub fn shared() -> [Self; 2] {
        [Self::of::<ProblemBody>(), Self::of::<FieldError>()]
    }
}

/// A parameter of the query string, as the document has it.
pub type Parameter = utoipa::openapi::path::Parameter;

/// What an operation answers with when all is well.
#[derive(Debug, Clone, Copy)]
pub enum Answers {
    /// Nothing but the status.
    Nothing,
    /// A thing.
    One(SchemaOf),
    /// A part of a list of things.
    Many(SchemaOf),
    /// Bytes of this content type.
    Bytes(&'static str),
}

/// One operation: a verb on a path.
pub struct Operation {
    /// The verb.
    pub method: Method,
    /// The path below `/api/v1`.
    pub path: &'static str,
    /// The slice.
    pub tag: &'static str,
    /// Its id: slice and action.
    pub id: String,
    /// One line.
    pub summary: &'static str,
    /// More, where one line is not enough.
    pub description: &'static str,
    /// What it asks of the caller.
    pub access: Access,
    /// The body it takes.
    pub body: Option<SchemaOf>,
    /// Whether the body may be left out.
    pub body_optional: bool,
    /// The filters it takes.
    pub query: Option<fn() -> Vec<Parameter>>,
    /// Its status when all is well.
    pub status: u16,
    /// Its answer when all is well.
    pub answers: Answers,
    /// The stable codes it may refuse with.
    pub refusals: Vec<&'static str>,
    route: Box<dyn Fn() -> Route>,
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl Operation {
    /// One line on what it does.
    pub fn summary(&mut self, summary: &'static str) -> &mut Self {
        self.summary = summary;
        self
    }

    /// More on what it does.
    pub fn description(&mut self, description: &'static str) -> &mut Self {
        self.description = description;
        self
    }

    /// The permission it takes.
    pub fn may(&mut self, permission: Permission) -> &mut Self {
        self.access = Access::May(permission);
        self
    }

    /// Anybody may, without signing in.
    pub fn public(&mut self) -> &mut Self {
        self.access = Access::Public;
        self
    }

    /// The body it takes.
    pub fn body<T: ToSchema + PartialSchema>(&mut self) -> &mut Self {
        self.body = Some(SchemaOf::of::<T>());
        self
    }

    /// The body it takes, or none.
    pub fn optional_body<T: ToSchema + PartialSchema>(&mut self) -> &mut Self {
        self.body_optional = true;
        self.body::<T>()
    }

    /// The filters it takes.
    pub fn query<T: IntoParams>(&mut self) -> &mut Self {
        self.query = Some(|| T::into_params(|| Some(utoipa::openapi::path::ParameterIn::Query)));
        self
    }

    /// Its answer.
    pub fn answers<T: ToSchema + PartialSchema>(&mut self, status: u16) -> &mut Self {
        self.status = status;
        self.answers = Answers::One(SchemaOf::of::<T>());
        self
    }

    /// Its answer: a part of a list.
    pub fn lists<T: ToSchema + PartialSchema>(&mut self) -> &mut Self {
        self.answers = Answers::Many(SchemaOf::of::<T>());
        self
    }

    /// Its answer: bytes.
    pub fn answers_bytes(&mut self, content_type: &'static str) -> &mut Self {
        self.answers = Answers::Bytes(content_type);
        self
    }

    /// It answers with this status and nothing else.
    pub fn answers_nothing(&mut self, status: u16) -> &mut Self {
        self.status = status;
        self.answers = Answers::Nothing;
        self
    }

    /// The stable codes it may refuse with, besides those that every operation has.
    pub fn refuses(&mut self, codes: &[&'static str]) -> &mut Self {
        self.refusals.extend_from_slice(codes);
        self
    }
}

/// All operations, in the order they were registered.
#[derive(Debug, Default)]
pub struct Routes {
    tag: &'static str,
    /// The slices, each with a line on it.
    pub tags: Vec<(&'static str, &'static str)>,
    /// The operations.
    pub operations: Vec<Operation>,
}

impl Routes {
    /// What follows belongs to this slice.
    pub fn tag(&mut self, name: &'static str, description: &'static str) {
        self.tag = name;
        if self.tags.iter().all(|(known, _)| *known != name) {
            self.tags.push((name, description));
        }
    }

    /// Registers a `GET`.
    pub fn get<F, A>(&mut self, path: &'static str, handler: F) -> &mut Operation
    where
        F: Handler<A> + Copy,
        A: FromRequest + 'static,
        F::Output: Responder + 'static,
        F::Future: Future,
    {
        self.add(Method::GET, path, handler)
    }

    /// Registers a `POST`.
    pub fn post<F, A>(&mut self, path: &'static str, handler: F) -> &mut Operation
    where
        F: Handler<A> + Copy,
        A: FromRequest + 'static,
        F::Output: Responder + 'static,
        F::Future: Future,
    {
        self.add(Method::POST, path, handler)
    }

    /// Registers a `PUT`.
    pub fn put<F, A>(&mut self, path: &'static str, handler: F) -> &mut Operation
    where
        F: Handler<A> + Copy,
        A: FromRequest + 'static,
        F::Output: Responder + 'static,
        F::Future: Future,
    {
        self.add(Method::PUT, path, handler)
    }

    /// Registers a `PATCH`.
    pub fn patch<F, A>(&mut self, path: &'static str, handler: F) -> &mut Operation
    where
        F: Handler<A> + Copy,
        A: FromRequest + 'static,
        F::Output: Responder + 'static,
        F::Future: Future,
    {
        self.add(Method::PATCH, path, handler)
    }

    fn add<F, A>(&mut self, method: Method, path: &'static str, handler: F) -> &mut Operation
    where
        F: Handler<A> + Copy,
        A: FromRequest + 'static,
        F::Output: Responder + 'static,
        F::Future: Future,
    {
        let verb = method.clone();
        let route = Box::new(move || web::method(verb.clone()).to(handler));
        self.push(method, path, operation_id(std::any::type_name::<F>()), route)
    }

    fn push(
        &mut self,
        method: Method,
        path: &'static str,
        id: String,
        route: Box<dyn Fn() -> Route>,
    ) -> &mut Operation {
        self.operations.push(Operation {
            method,
            path,
            tag: self.tag,
            id,
            summary: "",
            description: "",
            access: Access::SignedIn,
            body: None,
            body_optional: false,
            query: None,
            status: 200,
            answers: Answers::Nothing,
            refusals: Vec::new(),
            route,
        });
        let last = self.operations.len() - 1;
        &mut self.operations[last]
    }

    /// Serves the operations. Verbs of one path share a resource, so that another verb is answered with 405.
    pub fn serve(&self, config: &mut ServiceConfig) {
        let mut served: Vec<&str> = Vec::new();
        for operation in &self.operations {
            if served.contains(&operation.path) {
                continue;
            }
            served.push(operation.path);
            let mut resource = web::resource(operation.path);
            for verb in self.operations.iter().filter(|other| other.path == operation.path) {
                resource = resource.route((verb.route)());
            }
            config.service(resource);
        }
    }
}

/// `hearth::bids::api::submit` → `bids.submit`.
fn operation_id(handler: &str) -> String {
    let parts: Vec<&str> = handler
        .split("::")
        .filter(|part| !matches!(*part, "hearth" | "api"))
        .collect();
    parts.join(".")
}
