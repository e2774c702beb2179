use super::*;
use chrono::NaiveDate;
use serde::Deserialize;
use validator::Validate;

use crate::clock::Instant;
use crate::values::{Money, Sex};
use crate::web::pages::{Posted, assert_shows};

#[derive(Debug, Deserialize, Validate, PartialEq)]
#[serde(deny_unknown_fields)]
struct Body {
    #[validate(length(min = 1, max = 10))]
    name: String,
    places: i32,
    price: Price,
    from: NaiveDate,
    until: Option<Instant>,
    sexes: Vec<Sex>,
    solo: bool,
    agreed: bool,
}

#[derive(Debug, Deserialize, Validate, PartialEq)]
struct Price {
    core: Money,
}

fn form(tried: Option<(&Posted, &Error)>) -> Form {
    Form::new("/things".to_owned(), "t.oken".to_owned(), tried)
        .line("name", "Name")
        .number("places", "Places")
        .money("price.core", "Core cost")
        .hint("A week")
        .date("from", "From")
        .moment("until", "Until")
        .optional()
        .checks("sexes", "Sexes", Choice::all::<Sex>())
        .yes_no("solo", "Solo")
        .tick("agreed", "I agree")
}

fn posted(fields: &[(&str, &str)]) -> Posted {
    Posted::sample(fields)
}

const RIGHT: [(&str, &str); 12] = [
    ("name", " Acorn "),
    ("places", "3"),
    ("price.core", "£4,250"),
    ("from.day", "4"),
    ("from.month", "3"),
    ("from.year", "2026"),
    ("until.day", "1"),
    ("until.month", "7"),
    ("until.year", "2026"),
    ("until.time", "5pm"),
    ("sexes", "F"),
    ("solo", "true"),
];

#[test]
fn what_was_typed_becomes_the_body_of_the_action() {
    let body: Body = form(None).read(&posted(&RIGHT)).unwrap();
    let wanted = Body {
        name: "Acorn".to_owned(),
        places: 3,
        price: Price {
            core: Money::parse("4250.00").unwrap(),
        },
        from: NaiveDate::from_ymd_opt(2026, 3, 4).unwrap(),
        // Summer time: an hour ahead of UTC.
        until: Some("2026-07-01T16:00:00Z".parse().unwrap()),
        sexes: vec![Sex::F],
        solo: true,
        agreed: false,
    };
    assert_eq!(body, wanted);
}

#[test]
fn everything_that_is_wrong_is_said_at_once_beside_what_was_typed() {
    let wrong = posted(&[
        ("name", "<b>much too long"),
        ("places", "many"),
        ("from.day", "31"),
        ("from.month", "2"),
        ("from.year", "2026"),
    ]);
    let error = form(None).read::<Body>(&wrong).unwrap_err();
    let Error::Invalid(found) = &error else {
        panic!("{error:?}")
    };
    let mut names: Vec<&str> = found.iter().map(|error| error.field.as_ref()).collect();
    names.sort_unstable();
    assert_eq!(names, ["from", "name", "places", "price.core", "solo"]);
    let shown = form(Some((&wrong, &error))).to_string();
    assert!(
        shown.contains("value=\"many\"") && shown.contains("value=\"31\""),
        "{shown}"
    );
    assert!(
        shown.contains("&#60;b&#62;much too long") && !shown.contains("<b>"),
        "{shown}"
    );
    assert!(
        shown.contains("href=\"#f-from-day\"") && shown.contains("“Places” must be a whole number"),
        "{shown}"
    );
}

#[test]
fn what_is_wrong_stands_in_the_order_of_the_fields_and_of_a_sum_by_its_name() {
    let mut errors = FieldErrors::new();
    errors.add("total", "over_ceiling", "must be at most £5.00 a week");
    errors.add("price.core", "required", "is required");
    errors.add("name", "required", "is required");
    let sent = posted(&RIGHT);
    let shown = form(Some((&sent, &Error::Invalid(errors))))
        .sum("total", "The lines together", "price.core")
        .to_string();
    let summary = shown.split_once("</ul>").unwrap().0;
    let place = |part: &str| summary.find(part).unwrap_or_else(|| panic!("{part} in {summary}"));
    let together = place("<a href=\"#f-price-core\">“The lines together” must be at most £5.00 a week</a>");
    let name = place("<a href=\"#f-name\">“Name” is required</a>");
    let core = place("<a href=\"#f-price-core\">“Core cost” is required</a>");
    assert!(together < name && name < core, "{summary}");
}

#[test]
fn a_choice_that_is_none_is_refused_without_a_code() {
    let mut sent = RIGHT.to_vec();
    sent.retain(|(name, _)| !matches!(*name, "sexes" | "solo"));
    sent.extend([("sexes", "X"), ("solo", "perhaps")]);
    let wrong = posted(&sent);
    let error = form(None).read::<Body>(&wrong).unwrap_err();
    let shown = form(Some((&wrong, &error))).to_string();
    for said in [
        "“Sexes” must be one of the choices",
        "“Solo” must be one of the choices",
    ] {
        assert!(shown.contains(said), "{said} in {shown}");
    }
}

#[test]
fn an_error_of_a_part_stands_at_the_first_field_of_the_part() {
    let mut errors = FieldErrors::new();
    errors.add("price", "range", "must cost something");
    errors.add("contract_versions[0].starts_on", "required", "needs one");
    errors.add("name", "thing.taken", "Another thing has this name.");
    let (sent, error) = (posted(&RIGHT), Error::Invalid(errors));
    let shown = form(Some((&sent, &error))).to_string();
    for said in [
        "<a href=\"#f-price-core\">“Core cost” must cost something</a>",
        "id=\"f-price-core-error\"",
        "<li>“Contract versions, starts on” needs one</li>",
        "<a href=\"#f-name\">Another thing has this name.</a>",
    ] {
        assert!(shown.contains(said), "{said} in {shown}");
    }
}

#[test]
fn a_number_too_large_is_refused_by_its_range_and_what_must_be_typed_can_not_be_emptied() {
    #[derive(Debug, serde::Serialize, Deserialize, Validate)]
    struct Thing {
        #[validate(range(min = 1, max = 12))]
        places: i32,
        name: String,
    }
    let form = || Form::reader().number("places", "Places").line("name", "Name");
    let before = Thing {
        places: 3,
        name: "Acorn".to_owned(),
    };
    let sent = posted(&[("places", "99999999999"), ("name", " ")]);
    let error = form().read_over(&sent, &before).unwrap_err();
    let Error::Invalid(found) = error else {
        panic!("{error:?}")
    };
    let mut said: Vec<String> = found.iter().map(|e| format!("{} {}", e.field, e.message)).collect();
    said.sort_unstable();
    assert_eq!(said, ["name is required", "places must be 1 to 12"]);
}

#[test]
fn what_there_is_stands_in_the_form() {
    let thing = serde_json::json!({"name": "Acorn", "price": {"core": "4250.00"}, "from": "2026-03-04",
        "until": "2026-07-01T16:00:00Z", "sexes": ["F"], "solo": false});
    let shown = form(None).fill(&thing).to_string();
    for part in [
        "value=\"Acorn\"",
        "value=\"4250.00\"",
        "value=\"2026\"",
        "value=\"17:00\"",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert_eq!(shown.matches(" checked").count(), 2, "{shown}");
}

#[test]
fn a_refusal_without_fields_heads_the_form_and_a_secret_is_never_repeated() {
    let sent = posted(&[("password", "three words")]);
    let error = Error::Unauthenticated("auth.credentials_wrong");
    let shown = Form::new("/sign-in".to_owned(), "t.oken".to_owned(), Some((&sent, &error)))
        .password("password", "Password")
        .to_string();
    assert!(
        shown.contains("The email address or the password is not right."),
        "{shown}"
    );
    assert!(!shown.contains("three words"), "{shown}");
}

#[test]
fn a_form_of_some_fields_is_read_over_what_there_is() {
    #[derive(Debug, serde::Serialize, Deserialize, Validate, PartialEq)]
    struct Thing {
        brief: String,
        names: Vec<String>,
        sex: Option<Sex>,
        places: i32,
    }
    let before = Thing {
        brief: "As it was.".to_owned(),
        names: vec!["One".to_owned()],
        sex: Some(Sex::F),
        places: 3,
    };
    let form = || {
        Form::reader()
            .lines("names", "Names", 4)
            .radios("sex", "Sex", Choice::all::<Sex>())
            .clearable()
            .number("places", "Places")
    };
    let sent = posted(&[("names", " Sam \n\nThe Elms"), ("sex", ""), ("places", "2")]);
    let wanted = Thing {
        brief: "As it was.".to_owned(),
        names: vec!["Sam".to_owned(), "The Elms".to_owned()],
        sex: None,
        places: 2,
    };
    assert_eq!(form().read_over(&sent, &before).unwrap(), wanted);
    let shown = form().fill(&wanted).to_string();
    assert!(shown.contains("Sam\nThe Elms</textarea>"), "{shown}");
}

#[test]
fn what_goes_unseen_is_what_the_page_says_and_not_what_came_back() {
    let sent = posted(&[("start", "0")]);
    let shown = Form::new("/things".to_owned(), "t.oken".to_owned(), Some((&sent, &Error::Stale)))
        .hidden("start", 18)
        .to_string();
    assert!(shown.contains("name=\"start\" value=\"18\""), "{shown}");
}

#[test]
fn what_is_written_later_is_blank_and_the_form_saves_itself() {
    #[derive(Debug, Deserialize, Validate, PartialEq)]
    struct Draft {
        text: String,
    }
    let form = Form::new("/drafts/1".to_owned(), "t.oken".to_owned(), None)
        .area("text", "Text", 4)
        .or_blank()
        .saving_itself()
        .also("then", "later", "Go on later");
    let read: Draft = form.read(&posted(&[("text", " ")])).unwrap();
    assert_eq!(read.text, "");
    let shown = form.to_string();
    assert!(
        shown.contains("data-autosave=\"/drafts/1\"") && shown.contains("data-saved"),
        "{shown}"
    );
    assert!(
        shown.contains("<button class=\"second\" name=\"then\" value=\"later\">Go on later</button>"),
        "{shown}"
    );
}

#[test]
fn a_form_begins_with_what_is_wrong_and_ends_with_its_buttons() {
    let fine = Form::new("/things/1".to_owned(), "t.oken".to_owned(), None)
        .version(7)
        .also("then", "later", "Go on \"later\"")
        .button("Save <it>");
    let open = Opening {
        form: &fine,
        summary: Vec::new(),
    };
    let seen = [
        "<form method=\"post\" action=\"/things/1\" novalidate class=\"bare\">",
        "name=\"_token\" value=\"t.oken\"",
        "name=\"_version\" value=\"7\"",
    ];
    assert_shows(&open, &seen, &["There is a problem", "data-autosave"]);
    let close = Closing { form: &fine };
    let seen = [
        "<button>Save &#60;it&#62;</button>",
        "<button class=\"second\" name=\"then\" value=\"later\">Go on &#34;later&#34;</button>",
        "</form>",
    ];
    assert_shows(&close, &seen, &["data-saved", "warning"]);

    let wrong = Opening {
        form: &form(None),
        summary: vec![
            ("f-name".to_owned(), "Name must not be <b>".to_owned()),
            (String::new(), "The home is closed.".to_owned()),
        ],
    };
    let seen = [
        "role=\"alert\"",
        "<a href=\"#f-name\">Name must not be &#60;b&#62;</a>",
        "<li>The home is closed.</li>",
    ];
    assert_shows(&wrong, &seen, &["<b>", "_version", "class=\"bare\""]);
    let warning = form(None).warning().button("Close it");
    assert_shows(
        &Closing { form: &warning },
        &["<button class=\"warning\">Close it</button>"],
        &[],
    );
}

#[test]
fn a_button_that_stands_back_is_a_second_one() {
    let first = Form::reader().button("Confirm");
    assert_shows(&Closing { form: &first }, &["<button>Confirm</button>"], &[]);
    let second = first.second();
    let seen = ["<button class=\"second\">Confirm</button>"];
    assert_shows(&Closing { form: &second }, &seen, &[]);
}
