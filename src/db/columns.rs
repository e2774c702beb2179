//! Column types that mean the same on both engines, and the macros that make a type of ours fit into one of them.
//!
//! | Rust | PostgreSQL | SQLite |
//! |---|---|---|
//! | identifiers | `uuid` | 16-byte BLOB |
//! | [`Instant`] | `timestamptz` | ISO text of fixed width, UTC |
//! | codes, parsed texts | `text` | text |
//! | structs | `text` holding JSON | text |
//! | money | `bigint`, pence | integer, pence |

use super::connection::MultiBackend;
use crate::clock::Instant;
use crate::values::{
    AdditionalSupport, CharityNumber, CodeSet, CompanyNumber, DeclineReason, District, Email, Money, NeedCategory,
    NeededBy, OfstedGrade, OutOfAreaReason, PersonName, PlacementEndReason, PlacementType, Postcode, ProcurementRoute,
    ProvisionType, Risk, Sex, Urn,
};
use chrono::{DateTime, Utc};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::pg::Pg;
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, HasSqlType, Integer, SqlOrd, SqlType, Text, Timestamptz};
use diesel::sqlite::Sqlite;

/// An identifier: `uuid` on PostgreSQL, a 16-byte BLOB on SQLite.
#[derive(Debug, SqlType, QueryId, Clone, Copy)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct NativeId;

/// A moment: `timestamptz` on PostgreSQL, ISO text of fixed width on SQLite, so that text order is time order.
#[derive(Debug, SqlType, QueryId, Clone, Copy)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Text"))]
pub struct NativeTs;

impl HasSqlType<NativeId> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<NativeId>(lookup)
    }
}
impl HasSqlType<NativeTs> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<NativeTs>(lookup)
    }
}
impl SqlOrd for NativeId {}
impl SqlOrd for NativeTs {}

/// What `diesel`'s derives would write for a column type, written so that the type itself needs no word of the database.
macro_rules! fits_column {
    ($type:ty as $sql:ty) => {
        const _: () = {
            use diesel::backend::Backend;
            use diesel::deserialize::{self, FromSql, Queryable};
            use diesel::expression::AsExpression;
            use diesel::internal::derives::as_expression::Bound;
            use diesel::serialize::{self, Output, ToSql};
            use diesel::sql_types::{Nullable, SingleValue};

            impl AsExpression<$sql> for $type {
                type Expression = Bound<$sql, $type>;
                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }
            impl<'a> AsExpression<$sql> for &'a $type {
                type Expression = Bound<$sql, &'a $type>;
                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }
            impl AsExpression<Nullable<$sql>> for $type {
                type Expression = Bound<Nullable<$sql>, $type>;
                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }
            impl<'a> AsExpression<Nullable<$sql>> for &'a $type {
                type Expression = Bound<Nullable<$sql>, &'a $type>;
                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }
            impl<B: Backend> ToSql<Nullable<$sql>, B> for $type
            where
                $type: ToSql<$sql, B>,
            {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, B>) -> serialize::Result {
                    ToSql::<$sql, B>::to_sql(self, out)
                }
            }
            impl<B: Backend, S: SingleValue> Queryable<S, B> for $type
            where
                $type: FromSql<S, B>,
            {
                type Row = Self;
                fn build(row: Self::Row) -> deserialize::Result<Self> {
                    Ok(row)
                }
            }
        };
    };
}
pub(crate) use fits_column;

/// Registers an identifier of `ids.rs`.
macro_rules! id_column {
    ($type:ty) => {
        $crate::db::columns::fits_column!($type as $crate::db::columns::NativeId);
        const _: () = {
            use diesel::backend::Backend;
            use diesel::deserialize::{self, FromSql};
            use diesel::pg::{Pg, PgValue};
            use diesel::serialize::{self, IsNull, Output, ToSql};
            use diesel::sql_types::{Binary, Uuid as SqlUuid};
            use diesel::sqlite::{Sqlite, SqliteValue};
            use $crate::db::columns::NativeId;
            use $crate::db::connection::MultiBackend;

            impl ToSql<NativeId, Pg> for $type {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                    std::io::Write::write_all(out, self.0.as_bytes())?;
                    Ok(IsNull::No)
                }
            }
            impl ToSql<NativeId, Sqlite> for $type {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                    out.set_value(self.0.as_bytes().as_slice());
                    Ok(IsNull::No)
                }
            }
            impl ToSql<NativeId, MultiBackend> for $type {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                    out.set_value((NativeId, self));
                    Ok(IsNull::No)
                }
            }
            impl FromSql<NativeId, Pg> for $type {
                fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                    <uuid::Uuid as FromSql<SqlUuid, Pg>>::from_sql(value).map(Self)
                }
            }
            impl FromSql<NativeId, Sqlite> for $type {
                fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
                    let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
                    Ok(Self(uuid::Uuid::from_slice(&bytes)?))
                }
            }
            impl FromSql<NativeId, MultiBackend> for $type {
                fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                    value.from_sql::<$type, NativeId>()
                }
            }
        };
    };
}
pub(crate) use id_column;

/// Registers types that are stored as a text: `Display` writes it, `FromStr` reads it back.
macro_rules! text_column {
    ($($type:ty),+ $(,)?) => {$(
        $crate::db::columns::fits_column!($type as diesel::sql_types::Text);
        $crate::db::columns::stored_as_text!($type, |value: &$type| value.to_string(), |text: &str| {
            text.parse::<$type>().map_err(|cause| format!("{text:?} is no {}: {cause}", stringify!($type)).into())
        });
    )+};
}
pub(crate) use text_column;

/// Registers structs that are stored as JSON in a text column.
macro_rules! json_column {
    ($($type:ty),+ $(,)?) => {$(
        $crate::db::columns::fits_column!($type as diesel::sql_types::Text);
        $crate::db::columns::stored_as_text!(
            $type,
            |value: &$type| serde_json::to_string(value).expect("structs of this program have text keys and serialize"),
            |text: &str| Ok(serde_json::from_str::<$type>(text)?)
        );
    )+};
}
pub(crate) use json_column;

macro_rules! stored_as_text {
    ($type:ty, $write:expr, $read:expr) => {
        const _: () = {
            use diesel::backend::Backend;
            use diesel::deserialize::{self, FromSql};
            use diesel::pg::Pg;
            use diesel::serialize::{self, IsNull, Output, ToSql};
            use diesel::sql_types::Text;
            use diesel::sqlite::Sqlite;
            use $crate::db::connection::MultiBackend;

            fn write(value: &$type) -> String {
                let write: fn(&$type) -> String = $write;
                write(value)
            }
            fn read(text: &str) -> deserialize::Result<$type> {
                let read: fn(&str) -> deserialize::Result<$type> = $read;
                read(text)
            }
            impl ToSql<Text, Pg> for $type {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                    std::io::Write::write_all(out, write(self).as_bytes())?;
                    Ok(IsNull::No)
                }
            }
            impl ToSql<Text, Sqlite> for $type {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                    out.set_value(write(self));
                    Ok(IsNull::No)
                }
            }
            impl ToSql<Text, MultiBackend> for $type {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                    out.set_value((Text, self));
                    Ok(IsNull::No)
                }
            }
            impl<B: Backend> FromSql<Text, B> for $type
            where
                String: FromSql<Text, B>,
            {
                fn from_sql(value: B::RawValue<'_>) -> deserialize::Result<Self> {
                    read(&<String as FromSql<Text, B>>::from_sql(value)?)
                }
            }
        };
    };
}
pub(crate) use stored_as_text;

/// Registers types that are stored as a whole number, by the two functions given.
macro_rules! number_column {
    ($type:ty as $sql:ident = $number:ty, $write:expr, $read:expr) => {
        $crate::db::columns::fits_column!($type as $sql);
        const _: () = {
            use diesel::backend::Backend;
            use diesel::deserialize::{self, FromSql};
            use diesel::pg::Pg;
            use diesel::serialize::{self, IsNull, Output, ToSql};
            use diesel::sqlite::Sqlite;
            use $crate::db::connection::MultiBackend;

            fn write(value: &$type) -> $number {
                let write: fn(&$type) -> $number = $write;
                write(value)
            }
            fn read(number: $number) -> deserialize::Result<$type> {
                let read: fn($number) -> deserialize::Result<$type> = $read;
                read(number)
            }
            impl ToSql<$sql, Pg> for $type {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                    std::io::Write::write_all(out, &write(self).to_be_bytes())?;
                    Ok(IsNull::No)
                }
            }
            impl ToSql<$sql, Sqlite> for $type {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                    out.set_value(write(self));
                    Ok(IsNull::No)
                }
            }
            impl ToSql<$sql, MultiBackend> for $type {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                    out.set_value((<$sql>::default(), self));
                    Ok(IsNull::No)
                }
            }
            impl<B: Backend> FromSql<$sql, B> for $type
            where
                $number: FromSql<$sql, B>,
            {
                fn from_sql(value: B::RawValue<'_>) -> deserialize::Result<Self> {
                    read(<$number as FromSql<$sql, B>>::from_sql(value)?)
                }
            }
        };
    };
}

fits_column!(Instant as NativeTs);

impl ToSql<NativeTs, Pg> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Timestamptz, Pg>::to_sql(&self.inner(), &mut out.reborrow())
    }
}
impl ToSql<NativeTs, Sqlite> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.inner().format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string());
        Ok(IsNull::No)
    }
}
impl ToSql<NativeTs, MultiBackend> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((NativeTs, self));
        Ok(IsNull::No)
    }
}
impl FromSql<NativeTs, Pg> for Instant {
    fn from_sql(value: diesel::pg::PgValue<'_>) -> deserialize::Result<Self> {
        <DateTime<Utc> as FromSql<Timestamptz, Pg>>::from_sql(value).map(Self::new)
    }
}
impl FromSql<NativeTs, Sqlite> for Instant {
    fn from_sql(value: diesel::sqlite::SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(<String as FromSql<Text, Sqlite>>::from_sql(value)?.parse()?)
    }
}
impl FromSql<NativeTs, MultiBackend> for Instant {
    fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, NativeTs>()
    }
}

text_column!(
    CharityNumber,
    CompanyNumber,
    DeclineReason,
    District,
    Email,
    NeededBy,
    OfstedGrade,
    OutOfAreaReason,
    PersonName,
    PlacementEndReason,
    PlacementType,
    Postcode,
    ProcurementRoute,
    ProvisionType,
    Sex,
    Urn,
);

number_column!(Money as BigInt = i64, |money| money.pence(), |pence| {
    Money::from_pence(pence).ok_or_else(|| format!("{pence} pence is no amount").into())
});

macro_rules! code_sets {
    ($($code:ty),*) => {$(
        number_column!(CodeSet<$code> as Integer = i32, |set| set.mask(), |mask| {
            CodeSet::from_mask(mask).ok_or_else(|| format!("{mask} has bits beyond the code list").into())
        });
    )*};
}
code_sets!(AdditionalSupport, NeedCategory, ProvisionType, Risk, Sex);
