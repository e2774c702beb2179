use super::*;
use serde::Deserialize;
use serde_json::json;
use validator::ValidationError;

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "ages", skip_on_field_errors = false))]
#[expect(dead_code, reason = "only whether it is read matters")]
struct Outer {
    #[validate(length(min = 1, max = 5))]
    name: String,
    id: crate::ids::BidId,
    sex: crate::values::Sex,
    age_min: i32,
    age_max: i32,
    #[validate(range(min = 1))]
    places: i32,
    #[validate(nested)]
    inner: Inner,
    #[validate(nested)]
    rows: Vec<Inner>,
    note: Option<String>,
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only whether it is read matters")]
struct Inner {
    at: crate::clock::Instant,
    #[validate(length(min = 1))]
    text: String,
}

fn ages(outer: &Outer) -> Result<(), ValidationError> {
    if outer.age_min <= outer.age_max {
        return Ok(());
    }
    let mut error = ValidationError::new("age_range");
    error.add_param("field".into(), &"age_min");
    Err(error)
}

fn errors(body: Value) -> Vec<(String, String)> {
    match read_fields::<Outer>(body) {
        Err(Error::Invalid(errors)) => errors
            .iter()
            .map(|e| (e.field.to_string(), e.code.to_string()))
            .collect(),
        other => panic!("{other:?}"),
    }
}

fn good() -> Value {
    json!({"name": "a", "id": crate::ids::EXAMPLE, "sex": "F", "age_min": 1, "age_max": 2, "places": 1,
               "inner": {"at": "2026-01-01T00:00:00Z", "text": "x"}, "rows": []})
}

#[test]
fn a_good_body_is_read() {
    assert_eq!(read_fields::<Outer>(good()).unwrap().note, None);
}

#[test]
fn every_wrong_field_is_named_at_once() {
    let mut body = good();
    body["name"] = json!("too long");
    body["id"] = json!("nonsense");
    body["sex"] = json!("X");
    body["age_min"] = json!(9);
    body["places"] = json!(0);
    body["extra"] = json!(1);
    body["inner"] = json!({"at": 5, "other": true});
    body["rows"] = json!([{"at": "2026-01-01T00:00:00Z", "text": ""}, 7]);
    let mut found = errors(body);
    found.sort();
    let expected = [
        ("age_min", "age_range"),
        ("extra", "unknown_field"),
        ("id", "value"),
        ("inner.at", "type"),
        ("inner.other", "unknown_field"),
        ("inner.text", "required"),
        ("name", "length"),
        ("places", "range"),
        ("rows[0].text", "length"),
        ("rows[1]", "type"),
        ("sex", "code.unknown"),
    ];
    assert_eq!(found, expected.map(|(f, c)| (f.to_owned(), c.to_owned())));
}

#[test]
fn an_empty_object_names_what_is_required() {
    let found = errors(json!({}));
    assert_eq!(found.len(), 8, "{found:?}");
    assert!(found.iter().all(|(_, code)| code == "required"), "{found:?}");
}

#[test]
fn a_body_that_is_no_object_is_refused() {
    assert!(matches!(read_fields::<Outer>(json!([1])), Err(Error::Invalid(_))));
}

#[test]
fn of_many_texts_that_cannot_be_kept_the_first_are_named() {
    let mut errors = FieldErrors::new();
    refuse_nul(&json!(vec!["\0"; 3 * MOST]), &mut Vec::new(), &mut errors);
    assert_eq!(errors.iter().count(), MOST);
}

#[test]
fn what_a_library_says_of_a_day_is_said_in_words() {
    for text in ["soon", "2026-02-31", "2026", "2026-01-01T00:00"] {
        let cause = text.parse::<chrono::NaiveDate>().unwrap_err().to_string();
        assert_eq!(in_words(&cause).1, "must be a day, such as 2026-03-27", "{text}");
    }
}
