//! Fields as what the reader asks for. A form knows texts only: a text of one is taken for a number, a yes or a list where the type
//! that is read wants one. One reader serves both manners, so that each body is compiled for it once.

use super::Manner;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Error as _, IntoDeserializer, Unexpected, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use serde_json::{Error, Value};
use std::num::IntErrorKind;

/// A value, read by the type that is wanted.
#[derive(Clone, Copy)]
pub(super) struct Typed<'v> {
    pub value: &'v Value,
    pub manner: Manner,
}

impl<'v> Typed<'v> {
    fn of(self, value: &'v Value) -> Self {
        Self { value, ..self }
    }

    /// The text of a form's field.
    fn typed(self) -> Option<&'v str> {
        self.value.as_str().filter(|_| self.manner == Manner::Form)
    }
}

impl<'de> IntoDeserializer<'de, Error> for Typed<'de> {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! numbers {
    ($($method:ident: $type:ty => $visit:ident),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.typed() {
                Some(text) => match text.trim().parse::<$type>() {
                    Ok(number) => visitor.$visit(number),
                    // The number nearest to it: the field's own range then says what would be right.
                    Err(cause) => match cause.kind() {
                        IntErrorKind::PosOverflow => visitor.$visit(<$type>::MAX),
                        IntErrorKind::NegOverflow => visitor.$visit(<$type>::MIN),
                        _ => Err(Error::invalid_type(Unexpected::Str(text), &visitor)),
                    },
                },
                None => self.value.$method(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Typed<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.iter().map(|value| self.of(value)))),
            Value::Object(fields) => visitor.visit_map(MapDeserializer::new(
                fields.iter().map(|(name, value)| (name.as_str(), self.of(value))),
            )),
            plain => plain.deserialize_any(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.typed() {
            Some("true" | "yes" | "on") => visitor.visit_bool(true),
            Some("false" | "no") => visitor.visit_bool(false),
            Some(other) => Err(Error::invalid_type(Unexpected::Str(other), &visitor)),
            None => self.value.deserialize_bool(visitor),
        }
    }

    numbers! {
        deserialize_i8: i8 => visit_i8, deserialize_i16: i16 => visit_i16, deserialize_i32: i32 => visit_i32,
        deserialize_i64: i64 => visit_i64, deserialize_u8: u8 => visit_u8, deserialize_u16: u16 => visit_u16,
        deserialize_u32: u32 => visit_u32, deserialize_u64: u64 => visit_u64,
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_null() || self.typed() == Some("") {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.typed() {
            // One ticked box comes as one text.
            Some(_) => visitor.visit_seq(SeqDeserializer::new(std::iter::once(self))),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.value.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct map struct identifier ignored_any
    }
}
