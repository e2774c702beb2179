//! Whether a provider, a home and a price may bid, at submission and at the opening, and what the authority should notice.

use super::BidRefused;
use crate::error::FieldErrors;
use crate::frameworks::rules::CeilingBreach;
use crate::matching::rules::{Match, Misfit};
use crate::providers::rules::Standing;
use crate::values::CodeSet;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the authority should notice about a bid: recorded in its sealed content when it is submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    /// What it is about, by code: `over_ceiling.core`, or a reason of the matching.
    #[schema(example = "over_ceiling.core")]
    pub code: String,
    /// In words.
    #[schema(example = "Core: £5,200.00 a week is over the lot's ceiling of £5,000.00.")]
    pub text: String,
}

/// A price over a ceiling, as a framework refuses it that blocks: it names the first line, and every one as a field.
pub fn over_ceiling(breaches: &[CeilingBreach]) -> Option<(BidRefused, FieldErrors)> {
    let first = breaches.first()?;
    let mut fields = FieldErrors::new();
    for breach in breaches {
        let field = breach
            .line
            .map_or_else(|| "price".to_owned(), |line| format!("price.{line}"));
        fields.add(
            field,
            "over_ceiling",
            format!("must be at most {} a week", breach.ceiling.pounds()),
        );
    }
    let (price, ceiling) = (first.price.pounds(), first.ceiling.pounds());
    Some((
        BidRefused::OverCeiling {
            line: first.line_name(),
            price,
            ceiling,
        },
        fields,
    ))
}

/// A price over a ceiling, as a framework notes it that warns.
pub fn ceiling_remark(breach: &CeilingBreach) -> Remark {
    let (price, ceiling) = (breach.price.pounds(), breach.ceiling.pounds());
    Remark {
        code: format!("over_ceiling.{}", breach.field()),
        text: format!(
            "{}: {price} a week is over the lot's ceiling of {ceiling}.",
            breach.line_name()
        ),
    }
}

/// What is true of a provider and a home, at one moment, for a bid on a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eligibility {
    /// The provider is admitted to the lot and not suspended.
    pub admitted: bool,
    /// The provider has accepted the contract version in force.
    pub contract_accepted: bool,
    /// The home is active.
    pub home_active: bool,
    /// In words, that the home's grade is worse than the gateway allows.
    pub below_gateway: Option<String>,
    /// The home has a free place for the placement.
    pub free_place: bool,
    /// Every other reason why the home does not fit.
    pub misfits: Vec<Remark>,
    /// Whether the framework lets homes bid that do not fit.
    pub misfits_may_bid: bool,
}

impl Eligibility {
    /// What the provider's standing and the home's match make of it: the misfits that have a refusal of their own, and the rest.
    pub fn of(standing: Standing, found: &Match, misfits_may_bid: bool) -> Self {
        const OWN: [Misfit; 5] = [
            Misfit::NotAdmitted,
            Misfit::Suspended,
            Misfit::Inactive,
            Misfit::Grade,
            Misfit::Places,
        ];
        let text = |misfit: Misfit| {
            let reason = found.reasons.iter().find(|reason| reason.code == misfit.code());
            reason.map_or_else(|| misfit.label().to_owned(), |reason| reason.text.clone())
        };
        let others = found.misfits.without(CodeSet::from(OWN));
        Self {
            admitted: standing.admitted && !standing.suspended,
            contract_accepted: standing.contract_accepted,
            home_active: !found.misfits.contains(Misfit::Inactive),
            below_gateway: found.misfits.contains(Misfit::Grade).then(|| text(Misfit::Grade)),
            free_place: !found.misfits.contains(Misfit::Places),
            misfits: others
                .iter()
                .map(|misfit| Remark {
                    code: misfit.code().to_owned(),
                    text: text(misfit),
                })
                .collect(),
            misfits_may_bid,
        }
    }

    /// What bars the bid whoever asks and whenever: standing, gateway, the home itself.
    fn standing(&self) -> Result<(), BidRefused> {
        if !self.admitted {
            return Err(BidRefused::NotAdmitted);
        }
        if !self.contract_accepted {
            return Err(BidRefused::ContractNotAccepted);
        }
        if !self.home_active {
            return Err(BidRefused::HomeNotActive);
        }
        match &self.below_gateway {
            Some(why) => Err(BidRefused::OverGateway { why: why.clone() }),
            None => Ok(()),
        }
    }

    /// May the bid be submitted? Answers what the authority should notice about the home.
    pub fn at_submission(&self) -> Result<Vec<Remark>, BidRefused> {
        self.standing()?;
        if !self.misfits_may_bid && !self.misfits.is_empty() {
            let why: Vec<&str> = self.misfits.iter().map(|misfit| misfit.text.as_str()).collect();
            return Err(BidRefused::HomeDoesNotFit { why: why.join(" ") });
        }
        if !self.free_place {
            return Err(BidRefused::NoFreePlace);
        }
        Ok(self.misfits.clone())
    }

    /// Is the bid compliant at the opening? The reason why not, in words, else nothing.
    ///
    /// A place that has gone meanwhile bars no bid here: it may be free again before the award, which looks once more.
    pub fn at_opening(&self) -> Option<String> {
        self.standing().err().map(|refused| match refused {
            BidRefused::NotAdmitted => "At the opening the provider was not admitted to the lot.".to_owned(),
            BidRefused::ContractNotAccepted => {
                "At the opening the provider had not accepted the contract version in force.".to_owned()
            }
            BidRefused::HomeNotActive => "At the opening the home was not active.".to_owned(),
            other => format!("At the opening: {other}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::CostLine;

    #[test]
    fn a_price_over_the_ceiling_names_every_line() {
        let money = |text: &str| text.parse().unwrap();
        let core = CeilingBreach {
            line: Some(CostLine::Core),
            price: money("5200.00"),
            ceiling: money("5000.00"),
        };
        let whole = CeilingBreach { line: None, ..core };
        assert_eq!(over_ceiling(&[]), None);
        let (refused, fields) = over_ceiling(&[core, whole]).unwrap();
        assert_eq!(refused.code(), "bid.over_ceiling");
        assert_eq!(
            refused.to_string(),
            "Core: £5,200.00 a week is over the lot's ceiling of £5,000.00."
        );
        assert!(fields.names("price.core") && fields.names("price"));
        assert_eq!(ceiling_remark(&core).code, "over_ceiling.core");
        assert_eq!(ceiling_remark(&core).text, refused.to_string());
    }

    #[test]
    fn eligibility_at_submission_and_at_opening() {
        let misfit = Remark {
            code: "age.above".into(),
            text: "The child is 14, the home takes 5 to 9.".into(),
        };
        let fine = Eligibility {
            admitted: true,
            contract_accepted: true,
            home_active: true,
            below_gateway: None,
            free_place: true,
            misfits: vec![],
            misfits_may_bid: false,
        };
        let table = [
            (fine.clone(), None, true),
            (
                Eligibility {
                    admitted: false,
                    ..fine.clone()
                },
                Some("bid.not_admitted"),
                false,
            ),
            (
                Eligibility {
                    contract_accepted: false,
                    ..fine.clone()
                },
                Some("bid.contract_not_accepted"),
                false,
            ),
            (
                Eligibility {
                    home_active: false,
                    ..fine.clone()
                },
                Some("bid.home_not_active"),
                false,
            ),
            (
                Eligibility {
                    below_gateway: Some("Inadequate".into()),
                    ..fine.clone()
                },
                Some("bid.over_gateway"),
                false,
            ),
            (
                Eligibility {
                    free_place: false,
                    ..fine.clone()
                },
                Some("bid.no_free_place"),
                true,
            ),
            (
                Eligibility {
                    misfits: vec![misfit.clone()],
                    ..fine.clone()
                },
                Some("bid.home_does_not_fit"),
                true,
            ),
            (
                Eligibility {
                    misfits: vec![misfit.clone()],
                    misfits_may_bid: true,
                    ..fine.clone()
                },
                None,
                true,
            ),
        ];
        for (eligibility, refused, compliant) in table {
            let seen = eligibility.at_submission();
            assert_eq!(seen.as_ref().err().map(BidRefused::code), refused, "{eligibility:?}");
            assert_eq!(eligibility.at_opening().is_none(), compliant, "{eligibility:?}");
        }
        let told = Eligibility {
            misfits: vec![misfit.clone()],
            misfits_may_bid: true,
            ..fine
        };
        assert_eq!(
            told.at_submission(),
            Ok(vec![misfit]),
            "a home that does not fit says so to the authority"
        );
    }
}
