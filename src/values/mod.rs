//! Values with a meaning of their own. They are made only by parsing, so that whoever holds one knows that it is well-formed.

mod change;
pub mod checks;
mod code;
mod code_set;
mod codes;
mod email;
mod money;
mod parsed;
mod person_name;
mod postcode;
mod price_lines;
mod register_numbers;
pub mod text;
pub mod working_days;

pub use change::given;
pub use code::{Code, CodeVisitor, UnknownCode, code_schema, codes};
pub use code_set::CodeSet;
pub use codes::*;
pub use email::Email;
pub use money::Money;
pub use parsed::ValueError;
pub use person_name::PersonName;
pub use postcode::{District, Postcode};
pub use price_lines::PriceLines;
pub use register_numbers::{CharityNumber, CompanyNumber, Urn};

/// A valid sample of every value that is read from text.
pub const EXAMPLES: &[&str] = &[
    Money::EXAMPLE,
    Email::EXAMPLE,
    Postcode::EXAMPLE,
    District::EXAMPLE,
    Urn::EXAMPLE,
    CompanyNumber::EXAMPLE,
    CharityNumber::EXAMPLE,
    PersonName::EXAMPLE,
];
