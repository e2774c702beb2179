//! How a text with a meaning of its own becomes a value: [`parsed!`] writes the newtype around one parsing function.

/// Why a text is not the value that it should be.
///
/// In a body it becomes the field's error: serde carries it as its [`Display`](std::fmt::Display) form `[code] message`, and
/// [`ValueError::read`] takes that apart again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("[{code}] {message}")]
pub struct ValueError {
    /// The stable code of the field's error, such as `postcode.invalid`.
    pub code: &'static str,
    /// What would be right, in words that follow the field's name: "must be a full postcode, such as RG1 1AF".
    pub message: &'static str,
}

impl ValueError {
    /// An error with its code and its words.
    pub const fn new(code: &'static str, message: &'static str) -> Self {
        Self { code, message }
    }

    /// Takes the `[code] message` apart that serde has carried; none for any other text.
    pub fn read(text: &str) -> Option<(&str, &str)> {
        text.strip_prefix('[')?.split_once("] ")
    }
}

/// Writes a newtype of a text that exists only parsed: `pub struct Name(fn, example, schema parts)`.
///
/// The function takes the trimmed text and answers the canonical form. The type gets `parse`, `as_str`, `EXAMPLE`, `FromStr`,
/// `Display`, `AsRef<str>`, serde through `parse`, `ToSchema`.
macro_rules! parsed {
    (
        $(#[$meta:meta])*
        pub struct $name:ident by $parse:path, example $example:literal, at most $max:literal characters $(, format $format:literal)? $(, pattern $pattern:literal)?
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// A valid sample.
            pub const EXAMPLE: &'static str = $example;

            /// Reads the text; white space around it does not count.
            pub fn parse(text: &str) -> Result<Self, $crate::values::ValueError> {
                $parse(text.trim()).map(Self)
            }

            /// The canonical form.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::values::ValueError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                use utoipa::openapi::schema::{ObjectBuilder, Type};
                let schema = ObjectBuilder::new()
                    .schema_type(Type::String)
                    .min_length(Some(1))
                    .max_length(Some($max))
                    .examples([$example]);
                $(let schema = schema.format(Some(utoipa::openapi::schema::SchemaFormat::Custom($format.to_owned())));)?
                $(let schema = schema.pattern(Some($pattern));)?
                schema.into()
            }
        }

        impl utoipa::ToSchema for $name {}
    };
}
pub(crate) use parsed;
