//! What the program counts and measures, by name; `GET /metrics` shows it as Prometheus text.
//!
//! | metric | kind | labels |
//! |---|---|---|
//! | `hearth_requests_total` | counter | `method`, `route` (the pattern, never the address called), `status` |
//! | `hearth_request_seconds` | histogram | `method`, `route` |
//! | `hearth_request_queries` | histogram | `route`; of a `GET` alone, for what a write takes could tell whether an address has an account |
//! | `hearth_queue_depth` | gauge | `queue`: `events`, `mails` |
//! | `hearth_queue_oldest_seconds` | gauge | `queue` |
//! | `hearth_mails_total` | counter | `outcome`: `sent`, `retried`, `given_up` |
//! | `hearth_mails_given_up` | gauge | |
//! | `hearth_pool_connections` | gauge | `pool`: `read`, `write`; `state`: `busy`, `idle` |

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Bounds of the latency histogram, in seconds: what a list costs, what a page may cost, what is too slow.
const LATENCY_BOUNDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Bounds of the histogram of queries: what reads makes a fixed number, so a route that moves up has begun to ask row by row.
const QUERY_BOUNDS: [f64; 8] = [0.0, 5.0, 10.0, 15.0, 20.0, 30.0, 50.0, 100.0];

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts counting in this process. A second call changes nothing.
pub fn start() {
    RECORDER.get_or_init(|| {
        let bounds = |builder: PrometheusBuilder, metric: &str, bounds: &[f64]| {
            builder.set_buckets_for_metric(Matcher::Full(metric.to_owned()), bounds)
        };
        let builder = bounds(PrometheusBuilder::new(), "hearth_request_seconds", &LATENCY_BOUNDS)
            .and_then(|builder| bounds(builder, "hearth_request_queries", &QUERY_BOUNDS));
        let handle = match builder.and_then(PrometheusBuilder::install_recorder) {
            Ok(handle) => handle,
            Err(error) => {
                tracing::error!(%error, "nothing is counted");
                return None;
            }
        };
        describe_counter!("hearth_requests_total", "Requests answered, by route and status.");
        describe_histogram!(
            "hearth_request_seconds",
            "Time from a request to its answer, in seconds."
        );
        describe_histogram!(
            "hearth_request_queries",
            "Statements sent to the database for a GET, with those that begin and end its transactions."
        );
        describe_gauge!("hearth_queue_depth", "Events and mails that wait.");
        describe_gauge!(
            "hearth_queue_oldest_seconds",
            "How long the oldest of them has been due, in seconds."
        );
        describe_counter!("hearth_mails_total", "Attempts to send a mail, by outcome.");
        describe_gauge!(
            "hearth_mails_given_up",
            "Mails that were given up on and wait for an operator."
        );
        describe_gauge!("hearth_pool_connections", "Database connections, by pool and state.");
        Some(handle)
    });
}

/// Everything counted so far, as Prometheus text; empty before [`start`].
pub fn text() -> String {
    RECORDER
        .get()
        .and_then(Option::as_ref)
        .map(PrometheusHandle::render)
        .unwrap_or_default()
}

/// A request was answered, after so long and with so many queries. `route` is the pattern (`/api/v1/bids/{id}`), so that no id
/// becomes a label.
pub fn request(method: &'static str, route: String, status: u16, took: Duration, queries: u32) {
    counter!("hearth_requests_total", "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    histogram!("hearth_request_seconds", "method" => method, "route" => route.clone()).record(took.as_secs_f64());
    if method == "GET" {
        histogram!("hearth_request_queries", "route" => route).record(f64::from(queries));
    }
}

/// A queue that the worker empties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// What happened and has not been told yet.
    Events,
    /// Mails not sent yet.
    Mails,
}

/// How much waits in a queue, and for how long the oldest of it has been due.
pub fn queue(queue: Queue, depth: u64, oldest: Duration) {
    let name = match queue {
        Queue::Events => "events",
        Queue::Mails => "mails",
    };
    #[expect(
        clippy::cast_precision_loss,
        reason = "a queue of 2^52 rows would have other worries"
    )]
    gauge!("hearth_queue_depth", "queue" => name).set(depth as f64);
    gauge!("hearth_queue_oldest_seconds", "queue" => name).set(oldest.as_secs_f64());
}

/// What came of an attempt to send a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailOutcome {
    /// The relay took it.
    Sent,
    /// It will be tried again.
    Retried,
    /// It is left for an operator.
    GivenUp,
}

/// A mail was tried.
pub fn mail(outcome: MailOutcome) {
    let outcome = match outcome {
        MailOutcome::Sent => "sent",
        MailOutcome::Retried => "retried",
        MailOutcome::GivenUp => "given_up",
    };
    counter!("hearth_mails_total", "outcome" => outcome).increment(1);
}

/// How many mails were given up on.
pub fn mails_given_up(count: u64) {
    #[expect(clippy::cast_precision_loss, reason = "2^52 mails would have other worries")]
    gauge!("hearth_mails_given_up").set(count as f64);
}

/// How a pool of database connections is used.
pub fn pool(name: &'static str, busy: u32, idle: u32) {
    gauge!("hearth_pool_connections", "pool" => name, "state" => "busy").set(f64::from(busy));
    gauge!("hearth_pool_connections", "pool" => name, "state" => "idle").set(f64::from(idle));
}
