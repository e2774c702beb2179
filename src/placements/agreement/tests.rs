//! The words of an agreement.

use super::*;

fn facts() -> Facts {
    Facts {
        reference: "PR-7K2M".to_owned(),
        number: 1,
        authority: "Reading".to_owned(),
        provider: "Birch".to_owned(),
        home: "Birch House".to_owned(),
        ofsted_urn: Urn::parse("SC123004").unwrap(),
        places: 1,
        bid_sha256: Some("ab".repeat(32)),
        route: ProcurementRoute::Pa2023OpenFramework,
        framework: "SE-RES-1, South East residential care".to_owned(),
        contract: Some(Contract {
            number: 2,
            title: "Terms".to_owned(),
            effective_on: "2026-01-01".parse().unwrap(),
            sha256: "cd".repeat(32),
        }),
        starts_on: "2026-03-08".parse().unwrap(),
        effective_on: "2026-03-08".parse().unwrap(),
        price: PriceLines {
            core: "4800.17".parse().unwrap(),
            additional_support: "350.00".parse().unwrap(),
            ..PriceLines::default()
        },
        funding: FundingSplit {
            social_care: 60,
            education: 30,
            health: 10,
        },
        reason: None,
        agreed_on: "2026-03-05".parse().unwrap(),
    }
}

#[test]
fn it_stands_on_bid_contract_and_request_and_one_registration() {
    let (text, sha256) = agreement(&facts()).unwrap();
    for part in [
        "PR-7K2M, terms number 1",
        "Ofsted under SC123004",
        &"ab".repeat(32),
        &"cd".repeat(32),
        "contract version 2, \"Terms\"",
        "Agreed for 8 March 2026",
        "Core: £4,800.17",
        "Total: £5,150.17",
        "social care 60 %, education 30 %, health 10 %",
        "Agreed on 5 March 2026",
    ] {
        assert!(text.contains(part), "{part} in:\n{text}");
    }
    assert!(!text.contains("siblings") && !text.contains("Varied"), "{text}");
    assert_eq!(sha256, hex::encode(Sha256::digest(text.as_bytes())));
}

#[test]
fn a_variation_says_why_and_from_when() {
    let varied = Facts {
        number: 2,
        effective_on: "2026-05-01".parse().unwrap(),
        reason: Some("A teacher more.".to_owned()),
        ..facts()
    };
    let (text, _) = agreement(&varied).unwrap();
    assert!(
        text.contains("terms number 2")
            && text.contains("from 1 May 2026")
            && text.contains("Varied because: A teacher more."),
        "{text}"
    );
}

#[test]
fn a_spot_purchase_stands_on_its_own() {
    let spot = Facts {
        bid_sha256: None,
        contract: None,
        route: ProcurementRoute::Spot,
        places: 3,
        ..facts()
    };
    let (text, _) = agreement(&spot).unwrap();
    assert!(
        text.contains("awarded directly: Spot purchase, off framework"),
        "{text}"
    );
    assert!(
        text.contains("stands on its own") && text.contains("2 of the child's siblings"),
        "{text}"
    );
}
