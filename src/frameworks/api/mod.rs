//! Frameworks over HTTP.

mod contract_versions;
mod frameworks;
mod lots;
mod standards;

pub use frameworks::{CooperativeView, FrameworkSummary, SuspendFramework};

use crate::web::Routes;

/// The slice's operations.
pub fn routes(r: &mut Routes) {
    r.tag(
        "frameworks",
        "Frameworks, their lots, quality standards and contract versions.",
    );
    frameworks::routes(r);
    lots::routes(r);
    standards::routes(r);
    contract_versions::routes(r);
}
