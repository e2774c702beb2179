use super::*;
use crate::accounts::pages::samples;
use crate::web::pages::assert_shows;

fn page(organisations: Vec<Organisation>, people: Vec<(Person, String)>) -> PeoplePage {
    PeoplePage {
        may_invite: false,
        is_provider: false,
        filter: PeopleFilter::default(),
        organisations,
        people,
        narrowing: Narrowing::of("/people"),
    }
}

fn south_east() -> Organisation {
    samples::organisation(OrganisationKind::Cooperative, "South East")
}

fn medway() -> Organisation {
    samples::organisation(OrganisationKind::Authority, "Medway & Thames")
}

#[test]
fn an_operator_sees_whose_people_they_are_and_invites_more() {
    let invited = samples::person(Role::Commissioner, PersonState::Invited);
    let ended = samples::person(Role::Approver, PersonState::Deactivated);
    let to_one = format!("<a href=\"/people/{}\">Jo O&#39;Neil</a>", invited.id);
    let people = vec![
        (
            samples::person(Role::Operator, PersonState::Active),
            "South East".to_owned(),
        ),
        (invited, "Medway & Thames".to_owned()),
        (ended, "Medway & Thames".to_owned()),
    ];
    let page = PeoplePage {
        may_invite: true,
        ..page(vec![south_east(), medway()], people)
    };
    let seen = [
        "<a class=\"button\" href=\"/people/invite\">Invite a person</a>",
        &to_one,
        "<th scope=\"col\">Organisation</th>",
        "<td>Commissioner</td><td><span class=\"tag yellow\">Invited</span></td><td>Medway &#38; Thames</td>",
        "<span class=\"tag green\">Active</span>",
        "<span class=\"tag grey\">Deactivated</span>",
        "<td>jo@acorn.example</td>",
    ];
    assert_shows(&page, &seen, &["If somebody is missing", "$argon2id$", "Nobody fits"]);
}

#[test]
fn who_may_not_invite_learns_whom_to_tell() {
    let provider = samples::organisation(OrganisationKind::Provider, "Acorn");
    let people = vec![(samples::person(Role::Bidder, PersonState::Active), "Acorn".to_owned())];
    let bidders = PeoplePage {
        is_provider: true,
        ..page(vec![provider], people)
    };
    let seen = [
        "These are the people of your organisation.",
        "tell an administrator of your organisation.",
    ];
    assert_shows(
        &bidders,
        &seen,
        &["/people/invite", "<th scope=\"col\">Organisation</th>"],
    );
    let authoritys = page(vec![medway()], Vec::new());
    let seen = [
        "tell the cooperative.",
        "Nobody fits this filter. <a href=\"/people\">Show everybody</a>",
    ];
    assert_shows(&authoritys, &seen, &["<table", "administrator"]);
}

#[test]
fn an_invitation_offers_the_roles_of_the_organisations_in_reach() {
    let operator = samples::actor(OrganisationKind::Cooperative, Role::Operator);
    let form = invite_form(Form::reader(), &operator, &[south_east(), medway()]);
    let page = InvitePage {
        is_operator: true,
        form,
    };
    let seen = [
        "people of the cooperative and of its member authorities",
        "<select id=\"f-organisation-id\" name=\"organisation_id\">",
        ">Medway &#38; Thames</option>",
        "value=\"operator\"",
        "Runs the cooperative: frameworks, applications, authorities, people",
        "value=\"approver\"",
    ];
    assert_shows(&page, &seen, &["value=\"bidder\"", "value=\"provider_admin\""]);

    let admin = samples::actor(OrganisationKind::Provider, Role::ProviderAdmin);
    let own = [samples::organisation(OrganisationKind::Provider, "Acorn")];
    let page = InvitePage {
        is_operator: false,
        form: invite_form(Form::reader(), &admin, &own),
    };
    let hidden = format!(
        "type=\"hidden\" name=\"organisation_id\" value=\"{}\"",
        admin.organisation_id
    );
    let seen = [
        "They will belong to your organisation",
        &hidden,
        "value=\"bidder\"",
        "value=\"provider_admin\"",
    ];
    assert_shows(&page, &seen, &["<select", "value=\"operator\"", "value=\"auditor\""]);
}

fn person_page(state: PersonState) -> PersonPage {
    PersonPage {
        person: samples::person(Role::Commissioner, state),
        organisation: "Medway & Thames".to_owned(),
        is_oneself: false,
        invite_again: None,
        may_deactivate: false,
        reactivate: None,
    }
}

#[test]
fn a_person_s_page_has_what_their_state_allows() {
    let actions = ["<form", "/deactivate"];
    let active = person_page(PersonState::Active);
    let end = format!("href=\"/people/{}/deactivate\"", active.person.id);
    let seen = [
        "<h1>Jo O&#39;Neil</h1>",
        "<dd>Commissioner</dd>",
        "<dd>Medway &#38; Thames</dd>",
        "tag green",
    ];
    assert_shows(&active, &seen, &actions);
    let managed = PersonPage {
        may_deactivate: true,
        ..active
    };
    assert_shows(
        &managed,
        &[&end, "End their access"],
        &["This is you", "<form", "$argon2id$"],
    );

    let invited = PersonPage {
        invite_again: Some(Form::reader().button("Send the link to join again")),
        ..person_page(PersonState::Invited)
    };
    let seen = [
        "They have not joined yet",
        "<button>Send the link to join again</button>",
    ];
    assert_shows(&invited, &seen, &["They can’t sign in"]);

    let ended = PersonPage {
        reactivate: Some(Form::reader().button("Give them their access back")),
        ..person_page(PersonState::Deactivated)
    };
    let seen = ["They can’t sign in.", "<button>Give them their access back</button>"];
    assert_shows(&ended, &seen, &["They have not joined yet", "/deactivate"]);

    let oneself = PersonPage {
        is_oneself: true,
        ..person_page(PersonState::Active)
    };
    assert_shows(
        &oneself,
        &["This is you.", "<a href=\"/me\">Your account</a>"],
        &actions,
    );
}
