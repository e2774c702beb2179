//! The canonical content of a bid: the exact bytes that are sealed, hashed for the receipt, opened and scored.
//!
//! It is JSON in UTF-8, without white space, its fields in the order of [`Content`] and its answers in the order of the
//! request's criteria; amounts are decimal strings with two places. The same content always gives the same bytes, and
//! [`Content::from_bytes`] refuses bytes that are not exactly those.
//!
//! The receipt's SHA-256 is public between provider and authority before the opening, so it must not let anybody try out
//! prices: a random 128-bit salt, itself part of the content, makes every guess worthless.

use super::rules::{Answer, Bid, Remark, Terms};
use super::seal;
use crate::error::{Error, Result};
use crate::ids::{BidId, CriterionId, HomeId, OrganisationId, PlacementRequestId};
use crate::values::{Money, PriceLines};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use zeroize::Zeroizing;

/// What a bid says, whole. The order of the fields is part of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// The form: `hearth-bid-1`.
    #[schema(example = "hearth-bid-1")]
    pub form: String,
    /// The reference of the placement request.
    pub request_reference: String,
    /// The placement request.
    pub request_id: PlacementRequestId,
    /// The bid.
    pub bid_id: BidId,
    /// Which version of the bid.
    pub version: i32,
    /// Who bids.
    pub provider_id: OrganisationId,
    /// The home.
    pub home_id: HomeId,
    /// From when the child could live there.
    pub starts_on: NaiveDate,
    /// The weekly price in its four lines.
    pub price: PriceLines,
    /// The four lines together.
    pub weekly_total: Money,
    /// The answers, in the order of the criteria.
    pub answers: Vec<Answer>,
    /// How the home meets this child's needs.
    pub matching_statement: String,
    /// What the authority should notice; noted when the bid is submitted.
    pub remarks: Vec<Remark>,
    /// 128 random bits in hex.
    pub salt: String,
}

/// The form that this program writes.
const FORM: &str = "hearth-bid-1";

impl Content {
    /// The content of a bid's last version, with a fresh salt. `terms.answers` are in the order of the criteria.
    pub fn new(bid: &Bid, request_reference: &str, terms: Terms) -> Result<Self> {
        Ok(Self {
            form: FORM.to_owned(),
            request_reference: request_reference.to_owned(),
            request_id: bid.request_id,
            bid_id: bid.id,
            version: bid.sealed_version,
            provider_id: bid.provider_id,
            home_id: bid.home_id,
            starts_on: terms.starts_on,
            weekly_total: terms.price.total(),
            price: terms.price,
            answers: terms.answers,
            matching_statement: terms.matching_statement,
            remarks: Vec::new(),
            salt: hex::encode(seal::random::<16>()?.as_slice()),
        })
    }

    /// What is answered to a criterion; nothing where it is not answered.
    pub fn answer(&self, criterion: CriterionId) -> &str {
        let mut answers = self.answers.iter();
        let found = answers.find(|answer| answer.criterion_id == criterion);
        found.map_or("", |answer| answer.text.as_str())
    }

    /// The canonical bytes.
    pub fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>> {
        serde_json::to_vec(self).map(Zeroizing::new).map_err(Error::internal)
    }

    /// The content of these bytes, which must be the canonical ones.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let content: Self = serde_json::from_slice(bytes).map_err(Error::internal)?;
        if content.form != FORM || content.to_bytes()?.as_slice() != bytes {
            return Err(Error::internal("a bid's content is not in its canonical form"));
        }
        Ok(content)
    }
}

/// SHA-256 in lower-case hex, as the receipt has it.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn bid() -> Bid {
        let id = |n: u128| Uuid::from_u128(n);
        let now = "2026-03-02T10:00:00Z".parse().unwrap();
        Bid::begun(
            id(1).into(),
            id(2).into(),
            id(3).into(),
            id(4).into(),
            id(5).into(),
            now,
        )
    }

    fn terms(core: &str, text: &str) -> Terms {
        let criterion_id: CriterionId = Uuid::from_u128(6).into();
        Terms {
            starts_on: "2026-03-09".parse().unwrap(),
            price: PriceLines {
                core: core.parse().unwrap(),
                ..PriceLines::default()
            },
            answers: vec![Answer {
                criterion_id,
                text: text.to_owned(),
            }],
            matching_statement: format!("{text}!"),
        }
    }

    #[test]
    fn the_canonical_bytes_are_these() {
        let mut content = Content::new(&bid(), "SE-26-0001", terms("4800.17", "Yes.")).unwrap();
        content.salt = "00".repeat(16);
        content.remarks = vec![Remark {
            code: "distance".into(),
            text: "It is far.".into(),
        }];
        let bytes = content.to_bytes().unwrap();
        assert_eq!(
            std::str::from_utf8(&bytes).unwrap(),
            concat!(
                r#"{"form":"hearth-bid-1","request_reference":"SE-26-0001","#,
                r#""request_id":"00000000-0000-0000-0000-000000000002","bid_id":"00000000-0000-0000-0000-000000000001","#,
                r#""version":1,"provider_id":"00000000-0000-0000-0000-000000000004","#,
                r#""home_id":"00000000-0000-0000-0000-000000000003","starts_on":"2026-03-09","#,
                r#""price":{"core":"4800.17","additional_support":"0.00","education":"0.00","other":"0.00"},"#,
                r#""weekly_total":"4800.17","answers":[{"criterion_id":"00000000-0000-0000-0000-000000000006","text":"Yes."}],"#,
                r#""matching_statement":"Yes.!","remarks":[{"code":"distance","text":"It is far."}],"#,
                r#""salt":"00000000000000000000000000000000"}"#
            )
        );
        assert_eq!(
            sha256(&bytes),
            "61182d6a63ac0cc243f3574b507708e10fb5d2311a9c14ba3bb19e67189debc8",
            "as sha256sum has it"
        );
    }

    #[test]
    fn the_same_terms_hash_differently_each_time() {
        let hash = || {
            sha256(
                &Content::new(&bid(), "SE-26-0001", terms("4800.17", "Yes."))
                    .unwrap()
                    .to_bytes()
                    .unwrap(),
            )
        };
        assert_ne!(hash(), hash());
    }

    #[test]
    fn bytes_that_are_not_canonical_are_refused() {
        let content = Content::new(&bid(), "SE-26-0001", terms("4800.17", "Yes.")).unwrap();
        let bytes = content.to_bytes().unwrap();
        let text = std::str::from_utf8(&bytes).unwrap();
        for other in [
            text.replace(',', ", "),
            text.replace("bid-1", "bid-2"),
            text.replace("Yes.!", "Yes\\u002e!"),
            String::new(),
        ] {
            assert!(Content::from_bytes(other.as_bytes()).is_err(), "{other}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(text in "\\PC*", pence in 0..100_000_000_i64) {
            let core = format!("{}.{:02}", pence / 100, pence % 100);
            let content = Content::new(&bid(), "SE-26-0001", terms(&core, &text)).unwrap();
            prop_assert_eq!(Content::from_bytes(&content.to_bytes().unwrap()).unwrap(), content);
        }
    }
}
