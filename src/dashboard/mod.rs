//! Home pages: what needs somebody today, over all slices. It reads, and never writes.

mod pages;

pub use pages::routes as pages;
