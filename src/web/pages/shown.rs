//! What a page shows, for the tests that render it from samples.

use askama::Template;
use regex::Regex;
use std::sync::LazyLock;

/// What a cell says again of its column, for screens on which columns do not fit.
static LABEL: LazyLock<Regex> = LazyLock::new(|| Regex::new(" data-label=\"[^\"]*\"").expect("it is one"));

/// Holds a page of sample values to what must be read in it, and to what must not. White space counts as browsers read it; a cell
/// is held to what it says, without its column's label.
#[track_caller]
pub(crate) fn assert_shows(page: &impl Template, seen: &[&str], unseen: &[&str]) {
    let html = page.render().expect("a page of sample values renders");
    let html = html.split_whitespace().collect::<Vec<_>>().join(" ");
    let html = LABEL.replace_all(&html, "");
    for part in seen {
        assert!(html.contains(part), "`{part}` is missing in {html}");
    }
    for part in unseen {
        assert!(!html.contains(part), "`{part}` must not stand in {html}");
    }
}
