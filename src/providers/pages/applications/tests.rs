use super::*;
use crate::providers::pages::samples::{ACORN, complete, decided, draft, insurance, judged, submitted};
use crate::web::pages::assert_shows;

fn list(applications: Vec<Whole>, is_provider: bool) -> ListPage {
    let tagged = applications.into_iter().map(|whole| {
        let mut summary = whole.view.summary;
        (summary.submitted_at, summary.decision_due_on) =
            (whole.application.submitted_at, whole.application.decision_due_on);
        let tag = application_tag(summary.status);
        (summary, tag)
    });
    ListPage {
        applications: tagged.collect(),
        narrowing: Narrowing::of("/applications"),
        is_provider,
    }
}

#[test]
fn the_cooperative_sees_whose_application_is_due_when() {
    let mut overdue = submitted();
    overdue.view.summary.overdue = true;
    let name = format!("{ACORN}</a></th> <td>SE-RES-1</td> <td>R1, R2</td>");
    let seen = [
        "What providers apply for under your frameworks.",
        &name,
        "<span class=\"tag purple\">Submitted</span> <span class=\"tag red\">Overdue</span></td>",
        "<td>16 March 2026</td>",
        "<td>R1 admitted, R2 rejected</td>",
        "<span class=\"tag green\">Decided</span></td>",
        "href=\"/applications.csv\"",
    ];
    assert_shows(
        &list(vec![overdue, decided()], false),
        &seen,
        &["No application is here."],
    );
    assert_shows(
        &list(Vec::new(), false),
        &["No application is here."],
        &["<table", "status=open"],
    );
}

#[test]
fn a_provider_sees_to_which_frameworks_it_applied() {
    let seen = [
        "SE-RES-1, Homes &#38; schools</a></th> <td>R1, R2</td> <td><span class=\"tag\">A draft</span></td> <td></td> <td></td></tr>",
        "href=\"/frameworks?status=open\"",
    ];
    assert_shows(
        &list(vec![draft()], true),
        &seen,
        &["<th scope=\"col\">Provider</th>", "Overdue", ACORN],
    );
    assert_shows(&list(Vec::new(), true), &["You have no application here."], &["<table"]);
}

fn tasks(whole: Whole) -> TasksPage {
    let tasks = whole.tasks();
    TasksPage {
        done: tasks.iter().filter(|task| task.is_done).count(),
        tag: application_tag(whole.application.state),
        tasks,
        whole,
    }
}

#[test]
fn a_draft_is_a_list_of_tasks_each_with_how_far_it_is() {
    let seen = [
        "<span class=\"tag\">A draft</span> You have done 1 of 6 tasks.",
        ">Choose the lots</a> <span>Completed</span>",
        ">Answer QS7, Keeping children &#60;safe&#62;</a> <span class=\"tag\">Not started</span>",
        ">Answer QS8, Leadership</a> <span class=\"tag grey\">Optional</span>",
        "<span class=\"tag grey\">Not ready yet</span>",
        "/withdraw\">Withdraw this application</a>",
    ];
    assert_shows(&tasks(draft()), &seen, &["Your application was returned", "tag green"]);
    let seen = [
        "You have done 5 of 6 tasks.",
        "<span class=\"tag grey\">Optional</span>",
        "/check\">Check your answers and submit</a> <span class=\"tag green\">Ready</span>",
    ];
    assert_shows(&tasks(complete()), &seen, &["Not started", "Not ready yet"]);
}

#[test]
fn what_was_returned_says_why_and_what_has_lapsed_is_to_be_done_again() {
    let mut returned = complete();
    returned.application.state = ApplicationState::Returned;
    returned.application.returned_reason = Some("Say <who> leads.".to_owned());
    // It must run beyond the day of the submission.
    returned.application.insurance = Some(insurance("2026-03-02"));
    returned.contract = Some(crate::frameworks::pages::samples::contract_version());
    let seen = [
        "<span class=\"tag yellow\">Returned</span> You have done 3 of 6 tasks.",
        "<h2>Your application was returned</h2><p>Say &#60;who&#62; leads.</p>",
        ">Name your insurance</a> <span class=\"tag\">Not started</span>",
        ">Read and accept the contract</a> <span class=\"tag\">Not started</span>",
    ];
    assert_shows(&tasks(returned), &seen, &["tag green"]);
}

#[test]
fn what_was_found_of_a_standard_stands_beside_its_answer_and_says_what_to_mend() {
    let finding = "<span class=\"tag red\">Not met</span> Say &#60;who&#62; leads.";
    assert_shows(&page(judged(decided())), &[finding], &["<who>", "earlier answer: "]);
    assert_shows(&page(submitted()), &[], &["Not met"]);
    let mut returned = judged(complete());
    returned.application.state = ApplicationState::Returned;
    returned.application.returned_reason = Some("Thin.".to_owned());
    let mend = "QS7, Keeping children &#60;safe&#62;</a>: Say &#60;who&#62; leads.</li>";
    assert_shows(&tasks(returned), &["These answers were found not to meet", mend], &[]);
    let mut changed = judged(complete());
    changed.application.state = ApplicationState::Returned;
    changed.application.returned_reason = Some("Thin.".to_owned());
    changed.view.findings[0].of_earlier_answer = true;
    assert_shows(&tasks(changed), &["<p>Thin.</p>"], &["These answers were found"]);
}

fn page(whole: Whole) -> ApplicationPage {
    ApplicationPage {
        tag: application_tag(whole.application.state),
        may_decide: false,
        may_withdraw: false,
        is_provider: false,
        whole,
    }
}

#[test]
fn an_application_shows_all_that_it_says_beside_what_is_asked() {
    let name = format!("Application of {ACORN}</h1>");
    let mut lapsed = submitted();
    lapsed.application.insurance = Some(insurance("2026-03-01"));
    lapsed.application.returned_reason = Some("Say who leads.".to_owned());
    lapsed.contract = Some(crate::frameworks::pages::samples::contract_version());
    let seen = [
        name.as_str(),
        "<span class=\"tag purple\">Submitted</span></p>",
        "<dt>Submitted</dt><dd><time datetime=\"2026-03-02T09:00:00Z\">",
        "<dt>Decision due</dt><dd>16 March 2026</dd>",
        "<dt>Returned last because</dt><dd>Say who leads.</dd>",
        "<h3>QS7, Keeping children &#60;safe&#62;</h3>",
        "Our lead reviews every week. &#60;b&#62;Always&#60;/b&#62;</pre>",
        "<p class=\"hint\">Say who leads, &#38; how.</p>",
        "Asked of: each home. Shown by: a document, named in the statement.",
        "<dd>1 March 2026 <span class=\"tag red\">Run out</span></dd>",
        "Declared: none applies",
        "An earlier version</a> accepted",
    ];
    let unseen = [
        "/decide\"",
        "/return\"",
        "/withdraw\"",
        "Change",
        "<dt>Decided</dt>",
        "/admissions\"",
    ];
    assert_shows(&page(lapsed), &seen, &unseen);
}

#[test]
fn only_what_waits_is_decided_or_withdrawn_and_by_whom_it_may_be() {
    let operators = ApplicationPage {
        may_decide: true,
        ..page(submitted())
    };
    assert_shows(
        &operators,
        &["/decide\">Decide it</a>", "/return\">Return it to the provider</a>"],
        &["/withdraw\""],
    );
    let providers = ApplicationPage {
        may_withdraw: true,
        is_provider: true,
        ..page(submitted())
    };
    assert_shows(
        &providers,
        &["/withdraw\">Withdraw this application</a>"],
        &["/decide\"", "See your admissions"],
    );
}

#[test]
fn a_decision_stands_lot_by_lot_with_its_reason() {
    let providers = ApplicationPage {
        is_provider: true,
        ..page(decided())
    };
    let seen = [
        "<span class=\"tag green\">Decided</span>",
        "<dt>Decided</dt><dd><time datetime=\"2026-03-05T09:00:00Z\">",
        "R1, Children&#39;s homes</a></span> <span class=\"tag green\">Admitted</span></li>",
        "R2, Children&#39;s homes</a><br>No home is &#60;registered&#62;.</span> <span class=\"tag red\">Rejected</span></li>",
        "<a href=\"/admissions\">See your admissions</a>",
    ];
    assert_shows(&providers, &seen, &["/withdraw\""]);
    let mut overdue = submitted();
    overdue.view.summary.overdue = true;
    overdue.standards.clear();
    let seen = ["<span class=\"tag red\">Overdue</span>", "The framework asks for none."];
    assert_shows(&page(overdue), &seen, &["See your admissions"]);
}
