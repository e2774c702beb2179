//! The member authorities of a cooperative.

use crate::access::{CooperativeUser, Permission, Role};
use crate::accounts::rules::{NewAuthority, Organisation};
use crate::accounts::store::{Membership, MembershipOrder};
use crate::accounts::{actions, store};
use crate::db::Tx;
use crate::error::Result;
use crate::reference;
use crate::web::pages::{Choice, Desk, Form, Go, Html, Narrowing, PageDoor, Posted, csv, filters};
use crate::web::{Items, Page, Query, Reply, Routes};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::HashMap;

pub(super) fn routes(r: &mut Routes) {
    r.get("/authorities", list).may(Permission::ManageAuthorities);
    r.post("/authorities", add).may(Permission::ManageAuthorities);
    r.get("/authorities.csv", download).may(Permission::ManageAuthorities);
    r.get("/authorities/new", show_add).may(Permission::ManageAuthorities);
}

/// Which authorities are wanted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorityFilter {
    search: Option<String>,
    sort: Option<MembershipOrder>,
}

/// A member authority with who works there.
struct Member {
    authority: Organisation,
    from: NaiveDate,
    to: Option<NaiveDate>,
    is_current: bool,
    commissioners: i64,
    approvers: i64,
}

/// A part of the members, and how many memberships there are in all.
fn members(
    tx: &mut Tx<'_>,
    asker: &CooperativeUser,
    filter: &AuthorityFilter,
    page: &Page,
) -> Result<(Items<Member>, usize)> {
    let today = tx.now.date_in_uk();
    let search = filter.search.as_deref().unwrap_or_default().trim().to_lowercase();
    let mut memberships = store::memberships_of(tx, asker.organisation_id)?;
    memberships.retain(|(authority, ..)| authority.name.to_lowercase().contains(&search));
    let total = memberships.len();
    let order = filter.sort.unwrap_or(MembershipOrder::Name);
    let part = store::part_of_memberships(memberships, order, page)?;
    let ids: Vec<_> = part.items.iter().map(|(authority, ..)| authority.id).collect();
    let counts: HashMap<_, _> = store::head_counts(tx, &ids)?;
    let member = |(authority, from, to): Membership| {
        let of = |role| counts.get(&(authority.id, role)).copied().unwrap_or(0);
        Member {
            commissioners: of(Role::Commissioner),
            approvers: of(Role::Approver),
            is_current: from <= today && to.is_none_or(|to| to >= today),
            authority,
            from,
            to,
        }
    };
    Ok((part.map(member), total))
}

#[derive(Template)]
#[template(path = "accounts/authorities.html")]
struct AuthoritiesPage {
    filter: AuthorityFilter,
    members: Vec<Member>,
    total: usize,
    narrowing: Narrowing,
}

async fn list(visit: PageDoor<CooperativeUser>, filter: Query<AuthorityFilter>, part: Page) -> Reply {
    visit
        .read(move |tx, desk| {
            let (part, total) = members(tx, desk, &filter, &part)?;
            let page = AuthoritiesPage {
                members: part.items,
                total,
                filter: filter.0,
                narrowing: desk
                    .narrowing()
                    .search("search", "Name")
                    .sorted_by(MembershipOrder::Name)
                    .next(part.next),
            };
            Html::of("Authorities", &page)
        })
        .await
}

async fn download(visit: PageDoor<CooperativeUser>, filter: Query<AuthorityFilter>) -> Reply {
    visit
        .download(move |tx, desk| {
            let (members, _) = members(tx, desk, &filter, &Page::whole())?;
            let row = |member: Member| {
                vec![
                    member.authority.name,
                    member.authority.gss_code.unwrap_or_default(),
                    member.from.to_string(),
                    member.to.map(|to| to.to_string()).unwrap_or_default(),
                    member.commissioners.to_string(),
                    member.approvers.to_string(),
                ]
            };
            csv(
                "authorities.csv",
                &[
                    "Authority",
                    "GSS code",
                    "Member from",
                    "Member to",
                    "Commissioners",
                    "Approvers",
                ],
                members.items.into_iter().map(row),
            )
        })
        .await
}

#[derive(Template)]
#[template(path = "accounts/new_authority.html")]
struct NewAuthorityPage {
    form: Form,
}

fn add_fields(form: Form, taken: &[&str]) -> Form {
    let mut choices: Vec<_> = reference::authorities()
        .iter()
        .filter(|authority| !taken.contains(&authority.gss_code))
        .collect();
    choices.sort_by_key(|authority| authority.name);
    let choices = choices
        .into_iter()
        .map(|authority| Choice::new(authority.gss_code, authority.name));
    form.select("gss_code", "Authority", choices.collect())
        .hint("English local authorities with children’s services that are not members yet.")
        .date("member_from", "First day of its membership")
        .hint("Today, if you leave it empty.")
        .optional()
        .button("Add the authority")
}

fn add_page(tx: &mut Tx<'_>, desk: &Desk<CooperativeUser>) -> Result<Html> {
    let members = store::memberships_of(tx, desk.organisation_id)?;
    let taken: Vec<&str> = members
        .iter()
        .filter_map(|(authority, ..)| authority.gss_code.as_deref())
        .collect();
    let form = add_fields(desk.form("/authorities"), &taken);
    Html::of("Add a member authority", &NewAuthorityPage { form })
}

async fn show_add(visit: PageDoor<CooperativeUser>) -> Reply {
    visit.read(add_page).await
}

async fn add(visit: PageDoor<CooperativeUser>, posted: Posted) -> Reply {
    visit
        .write(
            posted,
            |tx, desk, posted| {
                let new: NewAuthority = add_fields(Form::reader(), &[]).read(posted)?;
                let authority = actions::add_authority(tx, desk, &new)?;
                let name = &authority.name;
                Ok(match new.member_from.filter(|from| *from > tx.now.date_in_uk()) {
                    Some(from) => Go::to("/authorities").saying(format!(
                        "{name} becomes a member on {}. From that day on you can invite its people.",
                        from.format("%-d %B %Y")
                    )),
                    // Nobody can sign in there yet: its first person is the next step.
                    None => Go::to(format!(
                        "/people/invite?organisation={}&role={}",
                        authority.id,
                        Role::Commissioner
                    ))
                    .saying(format!("{name} is a member. Now invite its first commissioner.")),
                })
            },
            add_page,
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::OrganisationKind;
    use crate::accounts::pages::samples;
    use crate::web::pages::assert_shows;

    fn member(name: &str) -> Member {
        Member {
            authority: samples::organisation(OrganisationKind::Authority, name),
            from: "2026-02-01".parse().unwrap(),
            to: None,
            is_current: true,
            commissioners: 2,
            approvers: 1,
        }
    }

    fn page(filter: AuthorityFilter, members: Vec<Member>) -> AuthoritiesPage {
        AuthoritiesPage {
            filter,
            total: members.len(),
            members,
            narrowing: Narrowing::of("/authorities").search("search", "Name"),
        }
    }

    #[test]
    fn each_membership_says_how_it_stands_and_what_is_to_be_done() {
        let staffed = member("Bath & North East Somerset");
        let people = format!("<a href=\"/people?organisation={}\">Its people", staffed.authority.id);
        let ending = Member {
            to: "2026-12-31".parse().ok(),
            commissioners: 0,
            ..member("Medway")
        };
        let invite = format!(
            "<a href=\"/people/invite?organisation={}&amp;role=commissioner\">Invite a commissioner",
            ending.authority.id
        );
        let seen = [
            "<caption>2 memberships</caption>",
            "<th scope=\"row\">Bath &#38; North East Somerset</th> <td><span class=\"tag green\">Member</span> since 1 February 2026</td>",
            "<td class=\"number\">2</td><td class=\"number\">1</td>",
            &people,
            "Member</span> since 1 February 2026, until 31 December 2026</td>",
            &invite,
        ];
        assert_shows(
            &page(AuthorityFilter::default(), vec![staffed, ending]),
            &seen,
            &["Ended"],
        );
    }

    #[test]
    fn nobody_is_invited_into_an_authority_that_is_no_member_now() {
        let ended = Member {
            to: "2026-02-28".parse().ok(),
            is_current: false,
            commissioners: 0,
            ..member("Kent")
        };
        let to_come = Member {
            from: "2026-04-01".parse().unwrap(),
            is_current: false,
            ..member("Medway")
        };
        let seen = [
            "<span class=\"tag grey\">Ended</span>",
            "<span class=\"tag yellow\">From 1 April 2026</span>",
        ];
        let unseen = ["/people", "Member</span>"];
        assert_shows(&page(AuthorityFilter::default(), vec![ended, to_come]), &seen, &unseen);
    }

    #[test]
    fn an_empty_list_says_whether_the_search_empties_it() {
        let none = page(AuthorityFilter::default(), Vec::new());
        assert_shows(
            &none,
            &["No authority is a member yet.", "href=\"/authorities/new\""],
            &["<table"],
        );
        let filter = AuthorityFilter {
            search: Some("zz".to_owned()),
            sort: None,
        };
        let searched = page(filter, Vec::new());
        assert_shows(
            &searched,
            &["No member has a name like that."],
            &["<table", "is a member yet"],
        );
    }

    #[test]
    fn only_who_is_no_member_yet_can_be_taken_in() {
        let form = add_fields(Form::reader(), &["E06000035"]);
        let seen = [
            "<h1>Add a member authority</h1>",
            "<option value=\"E06000038\">Reading</option>",
            "First day of its membership (optional)",
        ];
        assert_shows(&NewAuthorityPage { form }, &seen, &["E06000035", "Medway"]);
    }
}
