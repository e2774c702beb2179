//! The project's tests from outside its modules: one binary, a fresh database a test.

#![allow(clippy::unwrap_used, reason = "a test that meets what it doesn't expect has failed")]
#![allow(clippy::needless_pass_by_value, reason = "a call reads best with its body in place")]

mod accounts;
mod architecture;
mod awards;
mod bids;
mod command_line;
mod concurrency;
mod contention;
mod conventions;
mod crash;
mod demo;
mod emails;
mod evaluation;
mod frameworks;
mod homes;
mod journeys;
mod lists;
mod mail;
mod mail_crash;
mod notifications;
mod matching;
mod openapi;
mod pages;
mod permissions;
mod placement_requests;
mod placements;
mod providers;
mod queries;
mod readme;
mod schema;
mod scope;
mod support;
mod vacancies;
