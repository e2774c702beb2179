//! Values with a meaning of their own. They are made only by parsing, so that whoever holds one knows that it is well-formed.

mod code;
mod code_set;
mod codes;

pub use code::{Code, CodeVisitor, UnknownCode, code_schema, codes};
pub use code_set::CodeSet;
pub use codes::*;
