//! What a code list is: [`Code`], and [`codes!`](crate::codes), which writes one as an enum.

use std::fmt;
use std::marker::PhantomData;

/// One entry of a closed list: the code is stored and sent, the label is shown.
pub trait Code: Copy + Eq + Ord + fmt::Debug + Send + Sync + 'static {
    /// Every entry, in the order of the list.
    const ALL: &'static [Self];
    /// Every code, in the order of the list.
    const CODES: &'static [&'static str];
    /// What is stored and sent.
    fn code(self) -> &'static str;
    /// What people read.
    fn label(self) -> &'static str;
    /// The place in [`Self::ALL`], from 0.
    fn position(self) -> usize;
    /// The entry with this very code.
    fn from_code(code: &str) -> Option<Self> {
        Self::CODES
            .iter()
            .position(|known| *known == code)
            .map(|at| Self::ALL[at])
    }
}

/// A text that is no code of the list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown code `{given}`, expected one of {}", list(.expected))]
pub struct UnknownCode {
    /// What was given.
    pub given: String,
    /// The codes of the list.
    pub expected: &'static [&'static str],
}

fn list(codes: &[&str]) -> String {
    codes
        .iter()
        .map(|code| format!("`{code}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Reads a code from any serde format: the visitor behind every enum of [`codes!`](crate::codes).
pub struct CodeVisitor<T>(PhantomData<T>);

impl<T> CodeVisitor<T> {
    /// A visitor for `T`.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> Default for CodeVisitor<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Code> serde::de::Visitor<'_> for CodeVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "one of {}", list(T::CODES))
    }

    fn visit_str<E: serde::de::Error>(self, given: &str) -> Result<T, E> {
        T::from_code(given).ok_or_else(|| E::unknown_variant(given, T::CODES))
    }
}

/// Writes a closed list as an enum: `Variant("code", "Label")`, in the order of the list.
///
/// The enum gets `ALL`, `CODES`, `code()`, `label()`, `FromStr`, `Display` (the code), serde as the code (an unknown one is
/// named together with the known ones), `ToSchema` and an order, which is that of the list. `in "list", …` names the lists of
/// `reference/code_lists.csv` that it equals; a test of `reference` compares them.
#[macro_export]
macro_rules! codes {
    ($(
        $(#[$meta:meta])*
        pub enum $name:ident $(in $($list:literal),+)? {
            $($variant:ident($code:literal, $label:literal)),+ $(,)?
        }
    )+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = $label] $variant,)+
        }

        impl $name {
            /// Every entry, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Every code, in the order of the list.
            pub const CODES: &'static [&'static str] = &[$($code),+];
            $(
                /// The lists of `reference/code_lists.csv` that this one equals, one after the other.
                pub const LISTS: &'static [&'static str] = &[$($list),+];
            )?

            /// What is stored and sent.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// What people read.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }

        impl $crate::values::Code for $name {
            const ALL: &'static [Self] = Self::ALL;
            const CODES: &'static [&'static str] = Self::CODES;
            fn code(self) -> &'static str { self.code() }
            fn label(self) -> &'static str { self.label() }
            fn position(self) -> usize { self as usize }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result { f.pad(self.code()) }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::values::UnknownCode;
            fn from_str(code: &str) -> Result<Self, Self::Err> {
                <Self as $crate::values::Code>::from_code(code)
                    .ok_or_else(|| $crate::values::UnknownCode { given: code.to_owned(), expected: Self::CODES })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::values::CodeVisitor::<Self>::new())
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                $crate::values::code_schema::<Self>()
            }
        }

        impl utoipa::ToSchema for $name {}
    )+};
}
pub use crate::codes;

/// The schema of a code list: a string of the known codes, each with its label in the description.
pub fn code_schema<T: Code>() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    use utoipa::openapi::schema::{ObjectBuilder, Type};
    let labels = T::ALL
        .iter()
        .map(|entry| format!("`{}` {}", entry.code(), entry.label()))
        .collect::<Vec<_>>()
        .join("; ");
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(T::CODES.iter().copied()))
        .description(Some(labels))
        .examples(T::CODES.first().copied())
        .into()
}

#[cfg(test)]
mod tests {
    use crate::values::{NeededBy, OfstedGrade, Risk};

    #[test]
    fn a_code_reads_back_and_an_unknown_one_is_named_with_the_known_ones() {
        for entry in NeededBy::ALL {
            assert_eq!(entry.code().parse(), Ok(*entry));
            assert_eq!(
                serde_json::from_value::<NeededBy>(serde_json::to_value(entry).unwrap()).unwrap(),
                *entry
            );
        }
        let refused = serde_json::from_str::<NeededBy>("\"Soon\"").unwrap_err().to_string();
        assert!(
            refused.starts_with("unknown variant `Soon`, expected one of `Today`, `WithinFiveDays`"),
            "{refused}"
        );
        assert!(serde_json::from_str::<NeededBy>("1").is_err());
        assert!("today".parse::<NeededBy>().unwrap_err().to_string().contains("`today`"));
    }

    #[test]
    fn order_is_that_of_the_list() {
        assert!(OfstedGrade::Outstanding < OfstedGrade::Good && OfstedGrade::Good < OfstedGrade::Inadequate);
        assert_eq!(Risk::ALL.len(), 11);
    }
}
