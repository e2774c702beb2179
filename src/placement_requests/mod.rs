//! Placement requests: the mini-competition that an authority runs to find a home for one child.

pub mod rules;
pub mod screening;
