//! What providers say of themselves.

use super::*;

#[test]
fn a_profile_is_told_once_and_read_by_everybody_but_rivals() {
    let program = Program::start();
    let region = program.region();
    let (provider, rival) = (program.provider("Acorn"), program.provider("Birch"));
    let path = format!("/providers/{}", provider.organisation);
    let first = provider.admin.get(&path).ok();
    assert_eq!(
        (&first["name"], &first["version"], &first["about"]),
        (&json!("Acorn Care Ltd"), &json!(0), &Value::Null)
    );
    let change = json!({"about": "Small homes.", "website": "https://acorn.example", "telephone": "01632 960123"});
    let changed = provider.admin.patch(&path, change.clone()).ok();
    assert_eq!(
        (&changed["about"], &changed["version"]),
        (&json!("Small homes."), &json!(1))
    );
    let unset = provider.admin.patch(&path, json!({"about": null})).ok();
    assert_eq!(
        (&unset["about"], &unset["website"]),
        (&Value::Null, &json!("https://acorn.example"))
    );
    let wrong = json!({"about": "", "website": "javascript:alert(1)", "telephone": "call", "name": "Other"});
    let mut named: Vec<_> = provider
        .admin
        .patch(&path, wrong)
        .wrong_fields()
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    named.sort_unstable();
    named.dedup();
    assert_eq!(named, ["about", "name", "telephone", "website"]);
    rival.admin.get(&path).refused(404, "not_found");
    rival.admin.patch(&path, change.clone()).refused(404, "not_found");
    region.operator.patch(&path, change).refused(403, "forbidden");
    for client in [&*region.operator, &*region.commissioner] {
        assert_eq!(client.get(&path).ok()["telephone"], "01632 960123");
        assert_eq!(client.get("/providers").ok()["items"].as_array().unwrap().len(), 2);
    }
    let own = rival.admin.get("/providers").ok();
    assert_eq!(
        (own["items"].as_array().unwrap().len(), &own["items"][0]["name"]),
        (1, &json!("Birch Care Ltd"))
    );
    let number = first["company_number"].as_str().unwrap();
    let found = region.operator.get(&format!("/providers?company_number={number}")).ok();
    assert_eq!(found["items"][0]["id"], provider.organisation.as_str());
}
