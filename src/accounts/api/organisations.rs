//! Organisations: authorities of a cooperative, providers that register.

use crate::access::{CooperativeUser, Permission, Visitor};
use crate::accounts::rules::{NewAuthority, NewProvider};
use crate::accounts::store::MembershipOrder;
use crate::accounts::{Organisation, actions, store};
use crate::ids::OrganisationId;
use crate::web::{Answer, Body, Door, Page, Query, Reply, Routes};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(super) fn routes(r: &mut Routes) {
    r.post("/authorities", add_authority)
        .summary("Take an authority into the cooperative")
        .may(Permission::ManageAuthorities)
        .body::<NewAuthority>()
        .answers::<AuthorityView>(201)
        .refuses(&["authority.unknown", "authority.already_member"]);
    r.get("/authorities", authorities)
        .summary("The member authorities")
        .may(Permission::ManageAuthorities)
        .query::<AuthorityFilter>()
        .lists::<AuthorityView>();
    r.post("/provider-registrations", register)
        .summary("Register a provider")
        .description(
            "Mails a link to join. The provider is active once its first person has joined. There is no fee, ever.",
        )
        .public()
        .body::<NewProvider>()
        .answers_nothing(202)
        .refuses(&["provider.already_registered"]);
}

/// In which order they are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuthorityFilter {
    /// The order; `name` when absent.
    #[param(inline)]
    sort: Option<MembershipOrder>,
}

/// An authority.
#[derive(Serialize, ToSchema)]
pub struct AuthorityView {
    /// Its id.
    pub id: OrganisationId,
    /// Its GSS code.
    #[schema(example = "E06000038")]
    pub gss_code: String,
    /// Its name.
    #[schema(example = "Reading")]
    pub name: String,
}

impl From<Organisation> for AuthorityView {
    fn from(authority: Organisation) -> Self {
        Self {
            id: authority.id,
            gss_code: authority.gss_code.unwrap_or_default(),
            name: authority.name,
        }
    }
}

async fn add_authority(door: Door<CooperativeUser>, body: Body<NewAuthority>) -> Reply {
    door.write(move |tx, actor| {
        let authority = actions::add_authority(tx, actor, &body)?;
        Answer::created(format!("/authorities/{}", authority.id), AuthorityView::from(authority))
    })
    .await
}

async fn authorities(door: Door<CooperativeUser>, filter: Query<AuthorityFilter>, page: Page) -> Reply {
    door.read(move |tx, actor| {
        let today = tx.now.date_in_uk();
        let mut members = store::memberships_of(tx, actor.organisation_id)?;
        members.retain(|(_, from, to)| *from <= today && to.is_none_or(|to| to >= today));
        let order = filter.sort.unwrap_or(MembershipOrder::Name);
        let part = store::part_of_memberships(members, order, &page)?;
        Answer::ok(part.map(|(authority, ..)| AuthorityView::from(authority)))
    })
    .await
}

async fn register(door: Door<Visitor>, body: Body<NewProvider>) -> Reply {
    door.app.sign_ins.check(door.asker.0.address)?;
    let secret = door.app.secret.clone();
    door.write(move |tx, visitor| {
        actions::register_provider(tx, &visitor.0, &secret, body.0)?;
        Answer::accepted()
    })
    .await
}
