//! Who is invited when a request is published.

use std::collections::HashSet;

use crate::frameworks::rules::InviteRule;
use crate::ids::OrganisationId;

/// The providers that are invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// Each once: first those with a home that fits, in the order of their best one.
    pub providers: Vec<OrganisationId>,
    /// Whether they are all that are admitted to the lot.
    pub everybody: bool,
}

impl Invited {
    /// Those whose homes fit, or all that are admitted, as the framework's rule says. Where no home fits, all are invited: somebody
    /// must hear of the child.
    ///
    /// `fitting` are the providers of the homes that fit, in the order of the homes.
    pub fn by(
        rule: InviteRule,
        fitting: impl IntoIterator<Item = OrganisationId>,
        admitted: &[OrganisationId],
    ) -> Self {
        let mut known = HashSet::new();
        let mut providers: Vec<OrganisationId> = fitting.into_iter().filter(|one| known.insert(*one)).collect();
        let everybody = rule == InviteRule::AllAdmitted || providers.is_empty();
        if everybody {
            providers.extend(admitted.iter().copied().filter(|one| known.insert(*one)));
        }
        Self { providers, everybody }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement_requests::rules::samples;

    #[test]
    fn whoever_must_hear_of_the_child_is_invited() {
        use InviteRule::{AllAdmitted, MatchingFirst};
        type Ids<'t> = &'t [OrganisationId];
        type Case<'t> = (InviteRule, Ids<'t>, Ids<'t>, Ids<'t>, bool);
        let [near, far, other] = std::array::from_fn(|_| OrganisationId::new(samples::noon()));
        let admitted = [other, far, near];
        let table: &[Case] = &[
            // rule, providers of the homes that fit, admitted → invited, whether everybody
            (MatchingFirst, &[near, far, near], &admitted, &[near, far], false),
            (
                MatchingFirst,
                &[near, far, other],
                &admitted,
                &[near, far, other],
                false,
            ),
            (MatchingFirst, &[], &admitted, &admitted, true),
            (AllAdmitted, &[near, far, near], &admitted, &[near, far, other], true),
            (AllAdmitted, &[far], &admitted, &[far, other, near], true),
            (AllAdmitted, &[], &admitted, &admitted, true),
            (MatchingFirst, &[], &[], &[], true),
            (AllAdmitted, &[], &[], &[], true),
        ];
        for (case, (rule, fitting, admitted, providers, everybody)) in table.iter().enumerate() {
            let invited = Invited {
                providers: providers.to_vec(),
                everybody: *everybody,
            };
            assert_eq!(
                Invited::by(*rule, fitting.iter().copied(), admitted),
                invited,
                "case {case}"
            );
        }
    }
}
