//! One request for a provider: what is needed, how each of its homes stands towards it, its bids, and the questions.

use askama::Template;

use super::{Said, bid_tag, phase_tag};
use crate::access::{Actor, Permission, may};
use crate::awards;
use crate::awards::store::AwardLine;
use crate::bids::BidState;
use crate::db::Tx;
use crate::error::Result;
use crate::homes;
use crate::ids::{BidId, HomeId, OrganisationId, PlacementRequestId};
use crate::matching;
use crate::matching::actions::{OwnFit, own_fits};
use crate::matching::rules::Reason;
use crate::matching::store::InvitedHome;
use crate::placement_requests::ConfidentialKey;
use crate::placement_requests::actions::seen_by;
use crate::placement_requests::api::RequestView;
use crate::placement_requests::pages::Needed;
use crate::placement_requests::rules::Phase;
use crate::placements::{self, Placement};
use crate::web::Page;
use crate::web::pages::{Desk, Html, Tag, filters};

/// One of the provider's homes, and what was said for it.
struct OwnHome {
    id: HomeId,
    name: String,
    stands: Option<Stands>,
    bid: Option<(BidId, BidState)>,
    declined: Option<&'static str>,
}

/// How a home stands towards a request: today while bids are taken, later as it did when the request was published. Once it is over,
/// its places may have gone to this very child.
struct Stands {
    fits: bool,
    reasons: Vec<Reason>,
}

impl OwnHome {
    fn of(id: HomeId, name: String, stands: Option<Stands>) -> Self {
        Self {
            id,
            name,
            stands,
            bid: None,
            declined: None,
        }
    }

    fn today(fit: OwnFit) -> Self {
        let stands = Stands {
            fits: fit.found.fits(),
            reasons: fit.found.reasons,
        };
        Self::of(fit.home_id, fit.name, Some(stands))
    }

    fn at_publication(home: InvitedHome) -> Self {
        let stands = Stands {
            fits: true,
            reasons: home.reasons.0,
        };
        Self::of(home.home_id, home.name, Some(stands))
    }

    fn fits(&self) -> bool {
        self.stands.as_ref().is_some_and(|stands| stands.fits)
    }

    fn bid_state(&self) -> Option<Tag> {
        self.bid.map(|(_, state)| bid_tag(state))
    }

    fn is_silent(&self) -> bool {
        self.bid.is_none() && self.declined.is_none()
    }
}

#[derive(Template)]
#[template(path = "dashboard/requests/provider_request.html")]
struct RequestPage {
    request: RequestView,
    homes: Vec<OwnHome>,
    takes_bids: bool,
    takes_questions: bool,
    may_bid: bool,
    /// The awards to this provider that it knows of.
    awards: Vec<AwardLine>,
    /// The placements that came of them.
    placements: Vec<Placement>,
}

impl RequestPage {
    fn phase(&self) -> Tag {
        phase_tag(self.request.status)
    }

    fn needed(&self) -> Needed<'_> {
        Needed { request: &self.request }
    }

    fn any_silent(&self) -> bool {
        self.homes.iter().any(OwnHome::is_silent)
    }

    fn fitting(&self) -> usize {
        self.homes.iter().filter(|home| home.fits()).count()
    }

    /// The criteria's weights and the price's, as they are scored.
    fn weights(&self) -> Vec<(&str, Option<&str>, i32)> {
        let criteria = self.request.criteria.iter().map(|criterion| {
            (
                criterion.title.as_str(),
                criterion.guidance.as_deref(),
                criterion.weight,
            )
        });
        criteria.chain([("Price", None, self.request.price_weight)]).collect()
    }
}

/// The request.
pub(in super::super) fn show(
    tx: &mut Tx<'_>,
    desk: &Desk<Actor>,
    key: &ConfidentialKey,
    id: PlacementRequestId,
) -> Result<Html> {
    let request = seen_by(tx, desk, id)?;
    let phase = request.phase(tx.now);
    let takes_questions = request.takes_questions(tx.now);
    let provider = desk.organisation_id;
    let said = Said::to(tx, provider, &[id])?;
    let (mut homes, mut awards, mut placements) = (Vec::new(), Vec::new(), Vec::new());
    if phase.judges_homes() {
        let fits = own_fits(tx, provider, std::slice::from_ref(&request))?.remove(&id);
        homes.extend(fits.unwrap_or_default().into_iter().map(OwnHome::today));
    } else {
        homes = as_they_stood(tx, provider, id, &said)?;
        let own = awards::store::Narrowed {
            request: Some(id),
            ..Default::default()
        };
        awards = awards::store::list(tx, awards::store::Scope::Provider(provider), &own, &Page::whole())?.items;
        placements = placements::store::placements_of_request(tx, id)?;
        placements.retain(|placement| placement.provider_id == provider);
    }
    for home in &mut homes {
        home.bid = said.bid_with(id, home.id);
        home.declined = said.decline_for(id, home.id).map(|decline| decline.reason.label());
    }
    let request = RequestView::of(tx, desk, key, request)?;
    let title = request.reference.clone();
    let page = RequestPage {
        request,
        homes,
        takes_bids: phase == Phase::Open,
        takes_questions,
        may_bid: may(desk.role, Permission::SubmitBids),
        awards,
        placements,
    };
    Html::of(title, &page)
}

/// The homes of which something is known of a request that is over: those that fitted when it was published, the best one first, and
/// the others that have bid or declined.
fn as_they_stood(
    tx: &mut Tx<'_>,
    provider: OrganisationId,
    id: PlacementRequestId,
    said: &Said,
) -> Result<Vec<OwnHome>> {
    let fitted = matching::store::fitted_homes(tx, id, Some(provider))?;
    let mut found: Vec<OwnHome> = fitted
        .into_iter()
        .map(|(_, home)| OwnHome::at_publication(home))
        .collect();
    let mut others: Vec<HomeId> = said
        .homes(id)
        .filter(|home| found.iter().all(|one| one.id != *home))
        .collect();
    others.sort_unstable();
    others.dedup();
    let others = homes::store::homes(tx, &others)?.into_iter();
    found.extend(others.map(|home| OwnHome::of(home.id, home.name, None)));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::awards::pages::samples as awards;
    use crate::bids::pages::samples as bids;
    use crate::dashboard::pages::samples::{CLOSES, fit};
    use crate::evaluation::pages::samples::evaluation;
    use crate::matching::rules::Misfit;
    use crate::placement_requests::api::{QuestionView, samples};
    use crate::placement_requests::rules::PlacementRequest;
    use crate::placement_requests::rules::samples as requests;
    use crate::values::{CodeSet, CommunicationNeeds, NeedCategory, Pets, SpecificCommunication};
    use crate::web::pages::assert_shows;

    /// The page of a published request while bids and questions are taken.
    fn page(change: fn(&mut PlacementRequest), homes: Vec<OwnHome>) -> RequestPage {
        let (mut request, criteria) = requests::published();
        change(&mut request);
        RequestPage {
            request: samples::view(request, criteria, false, requests::noon()),
            homes,
            takes_bids: true,
            takes_questions: true,
            may_bid: true,
            awards: Vec::new(),
            placements: Vec::new(),
        }
    }

    #[test]
    fn what_is_needed_is_said_in_words_and_never_who_the_child_is() {
        let plain = page(|_| (), Vec::new());
        let seen = [
            "Reading, SE-RES-1 lot R1: Children&#39;s homes</span>",
            "<span class=\"tag green\">Open for bids</span> Bids close",
            CLOSES,
            "<dd>14 years, female</dd>",
            "<dd>Within five days; the placement starts on 26 November 2026</dd>",
            "<dd>RG1, at most 40 miles from there</dd>",
            "<dd>Residential: preferred</dd>",
            "<dd>Emotional and behavioural difficulties</dd>",
            "<dd>Going missing</dd>",
            "<dd>No wish for pets</dd>",
            "<dt>Communication</dt><dd>None known</dd>",
            "<p>A calm home near school.</p>",
            "<th scope=\"row\">Price</th><td class=\"number\">40</td>",
            "Education<br><span class=\"hint\">Say how school goes on.</span></th><td class=\"number\">20</td>",
            "You have no open home that offers residential placements.",
            "No question has been answered yet.",
        ];
        let unseen = [
            "RG1 1AF",
            "<dt>Also</dt>",
            "&#60; 5 days",
            "The request has ended",
            "Changes of the deadline",
        ];
        assert_shows(&plain, &seen, &unseen);
        let special = page(
            |request| {
                request.brief = String::from("First.\n\n<b>Second</b> & last.");
                (request.child.sex, request.child.siblings_to_place_with) = (None, 1);
                request.max_distance_miles = None;
                request.needs.pets = Pets::YesMust;
                request.needs.communication_needs = CommunicationNeeds::Yes;
                request.needs.specific_communication = CodeSet::from([SpecificCommunication::Makaton]);
                request.needs.categories = CodeSet::<NeedCategory>::EMPTY;
                request.needs.risks.clear();
                request.needs.home_adaptation_required = true;
                request.needs.deprivation_of_liberty = true;
                request.needs.solo_placement = true;
            },
            Vec::new(),
        );
        let seen = [
            "<p>First.</p><p>&#60;b&#62;Second&#60;/b&#62; &#38; last.</p>",
            "<dd>14 years, together with 1 brother or sister</dd>",
            "<dd>RG1, any distance</dd>",
            "<dd>There must be pets</dd>",
            "<dd>The child has communication needs: Makaton</dd>",
            "<dd>No category named</dd>",
            "<dd>None known</dd>",
            "The home must be step-free.",
            "A court allows depriving the child of liberty",
            "The child must live with no other child.",
        ];
        assert_shows(&special, &seen, &["<b>"]);
    }

    #[test]
    fn each_home_says_whether_it_fits_and_what_was_said_for_it() {
        let (request, _) = requests::published();
        let bid = bids::submitted(&request);
        let with_bid = OwnHome {
            bid: Some((bid.id, bid.state)),
            ..OwnHome::today(fit("Acorn & <House>", None))
        };
        let declined = OwnHome {
            declined: Some("Staffing"),
            ..OwnHome::today(fit("Oak House", Some(Misfit::Adaptations)))
        };
        let (bid_link, oak) = (format!("<a href=\"/bids/{}\">", bid.id), declined.id);
        let after_all = format!("/bid?home={oak}\">Bid after all");
        let said = page(|_| (), vec![with_bid, declined]);
        let seen = [
            "1 home fits. The match advises; a person decides.",
            "Acorn &#38; &#60;House&#62;</a></h3>",
            "<li>12.3 miles from RG1 &#60;near&#62;.</li>",
            "<span class=\"tag green\">Submitted</span>",
            &bid_link,
            "<span class=\"tag grey\">Does not fit</span>",
            "<span class=\"tag grey\">Declined</span> Staffing",
            &after_all,
            "Bid with one of your homes",
        ];
        assert_shows(&said, &seen, &["<House>", "/decline"]);

        let silent = OwnHome::today(fit("Elm House", Some(Misfit::Age)));
        let bid_with = format!("/bid?home={}\">Bid<", silent.id);
        let decline_for = format!("/decline?home={}\">decline<", silent.id);
        let open = page(|_| (), vec![silent]);
        assert_shows(
            &open,
            &[
                "None of your homes fits as it stands.",
                &bid_with,
                &decline_for,
                ">Decline</a>",
            ],
            &[],
        );
        let reader = RequestPage { may_bid: false, ..open };
        assert_shows(
            &reader,
            &["None of your homes fits"],
            &["/bid?home", "/decline", "Bid with one of your homes"],
        );
    }

    #[test]
    fn once_it_is_over_nothing_is_offered_and_the_end_is_told() {
        let closed = RequestPage {
            takes_bids: false,
            takes_questions: false,
            ..page(|_| (), vec![OwnHome::today(fit("Acorn House", None))])
        };
        let seen = [
            "Bids closed on 23 November 2026, 12:00 GMT",
            "Questions are closed.",
            "As it stood when the request was published: 1 home fitted.",
            "<span class=\"tag green\">Fitted</span>",
        ];
        let unseen = [
            "/bid?home",
            "/decline",
            "Ask a question",
            "data-until",
            "home fits",
            ">Fits<",
            "What came of it",
        ];
        assert_shows(&closed, &seen, &unseen);
        let (request, criteria) = requests::published();
        let withdrawn = request
            .withdrawn("The child <stays>.".to_owned(), requests::noon())
            .unwrap();
        let ended = RequestPage {
            request: samples::view(withdrawn, criteria, false, requests::noon()),
            ..closed
        };
        let seen = [
            "<span class=\"tag grey\">Withdrawn</span>",
            "The request has ended: The child &#60;stays&#62;.",
        ];
        assert_shows(&ended, &seen, &["<stays>", "Bids closed on", "Bids close"]);
    }

    #[test]
    fn what_came_of_it_is_linked_and_no_home_is_judged_by_the_places_that_it_took() {
        let evaluation = evaluation();
        let award = awards::line(&evaluation, &awards::award(&evaluation, &[]));
        let award_link = format!("<a href=\"/awards/{}\">The award of Birch House</a>", award.id);
        let bid = OwnHome {
            bid: Some((evaluation.bids[0].id, BidState::Successful)),
            ..OwnHome::of(award.home_id, "Birch <House>".to_owned(), None)
        };
        let won = RequestPage {
            takes_bids: false,
            takes_questions: false,
            awards: vec![award],
            ..page(|_| (), vec![bid])
        };
        let seen = [
            "<h2>What came of it</h2>",
            &award_link,
            "As it stood when the request was published: 0 homes fitted.",
            "Birch &#60;House&#62;</a></h3>",
            "<span class=\"tag green\">Successful</span>",
        ];
        assert_shows(&won, &seen, &["Does not fit", "Fits", ">Fitted<", "<House>"]);
        let nothing = RequestPage {
            homes: Vec::new(),
            ..won
        };
        let seen = ["None of your homes fitted when the request was published, and none has bid or declined."];
        assert_shows(&nothing, &seen, &["You have no open home", "As it stood"]);
    }

    #[test]
    fn questions_answers_and_later_deadlines_are_read_by_all() {
        let mut page = page(|_| (), Vec::new());
        let own = QuestionView {
            own: true,
            ..samples::question("Is <school> near?", None)
        };
        page.request.questions = vec![own, samples::question("A dog?", Some("Yes & <no>."))];
        page.request.extensions = vec![samples::extension("The <report> is late.")];
        let seen = [
            "<dt>Is &#60;school&#62; near? <span class=\"tag\">Asked by you</span></dt><dd>Not answered yet</dd>",
            "<dt>A dog?</dt><dd><p>Yes &#38; &#60;no&#62;.</p></dd>",
            "<li>From 23 November 2026, 12:00 GMT to 24 November 2026, 12:00 GMT: The &#60;report&#62; is late.</li>",
            "nobody reads who asked",
        ];
        assert_shows(
            &page,
            &seen,
            &["<school>", "<report>", "No question has been answered yet."],
        );
    }
}
