//! Who takes part: cooperatives, authorities, their people, and the frameworks.

use super::{Stage, input, words};
use crate::access::{Actor, OrganisationKind, Role};
use crate::accounts::{self, LinkPurpose, Person, actions, store};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{ContractVersionId, FrameworkId, LotId, OrganisationId, SessionId, StandardId};
use crate::reference::{self, Authority};
use crate::values::{Email, PersonName, PlacementType, QualityStandard};
use chrono::Duration;
use serde_json::json;

/// A cooperative with all that is its own.
pub(super) struct Region {
    pub code: &'static str,
    pub operator: Actor,
    pub authorities: Vec<Council>,
    pub framework: FrameworkId,
    pub lots: [(PlacementType, LotId); 3],
    pub standards: Vec<StandardId>,
    pub contract: ContractVersionId,
    pub providers: Vec<super::homes::Provider>,
}

impl Region {
    /// The lot of a placement type.
    pub(super) fn lot(&self, placement_type: PlacementType) -> LotId {
        self.lots
            .iter()
            .find(|(kind, _)| *kind == placement_type)
            .map_or(self.lots[0].1, |(_, lot)| *lot)
    }
}

/// A member authority and its people.
pub(super) struct Council {
    pub authority: &'static Authority,
    pub commissioner: Actor,
    pub approver: Actor,
}

/// The two cooperatives: name, code in the reference data, short form.
const COOPERATIVES: [(&str, &str, &str); 2] = [
    ("South East: Home and Future", "south-east", "SE"),
    ("Greater Manchester", "greater-manchester", "GM"),
];

pub(super) fn regions(stage: &mut Stage<'_>) -> Result<Vec<Region>> {
    COOPERATIVES
        .iter()
        .map(|(name, code, short)| region(stage, name, code, short))
        .collect()
}

/// A person's name, always another.
pub(super) fn a_name(stage: &mut Stage<'_>) -> Result<PersonName> {
    let name = format!("{} {}", stage.pick(words::FIRST_NAMES), stage.pick(words::LAST_NAMES));
    PersonName::parse(&name).map_err(|cause| Error::internal(cause.message))
}

pub(super) fn an_email(text: &str) -> Result<Email> {
    Email::parse(text).map_err(|cause| Error::internal(cause.message))
}

/// The person as somebody who acts.
fn actor(person: &Person, kind: OrganisationKind, session_id: SessionId) -> Actor {
    Actor {
        person_id: person.id,
        organisation_id: person.organisation_id,
        organisation_kind: kind,
        role: person.role,
        session_id,
        origin: Stage::origin(),
    }
}

/// Follows the link that a person was mailed.
pub(super) fn join(tx: &mut Tx<'_>, email: &Email, password_hash: &str) -> Result<Actor> {
    let person = store::person_with(tx, email)?.ok_or(Error::NotFound("person"))?;
    let (_, token) = accounts::issue_link(tx, person.id, LinkPurpose::Join, None)?;
    actions::join(tx, &Stage::origin(), &token, password_hash)
}

/// Invites a person, who joins at once.
pub(super) fn invite(
    stage: &mut Stage<'_>,
    inviter: &Actor,
    organisation: OrganisationId,
    role: Role,
    email: &str,
) -> Result<Actor> {
    let (name, email) = (a_name(stage)?, an_email(email)?);
    let new = input(json!({"organisation_id": organisation, "name": name, "email": email, "role": role}))?;
    stage.write(|tx| {
        actions::invite(tx, inviter, stage.secret, new)?;
        join(tx, &email, &stage.password_hash)
    })
}

/// `Bracknell Forest` → `bracknell-forest`.
fn slug(name: &str) -> String {
    let words = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

fn region(stage: &mut Stage<'_>, name: &str, code: &'static str, short: &str) -> Result<Region> {
    let domain = format!("{}-coop.example", short.to_lowercase());
    let (operator_name, email) = (a_name(stage)?, an_email(&format!("operator@{domain}"))?);
    let hash = stage.password_hash.clone();
    let operator = stage.write(|tx| {
        let person = accounts::create_operator(tx, name, operator_name, email.clone(), hash)?;
        let session = SessionId::new(tx.now);
        Ok(actor(&person, OrganisationKind::Cooperative, session))
    })?;
    invite(
        stage,
        &operator,
        operator.organisation_id,
        Role::Auditor,
        &format!("auditor@{domain}"),
    )?;
    let founders = reference::authorities()
        .iter()
        .filter(|authority| authority.cooperative == Some(code));
    let mut authorities = Vec::new();
    for authority in founders {
        let new = input(json!({"gss_code": authority.gss_code}))?;
        let organisation = stage.write(|tx| actions::add_authority(tx, &operator, &new))?;
        let at = format!("{}.example", slug(authority.name));
        let commissioner = invite(
            stage,
            &operator,
            organisation.id,
            Role::Commissioner,
            &format!("commissioner@{at}"),
        )?;
        let approver = invite(
            stage,
            &operator,
            organisation.id,
            Role::Approver,
            &format!("director@{at}"),
        )?;
        authorities.push(Council {
            authority,
            commissioner,
            approver,
        });
    }
    if stage.made.sign_ins.is_empty() {
        let council = authorities.first().ok_or(Error::NotFound("authority"))?;
        let at = format!("{}.example", slug(council.authority.name));
        stage.made.sign_ins = vec![
            ("operator", format!("operator@{domain}"), name.to_owned()),
            ("auditor", format!("auditor@{domain}"), name.to_owned()),
            (
                "commissioner",
                format!("commissioner@{at}"),
                council.authority.name.to_owned(),
            ),
            ("approver", format!("director@{at}"), council.authority.name.to_owned()),
        ];
    }
    framework(stage, name, code, short, &operator, authorities)
}

fn framework(
    stage: &mut Stage<'_>,
    name: &str,
    code: &'static str,
    short: &str,
    operator: &Actor,
    authorities: Vec<Council>,
) -> Result<Region> {
    use crate::frameworks::actions::{add_lot, add_standard, create, open, publish_contract_version};
    let today = stage.now().date_in_uk();
    stage.write(|tx| {
        let framework = create(
            tx,
            operator,
            input(json!({
                "reference": format!("{short}-2026-1"), "title": format!("{name}: homes for children"),
                "procurement_route": "pa2023_open_framework", "starts_on": today, "ends_on": today + Duration::days(4 * 365),
                "admission": "continuous",
                "policy": {
                    "price_weight_min": 20, "price_weight_max": 60,
                    "bid_window_minutes": {"Today": 60, "WithinFiveDays": 24 * 60, "MoreThanFiveDays": 0},
                    "bid_window_working_days": super::BID_WORKING_DAYS,
                    "standstill_working_days": 0, "worst_grade": "RequiresImprovement", "approval_weekly_price": "8000.00",
                    "price_ceiling_rule": "block", "invite_rule": "matching_first",
                },
            }))?,
        )?;
        let mut lot = |code: &str, title: &str, kind: PlacementType, provision: &[&str], ceiling: &str| {
            let new = input(json!({"code": code, "title": title, "placement_type": kind, "provision_types": provision, "weekly_ceiling": ceiling}))?;
            Ok::<_, Error>((kind, add_lot(tx, operator, framework.id, new)?.id))
        };
        let lots = [
            lot("R1", "Children's homes", PlacementType::Residential, &["ChildrensHome"], "9500.00")?,
            lot("F1", "Independent fostering", PlacementType::Foster, &["IndependentFosteringAgency"], "1600.00")?,
            lot("S1", "Supported accommodation", PlacementType::SupportedAccommodation, &["SupportedAccommodation"], "2200.00")?,
        ];
        let mut standards = Vec::new();
        for standard in QualityStandard::ALL {
            let new = input(json!({
                "code": standard.code(), "title": standard.label(), "requirement": "Say how your homes meet this standard, and how you know.",
                "applies_to": "provider", "evidence": "statement", "mandatory": true,
            }))?;
            standards.push(add_standard(tx, operator, framework.id, new)?.id);
        }
        let contract = publish_contract_version(
            tx,
            operator,
            framework.id,
            input(json!({
                "title": "Regional contract, first version", "effective_on": today,
                "text": "Regional contract\n\nThe terms are the same for every provider and every member authority.\n\n\
                         1. The child's needs come first.\n2. Prices are weekly, in four lines, excluding VAT.\n\
                         3. Notice is 28 days on either side, or at once where a child is not safe.\n",
            }))?,
        )?;
        open(tx, operator, framework.id, None)?;
        Ok(Region {
            code,
            operator: operator.clone(),
            authorities,
            framework: framework.id,
            lots,
            standards,
            contract: contract.id,
            providers: Vec::new(),
        })
    })
}
