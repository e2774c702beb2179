//! What the screening finds, marked where it stands in the text; and the fields in which somebody says why it may stand.

use super::super::rules::{Hit, Identified};
use crate::web::pages::{Form, Posted};
use askama::Template;

/// A text with what can identify the child marked in it.
#[derive(Debug, Template)]
#[template(path = "placement_requests/marked.html")]
pub struct Marked {
    /// The field that the text stands in.
    pub field: String,
    /// What people call the field.
    pub label: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, PartialEq, Eq)]
struct Piece {
    text: String,
    /// What it looks like, in words; none for what nobody minds.
    taken_for: Option<&'static str>,
}

impl Marked {
    /// The text of a field, with what was found in it.
    pub fn of(field: &str, label: &str, text: &str, found: &[Identified]) -> Self {
        let hits = found.iter().filter(|one| one.field == field).map(|one| &one.hit);
        Self {
            field: field.to_owned(),
            label: label.to_owned(),
            pieces: pieces(text, hits),
        }
    }

    /// Whether anything is marked in it.
    pub fn has_hits(&self) -> bool {
        self.pieces.iter().any(|piece| piece.taken_for.is_some())
    }
}

/// Cuts a text at its hits, which stand apart and in order.
fn pieces<'h>(text: &str, hits: impl Iterator<Item = &'h Hit>) -> Vec<Piece> {
    let mut letters = text.chars();
    let mut at = 0;
    let mut pieces = Vec::new();
    let mut cut = |letters: &mut std::str::Chars<'_>, length: usize, taken_for| {
        let text: String = letters.by_ref().take(length).collect();
        if !text.is_empty() {
            pieces.push(Piece { text, taken_for });
        }
    };
    for hit in hits {
        cut(&mut letters, hit.start - at, None);
        cut(&mut letters, hit.end - hit.start, Some(hit.kind.label()));
        at = hit.end;
    }
    cut(&mut letters, usize::MAX, None);
    pieces
}

/// The words of a hit.
fn words(text: &str, hit: &Hit) -> String {
    text.chars().skip(hit.start).take(hit.end - hit.start).collect()
}

/// The form with a field for each hit, in which somebody says why it may stand. `text_of` gives the text of a field.
#[must_use]
pub fn confirming<'t>(form: Form, found: &[Identified], text_of: impl Fn(&str) -> &'t str) -> Form {
    let confirm = |form: Form, (n, Identified { field, hit }): (usize, &Identified)| {
        let part = |name: &str| format!("confirmations[{n}].{name}");
        let words = words(text_of(field), hit);
        form.hidden(part("field"), field)
            .hidden(part("kind"), hit.kind)
            .hidden(part("start"), hit.start)
            .hidden(part("end"), hit.end)
            .line(part("reason"), format!("Why may “{words}” stand?"))
            .hint(format!(
                "It reads as {}. Take it out of the text, or say why it tells nobody who the child is.",
                hit.kind.label()
            ))
    };
    found.iter().enumerate().fold(form, confirm)
}

/// The form that also reads what [`confirming`] asked: what was given a reason. Whoever took a hit out of the text gives none.
#[must_use]
pub fn confirmations(form: Form, posted: &Posted) -> Form {
    let part = |n: usize, name: &str| format!("confirmations[{n}].{name}");
    let read = |form, n: usize| {
        ["field", "kind", "start", "end", "reason"]
            .iter()
            .fold(form, |form: Form, name| form.line(part(n, name), ""))
    };
    posted.begun("confirmations", &["reason"]).into_iter().fold(form, read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement_requests::rules::Identifier;
    use crate::web::pages::assert_shows;

    #[test]
    fn a_text_is_cut_at_its_hits() {
        let hit = |start, end, kind| Identified {
            field: "brief".to_owned(),
            hit: Hit { kind, start, end },
        };
        let found = [hit(0, 5, Identifier::Name), hit(18, 30, Identifier::Phone)];
        let marked = Marked::of("brief", "The brief", "Aïsha’s number is 07700 900123.", &found);
        let piece = |text: &str, taken_for| Piece {
            text: text.to_owned(),
            taken_for,
        };
        assert_eq!(
            marked.pieces,
            [
                piece("Aïsha", Some("a name that was given")),
                piece("’s number is ", None),
                piece("07700 900123", Some("a telephone number")),
                piece(".", None),
            ]
        );
        assert!(marked.has_hits());
        assert!(!Marked::of("criteria[0].title", "A title", "School", &found).has_hits());
        let seen = [
            "<mark>Aïsha</mark> <span class=\"tag yellow\">a name that was given</span>’s number is ",
            "<mark>07700 900123</mark>",
        ];
        assert_shows(&marked, &seen, &[]);
        let marked = Marked::of("brief", "The brief", "<i>&m</i>", &[hit(0, 3, Identifier::Name)]);
        assert_shows(&marked, &["<mark>&#60;i&#62;</mark>", "&#38;m&#60;/i&#62;"], &["<i>"]);
    }
}
