//! A vacancy: free places of a home, from a day on, confirmed by the provider every week.

use chrono::{Duration, NaiveDate};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::VacancyRefused;
use crate::clock::Instant;
use crate::error::{FieldErrors, Result};
use crate::homes::rules::Home;
use crate::ids::{HomeId, PersonId, VacancyId};
use crate::values::{CodeSet, Sex, codes};

codes! {
    /// Where a vacancy stands: `open ⇄ filled`, and `open → closed`.
    pub enum VacancyState {
        Open("open", "open"),
        Filled("filled", "filled"),
        Closed("closed", "closed"),
    }
}

/// For how many days a confirmation is fresh.
pub const FRESH_FOR_DAYS: i64 = 7;

/// Free places of a home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vacancy {
    /// Its id.
    pub id: VacancyId,
    /// The home.
    pub home_id: HomeId,
    /// The places offered when it was opened.
    pub places: i32,
    /// Those still free.
    pub places_left: i32,
    /// The day from which they are free.
    pub available_from: NaiveDate,
    /// The youngest age, where the children living there now require more than the home does.
    pub age_min: Option<i32>,
    /// The oldest age, where the children living there now require less than the home does.
    pub age_max: Option<i32>,
    /// The sexes, where the children living there now require fewer than the home does.
    pub sexes: Option<CodeSet<Sex>>,
    /// When the provider last said that it is right.
    pub confirmed_at: Instant,
    /// When the provider was asked to confirm it again; none since the last confirmation.
    pub reminded_at: Option<Instant>,
    /// Where it stands.
    pub state: VacancyState,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// Who opened it.
    pub created_by: PersonId,
    /// When it was opened.
    pub created_at: Instant,
    /// Counts its changes.
    pub version: i64,
}

/// A vacancy to be opened.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVacancy {
    /// The places offered.
    #[validate(range(min = 1, max = 2000))]
    #[schema(minimum = 1, maximum = 2000)]
    #[schema(example = 1)]
    pub places: i32,
    /// The day from which they are free.
    #[validate(custom(function = "crate::values::checks::day"))]
    pub available_from: NaiveDate,
    /// The youngest age, where the children living there now require more than the home does.
    #[validate(range(min = 0, max = 25))]
    #[schema(minimum = 0, maximum = 25)]
    #[serde(default)]
    pub age_min: Option<i32>,
    /// The oldest age, where the children living there now require less than the home does.
    #[validate(range(min = 0, max = 25))]
    #[schema(minimum = 0, maximum = 25)]
    #[serde(default)]
    pub age_max: Option<i32>,
    /// The sexes, where the children living there now require fewer than the home does.
    #[serde(default)]
    pub sexes: Option<CodeSet<Sex>>,
}

impl NewVacancy {
    /// The vacancy, opened now at this home. It may only be narrower than the home, and together with the places that are open
    /// and taken it may not pass those that the home is registered for.
    pub fn opened(self, home: &Home, created_by: PersonId, now: Instant) -> Result<Vacancy> {
        home.must_be_active()?;
        self.must_be_within(home)?;
        let (registered, open, taken) = (home.purpose.registered_places, home.places_open, home.places_taken);
        if self.places > registered - open - taken {
            return Err(VacancyRefused::ExceedsRegisteredPlaces {
                registered,
                open,
                taken,
            }
            .into());
        }
        Ok(Vacancy {
            id: VacancyId::new(now),
            home_id: home.id,
            places: self.places,
            places_left: self.places,
            available_from: self.available_from,
            age_min: self.age_min,
            age_max: self.age_max,
            sexes: self.sexes,
            confirmed_at: now,
            reminded_at: None,
            state: VacancyState::Open,
            closed_at: None,
            created_by,
            created_at: now,
            version: 1,
        })
    }

    fn must_be_within(&self, home: &Home) -> Result<()> {
        let (youngest, oldest) = (home.purpose.age_min, home.purpose.age_max);
        let mut errors = FieldErrors::new();
        for (field, age) in [("age_min", self.age_min), ("age_max", self.age_max)] {
            if age.is_some_and(|age| !(youngest..=oldest).contains(&age)) {
                errors.add(
                    field,
                    "outside_home",
                    format!("must be within the home's ages, {youngest} to {oldest}"),
                );
            }
        }
        if self.age_min.unwrap_or(youngest) > self.age_max.unwrap_or(oldest) && errors.is_empty() {
            errors.add("age_max", "range", "must not be below the youngest age");
        }
        match self.sexes {
            Some(sexes) if sexes.is_empty() => errors.add("sexes", "required", "must name at least one"),
            Some(sexes) if !sexes.is_subset(home.purpose.sexes) => {
                errors.add("sexes", "outside_home", "must be sexes that the home takes");
            }
            _ => {}
        }
        errors.into_result()
    }
}

impl Vacancy {
    /// Until when the last confirmation is fresh; from then on the vacancy is stale.
    pub fn fresh_until(&self) -> Instant {
        self.confirmed_at.plus(Duration::days(FRESH_FOR_DAYS))
    }

    /// Whether the last confirmation is fresh.
    pub fn fresh(&self, now: Instant) -> bool {
        now < self.fresh_until()
    }

    fn must_be_open(&self) -> Result<(), VacancyRefused> {
        match self.state {
            VacancyState::Open => Ok(()),
            state => Err(VacancyRefused::NotOpen { state: state.label() }),
        }
    }

    /// The vacancy, confirmed now.
    pub fn confirmed(self, now: Instant) -> Result<Self, VacancyRefused> {
        self.must_be_open()?;
        Ok(Self {
            confirmed_at: now,
            reminded_at: None,
            ..self
        })
    }

    /// The vacancy, closed now by the provider. Its places are no longer offered.
    pub fn closed(self, now: Instant) -> Result<Self, VacancyRefused> {
        self.must_be_open()?;
        Ok(Self {
            state: VacancyState::Closed,
            closed_at: Some(now),
            ..self
        })
    }

    /// The vacancy with so many of its free places taken: filled with the last.
    pub(crate) fn taken(self, places: i32) -> Self {
        let places_left = self.places_left - places;
        let state = if places_left == 0 {
            VacancyState::Filled
        } else {
            self.state
        };
        Self {
            places_left,
            state,
            ..self
        }
    }

    /// The vacancy with so many places free again, and how many of them it offers: none once it is closed. Places that were
    /// taken of several vacancies together may all come back to one.
    pub(crate) fn released(self, places: i32) -> (Self, i32) {
        if self.state == VacancyState::Closed {
            return (self, 0);
        }
        let places_left = self.places_left + places;
        let offered = self.places.max(places_left);
        (
            Self {
                places: offered,
                places_left,
                state: VacancyState::Open,
                ..self
            },
            places,
        )
    }
}
