//! How rules about several fields of a body name the field that is wrong, for the validator crate and without it.

use std::borrow::Cow;

use validator::ValidationError;

use crate::error::{FieldErrors, Result};

/// A field that is wrong by what another one says: the error carries its name.
pub(super) fn wrong(field: &'static str, code: &'static str, message: &'static str) -> ValidationError {
    let mut error = ValidationError::new(code).with_message(Cow::from(message));
    error.add_param(Cow::from("field"), &field);
    error
}

/// Runs such checks on what a change would lead to.
pub(super) fn refuse_wrong<T>(after: &T, checks: &[fn(&T) -> Result<(), ValidationError>]) -> Result<()> {
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
