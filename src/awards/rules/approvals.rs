//! Who else must agree before an award counts.

use crate::clock::Instant;
use crate::codes;
use crate::ids::{ApprovalId, PersonId};
use crate::values::Money;

codes! {
    /// Where a home lies, seen from the authority that places (Care Planning, Placement and Case Review (England) Regulations 2010,
    /// reg 2: at a distance is outside the area and not within the area of an adjoining authority).
    pub enum Area {
        InArea("in_area", "In the authority's area"),
        OutOfArea("out_of_area", "Outside the authority's area"),
        AtADistance("at_a_distance", "At a distance: outside the authority's area and not adjoining"),
    }

    /// Why an award needs an approver. Each kind is settled by one approval of one approver. A home outside the area takes the
    /// authority's nominated officer, one at a distance its director of children's services in the officer's place (Care Planning
    /// Regulations 2010, reg 11); the others are the framework's own.
    pub enum ApprovalKind {
        NotFirstRank("not_first_rank", "The bid is not at the first rank"),
        OutOfArea("out_of_area", "The home lies outside the authority's area"),
        AtADistance("at_a_distance", "The home lies at a distance: outside the authority's area and not adjoining"),
        Price("price", "The weekly price is over the approval threshold"),
        DirectAward("direct_award", "There was no competition"),
    }

    /// What has become of one needed approval.
    pub enum ApprovalState {
        Pending("pending", "Waited for"),
        Approved("approved", "Approved"),
        Refused("refused", "Refused"),
    }
}

impl Area {
    /// Where a home in the area of `home` lies for the authority `authority`, both as GSS codes.
    pub fn of(home: &str, authority: &str, adjoins: bool) -> Self {
        match (home == authority, adjoins) {
            (true, _) => Self::InArea,
            (false, true) => Self::OutOfArea,
            (false, false) => Self::AtADistance,
        }
    }

    /// Whether the authority of the area must be told: Care Planning, Placement and Case Review (England) Regulations 2010, reg 13.
    pub fn is_outside(self) -> bool {
        self != Self::InArea
    }
}

impl ApprovalKind {
    /// The office that the law asks for, where it does. Who holds it is the approver's to declare: people are known here by their role
    /// alone.
    pub fn office(self) -> Option<&'static str> {
        match self {
            Self::AtADistance => Some("director of children's services"),
            Self::OutOfArea => Some("nominated officer"),
            Self::NotFirstRank | Self::Price | Self::DirectAward => None,
        }
    }

    /// Who approves it in the authority.
    pub fn officer(self) -> &'static str {
        self.office().unwrap_or("approver")
    }
}

/// One needed approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Its identifier.
    pub id: ApprovalId,
    /// Why it is needed.
    pub kind: ApprovalKind,
    /// What has become of it.
    pub state: ApprovalState,
    /// Who decided, and when.
    pub decided: Option<(PersonId, Instant)>,
    /// What they said.
    pub reason: Option<String>,
}

impl Approval {
    /// One that is waited for.
    pub fn needed(id: ApprovalId, kind: ApprovalKind) -> Self {
        Self {
            id,
            kind,
            state: ApprovalState::Pending,
            decided: None,
            reason: None,
        }
    }

    /// Whether it is waited for.
    pub fn is_pending(&self) -> bool {
        self.state == ApprovalState::Pending
    }

    /// The office as which whoever gave it declared to act.
    pub fn declared_office(&self) -> Option<&'static str> {
        self.kind.office().filter(|_| self.state == ApprovalState::Approved)
    }

    pub(super) fn decide(&mut self, state: ApprovalState, by: PersonId, at: Instant, reason: Option<&str>) {
        self.state = state;
        self.decided = Some((by, at));
        self.reason = reason.map(str::to_owned);
    }
}

/// The approvals an award needs: for what it passes over, where the home lies, what it costs, and how it came about.
pub fn approvals_needed(
    first: bool,
    direct: bool,
    area: Area,
    weekly: Money,
    threshold: Option<Money>,
) -> Vec<ApprovalKind> {
    let mut kinds = Vec::new();
    if direct {
        kinds.push(ApprovalKind::DirectAward);
    } else if !first {
        kinds.push(ApprovalKind::NotFirstRank);
    }
    match area {
        Area::InArea => {}
        Area::OutOfArea => kinds.push(ApprovalKind::OutOfArea),
        Area::AtADistance => kinds.push(ApprovalKind::AtADistance),
    }
    if threshold.is_some_and(|threshold| weekly > threshold) {
        kinds.push(ApprovalKind::Price);
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn where_a_home_lies() {
        assert_eq!(Area::of("E06000038", "E06000038", false), Area::InArea);
        assert_eq!(Area::of("E06000041", "E06000038", true), Area::OutOfArea);
        assert_eq!(Area::of("E10000030", "E06000038", false), Area::AtADistance);
    }

    #[test]
    fn a_home_outside_the_area_takes_an_office_and_nothing_else_does() {
        let of = |kind: ApprovalKind| (kind.office(), kind.officer());
        let director = "director of children's services";
        assert_eq!(of(ApprovalKind::AtADistance), (Some(director), director));
        assert_eq!(
            of(ApprovalKind::OutOfArea),
            (Some("nominated officer"), "nominated officer")
        );
        for kind in [
            ApprovalKind::NotFirstRank,
            ApprovalKind::Price,
            ApprovalKind::DirectAward,
        ] {
            assert_eq!(of(kind), (None, "approver"));
        }
    }

    #[test]
    fn who_approves_declares_an_office_and_who_refuses_does_not() {
        let now: Instant = "2026-03-04T12:00:00Z".parse().unwrap();
        let decided = |kind, state| {
            let mut approval = Approval::needed(ApprovalId::new(now), kind);
            approval.decide(state, PersonId::new(now), now, None);
            approval.declared_office()
        };
        assert_eq!(
            decided(ApprovalKind::OutOfArea, ApprovalState::Approved),
            Some("nominated officer")
        );
        assert_eq!(decided(ApprovalKind::OutOfArea, ApprovalState::Refused), None);
        assert_eq!(decided(ApprovalKind::Price, ApprovalState::Approved), None);
        assert_eq!(
            Approval::needed(ApprovalId::new(now), ApprovalKind::OutOfArea).declared_office(),
            None
        );
    }

    #[test]
    fn each_ground_asks_for_its_approval_and_nothing_else() {
        use ApprovalKind as K;
        let cheap = money("5000.00");
        let threshold = Some(cheap);
        // (first, direct, area, weekly, threshold) → kinds
        for (first, direct, area, weekly, threshold, kinds) in [
            (true, false, Area::InArea, "5000.00", threshold, vec![]),
            (true, false, Area::InArea, "5000.01", threshold, vec![K::Price]),
            (true, false, Area::InArea, "99999.00", None, vec![]),
            (false, false, Area::InArea, "1.00", threshold, vec![K::NotFirstRank]),
            (true, false, Area::OutOfArea, "1.00", threshold, vec![K::OutOfArea]),
            (true, false, Area::AtADistance, "1.00", threshold, vec![K::AtADistance]),
            (true, true, Area::InArea, "1.00", threshold, vec![K::DirectAward]),
            (
                false,
                false,
                Area::AtADistance,
                "5000.01",
                threshold,
                vec![K::NotFirstRank, K::AtADistance, K::Price],
            ),
            (
                false,
                true,
                Area::OutOfArea,
                "5000.01",
                threshold,
                vec![K::DirectAward, K::OutOfArea, K::Price],
            ),
        ] {
            assert_eq!(
                approvals_needed(first, direct, area, money(weekly), threshold),
                kinds,
                "{first} {direct} {area:?} {weekly}"
            );
        }
    }
}
