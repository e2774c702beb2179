//! Money: GBP to the penny.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use super::ValueError;

/// An amount in GBP without VAT, never negative, kept in whole pence.
///
/// Outside it is a string with exactly two places (`"4250.00"`); a JSON number is refused because most readers of JSON would
/// make a binary fraction of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i64);

const FORMAT: ValueError = ValueError::new(
    "money.invalid",
    "must be an amount in pounds and pence, such as 4250.00",
);

impl Money {
    /// A valid sample.
    pub const EXAMPLE: &'static str = "4250.00";
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount that is read: £9,999,999,999.99. Sums may pass it.
    pub const MAX: Self = Self(999_999_999_999);

    /// An amount of pence; none when it is negative.
    pub const fn from_pence(pence: i64) -> Option<Self> {
        if pence < 0 { None } else { Some(Self(pence)) }
    }

    /// Reads `"4250.00"`: digits, no needless zero before them, a point, two digits; at most [`Self::MAX`].
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let (pounds, pence) = text.split_once('.').ok_or(FORMAT)?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let in_form = !pounds.is_empty()
            && (pounds == "0" || !pounds.starts_with('0'))
            && pence.len() == 2
            && digits(pounds)
            && digits(pence);
        if !in_form {
            return Err(FORMAT);
        }
        format!("{pounds}{pence}")
            .parse()
            .ok()
            .map(Self)
            .filter(|amount| *amount <= Self::MAX)
            .ok_or(ValueError::new("money.invalid", "must be at most £9,999,999,999.99"))
    }

    /// The amount in pence.
    pub const fn pence(self) -> i64 {
        self.0
    }

    /// The amount in pounds, exactly.
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// Both amounts together; none beyond what pence in 64 bits can hold.
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(pence) => Some(Self(pence)),
            None => None,
        }
    }

    /// Both amounts together; at the limit of 64 bits, that limit. Parsed amounts are millions of times below it.
    #[must_use]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// As people read it: `£4,250.00`.
    pub fn pounds(self) -> String {
        let whole = (self.0 / 100).to_string();
        let mut grouped = String::with_capacity(whole.len() + 8);
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        format!("£{grouped}.{:02}", self.0 % 100)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(&format!("{}.{:02}", self.0 / 100, self.0 % 100))
    }
}

impl FromStr for Money {
    type Err = ValueError;
    fn from_str(text: &str) -> Result<Self, ValueError> {
        Self::parse(text)
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Self::saturating_add)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Amount;
        impl Visitor<'_> for Amount {
            type Value = Money;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a string with an amount in GBP and two decimal places")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Money, E> {
                Money::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Amount)
    }
}

impl utoipa::PartialSchema for Money {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::Custom("decimal".to_owned())))
            .pattern(Some(r"^(0|[1-9][0-9]{0,9})\.[0-9]{2}$"))
            .description(Some("GBP, excluding VAT, two decimal places, as a string"))
            .examples([Self::EXAMPLE])
            .into()
    }
}

impl utoipa::ToSchema for Money {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_places_and_nothing_else() {
        for good in ["0.00", "0.01", "4250.00", "9999999999.99"] {
            assert_eq!(Money::parse(good).unwrap().to_string(), good);
        }
        for bad in [
            "",
            ".",
            "0",
            "1.0",
            "1.000",
            "01.00",
            "00.00",
            "-1.00",
            "+1.00",
            "1,000.00",
            " 1.00",
            "1.00 ",
            "1e2",
            "£1.00",
            ".50",
            "1.",
            "١.٠٠",
            "10000000000.00",
            "99999999999999999999.00",
        ] {
            assert!(Money::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_number_is_refused() {
        assert!(serde_json::from_str::<Money>("4800").is_err());
        assert!(serde_json::from_str::<Money>("4800.00").is_err());
        assert_eq!(serde_json::from_str::<Money>("\"4800.17\"").unwrap().pence(), 480_017);
        let carried = serde_json::from_str::<Money>("\"4800\"").unwrap_err().to_string();
        assert_eq!(ValueError::read(&carried).unwrap().0, "money.invalid");
    }

    #[test]
    fn as_people_read_it() {
        for (pence, text) in [
            (0, "£0.00"),
            (99_999, "£999.99"),
            (100_000, "£1,000.00"),
            (123_456_789, "£1,234,567.89"),
        ] {
            assert_eq!(Money(pence).pounds(), text);
        }
    }

    proptest! {
        #[test]
        fn no_penny_is_lost(pence in 0..=Money::MAX.pence()) {
            let amount = Money::from_pence(pence).unwrap();
            prop_assert_eq!(Money::parse(&amount.to_string()).unwrap(), amount);
            prop_assert_eq!(serde_json::from_str::<Money>(&serde_json::to_string(&amount).unwrap()).unwrap(), amount);
            prop_assert_eq!(amount.decimal().to_string(), amount.to_string());
        }

        #[test]
        fn sums_are_exact(amounts in proptest::collection::vec(0..=Money::MAX.pence(), 0..50)) {
            let total: Money = amounts.iter().map(|pence| Money::from_pence(*pence).unwrap()).sum();
            prop_assert_eq!(total.pence(), amounts.iter().sum::<i64>());
        }

        #[test]
        fn what_is_read_is_written_the_same(text in "\\PC*") {
            if let Ok(amount) = Money::parse(&text) {
                prop_assert_eq!(amount.to_string(), text);
            }
        }
    }
}
