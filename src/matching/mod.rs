//! Matching: which homes fit a placement request, and why; who was invited.

pub mod rules;
