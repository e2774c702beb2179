//! How rules about several fields of a body name the field that is wrong, within the `validator` crate and without it.

use std::borrow::Cow;

use validator::ValidationError;

use crate::error::{FieldErrors, Result};

/// A field that is wrong by what another one says: the error carries its name.
pub fn wrong(field: &'static str, code: &'static str, message: impl Into<Cow<'static, str>>) -> ValidationError {
    let mut error = ValidationError::new(code).with_message(message.into());
    error.add_param(Cow::from("field"), &field);
    error
}

/// A check of what holds between the fields of something.
pub type Check<T> = fn(&T) -> Result<(), ValidationError>;

/// Runs such checks on what a change would lead to.
pub fn refuse_wrong<T>(after: &T, checks: &[Check<T>]) -> Result<()> {
    let mut errors = FieldErrors::new();
    for error in checks.iter().filter_map(|check| check(after).err()) {
        let field = error
            .params
            .get("field")
            .and_then(|field| field.as_str())
            .unwrap_or_default();
        errors.add(field.to_owned(), error.code, error.message.unwrap_or_default());
    }
    errors.into_result()
}
