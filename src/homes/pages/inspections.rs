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
    fields(desk.form(format!("/homes/{id}/inspections")))
}

fn fields(form: Form) -> Form {
    let grades = || {
        let given = OfstedGrade::ALL.iter().copied();
        Choice::of(given.filter(|grade| *grade != OfstedGrade::NotYetInspected))
    };
    form.line("event_number", "Ofsted's number of the inspection")
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Instant;
    use crate::homes::rules::{InspectionSource, Judgements, sample_home};
    use crate::ids::InspectionId;
    use crate::web::pages::assert_shows;

    fn now() -> Instant {
        "2026-03-02T09:00:00Z".parse().unwrap()
    }

    fn home(grade: OfstedGrade) -> Home {
        Home {
            name: "Willow & Ash".to_owned(),
            grade,
            ..sample_home(now())
        }
    }

    #[test]
    fn each_inspection_says_its_grades_and_where_they_were_read() {
        let inspection = |source, judgements| Inspection {
            id: InspectionId::new(now()),
            home_id: HomeId::new(now()),
            event_number: "10<298>765".to_owned(),
            inspected_on: "2026-02-10".parse().unwrap(),
            grade: OfstedGrade::Inadequate,
            judgements,
            source,
            recorded_by: None,
            created_at: now(),
        };
        let judged = Judgements {
            overall: Some(OfstedGrade::Good),
            protection: Some(OfstedGrade::RequiresImprovement),
            leadership: None,
        };
        let page = InspectionsPage {
            home: home(OfstedGrade::Inadequate),
            inspections: vec![
                inspection(InspectionSource::Entered, judged),
                inspection(InspectionSource::Imported, Judgements::default()),
            ],
            form: None,
        };
        let seen = [
            "<h1>Inspections of Willow &#38; Ash</h1>",
            "Grade now: <span class=\"tag red\">Inadequate</span>",
            "<th scope=\"row\">10 February 2026</th><td><span class=\"tag red\">Inadequate</span></td>",
            "<td>Good</td><td>Requires improvement to be good</td><td>None given</td><td>10&#60;298&#62;765</td>",
            "<td>Entered by an operator, <time datetime=\"2026-03-02T09:00:00Z\">2 March 2026, 09:00 GMT</time></td>",
            "<td>None given</td><td>None given</td><td>None given</td>",
            "<td>Imported from Ofsted&#39;s published data, <time",
        ];
        assert_shows(&page, &seen, &["<form", "No inspection of this home is recorded."]);
    }

    #[test]
    fn who_may_records_one_with_a_grade_that_an_inspection_gives() {
        let page = InspectionsPage {
            home: home(OfstedGrade::NotYetInspected),
            inspections: Vec::new(),
            form: Some(fields(Form::reader())),
        };
        let seen = [
            "<span class=\"tag grey\">Not yet inspected</span>",
            "No inspection of this home is recorded.",
            "<h2>Record an inspection</h2>",
            "type=\"radio\" value=\"Outstanding\"",
            "How well children are helped and protected (optional)",
        ];
        assert_shows(
            &page,
            &seen,
            &["<table", "value=\"NotYetInspected\"", "that of the newest inspection"],
        );
    }
}
