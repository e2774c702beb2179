//! What every test stands on: a program of its own on a fresh database, people who call it, a clock that the test moves,
//! the mails it sent.

#![allow(
    dead_code,
    unused_imports,
    reason = "a means stands here before the first test that needs it"
)]

pub mod browser;
pub mod client;
pub mod database;
pub mod log;
pub mod process;
pub mod program;
pub mod region;
pub mod relay;

pub use program::Program;
pub use region::{id, with};
