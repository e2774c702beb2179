use chrono::{Days, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::London;

use crate::clock::Instant;
use crate::values::codes;

codes! {
    /// How a person wants market news by email. What concerns their own bid, application or award is always mailed at once.
    pub enum AlertPreference {
        Immediate("immediate", "At once"),
        Daily("daily", "Once a day, at 7 in the morning"),
        Off("off", "Not by email"),
    }
}

codes! {
    /// Where a mail stands.
    pub enum MailState {
        // Waits for its turn, the first or another.
        Queued("queued", "Queued"),
        // A worker has it.
        Sending("sending", "Being sent"),
        Sent("sent", "Sent"),
        // An operator may send it again.
        GivenUp("given_up", "Given up"),
        // Waits for its person's daily digest.
        Held("held", "Waiting for the daily digest"),
        // A digest told of it.
        Digested("digested", "Told in a daily digest"),
    }
}

/// How much a notice matters to whom it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Importance {
    /// A decision about one's own bid, application, award or account, or work that waits for one: mailed at once, always.
    Own,
    /// News of the market: mailed as the person prefers.
    News,
}

/// What becomes of a notice's mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It is queued.
    Now,
    /// It waits for the daily digest.
    InDigest,
    /// There is none: the notice stands in the product alone.
    None,
}

/// How a person is mailed a notice.
pub fn delivery(importance: Importance, preference: AlertPreference) -> Delivery {
    match (importance, preference) {
        (Importance::Own, _) | (Importance::News, AlertPreference::Immediate) => Delivery::Now,
        (Importance::News, AlertPreference::Daily) => Delivery::InDigest,
        (Importance::News, AlertPreference::Off) => Delivery::None,
    }
}

/// The shortest and the longest wait between two attempts at a mail.
const MAIL_WAITS: (Duration, Duration) = (Duration::seconds(30), Duration::hours(1));

/// After so many attempts a mail is given up: a little over a day.
const MOST_MAIL_ATTEMPTS: i32 = 32;

/// How long a mail waits after its n-th attempt failed in a way that may pass; nothing when it is given up.
pub fn mail_retry(attempts: i32) -> Option<Duration> {
    (attempts < MOST_MAIL_ATTEMPTS).then(|| doubled(MAIL_WAITS, attempts))
}

/// The shortest and the longest wait between two attempts at telling of an event.
const EVENT_WAITS: (Duration, Duration) = (Duration::seconds(1), Duration::minutes(10));

/// After so many attempts an event that cannot be told is set aside, for somebody to look at.
const MOST_EVENT_ATTEMPTS: i32 = 20;

/// How long an event waits after its n-th attempt failed; nothing when it is set aside.
pub fn event_retry(attempts: i32) -> Option<Duration> {
    (attempts < MOST_EVENT_ATTEMPTS).then(|| doubled(EVENT_WAITS, attempts))
}

/// The first wait, twice as long after each attempt, up to the longest. No jitter: the same failure waits the same time.
fn doubled((first, longest): (Duration, Duration), attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(16);
    (first * 2_i32.pow(doublings)).min(longest)
}

/// When the daily digest goes out, by the clocks of the United Kingdom.
const DIGEST_AT: NaiveTime = NaiveTime::from_hms_opt(7, 0, 0).expect("seven in the morning is a time");

/// The day whose digest is the newest one due.
pub fn digest_day(now: Instant) -> NaiveDate {
    let local = now.inner().with_timezone(&London);
    if local.time() < DIGEST_AT {
        local.date_naive() - Days::new(1)
    } else {
        local.date_naive()
    }
}

/// The moment at which the digest of a day goes out: what was held before it, it tells.
pub fn digest_moment(day: NaiveDate) -> Instant {
    let local = London.from_local_datetime(&day.and_time(DIGEST_AT)).single();
    Instant::new(
        local
            .expect("the clocks change at one in the morning, never at seven")
            .with_timezone(&Utc),
    )
}
