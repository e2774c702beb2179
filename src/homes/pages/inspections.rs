//! The inspections of a home; operators record them.

use askama::Template;

use crate::access::{Actor, Permission, may};
use crate::db::Tx;
use crate::error::Result;
use crate::homes::rules::{Inspection, NewInspection};
use crate::homes::{Home, actions, store};
use crate::ids::HomeId;
use crate::values::{Code, OfstedGrade};
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted, Tag, filters};
use crate::web::{Id, Page, Reply, Routes};

pub(super) fn routes(r: &mut Routes) {
    r.get("/homes/{id}/inspections", show).may(Permission::ReadHomes);
    r.post("/homes/{id}/inspections", record)
        .may(Permission::RecordInspections);
}

#[derive(Template)]
#[template(path = "homes/inspections.html")]
struct InspectionsPage {
    home: Home,
    /// The newest first.
    inspections: Vec<Inspection>,
    /// For those who may record one.
    form: Option<Form>,
}

impl InspectionsPage {
    fn grade(grade: OfstedGrade) -> Tag {
        super::list::grade_tag(grade)
    }

    fn judgement(grade: Option<OfstedGrade>) -> &'static str {
        grade.map_or("None given", Code::label)
    }
}

fn new_form(desk: &Desk<Actor>, id: HomeId) -> Form {
    let grades = || {
        let given = OfstedGrade::ALL.iter().copied();
        Choice::of(given.filter(|grade| *grade != OfstedGrade::NotYetInspected))
    };
    desk.form(format!("/homes/{id}/inspections"))
        .line("event_number", "Ofsted's number of the inspection")
        .hint("As on the report. It is recorded once for a home.")
        .short()
        .date("inspected_on", "Day of the inspection")
        .hint("For example, 27 3 2026.")
        .radios("grade", "Overall grade", grades())
        .select(
            "judgements.overall",
            "Overall experiences and progress of children",
            grades(),
        )
        .optional()
        .select(
            "judgements.protection",
            "How well children are helped and protected",
            grades(),
        )
        .optional()
        .select(
            "judgements.leadership",
            "Effectiveness of leaders and managers",
            grades(),
        )
        .optional()
        .button("Record the inspection")
}

fn page(tx: &mut Tx<'_>, desk: &Desk<Actor>, id: HomeId) -> Result<Html> {
    let (home, _) = actions::seen_by(tx, desk, id)?;
    let inspections = store::newest_inspections(tx, id, Page::whole().limit)?;
    let form = may(desk.role, Permission::RecordInspections).then(|| new_form(desk, id));
    let title = format!("Inspections of {}", home.name);
    let page = InspectionsPage {
        home,
        inspections,
        form,
    };
    Html::of(title, &page)
}

async fn show(visit: PageDoor<Actor>, id: Id<HomeId>) -> Reply {
    visit.read(move |tx, desk| page(tx, desk, *id)).await
}

async fn record(visit: PageDoor<Actor>, id: Id<HomeId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let new: NewInspection = new_form(desk, id).read(posted)?;
                actions::record_inspection(tx, desk, id, new)?;
                Ok(Go::to(format!("/homes/{id}/inspections"))
                    .saying("The inspection is recorded. The home's grade is that of its newest inspection."))
            },
            move |tx, desk| page(tx, desk, id),
        )
        .await
}
