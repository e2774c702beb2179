//! Where a part of a list begins, in SQL: the conditions and the order that go with a key read by
//! [`crate::web::Page::after_in`].
//!
//! Each macro takes a query that is boxed, the key that the part before ended with (none at the beginning), and the columns that the
//! key is of; it answers the query in that order, from behind the key on. Rows of the same value come by the last column, in which
//! no two are the same, and in the same direction: so one index on both columns serves the order either way.

/// The smallest first.
///
/// ```text
/// ascending!(query, page.after_in::<HomeId>(order)?, homes::id)
/// ascending!(query, page.after_in::<(NaiveDate, DueItemId)>(order)?, due_items::due_on, due_items::id)
/// ascending!(query, page.after_in::<(String, HomeId)>(order)?, any case homes::name, homes::id)
/// ascending!(query, page.after_in::<(Option<NaiveDate>, Id)>(order)?, nulls last table::day, table::id)
/// ```
macro_rules! ascending {
    ($query:expr, $after:expr, any case $value:expr, $unique:expr) => {
        $crate::db::keyset::ascending!(
            $query,
            $after.map(|(value, unique)| ($crate::db::search::lower(value), unique)),
            $crate::db::search::lower($value),
            $unique
        )
    };
    ($query:expr, $after:expr, nulls last $value:expr, $unique:expr) => {{
        let query = $query;
        let query = match $after {
            Some((Some(value), unique)) => query.filter(
                $value
                    .is_null()
                    .or($value.gt(value.clone()))
                    .or($value.eq(value).and($unique.gt(unique))),
            ),
            Some((None, unique)) => query.filter($value.is_null()).filter($unique.gt(unique)),
            None => query,
        };
        query.order(($value.is_null(), $value, $unique))
    }};
    ($query:expr, $after:expr, $value:expr, $unique:expr) => {{
        let mut query = $query;
        if let Some((value, unique)) = $after {
            // By the first condition alone an index is entered at the value.
            query = query.filter($value.ge(value.clone()).and($value.gt(value).or($unique.gt(unique))));
        }
        query.order(($value, $unique))
    }};
    ($query:expr, $after:expr, $unique:expr) => {{
        let mut query = $query;
        if let Some(unique) = $after {
            query = query.filter($unique.gt(unique));
        }
        query.order($unique)
    }};
}
pub(crate) use ascending;

/// The greatest first; as [`ascending!`].
macro_rules! descending {
    ($query:expr, $after:expr, $value:expr, $unique:expr) => {{
        let mut query = $query;
        if let Some((value, unique)) = $after {
            query = query.filter($value.le(value.clone()).and($value.lt(value).or($unique.lt(unique))));
        }
        query.order(($value.desc(), $unique.desc()))
    }};
    ($query:expr, $after:expr, $unique:expr) => {{
        let mut query = $query;
        if let Some(unique) = $after {
            query = query.filter($unique.lt(unique));
        }
        query.order($unique.desc())
    }};
}
pub(crate) use descending;
