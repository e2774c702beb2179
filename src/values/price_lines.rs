//! The weekly price of a placement, in its four cost lines.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CostLine, Money};

/// The four cost lines of a weekly price, GBP excluding VAT (Children's Social Care Placements Standard).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceLines {
    /// What the Statement of Purpose offers.
    pub core: Money,
    /// Staffing ratios, waking nights, transport, one-child therapy, tutoring outside school.
    pub additional_support: Money,
    /// Education.
    pub education: Money,
    /// Anything else.
    pub other: Money,
}

impl PriceLines {
    /// The weekly total of the four lines.
    pub fn total(&self) -> Money {
        CostLine::ALL.iter().map(|line| self.line(*line)).sum()
    }

    /// The amount of one line.
    pub const fn line(&self, line: CostLine) -> Money {
        match line {
            CostLine::Core => self.core,
            CostLine::AdditionalSupport => self.additional_support,
            CostLine::Education => self.education,
            CostLine::Other => self.other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_line_is_needed_and_no_other() {
        let all = r#"{"core":"4800.17","additional_support":"350.00","education":"0.00","other":"0.00"}"#;
        assert_eq!(
            serde_json::from_str::<PriceLines>(all).unwrap().total().to_string(),
            "5150.17"
        );
        assert!(serde_json::from_str::<PriceLines>(r#"{"core":"4800.17"}"#).is_err());
        assert!(serde_json::from_str::<PriceLines>(&all.replace('}', r#","total":"1.00"}"#)).is_err());
    }

    proptest! {
        #[test]
        fn the_total_loses_no_penny(pence in proptest::array::uniform4(0..=Money::MAX.pence())) {
            let [core, additional_support, education, other] = pence.map(|line| Money::from_pence(line).unwrap());
            let price = PriceLines { core, additional_support, education, other };
            prop_assert_eq!(price.total().pence(), pence.iter().sum::<i64>());
            prop_assert_eq!(serde_json::from_value::<PriceLines>(serde_json::to_value(price).unwrap()).unwrap(), price);
        }
    }
}
