//! A lot: what kind of home it buys, and its ceilings.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::error::Result;
use crate::ids::{FrameworkId, LotId};
use crate::values::checks::{refuse_wrong, wrong};
use crate::values::{CodeSet, CostLine, Money, PlacementType, PriceLines, ProvisionType};

/// The most that one cost line may be a week; none where a line has no ceiling of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LineCeilings {
    /// What the Statement of Purpose offers.
    pub core: Option<Money>,
    /// Additional support.
    pub additional_support: Option<Money>,
    /// Education.
    pub education: Option<Money>,
    /// Anything else.
    pub other: Option<Money>,
}

impl LineCeilings {
    /// The ceiling of one line.
    pub const fn line(&self, line: CostLine) -> Option<Money> {
        match line {
            CostLine::Core => self.core,
            CostLine::AdditionalSupport => self.additional_support,
            CostLine::Education => self.education,
            CostLine::Other => self.other,
        }
    }
}

/// A lot of a framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// Its id.
    pub id: LotId,
    /// The framework it belongs to.
    pub framework_id: FrameworkId,
    /// How the framework's papers call it; unique in the framework.
    pub code: String,
    /// Its title.
    pub title: String,
    /// What it places children in.
    pub placement_type: PlacementType,
    /// The registrations that it takes, all of the placement type.
    pub provision_types: CodeSet<ProvisionType>,
    /// The most that the four lines may be together, a week.
    pub weekly_ceiling: Option<Money>,
    /// The most that single lines may be.
    pub line_ceilings: LineCeilings,
    /// Counts its changes.
    pub version: i64,
}

/// A lot to be added.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::duplicated_attributes,
    reason = "each check of several fields says for itself that it runs beside the others"
)]
#[validate(schema(function = "kinds_belong", skip_on_field_errors = false))]
#[validate(schema(function = "ceilings_can_bind", skip_on_field_errors = false))]
#[schema(example = json!({
    "code": "R1", "title": "Children's homes", "placement_type": "Residential", "provision_types": ["ChildrensHome"],
    "weekly_ceiling": "6000.00", "line_ceilings": {"core": "5000.00"},
}))]
pub struct NewLot {
    /// How the framework's papers call it; unique in the framework.
    #[validate(length(max = 20), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 20, example = "R1")]
    pub code: String,
    /// Its title.
    #[validate(length(max = 200), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 200, example = "Children's homes")]
    pub title: String,
    /// What it places children in.
    pub placement_type: PlacementType,
    /// The registrations that it takes; they belong to the placement type.
    pub provision_types: CodeSet<ProvisionType>,
    /// The most that the four lines may be together, a week.
    #[serde(default)]
    #[validate(custom(function = "crate::values::checks::some_money"))]
    pub weekly_ceiling: Option<Money>,
    /// The most that single lines may be.
    #[serde(default)]
    pub line_ceilings: LineCeilings,
}

fn kinds_belong(lot: &NewLot) -> Result<(), ValidationError> {
    if lot.provision_types.is_empty() {
        Err(wrong("provision_types", "required", "must name at least one"))
    } else if lot.provision_types.is_subset(provision_types_of(lot.placement_type)) {
        Ok(())
    } else {
        Err(wrong(
            "provision_types",
            "wrong_placement_type",
            "must belong to the placement type",
        ))
    }
}

/// A line's ceiling above that of the total could never bind: it is a slip.
fn ceilings_can_bind(lot: &NewLot) -> Result<(), ValidationError> {
    let mut lines = CostLine::ALL.iter().filter_map(|line| lot.line_ceilings.line(*line));
    if lot
        .weekly_ceiling
        .is_some_and(|weekly| lines.any(|ceiling| ceiling > weekly))
    {
        return Err(wrong("line_ceilings", "range", "must not be above the weekly ceiling"));
    }
    Ok(())
}

impl NewLot {
    /// The lot that it makes.
    pub fn lot(self, id: LotId, framework_id: FrameworkId, version: i64) -> Lot {
        Lot {
            id,
            framework_id,
            code: self.code,
            title: self.title,
            placement_type: self.placement_type,
            provision_types: self.provision_types,
            weekly_ceiling: self.weekly_ceiling,
            line_ceilings: self.line_ceilings,
            version,
        }
    }
}

/// What may be changed of a lot. In a draft all of it; later the title and the ceilings, for providers were admitted to the
/// rest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LotChanges {
    /// How the framework's papers call it.
    #[validate(length(max = 20), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 20)]
    pub code: Option<String>,
    /// Its title.
    #[validate(length(max = 200), custom(function = "crate::values::text::line"))]
    #[schema(min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// What it places children in.
    pub placement_type: Option<PlacementType>,
    /// The registrations that it takes.
    pub provision_types: Option<CodeSet<ProvisionType>>,
    /// The most that the four lines may be together, a week; null takes the ceiling away.
    #[serde(deserialize_with = "crate::values::given")]
    #[schema(value_type = Option<Money>)]
    #[validate(custom(function = "crate::values::checks::some_money"))]
    pub weekly_ceiling: Option<Option<Money>>,
    /// The most that single lines may be: all four anew.
    pub line_ceilings: Option<LineCeilings>,
}

/// The registrations of a placement type.
pub fn provision_types_of(placement_type: PlacementType) -> CodeSet<ProvisionType> {
    match placement_type {
        PlacementType::Foster => CodeSet::from([ProvisionType::IndependentFosteringAgency]),
        PlacementType::Residential => CodeSet::from([
            ProvisionType::ChildrensHome,
            ProvisionType::ResidentialSpecialSchool,
            ProvisionType::ResidentialFamilyCentre,
            ProvisionType::SecureChildrensHome,
        ]),
        PlacementType::SupportedAccommodation => CodeSet::from([ProvisionType::SupportedAccommodation]),
    }
}

/// A price that is above a ceiling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CeilingBreach {
    /// The cost line; none for the weekly total.
    pub line: Option<CostLine>,
    /// The most that it may be.
    pub ceiling: Money,
    /// What it is.
    pub price: Money,
}

impl CeilingBreach {
    /// The field of a price that it is about: a cost line's code, or `total`.
    pub fn field(&self) -> &'static str {
        self.line.map_or("total", CostLine::code)
    }

    /// What it is about, in a word.
    pub fn line_name(&self) -> &'static str {
        match self.line {
            None => "The weekly total",
            Some(CostLine::Core) => "Core",
            Some(CostLine::AdditionalSupport) => "Additional support",
            Some(CostLine::Education) => "Education",
            Some(CostLine::Other) => "Other",
        }
    }
}

impl Lot {
    /// The lot with these changes. What may change when is the framework's to say: [`super::Framework::changed_lot`].
    pub(super) fn changed(self, changes: LotChanges) -> Result<Self> {
        let after = NewLot {
            code: changes.code.unwrap_or(self.code),
            title: changes.title.unwrap_or(self.title),
            placement_type: changes.placement_type.unwrap_or(self.placement_type),
            provision_types: changes.provision_types.unwrap_or(self.provision_types),
            weekly_ceiling: changes.weekly_ceiling.unwrap_or(self.weekly_ceiling),
            line_ceilings: changes.line_ceilings.unwrap_or(self.line_ceilings),
        };
        refuse_wrong(&after, &[kinds_belong, ceilings_can_bind])?;
        Ok(after.lot(self.id, self.framework_id, self.version))
    }

    /// Every ceiling that the price is above: the lines in their order, the total last. A price at its ceiling is not above it.
    pub fn ceilings_breached_by(&self, price: &PriceLines) -> Vec<CeilingBreach> {
        let lines = CostLine::ALL
            .iter()
            .map(|line| (Some(*line), self.line_ceilings.line(*line), price.line(*line)));
        lines
            .chain([(None, self.weekly_ceiling, price.total())])
            .filter_map(|(line, ceiling, price)| {
                Some(CeilingBreach {
                    line,
                    ceiling: ceiling?,
                    price,
                })
            })
            .filter(|breach| breach.price > breach.ceiling)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use validator::Validate;

    use super::*;
    use crate::clock::Instant;

    fn money(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    pub(in crate::frameworks::rules) fn sample() -> Lot {
        let now: Instant = "2026-03-02T09:00:00Z".parse().unwrap();
        new().lot(LotId::new(now), FrameworkId::new(now), 1)
    }

    fn new() -> NewLot {
        NewLot {
            code: "R1".into(),
            title: "Children's homes".into(),
            placement_type: PlacementType::Residential,
            provision_types: CodeSet::from([ProvisionType::ChildrensHome]),
            weekly_ceiling: Some(money("6000.00")),
            line_ceilings: LineCeilings {
                core: Some(money("5000.00")),
                other: Some(money("0.00")),
                ..LineCeilings::default()
            },
        }
    }

    #[test]
    fn every_provision_type_belongs_to_one_placement_type() {
        let together = PlacementType::ALL.iter().map(|of| provision_types_of(*of));
        assert_eq!(
            together.clone().map(CodeSet::len).sum::<usize>(),
            ProvisionType::ALL.len()
        );
        assert_eq!(together.flat_map(CodeSet::iter).collect::<CodeSet<_>>(), CodeSet::all());
    }

    #[test]
    fn provision_types_belong_and_ceilings_can_bind() {
        assert!(new().validate().is_ok());
        let wrong: [fn(&mut NewLot); 5] = [
            |lot| lot.provision_types = CodeSet::EMPTY,
            |lot| lot.provision_types.insert(ProvisionType::IndependentFosteringAgency),
            |lot| lot.line_ceilings.education = Some(money("6000.01")),
            |lot| lot.code = " ".into(),
            |lot| lot.title = "a\nb".into(),
        ];
        for (case, make) in wrong.iter().enumerate() {
            let mut lot = new();
            make(&mut lot);
            assert!(lot.validate().is_err(), "case {case}");
        }
        let without_total = NewLot {
            weekly_ceiling: None,
            line_ceilings: LineCeilings {
                core: Some(money("9000.00")),
                ..LineCeilings::default()
            },
            ..new()
        };
        assert!(without_total.validate().is_ok());
    }

    #[test]
    fn a_price_is_above_a_ceiling_only_beyond_it() {
        let price = |core, additional_support, other| PriceLines {
            core: Money::parse(core).unwrap(),
            additional_support: Money::parse(additional_support).unwrap(),
            education: Money::ZERO,
            other: Money::parse(other).unwrap(),
        };
        for (price, expected) in [
            (price("5000.00", "1000.00", "0.00"), vec![]),
            (price("5000.01", "0.00", "0.00"), vec!["core"]),
            (price("5000.00", "1000.01", "0.00"), vec!["total"]),
            (price("6000.00", "0.00", "0.01"), vec!["core", "other", "total"]),
        ] {
            let breached: Vec<_> = sample()
                .ceilings_breached_by(&price)
                .iter()
                .map(CeilingBreach::field)
                .collect();
            assert_eq!(breached, expected, "{price:?}");
        }
    }

    #[test]
    fn a_change_leaves_what_it_does_not_name_and_null_takes_a_ceiling_away() {
        let changes: LotChanges = serde_json::from_str(r#"{"title":"Homes","weekly_ceiling":null}"#).unwrap();
        let after = sample().changed(changes).unwrap();
        assert_eq!(
            after,
            Lot {
                title: "Homes".into(),
                weekly_ceiling: None,
                ..after.clone()
            }
        );
        assert_eq!((after.code.as_str(), after.line_ceilings), ("R1", new().line_ceilings));
        let untouched: LotChanges = serde_json::from_str("{}").unwrap();
        assert_eq!(
            sample().changed(untouched).unwrap().weekly_ceiling,
            Some(money("6000.00"))
        );
        let foster = LotChanges {
            placement_type: Some(PlacementType::Foster),
            ..LotChanges::default()
        };
        assert!(
            sample()
                .changed(foster)
                .unwrap_err()
                .to_string()
                .contains("provision_types")
        );
    }
}
