use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::rules::{AlertPreference, Audience, Facts};
use crate::accounts;
use crate::accounts::rules::PersonState;
use crate::db::Tx;
use crate::db::schema::{
    admissions, applications, awards, bids, declines, frameworks, invitations, letters, lots, people, placements,
    questions,
};
use crate::error::{Error, Result};
use crate::ids::{HomeId, LotId, OrganisationId, PersonId};

/// Somebody who is told.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Recipient {
    /// The person.
    pub person_id: PersonId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub address: String,
    /// How they want market news.
    pub preference: AlertPreference,
}

/// The people whom an audience means, seen from what happened. Three queries at most, however many they are.
pub fn recipients(tx: &mut Tx<'_>, audience: Audience, facts: &Facts) -> Result<Vec<Recipient>> {
    let columns = (people::id, people::name, people::email, people::alert_preference);
    if matches!(audience, Audience::Person | Audience::Leaver) {
        let person = people::table.find(known(facts.person, "person")?);
        // Since it happened they may have left, or come back.
        return Ok(match audience {
            Audience::Leaver => person
                .filter(people::state.eq(PersonState::Deactivated))
                .select(columns)
                .load(tx.conn)?,
            _ => person
                .filter(people::state.ne(PersonState::Deactivated))
                .select(columns)
                .load(tx.conn)?,
        });
    }
    let organisations = organisations(tx, audience, facts, tx.now.date_in_uk())?;
    let of_them = people::table
        .filter(people::organisation_id.eq_any(organisations))
        .filter(people::role.eq_any(audience.roles()))
        .filter(people::state.eq(PersonState::Active))
        .order(people::id)
        .select(columns);
    Ok(of_them.load(tx.conn)?)
}

/// The bids to a request, submitted and not withdrawn, of the provider that an invitation names.
macro_rules! live_bids {
    ($request:expr) => {
        bids::table
            .filter(bids::placement_request_id.eq($request))
            .filter(bids::provider_id.eq(invitations::provider_id))
            .filter(bids::state.ne_all(["draft", "withdrawn"]))
    };
}

fn known<T>(fact: Option<T>, what: &str) -> Result<T> {
    fact.ok_or_else(|| Error::internal(format!("the event names no {what}, which its audience needs")))
}

fn organisations(tx: &mut Tx<'_>, audience: Audience, facts: &Facts, today: NaiveDate) -> Result<Vec<OrganisationId>> {
    let request = || known(facts.request.as_ref().map(|(id, _)| *id), "request");
    let provider = || known(facts.provider, "provider");
    let framework = || known(facts.framework.as_ref().map(|(id, ..)| *id), "framework");
    match audience {
        Audience::Person | Audience::Leaver => Ok(Vec::new()),
        Audience::Operators => match facts.cooperative {
            Some(cooperative) => Ok(vec![cooperative]),
            None => cooperatives_that_admitted(tx, provider()?),
        },
        Audience::Members => {
            let members = accounts::store::members_of(tx, known(facts.cooperative, "cooperative")?, today)?;
            Ok(members.into_iter().map(|member| member.id).collect())
        }
        Audience::EveryProvider => accounts::store::providers(tx),
        Audience::Admitted => {
            let admitted = admissions::table
                .inner_join(lots::table)
                .filter(lots::framework_id.eq(framework()?))
                .filter(admissions::state.eq_any(["admitted", "suspended"]))
                .select(admissions::provider_id)
                .distinct();
            Ok(admitted.load(tx.conn)?)
        }
        Audience::Applicants => {
            let applicants = applications::table
                .filter(applications::framework_id.eq(framework()?))
                .filter(applications::state.eq_any(["draft", "submitted", "returned"]));
            Ok(applicants.select(applications::provider_id).distinct().load(tx.conn)?)
        }
        Audience::ProviderAdmins | Audience::Provider => Ok(vec![provider()?]),
        Audience::Commissioners | Audience::Approvers => Ok(vec![known(facts.authority, "authority")?]),
        Audience::Invited => {
            let invited = invitations::table.filter(invitations::placement_request_id.eq(request()?));
            Ok(invited.select(invitations::provider_id).load(tx.conn)?)
        }
        Audience::InvitedSilent => {
            let request = request()?;
            let declined = declines::table
                .filter(declines::placement_request_id.eq(request))
                .filter(declines::provider_id.eq(invitations::provider_id));
            let silent = invitations::table
                .filter(invitations::placement_request_id.eq(request))
                .filter(diesel::dsl::not(diesel::dsl::exists(live_bids!(request))))
                .filter(diesel::dsl::not(diesel::dsl::exists(declined)));
            Ok(silent.select(invitations::provider_id).load(tx.conn)?)
        }
        Audience::InvitedNotBidding => {
            let request = request()?;
            let others = invitations::table
                .filter(invitations::placement_request_id.eq(request))
                .filter(diesel::dsl::not(diesel::dsl::exists(live_bids!(request))));
            Ok(others.select(invitations::provider_id).load(tx.conn)?)
        }
        Audience::TakingPart => {
            let request = request()?;
            let bidding = bids::table
                .filter(bids::placement_request_id.eq(request))
                .filter(bids::state.ne("withdrawn"));
            let asking = questions::table.filter(questions::placement_request_id.eq(request));
            let mut taking_part: Vec<OrganisationId> = bidding.select(bids::provider_id).distinct().load(tx.conn)?;
            taking_part.extend(
                asking
                    .select(questions::provider_id)
                    .distinct()
                    .load::<OrganisationId>(tx.conn)?,
            );
            Ok(taking_part)
        }
        Audience::Bidders => {
            let bidders = bids::table
                .filter(bids::placement_request_id.eq(request()?))
                .filter(bids::state.ne_all(["draft", "withdrawn"]));
            Ok(bidders.select(bids::provider_id).distinct().load(tx.conn)?)
        }
        Audience::OtherBidders => {
            let others = letters::table
                .filter(letters::award_id.eq(known(facts.award, "award")?))
                .filter(letters::kind.eq("unsuccessful"))
                .filter(letters::recipient_id.ne(provider()?));
            Ok(others.select(letters::recipient_id).distinct().load(tx.conn)?)
        }
        Audience::Relying => relying(tx, provider()?, facts),
    }
}

fn relying(tx: &mut Tx<'_>, provider: OrganisationId, facts: &Facts) -> Result<Vec<OrganisationId>> {
    let placed = placements::table
        .filter(placements::award_id.eq(awards::id))
        .filter(placements::state.ne("ended"));
    let relied_on = awards::table
        .filter(awards::provider_id.eq(provider))
        .filter(
            awards::state
                .eq_any(["proposed", "approved", "confirmed"])
                .or(diesel::dsl::exists(placed)),
        )
        .select((awards::authority_id, awards::home_id, awards::lot_id));
    let mut relied_on: Vec<(OrganisationId, HomeId, LotId)> = relied_on.load(tx.conn)?;
    relied_on.retain(|(_, home, lot)| {
        facts.home.as_ref().is_none_or(|(only, _)| only == home) && facts.admission.is_none_or(|(_, only)| only == *lot)
    });
    Ok(relied_on.into_iter().map(|(authority, ..)| authority).collect())
}

fn cooperatives_that_admitted(tx: &mut Tx<'_>, provider: OrganisationId) -> Result<Vec<OrganisationId>> {
    let cooperatives = admissions::table
        .inner_join(lots::table.inner_join(frameworks::table))
        .filter(admissions::provider_id.eq(provider))
        .filter(admissions::state.eq_any(["admitted", "suspended"]))
        .select(frameworks::cooperative_id)
        .distinct();
    Ok(cooperatives.load(tx.conn)?)
}
