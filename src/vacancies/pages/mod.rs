//! Vacancies and prices in the browser, and the page of a home, which shows both.

mod home;
mod link;
mod own;
mod prices;

use crate::vacancies::Vacancy;
use crate::vacancies::rules::VacancyState;
use crate::web::Routes;
use crate::web::pages::Tag;

/// The slice's pages.
pub fn routes(r: &mut Routes) {
    link::routes(r);
    own::routes(r);
    prices::routes(r);
    home::routes(r);
}

/// How fresh a vacancy is, or that it is over.
fn freshness(vacancy: &Vacancy, now: crate::clock::Instant) -> Tag {
    match vacancy.state {
        VacancyState::Open if vacancy.fresh(now) => Tag::new("green", "fresh"),
        VacancyState::Open => Tag::new("yellow", "to be confirmed"),
        VacancyState::Filled => Tag::new("purple", "filled"),
        VacancyState::Closed => Tag::new("grey", "closed"),
    }
}

/// Whom a vacancy is for, where it is narrower than its home.
fn narrower(vacancy: &Vacancy) -> String {
    let ages = match (vacancy.age_min, vacancy.age_max) {
        (None, None) => None,
        (Some(youngest), None) => Some(format!("from {youngest}")),
        (None, Some(oldest)) => Some(format!("up to {oldest}")),
        (Some(youngest), Some(oldest)) => Some(format!("{youngest} to {oldest}")),
    };
    let sexes = vacancy.sexes.map(|sexes| sexes.labels().to_lowercase());
    let parts: Vec<String> = [ages, sexes].into_iter().flatten().collect();
    if parts.is_empty() {
        "Whom the home takes".to_owned()
    } else {
        format!("Only {}", parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Instant;
    use crate::ids::{HomeId, PersonId, VacancyId};
    use crate::values::{CodeSet, Sex};
    use chrono::Duration;

    #[test]
    fn a_vacancy_says_how_fresh_it_is_and_whom_it_is_for() {
        let now: Instant = "2026-03-02T09:00:00Z".parse().unwrap();
        let mut vacancy = Vacancy {
            id: VacancyId::new(now),
            home_id: HomeId::new(now),
            places: 1,
            places_left: 1,
            available_from: now.date_in_uk(),
            age_min: None,
            age_max: None,
            sexes: None,
            confirmed_at: now,
            reminded_at: None,
            state: VacancyState::Open,
            closed_at: None,
            created_by: PersonId::new(now),
            created_at: now,
            version: 1,
        };
        assert_eq!(narrower(&vacancy), "Whom the home takes");
        assert!(freshness(&vacancy, now).to_string().contains("Fresh"));
        let later = now.plus(Duration::days(7));
        assert!(freshness(&vacancy, later).to_string().contains("To be confirmed"));
        (vacancy.age_max, vacancy.sexes) = (Some(14), Some(CodeSet::from([Sex::F])));
        assert_eq!(narrower(&vacancy), "Only up to 14, female");
        vacancy.age_min = Some(11);
        assert_eq!(narrower(&vacancy), "Only 11 to 14, female");
    }
}
