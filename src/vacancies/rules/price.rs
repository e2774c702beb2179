//! A listed price: what a home costs a week in a lot, from a day on. Never rewritten.

use chrono::{Days, NaiveDate};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::PriceRefused;
use crate::clock::Instant;
use crate::error::{Error, FieldErrors, Result};
use crate::frameworks::rules::{CeilingBreach, Lot};
use crate::homes::rules::Home;
use crate::ids::{HomeId, LotId, PersonId, PriceId};
use crate::values::checks::wrong;
use crate::values::{Money, PriceLines};

/// How far ahead a price may be listed. As a later one needs a later date, a slip of the pen further off could not be made good.
const DAYS_AHEAD: u64 = 2 * 365;

/// A listed price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// Its id.
    pub id: PriceId,
    /// The home.
    pub home_id: HomeId,
    /// The lot.
    pub lot_id: LotId,
    /// The first day on which it counts.
    pub effective_from: NaiveDate,
    /// The four lines.
    pub lines: PriceLines,
    /// Whether it is above a ceiling of the lot, in a framework that only warns.
    pub over_ceiling: bool,
    /// Who listed it.
    pub created_by: PersonId,
    /// When it was listed.
    pub created_at: Instant,
}

/// A price to be listed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "costs_something", skip_on_field_errors = false))]
pub struct NewPrice {
    /// The lot that it is for.
    pub lot_id: LotId,
    /// The first day on which it counts: later than the last price of the home in this lot, and at most two years ahead.
    #[validate(custom(function = "crate::values::checks::day"))]
    pub effective_from: NaiveDate,
    /// What the Statement of Purpose offers.
    pub core: Money,
    /// Staffing ratios, waking nights, transport, one-child therapy, tutoring outside school.
    pub additional_support: Money,
    /// Education.
    pub education: Money,
    /// Anything else.
    pub other: Money,
}

fn costs_something(new: &NewPrice) -> Result<(), ValidationError> {
    if new.lines().total() == Money::ZERO {
        Err(wrong("core", "range", "must not be nothing, as the other lines are"))
    } else {
        Ok(())
    }
}

impl NewPrice {
    /// The four lines.
    pub fn lines(&self) -> PriceLines {
        PriceLines {
            core: self.core,
            additional_support: self.additional_support,
            education: self.education,
            other: self.other,
        }
    }

    /// The price, listed now. `last` is the day from which the last price of the home in this lot counts; `blocks` says
    /// whether the framework refuses what is above a ceiling.
    pub fn listed(
        self,
        home: &Home,
        lot: &Lot,
        last: Option<NaiveDate>,
        blocks: bool,
        created_by: PersonId,
        now: Instant,
    ) -> Result<Price> {
        home.must_be_active()?;
        let purpose = &home.purpose;
        if lot.placement_type != purpose.placement_type || !lot.provision_types.contains(purpose.provision_type) {
            return Err(PriceRefused::LotDoesNotFit.into());
        }
        if self.effective_from > now.date_in_uk() + Days::new(DAYS_AHEAD) {
            return Err(Error::field(
                "effective_from",
                "range",
                "must be at most two years ahead",
            ));
        }
        if let Some(last) = last.filter(|last| self.effective_from <= *last) {
            return Err(PriceRefused::DateNotLater { last }.at("effective_from"));
        }
        let lines = self.lines();
        let breaches = lot.ceilings_breached_by(&lines);
        if blocks && !breaches.is_empty() {
            return Err(PriceRefused::OverCeiling.naming(above(&breaches)));
        }
        Ok(Price {
            id: PriceId::new(now),
            home_id: home.id,
            lot_id: lot.id,
            effective_from: self.effective_from,
            lines,
            over_ceiling: !breaches.is_empty(),
            created_by,
            created_at: now,
        })
    }
}

fn above(breaches: &[CeilingBreach]) -> FieldErrors {
    let mut errors = FieldErrors::new();
    for breach in breaches {
        errors.add(
            breach.field(),
            "over_ceiling",
            format!("must be at most {} a week, the lot’s ceiling", breach.ceiling.pounds()),
        );
    }
    errors
}
