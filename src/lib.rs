//! Hearth: the open marketplace where local authorities find homes for children in care.
//!
//! This page is the map. Modules stand in reading order: the kernel, which knows no slice; the slices in the order of the
//! procurement, each using only those above it; the assembly, the only code that knows every slice.
//!
//! # Invariants (each proven by a test)
//! 1. A slice uses only slices above it here. A rule that needs two concepts lives in the later one.
//! 2. An earlier slice reaches a later one only through a recorded event ([`outbox::Event`]).
//! 3. `rules.rs` imports rules and values only. Diesel stands only in `store.rs` and [`db`]; HTTP only in `api.rs`,
//!    `pages.rs`, [`web`] and the assembly.
//! 4. Every write is an action: check, rule, store, event, audit, in one transaction.
//! 5. What time decides is derived from stored instants, never a status that a job must flip.
//! 6. A bid's content is ciphertext at rest until the one act of opening, after the deadline.

// The kernel: knows no slice.
pub mod clock;
pub mod ids;
pub mod values;
pub mod error;
pub mod config;
pub mod db;
pub mod access;
pub mod outbox;
pub mod mail;
pub mod reference;
pub mod audit;
pub mod web;

// The slices, in the order of the procurement.
pub mod accounts;
pub mod frameworks;
pub mod providers;
pub mod homes;
pub mod vacancies;
pub mod placement_requests;
pub mod matching;
pub mod bids;
pub mod evaluation;
pub mod awards;
pub mod placements;
pub mod notifications;
pub mod dashboard;

// The assembly: the only code that knows every slice.
pub mod cli;
pub mod demo;
pub mod openapi;
pub mod routes;
pub mod server;
pub mod worker;
