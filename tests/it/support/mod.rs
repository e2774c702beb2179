//! What every test stands on: a program of its own on a fresh database, people who call it, a clock that the test moves,
//! the mails it sent.

pub mod database;
