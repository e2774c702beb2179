//! What nobody can read before the opening: over the API, and in the database.

use chrono::Duration;
use diesel::prelude::*;
use hearth::db::schema::sealing_keys;
use hearth::ids::PlacementRequestId;
use serde_json::{Value, json};

use super::{Competition, bid_path, terms};
use crate::support::client::Client;
use crate::support::program::Program;
use crate::support::region::{bid_body, id, with};

#[test]
fn before_the_opening_nobody_else_reads_a_bid_and_only_the_number_is_known() {
    let c = Competition::published();
    let birch = c.region.admitted(&c.program, "Birch");
    let sent = c.submitted("4800.00");
    let second = c.region.home(&c.program, &c.acorn, "Second House", json!({}));
    let body = bid_body(&c.program, &c.request, &second, "5000.00");
    c.acorn.admin.post(&c.path("bids"), body).ok();
    let others: [&Client; 5] = [
        &c.region.commissioner,
        &c.region.neighbour,
        &c.region.operator,
        &birch.admin,
        &c.region.auditor(&c.program),
    ];
    for other in others {
        for below in ["", "/receipt", "/sealed-content", "/scores"] {
            let answer = other.get(&bid_path(&sent, below));
            assert!([403, 404].contains(&answer.status), "{} {}", other.email(), answer.call);
        }
        for act in ["/submit", "/withdraw", "/mark-compliant"] {
            let answer = other.act(&bid_path(&sent, act));
            assert!([403, 404].contains(&answer.status), "{} {}", other.email(), answer.call);
        }
    }
    c.program
        .visitor()
        .get(&bid_path(&sent, ""))
        .refused(401, "auth.required");
    let colleague = c.acorn.bidder(&c.program, "bidder@acorn.example");
    assert_eq!(colleague.get(&bid_path(&sent, "")).ok()["id"], sent["id"]);

    let seen = c.region.commissioner.get(&c.path("bids")).ok();
    assert_eq!(
        seen,
        json!({"sealed": true, "count": 1, "items": []}),
        "a draft does not count"
    );
    c.region.neighbour.get(&c.path("bids")).refused(404, "not_found");
    c.acorn.admin.act(&bid_path(&sent, "/withdraw")).ok();
    assert_eq!(
        c.region.commissioner.get(&c.path("bids")).ok()["count"],
        0,
        "nor one that was withdrawn"
    );
}

#[test]
fn from_its_first_draft_a_bid_is_only_ciphertext_at_rest() {
    let c = Competition::published();
    let told = json!({"matching_statement": "SEALED-WORDS of a statement", "price":
        {"core": "4831.17", "additional_support": "211.31", "education": "0.00", "other": "0.00"}});
    let body = with(c.body("1.00"), told);
    let key = [("idempotency-key", "k1")];
    let draft = c
        .acorn
        .admin
        .call("POST", &c.path("bids"), Some(body.to_string().as_bytes()), &key)
        .ok();
    c.acorn.admin.put(&bid_path(&draft, ""), terms(body)).ok();
    c.acorn
        .admin
        .call("POST", &bid_path(&draft, "/submit"), None, &[("idempotency-key", "k2")])
        .ok();
    c.program.settle();
    for secret in ["SEALED-WORDS", "4831.17", "211.31", "5042.48"] {
        assert_eq!(places_of(&c.program, secret), 0, "{secret} is readable in the database");
    }
    c.opened();
    assert!(
        places_of(&c.program, "SEALED-WORDS") > 0,
        "the search finds what is opened"
    );
}

/// In how many places the database holds a text readably.
fn places_of(program: &Program, text: &str) -> usize {
    if let Some(path) = program.database_url().strip_prefix("sqlite://") {
        let found = |file: String| {
            let bytes = std::fs::read(file).unwrap_or_default();
            bytes
                .windows(text.len())
                .filter(|window| *window == text.as_bytes())
                .count()
        };
        return ["", "-wal"].map(|end| found(format!("{path}{end}"))).iter().sum();
    }
    // Each table's rows as text; bytes show as hex.
    let readable = format!(
        "pg_tables, LATERAL (SELECT query_to_xml(format('SELECT 1 FROM %I t WHERE t::text LIKE ''%%%s%%'' OR t::text LIKE ''%%%s%%''', \
         tablename, '{text}', '{}'), false, false, '')::text AS rows) found WHERE schemaname = 'public' AND rows LIKE '%<row%'",
        hex::encode(text)
    );
    usize::try_from(program.count(&readable)).unwrap()
}

#[test]
fn a_seal_that_does_not_hold_opens_nothing() {
    let c = Competition::published();
    let sent = c.submitted("4800.00");
    let second = c.region.published(&c.program, json!({}));
    c.acorn.submits(&c.program, &second, &c.home, "4800.00");
    c.program.wait(Duration::minutes(180));
    // The two requests' wrapped keys change places: each is whole, and neither is in its own place.
    let swap = || {
        let swapped = c.program.db().write_now(|tx| {
            let keys: Vec<(PlacementRequestId, Vec<u8>)> = sealing_keys::table
                .select((sealing_keys::placement_request_id, sealing_keys::wrapped_key))
                .load(tx.conn)?;
            for ((request, _), (_, key)) in keys.iter().zip(keys.iter().rev()) {
                diesel::update(sealing_keys::table.find(request))
                    .set(sealing_keys::wrapped_key.eq(key))
                    .execute(tx.conn)?;
            }
            Ok(keys.len())
        });
        assert_eq!(swapped.unwrap(), 2);
    };
    swap();
    let problem = c.region.commissioner.act(&c.path("open")).refused(500, "internal");
    assert!(
        !problem.to_string().contains("seal"),
        "a cause is never shown: {problem}"
    );
    c.acorn.admin.get(&bid_path(&sent, "")).refused(500, "internal");
    assert_eq!(
        c.region.commissioner.get(&c.path("bids")).ok()["sealed"],
        true,
        "nothing was opened"
    );
    swap();
    assert_eq!(
        c.region.commissioner.act(&c.path("open")).ok()["items"][0]["weekly_total"],
        "4800.00"
    );
}

#[test]
fn the_log_tells_nobody_who_bids() {
    let c = Competition::published();
    let bid = id(&c.submitted("4800.00"));
    let auditor = c.region.auditor(&c.program);
    for reader in [&c.region.operator.0, &auditor.0] {
        let log = reader.get("/audit-events?limit=200").ok();
        let acts = log["items"].as_array().unwrap();
        assert!(
            !acts.is_empty() && !log.to_string().contains(&bid),
            "{}",
            reader.email()
        );
        let of_acorn = |act: &&Value| act["organisation_id"] == c.acorn.organisation.as_str();
        assert!(
            acts.iter()
                .filter(of_acorn)
                .all(|act| !act.to_string().contains(&id(&c.request)))
        );
    }
}
