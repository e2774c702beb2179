//! What the placements that run now amount to.

use super::{FundingSplit, PlacementState};
use crate::values::{Money, PlacementType, PriceLines};

/// A placement that is agreed or has started, on the terms of today.
#[derive(Debug, Clone, Copy)]
pub struct Running {
    /// How far it has come.
    pub state: PlacementState,
    /// The type of placement of its lot.
    pub placement_type: PlacementType,
    /// The weekly price.
    pub price: PriceLines,
    /// Who pays it.
    pub funding: FundingSplit,
}

/// How many placements run, and what they cost a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Agreed, and not started yet.
    pub agreed: usize,
    /// Started, and not ended yet.
    pub started: usize,
    /// What those cost together that have started.
    pub weekly: Money,
    /// Of those: how many of each type, and what they cost.
    pub by_type: Vec<(PlacementType, usize, Money)>,
    /// What social care pays of it.
    pub social_care: Money,
    /// What education pays of it.
    pub education: Money,
    /// What the health service pays of it.
    pub health: Money,
}

/// The totals of these placements. Shares are rounded down to the penny for each placement, and social care bears the rest, so that
/// the shares are the sum.
pub fn totals(running: &[Running]) -> Totals {
    let started: Vec<&Running> = running
        .iter()
        .filter(|one| one.state == PlacementState::Started)
        .collect();
    let sum = |of: &dyn Fn(&Running) -> Money| started.iter().fold(Money::ZERO, |sum, one| sum.saturating_add(of(one)));
    let by_type = PlacementType::ALL.iter().filter_map(|wanted| {
        let of_type = || started.iter().filter(|one| one.placement_type == *wanted);
        let weekly = of_type().fold(Money::ZERO, |sum, one| sum.saturating_add(one.price.total()));
        (of_type().count() > 0).then(|| (*wanted, of_type().count(), weekly))
    });
    Totals {
        agreed: running.len() - started.len(),
        started: started.len(),
        weekly: sum(&|one| one.price.total()),
        by_type: by_type.collect(),
        social_care: sum(&|one| {
            let others = share(one, one.funding.education).pence() + share(one, one.funding.health).pence();
            Money::from_pence(one.price.total().pence() - others).unwrap_or(Money::ZERO)
        }),
        education: sum(&|one| share(one, one.funding.education)),
        health: sum(&|one| share(one, one.funding.health)),
    }
}

fn share(one: &Running, percent: i32) -> Money {
    Money::from_pence(
        one.price.total().pence() / 100 * i64::from(percent)
            + one.price.total().pence() % 100 * i64::from(percent) / 100,
    )
    .unwrap_or(Money::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running(state: PlacementState, placement_type: PlacementType, core: &str, health: i32) -> Running {
        Running {
            state,
            placement_type,
            price: PriceLines {
                core: core.parse().unwrap(),
                ..PriceLines::default()
            },
            funding: FundingSplit {
                social_care: 100 - health,
                education: 0,
                health,
            },
        }
    }

    #[test]
    fn what_has_started_is_summed_and_the_shares_are_the_sum() {
        use PlacementState::{Agreed, Started};
        use PlacementType::{Foster, Residential};
        let totals = totals(&[
            running(Started, Residential, "5000.01", 33),
            running(Started, Residential, "4000.00", 0),
            running(Started, Foster, "999.99", 50),
            running(Agreed, Foster, "700.00", 0),
        ]);
        assert_eq!((totals.agreed, totals.started), (1, 3));
        assert_eq!(totals.weekly.to_string(), "10000.00");
        let by_type: Vec<_> = totals
            .by_type
            .iter()
            .map(|(of, count, weekly)| (*of, *count, weekly.to_string()))
            .collect();
        assert_eq!(
            by_type,
            [(Foster, 1, "999.99".to_owned()), (Residential, 2, "9000.01".to_owned())]
        );
        assert_eq!(
            (
                totals.health.to_string(),
                totals.social_care.to_string(),
                totals.education
            ),
            ("2149.99".to_owned(), "7850.01".to_owned(), Money::ZERO)
        );
    }

    #[test]
    fn of_nothing_everything_is_nothing() {
        let totals = totals(&[]);
        assert_eq!((totals.agreed, totals.started, totals.weekly), (0, 0, Money::ZERO));
        assert!(totals.by_type.is_empty());
    }
}
