use diesel::prelude::*;

use crate::clock::Instant;
use crate::db::Tx;
use crate::db::schema::{
    admission_history, admissions, application_lots, applications, approvals, awards, bid_versions, bids,
    contract_versions, declines, due_items, frameworks, homes, inspections, lots, organisations, people,
    placement_requests, placement_terms, placements, questions, vacancies,
};
use crate::error::{Error, Result};
use crate::ids::{
    ApplicationId, AwardId, BidId, FrameworkId, HomeId, LotId, OrganisationId, PersonId, PlacementRequestId,
};
use crate::notifications::rules::{Facts, Lot, Outcome, Receipt};
use crate::outbox::Event;
use crate::placement_requests::rules::RequestState;

/// What an event is about; nothing when there is nothing to tell any more: what it was about has been taken back since (a
/// decline, by a bid), or its moment has passed.
pub fn facts(tx: &mut Tx<'_>, event: &Event) -> Result<Option<Facts>> {
    let mut facts = Facts::default();
    match *event {
        Event::JoinLinkIssued { person_id, .. }
        | Event::PersonDeactivated { person_id }
        | Event::PersonReactivated { person_id } => {
            facts.person = Some(person_id);
            facts.organisation = Some(organisation_of(tx, person_id)?);
        }
        Event::PasswordResetRequested { person_id, .. }
        | Event::PasswordChanged { person_id }
        | Event::SessionRevoked { person_id } => facts.person = Some(person_id),
        Event::DigestDue { person_id, on } => {
            facts.person = Some(person_id);
            facts.day = Some(on);
        }

        Event::FrameworkOpened { framework_id }
        | Event::FrameworkSuspended { framework_id }
        | Event::FrameworkResumed { framework_id }
        | Event::FrameworkClosed { framework_id } => framework(tx, &mut facts, framework_id)?,
        Event::ContractVersionPublished { contract_version_id } => {
            let (of, number, title, effective_on): (FrameworkId, _, _, _) = contract_versions::table
                .find(contract_version_id)
                .select((
                    contract_versions::framework_id,
                    contract_versions::number,
                    contract_versions::title,
                    contract_versions::effective_on,
                ))
                .first(tx.conn)?;
            facts.contract = Some((number, title, effective_on));
            framework(tx, &mut facts, of)?;
        }

        Event::ApplicationSubmitted { application_id }
        | Event::ApplicationWithdrawn { application_id }
        | Event::ApplicationReturned { application_id }
        | Event::ApplicationDecided { application_id } => {
            application(tx, &mut facts, application_id)?;
            if !matches!(event, Event::ApplicationSubmitted { .. }) {
                facts.application = Some((application_id, None));
            }
        }
        Event::AdmissionSuspended { admission_id }
        | Event::AdmissionReinstated { admission_id }
        | Event::AdmissionRemoved { admission_id }
        | Event::AdmissionLeft { admission_id } => {
            let (provider, of): (_, LotId) = admissions::table
                .find(admission_id)
                .select((admissions::provider_id, admissions::lot_id))
                .first(tx.conn)?;
            facts.admission = Some((admission_id, of));
            if matches!(event, Event::AdmissionLeft { .. }) {
                // Having left is the last that can happen to an admission.
                facts.by = admission_history::table
                    .filter(admission_history::admission_id.eq(admission_id))
                    .order(admission_history::id.desc())
                    .select(admission_history::changed_by)
                    .first(tx.conn)?;
            }
            provider_named(tx, &mut facts, provider)?;
            lot(tx, &mut facts, of)?;
        }
        Event::InsuranceExpiring { provider_id, .. } | Event::InsuranceExpired { provider_id } => {
            provider_named(tx, &mut facts, provider_id)?;
            let insurance = crate::providers::store::insurance(tx, provider_id)?;
            facts.insurance_ends_on = insurance.map(|insurance| insurance.expires_on);
        }
        Event::InsuranceRenewed {
            provider_id,
            by,
            lapsed,
        } => {
            facts.by = Some(by);
            facts.lapsed = lapsed;
            provider_named(tx, &mut facts, provider_id)?;
        }

        Event::HomeClosed { home_id, by } => {
            facts.by = Some(by);
            home(tx, &mut facts, home_id)?;
        }
        Event::InspectionRecorded { home_id, inspection_id } => {
            home(tx, &mut facts, home_id)?;
            facts.inspection = Some(
                inspections::table
                    .find(inspection_id)
                    .select((inspections::inspected_on, inspections::grade))
                    .first(tx.conn)?,
            );
        }
        Event::VacancyStale { vacancy_id } => {
            let (at, confirmed_at): (HomeId, Instant) = vacancies::table
                .find(vacancy_id)
                .select((vacancies::home_id, vacancies::confirmed_at))
                .first(tx.conn)?;
            home(tx, &mut facts, at)?;
            facts.confirmed_at = Some(confirmed_at);
        }

        Event::RequestPublished { request_id }
        | Event::RequestExtended { request_id }
        | Event::BidsClosed { request_id } => request_with_deadline(tx, &mut facts, request_id)?,
        Event::BidsClosingSoon { request_id } => {
            request_with_deadline(tx, &mut facts, request_id)?;
            // Told too late, it would only annoy.
            if facts.bids_close_at.is_some_and(|close| close <= tx.now) {
                return Ok(None);
            }
        }
        Event::RequestWithdrawn { request_id }
        | Event::RequestUnfilled { request_id }
        | Event::BidsOpened { request_id } => {
            request(tx, &mut facts, request_id)?;
        }
        Event::QuestionAsked { question_id } | Event::QuestionAnswered { question_id } => {
            let of = questions::table
                .find(question_id)
                .select(questions::placement_request_id)
                .first(tx.conn)?;
            request_with_deadline(tx, &mut facts, of)?;
        }
        Event::RequestDeclined { decline_id } => {
            let of = declines::table
                .find(decline_id)
                .select(declines::placement_request_id)
                .first(tx.conn)
                .optional()?;
            let Some(of) = of else { return Ok(None) };
            request_with_deadline(tx, &mut facts, of)?;
        }

        Event::BidSubmitted { bid_id, version } => {
            let of = bid(tx, &mut facts, bid_id)?;
            request_with_deadline(tx, &mut facts, of)?;
            facts.receipt = Some(receipt(tx, bid_id, version)?);
        }
        Event::BidWithdrawn { bid_id } | Event::BidNonCompliant { bid_id } | Event::BidCompliant { bid_id } => {
            let of = bid(tx, &mut facts, bid_id)?;
            request(tx, &mut facts, of)?;
        }

        Event::AwardWithdrawn { award_id } => {
            award(tx, &mut facts, event, award_id)?;
            let waited_for = approvals::table
                .filter(approvals::award_id.eq(award_id))
                .filter(approvals::state.eq("pending"));
            facts.waited_for_approval = diesel::select(diesel::dsl::exists(waited_for)).get_result(tx.conn)?;
        }
        Event::AwardProposed { award_id }
        | Event::ApprovalNeeded { award_id }
        | Event::AwardApproved { award_id }
        | Event::AwardRefused { award_id }
        | Event::AwardStandstillEnded { award_id }
        | Event::AwardConfirmed { award_id }
        | Event::AwardAccepted { award_id }
        | Event::AwardDeclined { award_id } => {
            award(tx, &mut facts, event, award_id)?;
        }
        Event::AwardStandstillBegan { award_id } => facts.standstill_ends_at = award(tx, &mut facts, event, award_id)?,
        Event::ItemDue { due_item_id } | Event::ItemOverdue { due_item_id } => {
            // An award that fell through took what was due with it, or it is done by now: then there is nothing to tell.
            let item: Option<(AwardId, chrono::NaiveDate)> = due_items::table
                .find(due_item_id)
                .filter(due_items::done_at.is_null())
                .select((due_items::award_id, due_items::due_on))
                .first(tx.conn)
                .optional()?;
            let Some((of, due_on)) = item else { return Ok(None) };
            let in_time = due_on >= tx.now.date_in_uk();
            if in_time && matches!(event, Event::ItemOverdue { .. }) {
                return Ok(None);
            }
            award(tx, &mut facts, event, of)?;
            facts.due_on = Some(due_on);
        }

        Event::PlacementAgreed { placement_id }
        | Event::PlacementStarted { placement_id }
        | Event::PlacementVaried { placement_id }
        | Event::PlacementEnded { placement_id } => {
            let (of, provider): (_, OrganisationId) = placements::table
                .find(placement_id)
                .select((placements::placement_request_id, placements::provider_id))
                .first(tx.conn)?;
            if matches!(event, Event::PlacementVaried { .. }) {
                facts.by = placement_terms::table
                    .filter(placement_terms::placement_id.eq(placement_id))
                    .order(placement_terms::number.desc())
                    .select(placement_terms::recorded_by.nullable())
                    .first(tx.conn)?;
            }
            facts.placement = Some(placement_id);
            facts.provider = Some(provider);
            request(tx, &mut facts, of)?;
        }
    }
    Ok(Some(facts))
}

fn organisation_of(tx: &mut Tx<'_>, person: PersonId) -> Result<String> {
    let name = people::table
        .inner_join(organisations::table)
        .filter(people::id.eq(person))
        .select(organisations::name);
    Ok(name.first(tx.conn)?)
}

fn provider_named(tx: &mut Tx<'_>, facts: &mut Facts, provider: OrganisationId) -> Result<()> {
    facts.provider = Some(provider);
    facts.organisation = Some(
        organisations::table
            .find(provider)
            .select(organisations::name)
            .first(tx.conn)?,
    );
    Ok(())
}

fn framework(tx: &mut Tx<'_>, facts: &mut Facts, framework: FrameworkId) -> Result<()> {
    let (cooperative, reference, title): (OrganisationId, String, String) = frameworks::table
        .find(framework)
        .select((frameworks::cooperative_id, frameworks::reference, frameworks::title))
        .first(tx.conn)?;
    facts.cooperative = Some(cooperative);
    facts.framework = Some((framework, reference, title));
    Ok(())
}

fn lot(tx: &mut Tx<'_>, facts: &mut Facts, lot: LotId) -> Result<()> {
    let (of, code, title): (FrameworkId, String, String) = lots::table
        .find(lot)
        .select((lots::framework_id, lots::code, lots::title))
        .first(tx.conn)?;
    facts.lots.push(Lot {
        code,
        title,
        outcome: None,
    });
    framework(tx, facts, of)
}

fn application(tx: &mut Tx<'_>, facts: &mut Facts, application: ApplicationId) -> Result<()> {
    let (of, provider, due): (FrameworkId, OrganisationId, _) = applications::table
        .find(application)
        .select((
            applications::framework_id,
            applications::provider_id,
            applications::decision_due_on,
        ))
        .first(tx.conn)?;
    let applied: Vec<(String, String, Option<String>)> = application_lots::table
        .inner_join(lots::table)
        .filter(application_lots::application_id.eq(application))
        .order(lots::code)
        .select((lots::code, lots::title, application_lots::outcome))
        .load(tx.conn)?;
    for (code, title, outcome) in applied {
        let outcome = outcome.map(|outcome| outcome.parse::<Outcome>()).transpose();
        let outcome = outcome.map_err(|_| Error::CorruptRow {
            table: "application_lots",
            id: application.to_string(),
        })?;
        facts.lots.push(Lot { code, title, outcome });
    }
    facts.application = Some((application, due));
    provider_named(tx, facts, provider)?;
    framework(tx, facts, of)
}

fn home(tx: &mut Tx<'_>, facts: &mut Facts, home: HomeId) -> Result<()> {
    let (provider, name): (OrganisationId, String) = homes::table
        .find(home)
        .select((homes::provider_id, homes::name))
        .first(tx.conn)?;
    facts.provider = Some(provider);
    facts.home = Some((home, name));
    Ok(())
}

/// Answers when bids close.
fn request(tx: &mut Tx<'_>, facts: &mut Facts, request: PlacementRequestId) -> Result<Instant> {
    type Row = (String, OrganisationId, LotId, Instant, RequestState);
    let (reference, authority, of, bids_close_at, state): Row = placement_requests::table
        .find(request)
        .select((
            placement_requests::reference,
            placement_requests::authority_id,
            placement_requests::lot_id,
            placement_requests::bids_close_at,
            placement_requests::state,
        ))
        .first(tx.conn)?;
    facts.undecided = state == RequestState::Opened;
    facts.request = Some((request, reference));
    facts.authority = Some(authority);
    lot(tx, facts, of)?;
    Ok(bids_close_at)
}

fn request_with_deadline(tx: &mut Tx<'_>, facts: &mut Facts, of: PlacementRequestId) -> Result<()> {
    facts.bids_close_at = Some(request(tx, facts, of)?);
    Ok(())
}

fn bid(tx: &mut Tx<'_>, facts: &mut Facts, bid: BidId) -> Result<PlacementRequestId> {
    let (of, offered): (PlacementRequestId, HomeId) = bids::table
        .find(bid)
        .select((bids::placement_request_id, bids::home_id))
        .first(tx.conn)?;
    facts.bid = Some(bid);
    // The bid's provider is the home's: homes do not change hands.
    home(tx, facts, offered)?;
    Ok(of)
}

/// Of the version that was received then: a later one may be there already.
fn receipt(tx: &mut Tx<'_>, bid: BidId, version: i64) -> Result<Receipt> {
    let number = i32::try_from(version).map_err(Error::internal)?;
    let (submitted_at, sha256): (Option<Instant>, Option<String>) = bid_versions::table
        .find((bid, number))
        .select((bid_versions::submitted_at, bid_versions::sha256))
        .first(tx.conn)?;
    match (submitted_at, sha256) {
        (Some(submitted_at), Some(sha256)) => Ok(Receipt {
            submitted_at,
            version,
            sha256,
        }),
        _ => Err(Error::CorruptRow {
            table: "bid_versions",
            id: bid.to_string(),
        }),
    }
}

/// Answers when the standstill ends.
fn award(tx: &mut Tx<'_>, facts: &mut Facts, event: &Event, award: AwardId) -> Result<Option<Instant>> {
    type Row = (
        PlacementRequestId,
        OrganisationId,
        Option<Instant>,
        Option<Instant>,
        PersonId,
        Option<PersonId>,
    );
    let (of, provider, standstill, confirmed, proposed_by, closed_by): Row = awards::table
        .find(award)
        .select((
            awards::placement_request_id,
            awards::provider_id,
            awards::standstill_ends_at,
            awards::confirmed_at,
            awards::proposed_by,
            awards::closed_by,
        ))
        .first(tx.conn)?;
    facts.award = Some(award);
    facts.by = match event {
        Event::AwardProposed { .. } => Some(proposed_by),
        Event::AwardWithdrawn { .. } | Event::AwardDeclined { .. } => closed_by,
        _ => None,
    };
    facts.provider = Some(provider);
    facts.stands_still = standstill.is_some();
    facts.announced = standstill.is_some() || confirmed.is_some();
    request(tx, facts, of)?;
    Ok(standstill)
}
