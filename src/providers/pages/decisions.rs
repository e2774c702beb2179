//! Deciding an application: standard by standard, beside each answer, and lot by lot; returning it.

use super::applications::Whole;
use crate::access::{CooperativeUser, Permission};
use crate::db::Tx;
use crate::error::Result;
use crate::frameworks::Standard;
use crate::ids::ApplicationId;
use crate::providers::actions;
use crate::providers::rules::{Because, Decisions, LotDecision, LotOutcome, NewFinding, NewFindings, StandardOutcome};
use crate::web::pages::{Choice, Desk, Form, Go, Html, PageDoor, Posted, Step, filters};
use crate::web::{Id, Reply, Routes};
use askama::Template;
use serde::Deserialize;
use validator::Validate;

pub(super) fn routes(r: &mut Routes) {
    r.get("/applications/{id}/decide", show_decide)
        .may(Permission::DecideApplications);
    r.post("/applications/{id}/decide", decide)
        .may(Permission::DecideApplications);
    r.get("/applications/{id}/return", show_return)
        .may(Permission::DecideApplications);
    r.post("/applications/{id}/return", give_back)
        .may(Permission::DecideApplications);
}

#[derive(Template)]
#[template(path = "providers/decide.html")]
struct DecidePage {
    whole: Whole,
    form: Form,
}

impl DecidePage {
    /// The fields of one standard, as they stand beside its answer.
    fn fields(&self, standard: &Standard) -> String {
        match self.whole.answered().position(|answered| answered.id == standard.id) {
            Some(at) => self.form.fields(&finding(at)).to_string(),
            None => String::new(),
        }
    }
}

/// What is found of every answer, and decided on every lot.
#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Decision {
    #[serde(default)]
    #[validate(nested)]
    findings: Vec<NewFinding>,
    #[validate(nested)]
    decisions: Vec<LotDecision>,
}

/// What is found so far.
#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Found {
    #[serde(default)]
    #[validate(nested)]
    findings: Vec<NewFinding>,
}

/// The field that says that nothing is decided yet.
const KEEPS: (&str, &str) = ("then", "keep");

fn decide_form(desk: &Desk<CooperativeUser>, whole: &Whole) -> Form {
    let form = desk.form(whole.path("decide")).version(whole.application.version);
    lots(standards(form, whole), whole)
}

/// How the names of the fields of one finding begin.
fn finding(at: usize) -> String {
    format!("findings[{at}].")
}

/// Asks what is found of each answer, filled with what was found of it as it stands.
fn standards(form: Form, whole: &Whole) -> Form {
    whole.answered().enumerate().fold(form, |form, (at, standard)| {
        let name = |field: &str| finding(at) + field;
        let form = form
            .hidden(name("standard_id"), standard.id)
            .radios(
                name("outcome"),
                format!("What you find of {}", standard.code),
                Choice::all::<StandardOutcome>(),
            )
            .short()
            .area(name("note"), format!("Note on {}", standard.code), 3)
            .hint("Needed where it is not met. The provider reads it")
            .optional();
        match whole.application.finding(standard.id) {
            Some(found) if !found.of_earlier_answer => form
                .set(name("outcome"), found.outcome)
                .set(name("note"), found.note.as_deref().unwrap_or_default()),
            _ => form,
        }
    })
}

/// Reads only what was found so far: a standard of which nothing was filled in may follow later.
fn begun(whole: &Whole, posted: &Posted) -> Form {
    let asked = whole.answered().count();
    let begun = posted.begun("findings", &["outcome", "note"]);
    begun
        .into_iter()
        .filter(|at| *at < asked)
        .fold(Form::reader(), |form, at| {
            ["standard_id", "outcome"]
                .into_iter()
                .fold(form, |form, field| form.line(finding(at) + field, ""))
                .line(finding(at) + "note", "")
                .optional()
        })
}

/// Asks for a decision on each lot.
fn lots(form: Form, whole: &Whole) -> Form {
    let outcomes = || {
        vec![
            Choice::new(LotOutcome::Admitted, "Admit the provider"),
            Choice::new(LotOutcome::Rejected, "Reject"),
        ]
    };
    let applied = whole.view.summary.lots.iter().enumerate();
    let form = applied.fold(form, |form, (at, applied)| {
        let name = |field: &str| format!("decisions[{at}].{field}");
        let lot = &applied.lot;
        form.hidden(name("lot_id"), lot.id)
            .radios(name("outcome"), format!("Lot {}, {}", lot.code, lot.title), outcomes())
            .short()
            .area(name("reason"), format!("Why lot {} is rejected", lot.code), 3)
            .hint("Needed for a rejection. The provider reads it")
            .optional()
    });
    let (name, value) = KEEPS;
    form.button("Decide this application")
        .warning()
        .also(name, value, "Keep what you found, decide later")
}

fn decide_page(tx: &mut Tx<'_>, desk: &Desk<CooperativeUser>, id: ApplicationId) -> Result<Html> {
    let whole = Whole::of(tx, desk, id)?;
    let title = format!("Decide the application of {}", whole.view.summary.provider.name);
    let form = decide_form(desk, &whole);
    Html::of(title, &DecidePage { whole, form })
}

async fn show_decide(visit: PageDoor<CooperativeUser>, id: Id<ApplicationId>) -> Reply {
    visit.read(move |tx, desk| decide_page(tx, desk, *id)).await
}

async fn decide(visit: PageDoor<CooperativeUser>, id: Id<ApplicationId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let whole = Whole::of(tx, desk, id)?;
                if posted.value(KEEPS.0) == Some(KEEPS.1) {
                    let Found { findings } = begun(&whole, posted).read(posted)?;
                    actions::record_findings(tx, desk, id, NewFindings { findings }, posted.version())?;
                    return Ok(
                        Go::to(whole.own_path()).saying("What you found is kept. The application is not decided yet.")
                    );
                }
                let Decision { findings, decisions } = decide_form(desk, &whole).read(posted)?;
                let judged = actions::record_findings(tx, desk, id, NewFindings { findings }, posted.version())?;
                actions::decide(tx, desk, id, Decisions { decisions }, Some(judged.version))?;
                let said = format!("The application of {} is decided.", whole.view.summary.provider.name);
                Ok(Go::to(format!("/applications/{id}")).saying(said))
            },
            move |tx, desk| decide_page(tx, desk, id),
        )
        .await
}

fn return_form(desk: &Desk<CooperativeUser>, whole: &Whole) -> Form {
    desk.form(whole.path("return"))
        .version(whole.application.version)
        .area("reason", "What must be changed, and why", 6)
        .hint("The provider reads this")
        .button("Return it to the provider")
}

fn return_page(tx: &mut Tx<'_>, desk: &Desk<CooperativeUser>, id: ApplicationId) -> Result<Html> {
    let whole = Whole::of(tx, desk, id)?;
    let provider = &whole.view.summary.provider.name;
    Step::new(format!("Return the application of {provider}"))
        .over(whole.framework_name())
        .happens("The provider is told, and can change it and submit it again.")
        .happens("It reads what you found of each standard, beside its answer.")
        .happens("The ten working days for your decision begin anew when it does.")
        .back(whole.own_path(), "Go back without returning it")
        .page(return_form(desk, &whole))
}

async fn show_return(visit: PageDoor<CooperativeUser>, id: Id<ApplicationId>) -> Reply {
    visit.read(move |tx, desk| return_page(tx, desk, *id)).await
}

async fn give_back(visit: PageDoor<CooperativeUser>, id: Id<ApplicationId>, posted: Posted) -> Reply {
    let id = *id;
    visit
        .write(
            posted,
            move |tx, desk, posted| {
                let whole = Whole::of(tx, desk, id)?;
                let body: Because = return_form(desk, &whole).read(posted)?;
                actions::give_back(tx, desk, id, body.reason, posted.version())?;
                let said = format!("The application is returned to {}.", whole.view.summary.provider.name);
                Ok(Go::to("/applications").saying(said))
            },
            move |tx, desk| return_page(tx, desk, id),
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::pages::samples::{ACORN, judged, submitted};
    use crate::web::pages::assert_shows;

    fn decide(whole: Whole) -> DecidePage {
        DecidePage {
            form: lots(standards(Form::reader(), &whole), &whole),
            whole,
        }
    }

    #[test]
    fn a_finding_is_asked_for_each_answer_and_starts_with_the_one_that_stands() {
        let seen = [
            "<legend>What you find of QS7</legend>",
            "name=\"findings[0].outcome\" type=\"radio\" value=\"not_met\"",
            "Note on QS7 (optional)",
            "<button class=\"second\" name=\"then\" value=\"keep\">Keep what you found, decide later</button>",
        ];
        // The voluntary standard has no answer.
        assert_shows(
            &decide(submitted()),
            &seen,
            &[" checked", "What you find of QS8", "Found of an"],
        );
        let filled = ["value=\"not_met\" checked", "> Say &#60;who&#62; leads.</textarea>"];
        assert_shows(&decide(judged(submitted())), &filled, &["Found of an"]);
        let mut changed = judged(submitted());
        for findings in [&mut changed.application.findings, &mut changed.view.findings] {
            findings[0].of_earlier_answer = true;
        }
        let earlier = ["Found of an earlier answer: <span class=\"tag red\">Not met</span> Say &#60;who&#62; leads."];
        assert_shows(&decide(changed), &earlier, &[" checked"]);
    }

    #[test]
    fn what_is_kept_is_what_was_begun() {
        let whole = submitted();
        let id = whole.standards[0].id.to_string();
        let sent = |note: &str| Posted::sample(&[("findings[0].standard_id", &id), ("findings[0].note", note)]);
        let read = |posted: &Posted| begun(&whole, posted).read::<Found>(posted);
        assert!(read(&sent(" ")).unwrap().findings.is_empty());
        let without_outcome = read(&sent("Thin.")).unwrap_err();
        assert!(matches!(without_outcome, crate::error::Error::Invalid(errors) if errors.names("findings[0].outcome")));
    }

    #[test]
    fn a_decision_is_asked_for_each_lot_below_the_answers() {
        let whole = submitted();
        let lot = whole.view.summary.lots[1].lot.id;
        let page = decide(whole);
        let name = format!("Decide the application of {ACORN}</h1>");
        let second = format!("type=\"hidden\" name=\"decisions[1].lot_id\" value=\"{lot}\"");
        let seen = [
            name.as_str(),
            "&#60;b&#62;Always&#60;/b&#62;</pre>",
            "<legend>Lot R1, Children&#39;s homes</legend>",
            "<legend>Lot R2, Children&#39;s homes</legend>",
            &second,
            "name=\"decisions[1].outcome\" type=\"radio\" value=\"rejected\"",
            "Why lot R2 is rejected (optional)",
            "<p class=\"careful\">The provider is admitted at once to the lots that you choose",
            "<button class=\"warning\">Decide this application</button>",
            "Go back without deciding</a>",
        ];
        assert_shows(&page, &seen, &[" checked", "Change this answer", "decisions[2]"]);
    }
}
