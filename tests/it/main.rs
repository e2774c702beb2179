//! The project's tests from outside its modules: one binary, a fresh database a test.

#![allow(clippy::unwrap_used, reason = "a test that meets what it doesn't expect has failed")]

mod architecture;
mod schema;
mod support;
