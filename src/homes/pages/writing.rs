//! What a provider writes of its home: registering it, and changing what was said.

use askama::Template;

use crate::access::{Permission, ProviderUser};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::homes::actions;
use crate::homes::api::HomeView;
use crate::homes::rules::{HomeChanges, LivingArrangement, NewHome};
use crate::ids::HomeId;
use crate::values::{AdditionalSupport, NeedCategory, ProvisionType, Risk, Sex};
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted};
use crate::web::{Id, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    use Permission::ManageHomes;
    r.get("/homes/new", show_new).may(ManageHomes);
    r.post("/homes/new", register).may(ManageHomes);
    r.get("/homes/{id}/edit", show_edit).may(ManageHomes);
    r.post("/homes/{id}/edit", change).may(ManageHomes);
}

#[derive(Template)]
#[template(path = "homes/writing.html")]
struct WritingPage<'a> {
    heading: &'a str,
    /// The home that is changed, none for a new one.
    home: Option<HomeId>,
    form: Form,
}

/// The fields of a home, by the names of the API's body.
fn fields(form: Form) -> Form {
    let support = AdditionalSupport::ALL.iter().copied();
    let support = Choice::of(support.filter(|kind| *kind != AdditionalSupport::NotApplicable));
    let mut arrangements = Choice::all::<LivingArrangement>();
    arrangements.push(Choice::new("", "Not said"));
    form.line("name", "Name of the home")
        .line("ofsted_urn", "Ofsted URN")
        .hint("The unique reference number of the registration, such as SC123456.")
        .short()
        .radios("provision_type", "Registered as", Choice::all::<ProvisionType>())
        // Blank lines are said to be wrong one by one, not the address as a whole.
        .line("address.line1", "Address line 1")
        .or_blank()
        .line("address.line2", "Address line 2")
        .optional()
        .line("address.town", "Town or city")
        .or_blank()
        .line("address.postcode", "Postcode")
        .or_blank()
        .short()
        .number("registered_places", "Registered places")
        .number("age_min", "Youngest age")
        .hint("In years.")
        .number("age_max", "Oldest age")
        .hint("In years.")
        .checks("sexes", "Whom it takes", Choice::all::<Sex>())
        .checks("needs", "Needs that it is registered for", Choice::all::<NeedCategory>())
        .checks("risks_not_accepted", "Risks that it can't take", Choice::all::<Risk>())
        .hint("Requests with one of these are not offered as a fit. It takes all others.")
        .checks("additional_support", "Support beside the everyday care", support)
        .yes_no("solo_placements", "Can it look after one child alone?")
        .yes_no("education_on_site", "Are children taught there?")
        .yes_no("step_free", "Can it be used without steps?")
        .yes_no("pets", "Are there pets?")
        .yes_no("deprivation_of_liberty", "Can it look after a child under a deprivation of liberty order?")
        .radios("living_arrangement", "How children live there", arrangements)
        .clearable()
        .number("staffing.staff", "Staff on a usual waking shift")
        .optional()
        .number("staffing.children", "For how many children")
        .hint("The two together say the ratio: 2 staff for 3 children.")
        .optional()
        .number("staffing.qualified_percent", "How many staff in a hundred have the level 3 diploma or its like")
        .optional()
        .number("staffing.vacancy_percent", "How many posts in a hundred are vacant")
        .optional()
        .area("statement", "Statement of purpose, in words", 12)
        .hint("What the home is for and how it works with children. Leave out whatever tells where it is: authorities read this before they know the address.")
}

fn new_form(desk: &Desk<ProviderUser>) -> Form {
    fields(desk.form("/homes/new")).button("Register the home")
}

fn new_page(_: &mut Tx<'_>, desk: &Desk<ProviderUser>) -> Result<Html> {
    let heading = "Register a home";
    let page = WritingPage {
        heading,
        home: None,
        form: new_form(desk),
    };
    Html::of(heading, &page)
}

async fn show_new(visit: PageDoor<ProviderUser>) -> Reply {
    visit.read(new_page).await
}

async fn register(visit: PageDoor<ProviderUser>, posted: Posted) -> Reply {
    visit
        .write(
            posted,
            |tx, desk, posted| {
                let new: NewHome = new_form(desk).read(posted)?;
                let (home, _) = actions::register(tx, desk, new)?;
                Ok(Go::to(format!("/homes/{}", home.id))
                    .saying("The home is registered. Open its free places and list its prices next."))
            },
            new_page,
        )
        .await
}

fn edit_form(desk: &Desk<ProviderUser>, id: HomeId) -> Form {
    fields(desk.form(format!("/homes/{id}/edit"))).button("Save the changes")
}

fn edit_page(tx: &mut Tx<'_>, desk: &Desk<ProviderUser>, id: HomeId) -> Result<Html> {
    let (home, address) = actions::seen_by(tx, desk, id)?;
    if home.provider_id != desk.organisation_id {
        return Err(Error::NotFound("home"));
    }
    let heading = format!("Change {}", home.name);
    let form = edit_form(desk, id)
        .version(home.version)
        .fill(&HomeView::of(home, address));
    let page = WritingPage {
        heading: &heading,
        home: Some(id),
        form,
    };
    Html::of(heading.clone(), &page)
}

async fn show_edit(visit: PageDoor<ProviderUser>, id: Id<HomeId>) -> Reply {
    visit.read(move |tx, desk| edit_page(tx, desk, *id)).await
}

/// The form says the whole of it, so the changes do.
fn changes(new: NewHome) -> HomeChanges {
    HomeChanges {
        placement_type: Some(new.placement_type()),
        name: Some(new.name),
        ofsted_urn: Some(new.ofsted_urn),
        provision_type: Some(new.provision_type),
        address: Some(new.address),
        registered_places: Some(new.registered_places),
        age_min: Some(new.age_min),
        age_max: Some(new.age_max),
        sexes: Some(new.sexes),
        needs: Some(new.needs),
        risks_not_accepted: Some(new.risks_not_accepted),
        additional_support: Some(new.additional_support),
        solo_placements: Some(new.solo_placements),
        education_on_site: Some(new.education_on_site),
        step_free: Some(new.step_free),
        pets: Some(new.pets),
        deprivation_of_liberty: Some(new.deprivation_of_liberty),
        living_arrangement: Some(new.living_arrangement),
        staffing: Some(new.staffing),
        statement: Some(new.statement),
    }
}

async fn change(visit: PageDoor<ProviderUser>, id: Id<HomeId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let new: NewHome = edit_form(desk, id).read(posted)?;
                actions::change(tx, desk, id, posted.version(), changes(new))?;
                Ok(Go::to(format!("/homes/{id}")).saying("The changes are saved."))
            },
            move |tx, desk| edit_page(tx, desk, id),
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::homes::rules::{Address, sample_home};
    use crate::values::Postcode;
    use crate::web::pages::assert_shows;

    #[test]
    fn a_new_home_is_asked_for_everything_and_told_who_sees_its_address() {
        let page = WritingPage {
            heading: "Register a home",
            home: None,
            form: fields(Form::reader()).button("Register the home"),
        };
        let seen = [
            "<h1>Register a home</h1>",
            "The address is confidential.",
            "everybody else sees the postcode district and the local authority.",
            "<label for=\"f-address-line1\">Address line 1</label>",
            "<label for=\"f-address-line2\">Address line 2 (optional)</label>",
            "<legend>Risks that it can&#39;t take</legend>",
            "<legend>Are there pets?</legend>",
            "<label for=\"f-staffing-staff\">Staff on a usual waking shift (optional)</label>",
            ">Not said</label>",
            "<button>Register the home</button>",
            "<a href=\"/homes\">Leave without registering it</a>",
        ];
        let unseen = [
            " checked",
            "value=\"NotApplicable\"",
            "placement_type",
            "Leave it as it is",
        ];
        assert_shows(&page, &seen, &unseen);
    }

    #[test]
    fn what_is_changed_begins_with_what_was_said() {
        let home = sample_home("2026-03-02T09:00:00Z".parse().unwrap());
        let id = home.id;
        let address = Address {
            line1: "1 \"Example\" Lane".to_owned(),
            line2: None,
            town: "Exampleton".to_owned(),
            postcode: Postcode::parse("RG2 0AA").unwrap(),
        };
        let page = WritingPage {
            heading: "Change Willow <House>",
            home: Some(id),
            form: fields(Form::reader()).fill(&HomeView::of(home, Some(address))),
        };
        let back = format!("<a href=\"/homes/{id}\">Leave it as it is</a>");
        let seen = [
            "<h1>Change Willow &#60;House&#62;</h1>",
            "value=\"Willow House\"",
            "value=\"1 &#34;Example&#34; Lane\"",
            "value=\"RG2 0AA\"",
            "value=\"ChildrensHome\" checked",
            "value=\"F\" checked",
            "value=\"Fire\" checked",
            "value=\"group\" checked",
            "A small home for older children.</textarea>",
            &back,
        ];
        assert_shows(
            &page,
            &seen,
            &["<House>", "value=\"SelfHarm\" checked", "value=\"Foster\" checked"],
        );
    }
}
