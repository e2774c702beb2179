//! Fields of a change (`PATCH`) that may be set to null.

use serde::{Deserialize, Deserializer};

/// Reads such a field: with `#[serde(default, deserialize_with = "crate::values::given")]` the outer `Some` says that it was
/// given at all, the inner one that it is not null.
#[allow(clippy::option_option)]
pub fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
