use super::*;
use crate::frameworks::pages::samples;
use crate::providers::pages::samples::{ACORN, complete, insurance};
use crate::web::pages::assert_shows;

#[test]
fn a_task_says_what_it_asks_and_shows_what_was_said() {
    let page = FormPage {
        heading: "Name your insurance",
        said: "It must run beyond the day on which you submit.",
        form: insurance_fields(Form::reader())
            .fill(&insurance("2026-12-31"))
            .button("Save the insurance"),
        back: "/applications/1".to_owned(),
    };
    let seen = [
        "<h1>Name your insurance</h1> <p>It must run beyond the day on which you submit.</p>",
        "value=\"PL-2026 &#38; 17\"",
        "value=\"5000000.00\"",
        "name=\"expires_on.month\" type=\"text\" inputmode=\"numeric\" class=\"month\" value=\"12\"",
        "<button>Save the insurance</button>",
        "<a href=\"/applications/1\">Go back</a>",
    ];
    assert_shows(&page, &seen, &["(optional)"]);
}

#[test]
fn what_was_found_of_an_answer_stands_above_its_form() {
    let judged = crate::providers::pages::samples::judged(complete());
    let page = AnswerPage {
        form: Form::reader().area("statement", "Your answer", 14),
        finding: judged.application.findings.into_iter().next(),
        standard: samples::standard(),
        back: "/applications/1".to_owned(),
    };
    let found =
        "<h2>What the cooperative found</h2> <p><span class=\"tag red\">Not met</span> Say &#60;who&#62; leads.</p>";
    assert_shows(&page, &[found], &["<who>"]);
}

#[test]
fn an_answer_is_written_below_what_must_be_shown() {
    let page = |standard: Standard| AnswerPage {
        form: Form::reader()
            .area("statement", "Your answer", 14)
            .set("statement", "<Weekly>"),
        finding: None,
        standard,
        back: "/applications/1".to_owned(),
    };
    let seen = [
        "<span class=\"over\">Quality standard QS7</span> Keeping children &#60;safe&#62;</h1>",
        "<pre class=\"letter\">Say who leads, &#38; how.</pre>",
        "Asked of: the provider. Shown by: a statement. It must be answered.",
        "&#60;Weekly&#62;</textarea>",
        "<a href=\"/applications/1\">Go back without saving</a>",
    ];
    assert_shows(
        &page(samples::standard()),
        &seen,
        &["It need not be answered", "<Weekly>"],
    );
    let seen = ["Asked of: each home. Shown by: a document, named in the statement. It need not be answered."];
    assert_shows(&page(samples::voluntary_standard()), &seen, &["It must be answered"]);
}

#[test]
fn the_contract_is_read_where_it_is_accepted() {
    let form = Form::reader().tick("accepted", "We accept this version");
    let accepts = format!("accepts it for {ACORN}");
    let page = ContractPage {
        whole: complete(),
        text: "1. The <terms>".to_owned(),
        form: Some(form),
    };
    let seen = [
        "Version 2, Terms &#38; conditions, in force from 1 April 2026.",
        "<pre class=\"letter\">1. The &#60;terms&#62;</pre>",
        &samples::contract_version().sha256,
        "<label for=\"f-accepted\">We accept this version</label>",
        &accepts,
    ];
    assert_shows(&page, &seen, &["The framework has no contract yet."]);
    let mut whole = complete();
    whole.contract = None;
    let none = ContractPage {
        whole,
        text: String::new(),
        form: None,
    };
    assert_shows(&none, &["The framework has no contract yet."], &["<form", "SHA-256"]);
}
