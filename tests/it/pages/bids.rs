//! Bids by page: begun, written, checked, submitted, changed, withdrawn; the receipt.

use chrono::Duration;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::support::browser::{Browser, Shown};
use crate::support::region::{Provider, Region};
use crate::support::{Program, id};

/// An open request, a home that fits, and the browser of its provider.
struct Competition {
    program: Program,
    region: Region,
    acorn: Provider,
    request: serde_json::Value,
    browser: Browser,
}

impl Competition {
    fn open() -> Self {
        let program = Program::start();
        let region = program.region();
        let acorn = region.admitted(&program, "Acorn");
        region.home(&program, &acorn, "Near House", json!({}));
        let request = region.published(&program, json!({}));
        let browser = program.browser_of(&acorn.admin);
        Self {
            program,
            region,
            acorn,
            request,
            browser,
        }
    }

    fn path(&self, part: &str) -> String {
        format!("/placement-requests/{}/{part}", id(&self.request))
    }

    /// Begins a bid with the only home: the page on which it is written.
    fn begin(&self) -> Shown {
        let path = self.path("bid");
        let page = self.browser.get(&path).ok();
        let home = page
            .html
            .split("name=\"home_id\" type=\"radio\" value=\"")
            .nth(1)
            .unwrap();
        let home = home.split('"').next().unwrap().to_owned();
        self.browser.send(&page, &path, &[("home_id", &home)]).ok()
    }

    fn write(&self, page: &Shown, core: &str) -> Shown {
        let fields = [
            ("price.core", core),
            ("answers[0].text", "Two therapists work in the home."),
            ("answers[1].text", "School is five minutes away."),
            (
                "matching_statement",
                "The children here have been asked and would welcome her.",
            ),
        ];
        self.browser.send(page, &page.path, &fields)
    }
}

#[test]
fn a_bid_is_begun_written_checked_and_submitted() {
    let all = Competition::open();
    all.browser.get("/bids").ok().says("There are no such bids.");
    let path = all.path("bid");
    let page = all.browser.get(&path).ok();
    page.says("Fits.").says("Near House");
    let refused = all.browser.send(&page, &path, &[]);
    assert_eq!(refused.status, 422);
    let page = all.begin();
    page.says("Your bid is begun").says("This is a draft");
    let edit = page.path.clone();
    assert!(page.has("form[data-autosave]") && page.has("output[data-total]"));
    assert!(
        page.form(&edit).contains(&("price.core".into(), "4800.00".into())),
        "begins with the listed price"
    );

    let refused = all
        .browser
        .send(&page, &edit, &[("price.core", "lots"), ("answers[0].text", "Kept.")]);
    assert_eq!(refused.status, 422);
    refused.says("“Core” must be an amount");
    assert!(
        refused
            .form(&edit)
            .contains(&("answers[0].text".into(), "Kept.".into()))
    );
    let half = all.browser.send(&page, &edit, &[("answers[0].text", "Half.")]).ok();
    half.says("It can't be submitted yet")
        .says("must answer “Education”")
        .says("must say how the home");
    assert!(half.forms().iter().all(|form| !form.ends_with("/submit")));
    let above = all.write(&all.browser.get(&edit).ok(), "11,900").ok();
    above.says("is over the lot's ceiling of £12,000.00");

    let check = all.write(&all.browser.get(&edit).ok(), "£4,750").ok();
    check.says("£5,100.00 a week").says("School is five minutes away.");
    let submit = check.path.clone();
    let receipt = all.browser.send(&check, &submit, &[]).ok();
    receipt.says("Your bid is submitted").says("It is the same");
    let fingerprint = receipt.texts("dd > code").remove(0);
    let content = all.browser.get(&submit.replace("/submit", "/content.json")).ok();
    assert_eq!(hex::encode(Sha256::digest(content.html.as_bytes())), fingerprint);
    let file = all.browser.get(&submit.replace("/submit", "/receipt.json")).ok();
    assert!(file.html.contains(&fingerprint) && file.content_type.starts_with("application/json"));
    let list = all.browser.get("/bids").ok();
    list.says("Submitted")
        .says("Near House")
        .says("£5,100.00")
        .says("Bids are opened after the deadline");
    let file = all.browser.get("/bids.csv").ok();
    assert!(
        file.html.contains(&fingerprint) && file.html.contains(",5100.00,"),
        "{}",
        file.html
    );
    let reference = all.request["reference"].as_str().unwrap();
    for (wanted, found) in [(reference, 1), (&reference[8..], 1), ("PR-1999", 0)] {
        let list = all.browser.get(&format!("/bids?reference={wanted}")).ok();
        assert_eq!(list.texts("tbody th").len(), found, "{wanted}");
    }
    all.browser
        .get(&all.path("bid"))
        .ok()
        .says("No home is left to bid with");
    all.browser
        .get(&submit)
        .ok()
        .says("This bid is submitted as it stands.");
}

#[test]
fn a_submitted_bid_is_changed_submitted_again_and_withdrawn() {
    let all = Competition::open();
    let page = all.begin();
    let check = all.write(&page, "4750").ok();
    let submit = check.path.clone();
    all.browser.send(&check, &submit, &[]).ok();
    let bid = submit.trim_end_matches("/submit").to_owned();
    let edit = format!("{bid}/edit");
    let later = [("price.core", "4700"), ("then", "later")];
    let saved = all.browser.send(&all.browser.get(&edit).ok(), &edit, &later).ok();
    saved
        .says("Nothing is sent until you submit it.")
        .says("Changes not submitted");
    all.browser
        .get("/")
        .ok()
        .says("what was sent counts until you submit the change");
    let check = all.browser.get(&submit).ok();
    all.browser.send(&check, &submit, &[]).ok().says("Version 2");
    let withdraw = format!("{bid}/withdraw");
    let page = all.browser.get(&withdraw).ok();
    let withdrawn = all.browser.send(&page, &withdraw, &[]).ok();
    withdrawn
        .says("The bid is withdrawn.")
        .says("Withdrawn")
        .says("Bid again with this home");
    assert_eq!(all.browser.get(&edit).status, 409);
    assert_eq!(all.browser.get(&withdraw).status, 409);
    all.begin().says("Your bid is begun");
}

#[test]
fn a_draft_saves_itself_and_sends_its_token_on() {
    let all = Competition::open();
    let page = all.begin();
    let edit = page.path.clone();
    let mut fields = page.form(&edit);
    let keep = |fields: &[(String, String)], answer: &str| {
        let mut fields = fields.to_vec();
        fields.retain(|(name, _)| name != "answers[0].text");
        fields.push(("answers[0].text".into(), answer.into()));
        all.browser.autosave(&edit, &fields)
    };
    let mut last = String::new();
    for answer in ["One", "Two", "One"] {
        let kept = keep(&fields, answer);
        assert_eq!(
            (kept.status, kept.content_type.as_str()),
            (200, "application/json"),
            "{}",
            kept.html
        );
        let kept: serde_json::Value = serde_json::from_str(&kept.html).unwrap();
        for (name, value) in [
            ("_token", kept["token"].to_string()),
            ("_version", kept["version"].to_string()),
        ] {
            fields.retain(|(known, _)| known != name);
            fields.push((name.into(), value.trim_matches('"').into()));
        }
        answer.clone_into(&mut last);
        let page = all.browser.get(&edit).ok();
        assert!(
            page.form(&edit).contains(&("answers[0].text".into(), last.clone())),
            "{answer}"
        );
    }
    fields.retain(|(name, _)| name != "_version");
    fields.push(("_version".into(), "1".into()));
    assert_eq!(keep(&fields, "Stale").status, 412);
}

#[test]
fn a_bid_is_its_providers_own_and_closes_with_the_request() {
    let all = Competition::open();
    let page = all.begin();
    let bid = page.path.trim_end_matches("/edit").to_owned();
    let birch = all.region.admitted(&all.program, "Birch");
    all.region.home(&all.program, &birch, "Birch House", json!({}));
    let stranger = all.program.browser_of(&birch.admin);
    for part in [
        "",
        "/edit",
        "/submit",
        "/withdraw",
        "/receipt",
        "/receipt.json",
        "/content.json",
    ] {
        assert_eq!(stranger.get(&format!("{bid}{part}")).status, 404, "{part}");
    }
    let commissioner = all.program.browser_of(&all.region.commissioner);
    assert_eq!(commissioner.get(&bid).status, 404, "sealed");
    assert_eq!(commissioner.get("/bids").status, 403);
    assert_eq!(
        all.browser.get(&format!("{bid}/receipt")).status,
        404,
        "a draft has none"
    );

    let check = all.write(&page, "4750").ok();
    all.browser.send(&check, &check.path, &[]).ok();
    let written = all.browser.get(&format!("{bid}/edit")).ok();
    all.program.wait(Duration::hours(4));
    let late = all
        .browser
        .send(&written, &written.path, &[("matching_statement", "Later words.")]);
    assert_eq!(late.status, 409, "{}", late.text());
    assert_eq!(all.browser.get(&all.path("bid")).status, 409);
    all.region.commissioner.act(&all.path("open")).ok();
    let opened = all.program.browser_of(&all.region.commissioner).get(&bid).ok();
    opened.says("School is five minutes away.");
    all.browser.get(&bid).ok().says("Opened");
    let list = all.program.browser_of(&all.acorn.admin).get("/bids").ok();
    list.says("The authority is scoring").says("£5,100.00");
    all.program
        .browser_of(&all.acorn.admin)
        .get("/bids?status=opened")
        .ok()
        .says("Near House");
}
