//! The words of a match.

use super::judge::wishes;
use super::{Area, Asked, Candidate, Judged, Misfit, Reason};
use crate::values::{Code, CodeSet, OfstedGrade, Pets};

/// Every hard reason against a home.
pub(super) fn misfits(asked: &Asked, home: &Candidate, judged: &Judged) -> Vec<Reason> {
    judged
        .misfits
        .iter()
        .map(|misfit| Reason {
            code: misfit.code().to_owned(),
            text: misfit_text(misfit, asked, home, judged),
            points: None,
        })
        .collect()
}

fn misfit_text(misfit: Misfit, asked: &Asked, home: &Candidate, judged: &Judged) -> String {
    match misfit {
        Misfit::Grade => {
            format!(
                "Its Ofsted grade is {}; the framework asks for {} or better.",
                home.grade.label(),
                asked.worst_grade.label()
            )
        }
        Misfit::ProvisionType => format!(
            "It is a {}; the lot buys {}.",
            lower(home.provision_type),
            asked.provision_types.labels()
        ),
        Misfit::PlacementType => {
            format!(
                "It offers {}; the lot buys {}.",
                lower(home.placement_type),
                lower(asked.placement_type)
            )
        }
        Misfit::Age => format!(
            "It takes children of {} to {}; this child is {}.",
            home.age_min, home.age_max, asked.age
        ),
        Misfit::Sex => format!("It takes {} only.", sexes(home.sexes)),
        Misfit::Risk => {
            format!(
                "It does not accept: {}.",
                asked.risks.intersection(home.risks_not_accepted).labels()
            )
        }
        Misfit::Places => {
            let (free, wanted) = (home.vacancy.places_for_child.min(home.vacancy.places), asked.places);
            format!(
                "{} free by {}; {} wanted.",
                places(free),
                asked.starts_on.format("%-d %B %Y"),
                places(wanted)
            )
        }
        Misfit::Distance => {
            let limit = asked.limit_miles.unwrap_or_default();
            format!(
                "It is {:.1} miles from {}; the limit is {limit}.",
                judged.miles(),
                asked.origin_name
            )
        }
        Misfit::NotAdmitted
        | Misfit::Suspended
        | Misfit::Inactive
        | Misfit::AgeNow
        | Misfit::SexNow
        | Misfit::Adaptations
        | Misfit::Solo
        | Misfit::DeprivationOfLiberty
        | Misfit::Pets => format!("{}.", misfit.label()),
    }
}

/// What ranks a home that fits: each with the points that it gave.
pub(super) fn merits(asked: &Asked, home: &Candidate, judged: &Judged) -> Vec<Reason> {
    let points = &judged.points;
    let mut reasons = Vec::with_capacity(7);
    let mut reason = |code: &str, text: String, points: Option<i32>| {
        reasons.push(Reason {
            code: code.to_owned(),
            text,
            points,
        });
    };

    let (covered, missed) = (asked.needs.intersection(home.needs), asked.needs.without(home.needs));
    match (asked.needs.is_empty(), missed.is_empty()) {
        (true, _) => reason(
            "needs.none_asked",
            "No category of need was asked for.".to_owned(),
            Some(points.needs),
        ),
        (_, true) => reason(
            "needs.covered",
            format!("Registered for: {}.", covered.labels()),
            Some(points.needs),
        ),
        (_, false) => reason(
            "needs.not_covered",
            format!("Not registered for: {}.", missed.labels()),
            Some(points.needs),
        ),
    }
    let (wanted, met) = wishes(asked, home);
    if wanted > 0 {
        let (code, text) = if met == wanted {
            ("support.covered", "Offers all the support that is wanted.".to_owned())
        } else {
            (
                "support.not_covered",
                format!("Does not offer: {}.", support_missed(asked, home)),
            )
        };
        reason(code, text, Some(points.support));
    } else {
        reason(
            "support.none_asked",
            "No additional support was asked for.".to_owned(),
            Some(points.support),
        );
    }
    reason(
        match home.area {
            Area::Own => "area.own",
            Area::Adjoining => "area.adjoining",
            Area::Distant => "area.distant",
        },
        format!("{}.", home.area.label()),
        Some(points.area),
    );
    reason(
        "distance.within",
        format!("{:.1} miles from {}.", judged.miles(), asked.origin_name),
        Some(points.distance),
    );
    reason(
        match home.grade {
            OfstedGrade::Outstanding => "grade.outstanding",
            OfstedGrade::Good => "grade.good",
            OfstedGrade::RequiresImprovement => "grade.requires_improvement",
            OfstedGrade::Inadequate => "grade.inadequate",
            OfstedGrade::NotYetInspected => "grade.not_yet_inspected",
        },
        format!("Ofsted: {}.", home.grade.label()),
        Some(points.grade),
    );
    match home.price {
        Some(price) => reason(
            "price.listed",
            format!("{} a week, as listed.", price.pounds()),
            Some(points.price),
        ),
        None => reason(
            "price.not_listed",
            "No price is listed for this lot.".to_owned(),
            Some(points.price),
        ),
    }
    if home.vacancy.fresh {
        reason(
            "vacancy.fresh",
            "The vacancy was confirmed within seven days.".to_owned(),
            None,
        );
    } else {
        reason(
            "vacancy.stale",
            "The vacancy was not confirmed for seven days: ranked after those that were.".to_owned(),
            None,
        );
    }
    reasons
}

fn support_missed(asked: &Asked, home: &Candidate) -> String {
    let support = asked.support.without(home.additional_support);
    let mut missed: Vec<&str> = support.iter().map(Code::label).collect();
    if asked.solo_recommended && !home.solo {
        missed.push("Solo placement");
    }
    if asked.pets == Pets::YesCan && !home.pets {
        missed.push("Pets");
    }
    missed.join(", ")
}

fn lower(code: impl Code) -> String {
    code.label().to_lowercase()
}

fn sexes(sexes: CodeSet<crate::values::Sex>) -> String {
    sexes.labels().to_lowercase()
}

fn places(count: i32) -> String {
    if count == 1 {
        "1 place".to_owned()
    } else {
        format!("{count} places")
    }
}
