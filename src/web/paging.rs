//! Lists: keyset paging, stable while rows arrive, in whichever order.
//!
//! A list that has one order has the id of a part's last row as its cursor ([`Page::after`]). A list whose order can be chosen
//! has a [`cursor`] that names the order and the row's whole key in it ([`Page::after_in`]): what the order goes by, and then what no
//! other row has, so that rows which are equal in the one are neither lost nor shown twice between two parts.

use crate::codes;
use crate::error::{Error, Result};
use crate::values::Code;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::str::FromStr;
use utoipa::ToSchema;

codes! {
    /// The orders of a list of what happened.
    pub enum ByAge {
        Newest("newest", "Newest first"),
        Oldest("oldest", "Oldest first"),
    }
}

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
            .map(|cursor| cursor.parse().map_err(|_| not_a_cursor()))
            .transpose()
    }

    /// The key, in this order, of the row that the part before ended with. A cursor of another order is refused: it says nothing
    /// of where this one goes on.
    pub fn after_in<K: DeserializeOwned>(&self, order: impl Code) -> Result<Option<K>> {
        let Some(cursor) = &self.after else { return Ok(None) };
        let said = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| not_a_cursor())?;
        let (of, key): (String, K) = serde_json::from_slice(&said).map_err(|_| not_a_cursor())?;
        if of == order.code() {
            Ok(Some(key))
        } else {
            Err(not_a_cursor())
        }
    }
}

fn not_a_cursor() -> Error {
    Error::field(
        "after",
        "cursor.invalid",
        "must be the `next` of the list before, in the same order",
    )
}

/// The cursor of a row with this key in this order. What it is made of is nobody's business: it is given back as it was got.
pub fn cursor(order: impl Code, key: impl Serialize) -> String {
    let said =
        serde_json::to_vec(&(order.code(), key)).expect("keys are values and ids of this program, which serialize");
    URL_SAFE_NO_PAD.encode(said)
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

    /// The part of a list that is in memory whole, brought into the order of this key, which no two things share.
    pub fn cut<K>(mut all: Vec<T>, page: &Page, order: impl Code, key: impl Fn(&T) -> K) -> Result<Self>
    where
        K: Ord + Serialize + DeserializeOwned,
    {
        all.sort_by_cached_key(&key);
        if let Some(last) = page.after_in::<K>(order)? {
            // By its key and not by its place: the row itself may be gone by now.
            all.drain(..all.partition_point(|one| key(one) <= last));
        }
        Ok(Self::of(all, page, |one| cursor(order, key(one))))
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

    fn after(cursor: &str) -> Page {
        Page {
            limit: 2,
            after: Some(cursor.to_owned()),
        }
    }

    #[test]
    fn a_cursor_is_read_as_it_is_written() {
        type Key = (Option<String>, i64);
        for key in [
            (None, 7),
            (Some(String::new()), 8),
            (Some("O’Brien ~ \"&=".to_owned()), 9),
        ] {
            let cursor = cursor(ByAge::Oldest, &key);
            assert!(
                cursor
                    .bytes()
                    .all(|one| one.is_ascii_alphanumeric() || b"-_".contains(&one)),
                "{cursor}"
            );
            assert_eq!(after(&cursor).after_in::<Key>(ByAge::Oldest).unwrap(), Some(key));
        }
        assert_eq!(Page::default().after_in::<Key>(ByAge::Oldest).unwrap(), None);
    }

    #[test]
    fn what_is_no_cursor_of_this_order_is_refused() {
        let refused = |given: &str| match after(given).after_in::<(i32, i64)>(ByAge::Newest) {
            Err(Error::Invalid(wrong)) => wrong
                .iter()
                .any(|one| one.field == "after" && one.code == "cursor.invalid"),
            _ => false,
        };
        assert!(!refused(&cursor(ByAge::Newest, (1, 2))));
        for wrong in [
            String::from("%"),
            String::from("e30"),
            String::from("0198b0a4-5c2e-7c3a-9d2f-0123456789ab"),
            cursor(ByAge::Oldest, (1, 2)),
            cursor(ByAge::Newest, "one"),
            cursor(ByAge::Newest, (1, 2, 3)),
        ] {
            assert!(refused(&wrong), "{wrong}");
        }
    }

    #[test]
    fn a_list_in_memory_is_cut_at_the_key_though_its_row_is_gone() {
        let words = || vec![("fig", 4), ("plum", 3), ("fig", 2), ("apple", 9), ("fig", 7)];
        let key = |(word, number): &(&str, i32)| ((*word).to_owned(), *number);
        let first = Items::cut(words(), &Page { limit: 3, after: None }, ByAge::Oldest, key).unwrap();
        assert_eq!(first.items, [("apple", 9), ("fig", 2), ("fig", 4)]);
        let mut fewer = words();
        fewer.retain(|one| *one != ("fig", 4));
        let second = Items::cut(fewer, &after(&first.next.unwrap()), ByAge::Oldest, key).unwrap();
        assert_eq!((second.items, second.next), (vec![("fig", 7), ("plum", 3)], None));
    }
}
