//! Time. The only place that reads the machine's clock; everything else is given an [`Instant`].

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, SubsecRound, TimeZone as _, Utc};
use chrono_tz::Europe::London;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex};

/// A moment in UTC, to the microsecond: what both databases can keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(DateTime<Utc>);

impl Instant {
    /// The moment, cut to microseconds.
    pub fn new(at: DateTime<Utc>) -> Self {
        Self(at.trunc_subsecs(6))
    }

    /// The moment as chrono knows it.
    pub fn inner(self) -> DateTime<Utc> {
        self.0
    }

    /// This much later (or, with a negative duration, earlier).
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0 + duration)
    }

    /// This much earlier.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0 - duration)
    }

    /// The time from `earlier` to this moment; negative when `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        self.0 - earlier.0
    }

    /// The calendar day of this moment in the United Kingdom.
    pub fn date_in_uk(self) -> NaiveDate {
        self.0.with_timezone(&London).date_naive()
    }

    /// The moment as people in the United Kingdom say it, with the zone's name: `4 March 2026, 17:00 GMT`.
    pub fn in_uk(self) -> String {
        self.0.with_timezone(&London).format("%-d %B %Y, %H:%M %Z").to_string()
    }

    /// The moment for a machine, in the time of the United Kingdom with its offset: `2026-07-01T10:30:00+01:00`.
    pub fn with_zone_in_uk(self) -> String {
        self.0.with_timezone(&London).format("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// This moment's day and time of day in the United Kingdom, as `2026-03-04T17:00`.
    pub fn local_in_uk(self) -> String {
        self.0.with_timezone(&London).format("%Y-%m-%dT%H:%M").to_string()
    }

    /// The moment of a day and time in the United Kingdom; none in the hour that is skipped in spring. Of the hour that comes twice
    /// in autumn it is the first.
    pub fn of_uk(day: NaiveDate, time: NaiveTime) -> Option<Self> {
        let at = London.from_local_datetime(&day.and_time(time)).earliest()?;
        Some(Self::new(at.with_timezone(&Utc)))
    }

    /// Milliseconds since 1970, as an identifier's time part wants them.
    pub fn unix_micros(self) -> i64 {
        self.0.timestamp_micros()
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }
}

impl FromStr for Instant {
    type Err = chrono::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        DateTime::parse_from_rfc3339(text).map(|at| Self::new(at.with_timezone(&Utc)))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(|_| serde::de::Error::custom("must be a time with its zone, such as 2026-03-04T17:00:00Z"))
    }
}

impl utoipa::PartialSchema for Instant {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("A time in UTC, RFC 3339, to the microsecond at most."))
            .examples([serde_json::Value::from("2026-03-04T17:00:00Z")])
            .into()
    }
}

impl utoipa::ToSchema for Instant {
    fn name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }
}

/// Whoever knows what time it is.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The time now.
    fn now(&self) -> Instant;

    /// Whether the database's own clock should be asked in its place: several servers then share one time.
    fn defers_to_database(&self) -> bool {
        false
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    // The one home of the machine's clock.
    #[allow(clippy::disallowed_methods)]
    fn now(&self) -> Instant {
        Instant::new(Utc::now())
    }

    fn defers_to_database(&self) -> bool {
        true
    }
}

/// A clock that stands still until it is moved: for tests, and for the demo's history.
#[derive(Debug, Clone)]
pub struct FixedClock(Arc<Mutex<Instant>>);

impl FixedClock {
    /// A clock that shows this moment.
    pub fn at(now: Instant) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// Moves the clock on.
    pub fn advance(&self, by: Duration) {
        let mut now = self.lock();
        *now = now.plus(by);
    }

    /// Sets the clock.
    pub fn set(&self, to: Instant) {
        *self.lock() = to;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Instant> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        *self.lock()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_cut_to_what_both_databases_keep() {
        let at: Instant = "2026-03-29T00:59:59.123456789Z".parse().unwrap();
        assert_eq!(at.to_string(), "2026-03-29T00:59:59.123456Z");
        assert_eq!(at.date_in_uk().to_string(), "2026-03-29");
    }

    #[test]
    fn summer_time_moves_the_uk_day() {
        let at: Instant = "2026-06-30T23:30:00Z".parse().unwrap();
        assert_eq!(at.date_in_uk().to_string(), "2026-07-01");
        assert_eq!(at.in_uk(), "1 July 2026, 00:30 BST");
    }
}
