//! The tasks that a draft is made of: each a question or a small group of them, saved by itself through the same action.

use super::super::actions;
use super::super::confidential::ConfidentialKey;
use super::super::rules::{Criterion, NewPlacementRequest, Task};
use super::draft::Draft;
use super::marked::Marked;
use super::start::{lot_choices, lots_on_call, urgencies};
use crate::access::{AuthorityUser, Permission};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::frameworks::store as frameworks;
use crate::ids::{FrameworkId, PlacementRequestId};
use crate::values::{
    AdditionalSupport, CommunicationNeeds, CulturalNeeds, LivingCompanions, NeedCategory, Pets, Risk, RiskLevel, Sex,
    SpecificCommunication, Suitability,
};
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted, filters};
use crate::web::{Id, Reply, Routes};
use actix_web::web::Path;
use askama::Template;

pub(super) fn routes(r: &mut Routes) {
    r.get("/placement-requests/{id}/draft/{task}", show)
        .may(Permission::WriteRequests);
    r.post("/placement-requests/{id}/draft/{task}", save)
        .may(Permission::WriteRequests);
}

impl Task {
    /// Whether a problem with this field is put right in the task.
    pub(super) fn owns(self, field: &str) -> bool {
        let first = field.split(['.', '[']).next().unwrap_or_default();
        self == match (first, field) {
            ("bids_close_at" | "questions_close_at", _) => Self::Deadlines,
            ("criteria" | "price_weight", _) => Self::Weights,
            (_, "needs.risks") => Self::Risks,
            (_, "needs.suitability") => Self::Suitability,
            ("brief", _) => Self::Brief,
            _ => Self::Home,
        }
    }

    /// What is asked, before the fields.
    fn introduction(self) -> &'static str {
        match self {
            Self::Home => "What you look for, and when it is needed.",
            Self::Child => "The child stays anonymous: an age, and a sex where it matters.",
            Self::Origin => "Distances are measured from here. Providers see the postcode district and nothing more.",
            Self::Names => {
                "The child’s names, the family’s, the school’s. They lie encrypted and are shown to nobody, you included; every text that providers read is searched for them. What you save takes the place of what was kept before."
            }
            Self::Support => "What the home should be registered for and offer. Homes that cover more rank higher.",
            Self::Living => {
                "Solo placement, step-free access, deprivation of liberty and “must have pets” rule homes out; the rest ranks them."
            }
            Self::Communication => "So that the home can say how it would meet them.",
            Self::Risks => {
                "Say of each risk whether it is known. Homes that do not accept a risk that is present do not fit."
            }
            Self::Suitability => {
                "How suitable each type of placement is for this child. The type that the lot buys must not be unsuitable."
            }
            Self::Brief => {
                "In your own words, what a provider should know to say how its home would meet this child’s needs. Leave out names, dates of birth, addresses, schools and telephone numbers."
            }
            Self::Weights => {
                "How bids are judged. The weight of the price and the weights of the criteria together make 100."
            }
            Self::Deadlines => "In UK time. A deadline can be put later once bids are open, never earlier.",
        }
    }

    fn fields(self, form: Form, lots: Vec<Choice>) -> Form {
        match self {
            Self::Home => form
                .select("lot_id", "Lot", lots)
                .radios("needed_by", "How soon a home is needed", urgencies())
                .date("starts_on", "First day of the placement"),
            Self::Child => form
                .number("child.age", "Age")
                .hint("In years")
                .radios(
                    "child.sex",
                    "Sex, where it matters",
                    with_none(Choice::all::<Sex>(), "It does not matter"),
                )
                .clearable()
                .number(
                    "child.siblings_to_place_with",
                    "Brothers and sisters to live in the same home",
                )
                .hint("0 for none"),
            Self::Origin => form
                .line("origin.postcode", "Postcode")
                .short()
                .clearable()
                .hint("Confidential")
                .line("origin.district", "Or only the postcode district")
                .short()
                .clearable()
                .number("max_distance_miles", "Most miles away that the home may be")
                .clearable()
                .hint("Left empty: anywhere"),
            Self::Names => form.lines("names_to_screen", "Names, one a line", 6).optional(),
            Self::Support => form
                .checks("needs.categories", "Categories of need", Choice::all::<NeedCategory>())
                .checks(
                    "needs.additional_support",
                    "Support beside the everyday care",
                    supports(),
                ),
            Self::Living => form
                .radios(
                    "needs.living_companions",
                    "With whom should the child live?",
                    Choice::all::<LivingCompanions>(),
                )
                .radios("needs.pets", "Should there be pets?", pets())
                .yes_no("needs.solo_placement", "Must the child live with no other child?")
                .yes_no("needs.home_adaptation_required", "Must the home be step-free?")
                .yes_no(
                    "needs.deprivation_of_liberty",
                    "Does a court allow the child to be deprived of liberty?",
                ),
            Self::Communication => form
                .radios(
                    "needs.communication_needs",
                    "Does the child have communication needs?",
                    Choice::all::<CommunicationNeeds>(),
                )
                .checks(
                    "needs.specific_communication",
                    "Which ones?",
                    Choice::all::<SpecificCommunication>(),
                )
                .radios(
                    "needs.cultural_needs",
                    "Must cultural needs be met?",
                    Choice::all::<CulturalNeeds>(),
                ),
            Self::Risks => Risk::ALL.iter().fold(form, |form, risk| {
                form.radios(format!("needs.risks.{risk}"), risk.label(), Choice::all::<RiskLevel>())
                    .short()
            }),
            Self::Suitability => form
                .radios(
                    "needs.suitability.residential",
                    "Residential",
                    Choice::all::<Suitability>(),
                )
                .radios("needs.suitability.foster", "Foster", Choice::all::<Suitability>())
                .radios(
                    "needs.suitability.supported_accommodation",
                    "Supported accommodation",
                    Choice::all::<Suitability>(),
                ),
            Self::Brief => form.area("brief", "The brief", 12).or_blank(),
            Self::Weights => form
                .number("price_weight", "Weight of the price")
                .hint("In points of 100"),
            Self::Deadlines => form
                .moment("bids_close_at", "When bids close")
                .moment("questions_close_at", "Until when questions may be asked")
                .clearable()
                .hint("Left empty: as long as bids are taken"),
        }
    }
}

fn with_none(mut choices: Vec<Choice>, none: &str) -> Vec<Choice> {
    choices.push(Choice::new("", none));
    choices
}

fn supports() -> Vec<Choice> {
    let words = |support: &AdditionalSupport| match support {
        AdditionalSupport::NotApplicable => "None is needed",
        other => other.label(),
    };
    AdditionalSupport::ALL
        .iter()
        .map(|support| Choice::new(support, words(support)))
        .collect()
}

fn pets() -> Vec<Choice> {
    Pets::ALL.iter().map(|one| Choice::new(one, one.in_words())).collect()
}

#[derive(Template)]
#[template(path = "placement_requests/task.html")]
struct TaskPage {
    id: PlacementRequestId,
    reference: String,
    task: Task,
    form: Form,
    names_kept: usize,
    marked: Vec<Marked>,
    criteria: Vec<(usize, Criterion, Form)>,
    total: i32,
}

fn path(id: PlacementRequestId, task: Task) -> String {
    format!("/placement-requests/{id}/draft/{task}")
}

/// The page of a task.
pub(super) fn page(
    tx: &mut Tx<'_>,
    desk: &Desk<AuthorityUser>,
    key: &ConfidentialKey,
    id: PlacementRequestId,
    task: Task,
) -> Result<Html> {
    let draft = Draft::read(tx, desk, key, id)?;
    let lots = match task {
        Task::Home => lot_choices(&lots_on_call(tx, desk)?),
        _ => Vec::new(),
    };
    let body = draft.body();
    let mut form = task
        .fields(desk.form(path(id, task)), lots)
        .fill(&body)
        .version(draft.request.version)
        .button("Save and continue");
    if body.child.sex.is_none() {
        form = form.set("child.sex", "");
    }
    let mut marked = draft.marked();
    marked.retain(|text| task.owns(&text.field));
    let with_button = |(position, criterion): (usize, &Criterion)| {
        let number = position + 1;
        let remove = desk
            .form(format!("/placement-requests/{id}/criteria/{number}/remove"))
            .version(draft.request.version)
            .button(format!("Remove criterion {number}"))
            .second();
        (number, criterion.clone(), remove)
    };
    let criteria = match task {
        Task::Weights => draft.criteria.iter().enumerate().map(with_button).collect(),
        _ => Vec::new(),
    };
    let page = TaskPage {
        id,
        task,
        form,
        names_kept: draft.details.names.len(),
        marked,
        criteria,
        total: draft.weights_total(),
        reference: draft.request.reference,
    };
    Html::of(format!("{} – {}", task.label(), page.reference), &page)
}

fn task_of(path: &Path<(String, String)>) -> Result<Task> {
    path.1.parse().map_err(|_| Error::NotFound("task"))
}

async fn show(visit: PageDoor<AuthorityUser>, id: Id<PlacementRequestId>, task: Path<(String, String)>) -> Reply {
    let (key, task) = (ConfidentialKey::of(&visit.app.secret), task_of(&task)?);
    visit.read(move |tx, desk| page(tx, desk, &key, *id, task)).await
}

async fn save(
    visit: PageDoor<AuthorityUser>,
    id: Id<PlacementRequestId>,
    task: Path<(String, String)>,
    posted: Posted,
) -> Reply {
    let (key, id, task) = (ConfidentialKey::of(&visit.app.secret), *id, task_of(&task)?);
    let shown_with = key.clone();
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let before = Draft::read(tx, desk, &key, id)?.body();
                let mut body = task.fields(Form::reader(), Vec::new()).read_over(posted, &before)?;
                if task == Task::Home {
                    body.framework_id = framework_of(tx, &body)?;
                }
                actions::answer_task(tx, desk, &key, id, task, body, posted.version())?;
                Ok(Go::to(format!("/placement-requests/{id}/draft")).saying(format!("Saved: {}.", task.label())))
            },
            move |tx, desk| page(tx, desk, &shown_with, id, task),
        )
        .await
}

/// The framework that the lot is of.
fn framework_of(tx: &mut Tx<'_>, body: &NewPlacementRequest) -> Result<FrameworkId> {
    let lot = frameworks::lot(tx, body.lot_id)?;
    lot.map(|lot| lot.framework_id)
        .ok_or_else(|| Error::field("lot_id", "lot.unknown", "must be one of the list"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement_requests::rules::{Confidential, PlacementRequest, samples};
    use crate::web::pages::assert_shows;

    /// A draft about Sam Example, with this brief.
    fn draft(brief: &str) -> Draft {
        let (request, criteria) = samples::draft();
        let request = PlacementRequest {
            brief: brief.to_owned(),
            ..request
        };
        let details = Confidential {
            postcode: samples::body().origin.postcode,
            names: vec!["Sam Example".to_owned()],
        };
        let framework = samples::framework(&request);
        Draft {
            lot: samples::lot(&request),
            policy: framework.policy,
            found: actions::screen_request(&request, &criteria, &details, samples::noon()),
            request,
            criteria,
            details,
        }
    }

    fn page(task: Task, draft: &Draft) -> TaskPage {
        let lots = vec![Choice::new(draft.request.lot_id, "SE-RES-1 R1: Children's homes")];
        let criteria = draft.criteria.iter().zip(1..);
        TaskPage {
            id: draft.request.id,
            reference: draft.request.reference.clone(),
            task,
            form: task.fields(Form::reader(), lots).fill(&draft.body()),
            names_kept: draft.details.names.len(),
            marked: draft.marked(),
            criteria: criteria
                .map(|(one, number)| {
                    (
                        number,
                        one.clone(),
                        Form::reader().button(format!("Remove criterion {number}")).second(),
                    )
                })
                .collect(),
            total: draft.weights_total(),
        }
    }

    #[test]
    fn each_task_says_what_it_asks_and_shows_nothing_of_the_others() {
        let draft = draft("A calm home near school.");
        let lot = format!("<option value=\"{}\" selected>", draft.request.lot_id);
        for (task, shown) in [
            (Task::Home, lot.as_str()),
            (
                Task::Child,
                "name=\"child.age\" type=\"text\" inputmode=\"numeric\" class=\"short\" value=\"14\"",
            ),
            (Task::Origin, "value=\"RG1 1AF\""),
            (Task::Names, "<p>1 name is kept.</p>"),
            (Task::Support, "value=\"TherapeuticSupport\" checked"),
            (Task::Living, "Must the child live with no other child?"),
            (Task::Communication, "Does the child have communication needs?"),
            (Task::Risks, "<legend>Going missing</legend>"),
            (Task::Suitability, "<legend>Supported accommodation</legend>"),
            (Task::Brief, "A calm home near school.</textarea>"),
            (Task::Weights, "Add a criterion"),
            (Task::Deadlines, "value=\"23\""),
        ] {
            let heading = format!("{}, a draft</span>{}</h1>", draft.request.reference, task.label());
            assert_shows(
                &page(task, &draft),
                &[&heading, task.introduction(), shown],
                &["Sam", "<mark>"],
            );
            for other in Task::ALL.iter().filter(|other| **other != task) {
                assert_shows(&page(*other, &draft), &[other.label()], &[shown]);
            }
        }
        let nobody = TaskPage {
            names_kept: 0,
            ..page(Task::Names, &draft)
        };
        assert_shows(&nobody, &["Names, one a line"], &["is kept", "are kept"]);
    }

    #[test]
    fn what_can_tell_who_the_child_is_stands_marked_over_the_form() {
        let draft = draft("Sam likes <b>football</b>. Ring 07700 900123.");
        let seen = [
            "This may tell who the child is",
            "<h3>The brief</h3>",
            "<mark>Sam</mark> <span class=\"tag yellow\">a name that was given</span> likes &#60;b&#62;football&#60;/b&#62;. Ring \
             <mark>07700 900123</mark> <span class=\"tag yellow\">a telephone number</span>.",
        ];
        assert_shows(&page(Task::Brief, &draft), &seen, &["<b>"]);
    }

    #[test]
    fn weights_say_what_is_missing_to_a_hundred() {
        let draft = draft("");
        let id = draft.request.id;
        let change = format!("href=\"/placement-requests/{id}/criteria/1\"");
        let seen = [
            "How the home meets this child&#39;s needs</th><td class=\"number\">40</td>",
            "<span class=\"hint\">Say how school goes on.</span>",
            "<button class=\"second\">Remove criterion 2</button>",
            "<td class=\"number\">100</td><td>Complete</td>",
            change.as_str(),
        ];
        assert_shows(&page(Task::Weights, &draft), &seen, &["There are no criteria yet."]);
        for (total, said) in [(90, "<td>10 to give</td>"), (105, "<td>5 too many</td>")] {
            let page = TaskPage {
                total,
                ..page(Task::Weights, &draft)
            };
            assert_shows(&page, &[said], &["Complete"]);
        }
        let none = TaskPage {
            criteria: Vec::new(),
            ..page(Task::Weights, &draft)
        };
        assert_shows(&none, &["There are no criteria yet.", "Add a criterion"], &["<table"]);
    }
}
