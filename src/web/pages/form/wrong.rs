//! What is wrong with a form, in words: above it, and beside each field.

use super::Form;
use super::field::Field;
use crate::error::FieldError;

impl Form {
    /// What is wrong, each with the id of the field that it leads to, in the order of the fields.
    pub(super) fn summary(&self) -> Vec<(String, String)> {
        // What no field asks for comes first.
        let place = |error: &FieldError| self.place_of(&error.field);
        let mut found: Vec<_> = self.errors.iter().map(|error| (place(error), error)).collect();
        found.sort_by_key(|(place, _)| *place);
        let refusal = self.refusal.iter().filter(|_| self.errors.is_empty());
        let refusal = refusal.map(|refusal| (String::new(), refusal.clone()));
        let lines = found.into_iter().map(|(place, error)| match place {
            Some(place) => {
                let field = &self.fields[place];
                (field.first_id(), of_label(&field.label, &error.message))
            }
            None if error.field.is_empty() => (String::new(), error.message.clone()),
            None => match self.sums.iter().find(|(name, ..)| *name == error.field) {
                Some((_, label, at)) => (self.id_of(at), of_label(label, &error.message)),
                None => (String::new(), of_label(&spoken(&error.field), &error.message)),
            },
        });
        refusal.chain(lines).collect()
    }

    fn id_of(&self, name: &str) -> String {
        let field = self.fields.iter().find(|field| field.name == name);
        field.map(Field::first_id).unwrap_or_default()
    }

    /// The place of the field that an error of this name is about: the one that has the name or that it lies in (an entry of a list);
    /// else the first of those that the named part is made of (`price.core` of `price`).
    pub(super) fn place_of(&self, name: &str) -> Option<usize> {
        let owners = self.fields.iter().enumerate().filter(|(_, field)| field.owns(name));
        let inside = || self.fields.iter().position(|field| field.lies_in(name));
        let owner = owners.max_by_key(|(_, field)| field.name.len());
        owner.map(|(place, _)| place).or_else(inside)
    }

    pub(super) fn error_of(&self, field: &Field) -> Option<String> {
        let is_its = |name: &str| {
            self.place_of(name)
                .is_some_and(|place| self.fields[place].name == field.name)
        };
        let found: Vec<&str> = self
            .errors
            .iter()
            .filter(|error| is_its(&error.field))
            .map(|error| error.message.as_str())
            .collect();
        (!found.is_empty()).then(|| of_label(&field.label, &found.join("; ")))
    }
}

/// What is wrong with what has this label, in words: the label is quoted, for it may be a question or a sentence of its own. A message that
/// is a sentence says all by itself.
fn of_label(label: &str, message: &str) -> String {
    if message.starts_with(char::is_uppercase) {
        message.to_owned()
    } else {
        format!("“{label}” {message}")
    }
}

/// The name of what no field of the form asks, in words: `insurance.expires_on` as “Insurance, expires on”.
fn spoken(name: &str) -> String {
    let words = |part: &str| part.split('[').next().unwrap_or_default().replace('_', " ");
    let spoken = name.split('.').map(words).collect::<Vec<_>>().join(", ");
    let mut letters = spoken.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
