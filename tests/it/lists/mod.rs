//! Lists in each of their orders, two things at a time: nothing twice, nothing missing, equals in the order of their ids; over
//! the API, on their pages, and as files.

mod awards;
mod homes;
mod members;
mod requests;

use std::collections::BTreeSet;
use std::fmt::Debug;

use serde_json::Value;

use crate::support::browser::Browser;
use crate::support::client::Client;
use crate::support::region::id;

/// Which way an order goes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Up,
    Down,
}

fn items(part: &Value) -> Vec<Value> {
    part["items"].as_array().expect("a list").clone()
}

fn text(item: &Value, field: &str) -> String {
    item[field]
        .as_str()
        .unwrap_or_else(|| panic!("no {field} in {item}"))
        .to_owned()
}

/// A path with one more filter.
fn and(path: &str, filter: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}{filter}")
}

/// The whole of a list, two things at a time.
#[track_caller]
fn walk(client: &Client, path: &str) -> Vec<Value> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let part = client.get(&and(path, &format!("limit=2{after}"))).ok();
        let here = items(&part);
        let full = here.len() == 2;
        found.extend(here);
        let Some(next) = part["next"].as_str() else {
            return found;
        };
        assert!(full, "{path}: a part that is not the last is not full");
        assert!(found.len() < 200, "{path} has no end");
        after = format!("&after={next}");
    }
}

/// Goes through a list in an order, and compares it with the whole of the list as it is sorted here, by this key.
#[track_caller]
fn comes<K: Ord + Debug>(client: &Client, path: &str, sort: &str, way: Way, key: impl Fn(&Value) -> K) {
    let mut expected: Vec<K> = items(&client.get(&and(path, "limit=200")).ok())
        .iter()
        .map(&key)
        .collect();
    assert!(expected.len() >= 5, "{path} has but {} things", expected.len());
    expected.sort();
    if way == Way::Down {
        expected.reverse();
    }
    let found: Vec<K> = walk(client, &and(path, &format!("sort={sort}")))
        .iter()
        .map(&key)
        .collect();
    assert_eq!(found, expected, "{path} by {sort}");
}

/// [`comes`] by a value that some things share; those come by their ids.
#[track_caller]
fn comes_by<K: Ord + Debug>(client: &Client, path: &str, sort: &str, way: Way, value: impl Fn(&Value) -> K) {
    let all = items(&client.get(&and(path, "limit=200")).ok());
    let values: BTreeSet<K> = all.iter().map(&value).collect();
    assert!(
        1 < values.len() && values.len() < all.len(),
        "{path} by {sort}: {values:?}"
    );
    comes(client, path, sort, way, |item| (value(item), id(item)));
}

/// That a list knows these orders and no other, and takes no cursor of one for another.
#[track_caller]
fn knows_only(client: &Client, path: &str, orders: &[&str]) {
    let unknown = client.get(&and(path, "sort=backwards"));
    assert_eq!(unknown.status, 422, "{path}");
    let error = unknown.json()["errors"][0].clone();
    assert_eq!(
        (error["field"].as_str(), error["code"].as_str()),
        (Some("sort"), Some("filter.invalid")),
        "{path}: {error}"
    );
    for order in orders {
        assert!(
            text(&error, "message").split([' ', ',']).any(|word| word == *order),
            "{path}: {error}"
        );
        let other = orders.iter().find(|one| *one != order).expect("two orders");
        let part = client.get(&and(path, &format!("limit=1&sort={other}"))).ok();
        let foreign = format!("sort={order}&after={}", text(&part, "next"));
        assert_eq!(
            client.get(&and(path, &foreign)).wrong_fields(),
            [("after".into(), "cursor.invalid".into())],
            "{path}: {foreign}"
        );
    }
}

/// The texts of these things, in one of their fields.
fn texts(all: &[Value], field: &str) -> Vec<String> {
    all.iter().map(|item| text(item, field)).collect()
}

/// A list as a page shows it: where, what of a row is looked at, and in which column of the file the same stands.
struct Table<'t> {
    path: &'t str,
    cell: &'t str,
    column: usize,
}

/// The link in the head of each row.
const HEAD: &str = "tbody th a";

/// A column of a file.
fn column(file: &str, column: usize) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let cells = reader.records().map(|row| row.expect("a row")[column].to_owned());
    cells.collect()
}

/// That a page offers these orders, in its last field, and no other; that two rows a page the list comes as it should in each of
/// them, and that the file does.
#[track_caller]
fn shows(browser: &Browser, table: &Table, orders: &[&str], expected: impl Fn(&str) -> Vec<String>) {
    let path = table.path;
    let page = browser.get(path).ok();
    let last = page.texts("form.filter label").pop();
    assert_eq!(last.as_deref(), Some("Sorted by"), "{path}");
    assert_eq!(page.texts("#n-sort option").len(), orders.len(), "{path}");
    assert_eq!(browser.get(&and(path, "sort=backwards")).status, 422, "{path}");
    for order in orders {
        let sorted = and(path, &format!("sort={order}"));
        let (mut shown, mut next) = (Vec::new(), Some(and(&sorted, "limit=2")));
        while let Some(here) = next {
            let page = browser.get(&here).ok();
            let cells = page.texts(table.cell);
            next = page.links().into_iter().find(|link| link.contains("after="));
            assert!(cells.len() == 2 || next.is_none(), "{here}: {cells:?}");
            // A link to the next page leaves it to the program how many rows there are.
            next = next.map(|link| format!("{link}&limit=2"));
            shown.extend(cells);
        }
        let expected = expected(order);
        assert!(expected.len() >= 5, "{sorted}: {expected:?}");
        assert_eq!(shown, expected, "{sorted}");
        let (list, query) = sorted.split_once('?').expect("a query");
        let file = browser.get(&format!("{list}.csv?{query}")).ok();
        assert_eq!(column(&file.html, table.column), expected, "{sorted} as a file");
    }
}
