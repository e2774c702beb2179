//! Which bid is chosen, measured against the ranking, and whether the award can stand.

use super::AwardRefused;
use crate::frameworks::Framework;
use crate::homes::Home;
use crate::ids::BidId;
use crate::placement_requests::Phase;
use crate::providers::rules::Standing;

/// Refuses where the request can't be answered by an award: a bid's takes a request whose bids are opened and which nobody has ended since; a
/// direct one also takes a request without a competition, or whose competition found no home.
pub fn may_answer(direct: bool, phase: Phase) -> Result<(), AwardRefused> {
    match phase {
        Phase::Opened => Ok(()),
        Phase::Draft | Phase::Unfilled if direct => Ok(()),
        _ => Err(AwardRefused::RequestNotReady { status: phase.label() }),
    }
}

/// Refuses when the home or its provider does not meet what an award on the framework's terms asks: an active home, admission to the lot,
/// the contract in force accepted, the gateway grade. A spot purchase, which has no standing, asks for the active home alone.
pub fn eligible(home: &Home, standing: Option<Standing>, framework: &Framework) -> Result<(), AwardRefused> {
    let refused = |why: &str| Err(AwardRefused::NotEligible { why: why.to_owned() });
    if !home.active {
        return refused("the home is not active");
    }
    let Some(standing) = standing else {
        return Ok(());
    };
    if standing.suspended {
        return refused("the provider is suspended from the lot");
    }
    if !standing.admitted {
        return refused("the provider is not admitted to the lot");
    }
    if !standing.contract_accepted {
        return refused("the provider has not accepted the contract version in force");
    }
    if !home.grade.passes(framework.policy.worst_grade) {
        return refused("the home's grade is below what the framework allows");
    }
    Ok(())
}

/// What choosing a bid means, measured against the bids that could be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Its rank on the sheet, counted from 1.
    pub rank: i32,
    /// Whether no bid that could be chosen ranks before it.
    pub first: bool,
    /// Whether another bid that could be chosen has the same rank.
    pub tied: bool,
}

/// Measures the chosen bid against `ranks`: the bids that can be chosen (compliant, scored, not declined after an earlier award) with their
/// ranks on the sheet. A bid that isn't alone at the first rank needs a reason: the child's needs come before the score, and a tie
/// is broken by saying how. `None` when the bid isn't among them.
pub fn choose(ranks: &[(BidId, i32)], bid: BidId, reason: Option<&str>) -> Option<Result<Choice, AwardRefused>> {
    let rank = ranks.iter().find(|(id, _)| *id == bid)?.1;
    let choice = Choice {
        rank,
        first: ranks.iter().all(|(_, other)| *other >= rank),
        tied: ranks.iter().any(|(id, other)| *id != bid && *other == rank),
    };
    let alone_at_the_top = choice.first && !choice.tied;
    let said = reason.is_some_and(|reason| !reason.trim().is_empty());
    Some(if alone_at_the_top || said {
        Ok(choice)
    } else {
        Err(AwardRefused::ReasonRequired)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Instant;

    fn bids(ranks: &[i32]) -> Vec<(BidId, i32)> {
        let now: Instant = "2026-03-04T12:00:00Z".parse().unwrap();
        ranks.iter().map(|rank| (BidId::new(now), *rank)).collect()
    }

    #[test]
    fn the_first_needs_no_reason() {
        let ranks = bids(&[2, 1, 3]);
        assert_eq!(
            choose(&ranks, ranks[1].0, None),
            Some(Ok(Choice {
                rank: 1,
                first: true,
                tied: false
            }))
        );
    }

    #[test]
    fn every_other_needs_one() {
        let ranks = bids(&[2, 1, 3]);
        for reason in [None, Some(""), Some("  ")] {
            assert_eq!(
                choose(&ranks, ranks[0].0, reason),
                Some(Err(AwardRefused::ReasonRequired)),
                "{reason:?}"
            );
        }
        assert_eq!(
            choose(&ranks, ranks[0].0, Some("Near her school.")),
            Some(Ok(Choice {
                rank: 2,
                first: false,
                tied: false
            }))
        );
    }

    #[test]
    fn a_tie_at_the_top_must_be_broken_in_words() {
        let ranks = bids(&[1, 1, 3]);
        assert_eq!(
            choose(&ranks, ranks[1].0, None),
            Some(Err(AwardRefused::ReasonRequired))
        );
        assert_eq!(
            choose(&ranks, ranks[1].0, Some("The earlier start.")),
            Some(Ok(Choice {
                rank: 1,
                first: true,
                tied: true
            }))
        );
    }

    #[test]
    fn after_the_first_has_declined_the_second_is_the_first() {
        let ranks = bids(&[2, 3]);
        assert_eq!(
            choose(&ranks, ranks[0].0, None),
            Some(Ok(Choice {
                rank: 2,
                first: true,
                tied: false
            }))
        );
    }

    #[test]
    fn a_bid_that_is_not_on_the_sheet_is_no_choice() {
        let ranks = bids(&[1, 2]);
        assert_eq!(choose(&ranks[1..], ranks[0].0, None), None);
        assert_eq!(choose(&[], ranks[0].0, Some("x")), None);
    }
}
