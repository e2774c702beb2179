//! Home pages: what needs somebody today, over all slices. It reads, and never writes.

mod pages;
pub mod rules;
pub mod store;

pub use pages::routes as pages;
