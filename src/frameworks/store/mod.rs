//! Rows of frameworks and of what belongs to them.

mod contract_versions;
mod frameworks;
mod lots;
mod standards;

pub use contract_versions::{
    contract_in_force, contract_text, contract_to_accept, contract_version, contract_versions, contract_versions_of,
    contracts_in_force, insert_contract_version, next_contract_number,
};
pub use frameworks::{
    FrameworkFilter, FrameworkOrder, Scope, framework, frameworks, frameworks_page, insert, lock, seen_framework,
    update,
};
pub use lots::{insert_lot, lot, lots, lots_by_id, lots_of, lots_that_opened, update_lot};
pub use standards::{insert_standard, standard, standards, update_standard};
