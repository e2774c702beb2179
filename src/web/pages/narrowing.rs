//! What narrows a list, and the ways on from a part of it.

use super::form::Choice;
use super::tag::capital;
use crate::values::Code;
use askama::Template;

/// The filters of a list as a form that only reads, filled with what narrows it now, and its order; and the ways on: the next part,
/// the first, and the whole as CSV, each narrowed and sorted the same.
///
/// ```text
/// desk.narrowing().select("status", "State", Choice::all::<HomeStatus>()).sorted_by(HomeOrder::Registered).next(items.next)
/// ```
/// In a template `{{ narrowing }}` is the form above the list, `{{ narrowing.ways() }}` what stands below it.
#[derive(Debug, Template)]
#[template(path = "web/narrowing.html")]
pub struct Narrowing {
    path: String,
    given: Vec<(String, String)>,
    fields: Vec<Field>,
    next: Option<String>,
}

#[derive(Debug)]
struct Field {
    name: &'static str,
    label: &'static str,
    kind: Kind,
    /// What the list is where nothing is chosen.
    otherwise: &'static str,
}

#[derive(Debug)]
enum Kind {
    Chosen(Vec<Choice>),
    Typed,
    Day,
}

const PAGING: [&str; 2] = ["after", "limit"];
const SORT: &str = "sort";

impl Narrowing {
    /// Of the list at this path and query.
    pub fn of(here: &str) -> Self {
        let (path, query) = here.split_once('?').unwrap_or((here, ""));
        let given = url::form_urlencoded::parse(query.as_bytes()).into_owned();
        Self {
            path: path.to_owned(),
            given: given.filter(|(_, value)| !value.is_empty()).collect(),
            fields: Vec::new(),
            next: None,
        }
    }

    fn with(mut self, name: &'static str, label: &'static str, kind: Kind) -> Self {
        self.fields.push(Field {
            name,
            label,
            kind,
            otherwise: "All",
        });
        self
    }

    /// One of many, or all.
    #[must_use]
    pub fn select(self, name: &'static str, label: &'static str, choices: Vec<Choice>) -> Self {
        let mut choices = choices;
        for choice in &mut choices {
            choice.label = capital(&choice.label);
        }
        self.with(name, label, Kind::Chosen(choices))
    }

    /// What the last field is called where nothing is chosen.
    #[must_use]
    pub fn otherwise(mut self, label: &'static str) -> Self {
        if let Some(field) = self.fields.last_mut() {
            field.otherwise = label;
        }
        self
    }

    /// A text.
    #[must_use]
    pub fn search(self, name: &'static str, label: &'static str) -> Self {
        self.with(name, label, Kind::Typed)
    }

    /// A day.
    #[must_use]
    pub fn day(self, name: &'static str, label: &'static str) -> Self {
        self.with(name, label, Kind::Day)
    }

    /// The order, as the last field: this one, unless another is chosen.
    #[must_use]
    pub fn sorted_by<T: Code>(self, usual: T) -> Self {
        let others = T::ALL.iter().copied().filter(|one| *one != usual);
        self.select(SORT, "Sorted by", Choice::of(others))
            .otherwise(usual.label())
    }

    /// Where the part ends that is shown: the cursor of the next.
    #[must_use]
    pub fn next(mut self, next: Option<String>) -> Self {
        self.next = next;
        self
    }

    /// The next part, the first, and the whole as CSV.
    pub fn ways(&self) -> Ways {
        let narrowed = |path: &str, after| self.at(path, after, |name| !PAGING.contains(&name));
        Ways {
            next: self.next.as_deref().map(|next| narrowed(&self.path, Some(next))),
            first: self.is_later().then(|| narrowed(&self.path, None)),
            csv: narrowed(&format!("{}.csv", self.path), None),
        }
    }

    /// Where the whole list is, in the same order.
    fn whole(&self) -> String {
        self.at(&self.path, None, |name| name == SORT)
    }

    fn is_later(&self) -> bool {
        self.given.iter().any(|(name, _)| name == "after")
    }

    fn is_narrowed(&self) -> bool {
        let mut names = self.given.iter().map(|(name, _)| name.as_str());
        names.any(|name| name != SORT && !PAGING.contains(&name))
    }

    /// What narrows the list now and is none of the fields: it came by a link, and stays.
    fn unseen(&self) -> impl Iterator<Item = &(String, String)> {
        self.given.iter().filter(|(name, _)| {
            !PAGING.contains(&name.as_str()) && self.fields.iter().all(|field| field.name != name.as_str())
        })
    }

    fn value(&self, field: &Field) -> &str {
        let found = self.given.iter().find(|(name, _)| name == field.name);
        found.map_or("", |(_, value)| value.as_str())
    }

    fn at(&self, path: &str, after: Option<&str>, keeps: impl Fn(&str) -> bool) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.given.iter().filter(|(name, _)| keeps(name)));
        if let Some(after) = after {
            query.append_pair("after", after);
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{path}{mark}{query}")
    }
}

impl askama::filters::HtmlSafe for Narrowing {}

/// The ways on from a part of a list.
#[derive(Debug, Template)]
#[template(path = "web/ways.html")]
pub struct Ways {
    next: Option<String>,
    first: Option<String>,
    csv: String,
}

impl askama::filters::HtmlSafe for Ways {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::assert_shows;
    use crate::web::paging::ByAge;

    fn narrowing(here: &str) -> Narrowing {
        let states = vec![Choice::new("open", "Open"), Choice::new("closed", "Closed")];
        Narrowing::of(here)
            .select("status", "State", states)
            .search("name", "Name")
    }

    #[test]
    fn the_form_is_filled_with_what_narrows_the_list() {
        let shown = narrowing("/things?status=closed&name=a+%22b&lot=1&after=9").to_string();
        for part in [
            "action=\"/things\"",
            "<option value=\"closed\" selected>",
            "value=\"a &#34;b\"",
            "<input type=\"hidden\" name=\"lot\" value=\"1\">",
            "href=\"/things\"",
        ] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
        assert!(!shown.contains("after"), "{shown}");
        assert!(!narrowing("/things").to_string().contains("href"));
    }

    #[test]
    fn a_day_is_asked_for_and_nothing_chosen_has_its_own_word() {
        let narrowing = Narrowing::of("/things?from=2026-03-04")
            .day("from", "First day")
            .select(
                "kind",
                "About",
                vec![Choice::new("a", "<Things>"), Choice::new("b", "other things")],
            )
            .otherwise("Everything");
        let seen = [
            "<label for=\"n-from\">First day</label><input id=\"n-from\" name=\"from\" type=\"date\" value=\"2026-03-04\">",
            "<option value=\"\">Everything</option><option value=\"a\">&#60;Things&#62;</option>\
             <option value=\"b\">Other things</option>",
            "Clear the filter",
        ];
        assert_shows(&narrowing, &seen, &[" selected", "type=\"hidden\""]);
    }

    #[test]
    fn the_ways_on_are_shown_where_there_are_any() {
        let ways = |next: Option<&str>, first: Option<&str>| Ways {
            next: next.map(str::to_owned),
            first: first.map(str::to_owned),
            csv: "/things.csv?name=a%26b&lot=1".to_owned(),
        };
        let csv = "<a href=\"/things.csv?name=a%26b&#38;lot=1\">Download as CSV</a>";
        assert_shows(&ways(None, None), &[csv], &["Next page", "First page"]);
        let both = ways(Some("/things?after=9"), Some("/things"));
        let seen = [
            csv,
            "<a href=\"/things?after=9\" rel=\"next\">Next page</a>",
            "<a href=\"/things\">First page</a>",
        ];
        assert_shows(&both, &seen, &[]);
    }

    #[test]
    fn the_ways_on_keep_what_narrows() {
        let ways = narrowing("/things?status=open&after=9")
            .next(Some("17".to_owned()))
            .ways();
        assert_eq!(ways.next.as_deref(), Some("/things?status=open&after=17"));
        assert_eq!(ways.first.as_deref(), Some("/things?status=open"));
        assert_eq!(ways.csv, "/things.csv?status=open");
        let whole = narrowing("/things").ways();
        assert_eq!(
            (whole.next, whole.first, whole.csv),
            (None, None, "/things.csv".to_owned())
        );
    }

    #[test]
    fn the_order_narrows_nothing_and_stays() {
        let sorted = |here: &str| narrowing(here).sorted_by(ByAge::Newest);
        let usual = sorted("/things").to_string();
        assert!(
            usual.contains("<option value=\"\">Newest first</option><option value=\"oldest\">Oldest first</option>")
        );
        let other = sorted("/things?sort=oldest&after=9").to_string();
        assert!(other.contains("<option value=\"oldest\" selected>"), "{other}");
        assert!(!other.contains("Clear the filter"), "{other}");
        let both = sorted("/things?status=open&sort=oldest").next(Some("17".to_owned()));
        assert!(both.to_string().contains("href=\"/things?sort=oldest\""), "{both}");
        let ways = both.ways();
        assert_eq!(ways.next.as_deref(), Some("/things?status=open&sort=oldest&after=17"));
        assert_eq!(ways.csv, "/things.csv?status=open&sort=oldest");
    }
}
