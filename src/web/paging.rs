//! Lists: keyset paging, stable while rows arrive.

use crate::error::{Error, Result};
use serde::Serialize;
use std::str::FromStr;
use utoipa::ToSchema;

/// Which part of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// How many, 1 to 200.
    pub limit: i64,
    /// The cursor that the part before ended with.
    pub after: Option<String>,
}

impl Default for Page {
    fn default() -> Self {
        Self { limit: 50, after: None }
    }
}

impl Page {
    /// The whole of a list that is taken away as a file, or is never long: the first ten thousand.
    pub fn whole() -> Self {
        Self {
            limit: 10_000,
            after: None,
        }
    }

    /// How many rows to fetch: one more than wanted, which tells whether more follow.
    pub fn fetch(&self) -> i64 {
        self.limit + 1
    }

    /// The cursor as the key it was made of.
    pub fn after<K: FromStr>(&self) -> Result<Option<K>> {
        self.after
            .as_deref()
            .map(|cursor| {
                cursor
                    .parse()
                    .map_err(|_| Error::field("after", "cursor.invalid", "must be the `next` of the list before"))
            })
            .transpose()
    }
}

/// A part of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Items<T> {
    /// The things, in the list's order.
    pub items: Vec<T>,
    /// The cursor for the next part; null at the end.
    pub next: Option<String>,
}

impl<T> Items<T> {
    /// The part made of rows that were fetched with [`Page::fetch`]; `key` gives the cursor of a row.
    pub fn of<K: ToString>(mut rows: Vec<T>, page: &Page, key: impl Fn(&T) -> K) -> Self {
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more {
            rows.last().map(|row| key(row).to_string())
        } else {
            None
        };
        Self { items: rows, next }
    }

    /// A list that is always whole.
    pub fn all(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// The same part with each thing as something else.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Items<U> {
        Items {
            items: self.items.into_iter().map(change).collect(),
            next: self.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_more_than_wanted_makes_a_cursor() {
        let page = Page { limit: 2, after: None };
        let part = Items::of(vec![1, 2, 3], &page, |n| *n);
        assert_eq!((part.items, part.next), (vec![1, 2], Some("2".to_owned())));
        let part = Items::of(vec![1, 2], &page, |n| *n);
        assert_eq!((part.items, part.next), (vec![1, 2], None));
    }
}
