//! Several codes of one list: in bodies a list of codes, in the database one integer, bit n for the n-th code of the list.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::code::Code;

/// A set of codes of the list `T`, which has at most 31. Its order is that of the list; a code given twice counts once.
pub struct CodeSet<T> {
    mask: i32,
    list: PhantomData<T>,
}

impl<T: Code> CodeSet<T> {
    /// No code.
    pub const EMPTY: Self = Self {
        mask: 0,
        list: PhantomData,
    };

    /// Every code of the list.
    pub fn all() -> Self {
        T::ALL.iter().copied().collect()
    }

    /// The stored form: bit n stands for the n-th code of the list.
    pub const fn mask(self) -> i32 {
        self.mask
    }

    /// Reads the stored form; none where a bit stands for no code of the list.
    pub fn from_mask(mask: i32) -> Option<Self> {
        (mask & !Self::all().mask == 0).then_some(Self {
            mask,
            list: PhantomData,
        })
    }

    /// Whether the code is in the set.
    pub fn contains(self, code: T) -> bool {
        self.mask & bit(code) != 0
    }

    /// Adds a code.
    pub fn insert(&mut self, code: T) {
        self.mask |= bit(code);
    }

    /// Whether nothing is in the set.
    pub const fn is_empty(self) -> bool {
        self.mask == 0
    }

    /// How many codes are in the set.
    pub const fn len(self) -> usize {
        self.mask.count_ones() as usize
    }

    /// The codes that are in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self {
            mask: self.mask & other.mask,
            list: PhantomData,
        }
    }

    /// The codes of this set that the other lacks.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self {
            mask: self.mask & !other.mask,
            list: PhantomData,
        }
    }

    /// Whether the other set has every code of this one.
    pub const fn is_subset(self, other: Self) -> bool {
        self.without(other).is_empty()
    }

    /// The codes in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = T> {
        T::ALL.iter().copied().filter(move |code| self.contains(*code))
    }

    /// The labels in the order of the list, as read by people: "Self harm, Fire setting".
    pub fn labels(self) -> String {
        self.iter().map(Code::label).collect::<Vec<_>>().join(", ")
    }
}

fn bit<T: Code>(code: T) -> i32 {
    1 << code.position()
}

// Written by hand because a derive would ask the same of `T`.
impl<T> Clone for CodeSet<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for CodeSet<T> {}
impl<T> PartialEq for CodeSet<T> {
    fn eq(&self, other: &Self) -> bool {
        self.mask == other.mask
    }
}
impl<T> Eq for CodeSet<T> {}
impl<T> std::hash::Hash for CodeSet<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.mask.hash(state);
    }
}
impl<T: Code> Default for CodeSet<T> {
    fn default() -> Self {
        Self::EMPTY
    }
}
impl<T: Code> fmt::Debug for CodeSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<T: Code> FromIterator<T> for CodeSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(codes: I) -> Self {
        let mut set = Self::EMPTY;
        codes.into_iter().for_each(|code| set.insert(code));
        set
    }
}

impl<T: Code, const N: usize> From<[T; N]> for CodeSet<T> {
    fn from(codes: [T; N]) -> Self {
        codes.into_iter().collect()
    }
}

impl<T: Code + Serialize> Serialize for CodeSet<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de, T: Code + Deserialize<'de>> Deserialize<'de> for CodeSet<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Codes<T>(PhantomData<T>);
        impl<'de, T: Code + Deserialize<'de>> Visitor<'de> for Codes<T> {
            type Value = CodeSet<T>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a list of codes")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut codes: A) -> Result<CodeSet<T>, A::Error> {
                let mut set = CodeSet::EMPTY;
                while let Some(code) = codes.next_element()? {
                    set.insert(code);
                }
                Ok(set)
            }
        }
        deserializer.deserialize_seq(Codes(PhantomData))
    }
}

// The trait that utoipa's derive asks of a field whose type has parameters; it brings `PartialSchema` with it.
impl<T: Code + utoipa::PartialSchema> utoipa::__dev::ComposeSchema for CodeSet<T> {
    fn compose(
        _: Vec<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::ArrayBuilder;
        ArrayBuilder::new()
            .items(T::schema())
            .examples(T::CODES.first().map(|code| serde_json::json!([code])))
            .into()
    }
}

impl<T: Code + utoipa::ToSchema> utoipa::ToSchema for CodeSet<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("{}Set", T::name()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{Risk, Sex};

    #[test]
    fn a_set_is_a_list_of_codes_outside_and_a_mask_inside() {
        let set: CodeSet<Risk> = serde_json::from_str(r#"["Fire","SelfHarm","Fire"]"#).unwrap();
        assert_eq!(serde_json::to_string(&set).unwrap(), r#"["SelfHarm","Fire"]"#);
        assert_eq!(set.len(), 2);
        assert_eq!(CodeSet::from_mask(set.mask()), Some(set));
        assert_eq!(set.labels(), "Self harm, Fire setting");
        assert!(serde_json::from_str::<CodeSet<Risk>>(r#"["Flood"]"#).is_err());
    }

    #[test]
    fn a_bit_beyond_the_list_is_no_set() {
        assert_eq!(CodeSet::<Sex>::from_mask(0b11), Some(CodeSet::all()));
        assert_eq!(CodeSet::<Sex>::from_mask(0b100), None);
        assert_eq!(CodeSet::<Sex>::from_mask(-1), None);
    }

    #[test]
    fn a_field_of_a_body_can_be_a_set() {
        #[derive(utoipa::ToSchema)]
        #[allow(dead_code)]
        struct Body {
            sexes: CodeSet<Sex>,
            maybe: Option<CodeSet<Sex>>,
        }
        let schema = serde_json::to_value(<Body as utoipa::PartialSchema>::schema()).unwrap();
        assert!(schema["properties"]["sexes"].is_object() && schema["properties"]["maybe"].is_object());
    }

    #[test]
    fn sets_compare() {
        let (one, both) = (CodeSet::from([Sex::F]), CodeSet::all());
        assert!(one.is_subset(both) && !both.is_subset(one));
        assert_eq!(both.without(one), CodeSet::from([Sex::M]));
        assert_eq!(one.intersection(both), one);
        assert!(CodeSet::<Sex>::default().is_empty());
    }
}
