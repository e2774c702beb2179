//! What a page shows, for the tests that render it from samples.

use askama::Template;

/// Holds a page of sample values to what must be read in it, and to what must not. White space counts as browsers read it.
#[track_caller]
pub(crate) fn assert_shows(page: &impl Template, seen: &[&str], unseen: &[&str]) {
    let html = page.render().expect("a page of sample values renders");
    let html = html.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in seen {
        assert!(html.contains(part), "`{part}` is missing in {html}");
    }
    for part in unseen {
        assert!(!html.contains(part), "`{part}` must not stand in {html}");
    }
}
