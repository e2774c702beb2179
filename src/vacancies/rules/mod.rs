//! Vacancies and listed prices: types, states, transitions, refusals.

mod availability;
mod price;
#[cfg(test)]
mod tests;
mod vacancy;

pub use availability::{Availability, Offer, PlacesWanted, take};
pub use price::{NewPrice, Price};
pub use vacancy::{FRESH_FOR_DAYS, NewVacancy, Vacancy, VacancyState};

use chrono::NaiveDate;

use crate::refusals;

refusals! {
    /// Why something was not done to a vacancy.
    pub enum VacancyRefused {
        /// A home never offers more places than it is registered for and has free.
        ExceedsRegisteredPlaces { registered: i32, open: i32, taken: i32 } => (conflict, "vacancy.exceeds_registered_places",
            "The home is registered for {registered} places, of which {open} are open already and {taken} are taken."),
        /// Only an open vacancy is confirmed and closed.
        NotOpen { state: &'static str } => (conflict, "vacancy.not_open", "The vacancy is {state}, not open."),
    }
}

refusals! {
    /// Why a price was not listed.
    pub enum PriceRefused {
        /// Prices are never rewritten: a new one takes effect after the last.
        DateNotLater { last: NaiveDate } => (conflict, "price.date_not_later",
            "A price from {} is listed already: a new one needs a later date.", last.format("%-d %B %Y")),
        /// The lot buys other homes.
        LotDoesNotFit => (unprocessable, "price.lot_does_not_fit", "The lot is not for homes of this kind."),
        /// Above a ceiling of the lot, in a framework that refuses that.
        OverCeiling => (unprocessable, "price.over_ceiling", "The price is above a ceiling of the lot."),
    }
}
