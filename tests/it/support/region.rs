//! A small region, made over the API as anybody would: a cooperative, two authorities, a framework, providers with homes.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::client::{Approver, Auditor, Bidder, Commissioner, Operator, ProviderAdmin};
use super::program::Program;

/// Reading.
pub const READING: &str = "E06000038";
/// Surrey: neighbours nobody of Reading's, Guildford lies in it.
pub const SURREY: &str = "E10000030";

/// A cooperative with its operator, two authorities, and an open framework with one lot for children's homes.
pub struct Region {
    pub operator: Operator,
    /// Of Reading.
    pub commissioner: Commissioner,
    /// Of Surrey.
    pub neighbour: Commissioner,
    pub framework: String,
    pub lot: String,
    pub standard: String,
    pub contract: String,
    next_urn: std::cell::Cell<u32>,
}

/// A provider with the person who runs its account.
pub struct Provider {
    pub admin: ProviderAdmin,
    pub organisation: String,
}

/// The given object with some fields changed.
pub fn with(mut body: Value, changes: Value) -> Value {
    if let (Some(fields), Value::Object(changes)) = (body.as_object_mut(), changes) {
        fields.extend(changes);
    }
    body
}

/// The id of what was answered.
#[track_caller]
pub fn id(answer: &Value) -> String {
    answer["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id in {answer}"))
        .to_string()
}

/// A home in Reading that takes older children; see [`Region::home`].
pub fn home_body(name: &str, urn: u32) -> Value {
    json!({
        "name": name, "ofsted_urn": format!("SC{urn}"), "provision_type": "ChildrensHome", "placement_type": "Residential",
        "address": {"line1": "1 Example Lane", "town": "Exampleton", "postcode": "RG2 0AA"}, "registered_places": 3,
        "age_min": 10, "age_max": 17, "sexes": ["M", "F"], "needs": ["EmotionalBehavioural"],
        "risks_not_accepted": ["Fire"], "additional_support": ["TherapeuticSupport"], "solo_placements": false,
        "education_on_site": false, "step_free": true, "pets": false, "deprivation_of_liberty": false,
        "statement": "A small home for older children.",
    })
}

impl Provider {
    /// Bids for a request with a home at this core price a week, and submits; answers the bid whole.
    pub fn submits(&self, program: &Program, request: &Value, home: &str, core: &str) -> Value {
        let path = format!("/placement-requests/{}/bids", id(request));
        let bid = self.admin.post(&path, bid_body(program, request, home, core)).ok();
        self.admin.act(&format!("/bids/{}/submit", id(&bid))).ok()
    }

    /// Somebody else who bids for the provider.
    pub fn bidder(&self, program: &Program, email: &str) -> Bidder {
        Bidder(program.person_of(&self.admin, &self.organisation, email, "bidder"))
    }
}

/// The body of a bid on a request (as it was answered when drafted), at this core price a week.
pub fn bid_body(program: &Program, request: &Value, home: &str, core: &str) -> Value {
    let criteria = request["criteria"].as_array().cloned().unwrap_or_default();
    let answers: Vec<Value> = criteria
        .iter()
        .map(|criterion| json!({"criterion_id": criterion["id"], "text": format!("On {}", criterion["title"])}))
        .collect();
    json!({
        "home_id": home, "starts_on": program.day(4),
        "price": {"core": core, "additional_support": "0.00", "education": "0.00", "other": "0.00"},
        "answers": answers,
        "matching_statement": "The three young people living here have been asked and would welcome her.",
    })
}

impl Program {
    /// A region with an open framework, and nobody on it yet.
    pub fn region(&self) -> Region {
        self.region_with(json!({}))
    }

    /// [`Program::region`], with some of the framework's fields changed before it opens.
    pub fn region_with(&self, framework_changes: Value) -> Region {
        let operator = self.operator("South East", "operator@coop.example");
        let commissioner =
            Commissioner(self.person_of_authority(&operator, READING, "commissioner@reading.example", "commissioner"));
        let neighbour =
            Commissioner(self.person_of_authority(&operator, SURREY, "commissioner@surrey.example", "commissioner"));
        let framework = id(&operator
            .post("/frameworks", with(self.framework_body(), framework_changes))
            .ok());
        let below = |part: &str| format!("/frameworks/{framework}/{part}");
        let lot = id(&operator
            .post(
                &below("lots"),
                json!({"code": "R1", "title": "Children's homes", "placement_type": "Residential",
                    "provision_types": ["ChildrensHome"], "weekly_ceiling": "12000.00"}),
            )
            .ok());
        let standard = id(&operator
            .post(
                &below("standards"),
                json!({"code": "QS7", "title": "The protection of children", "requirement": "Say how children are kept safe.",
                    "applies_to": "provider", "evidence": "statement", "mandatory": true}),
            )
            .ok());
        let contract = id(&operator
            .post(
                &below("contract-versions"),
                json!({"title": "Regional contract", "text": "# Terms\n\nThe same for everybody.", "effective_on": self.day(-1)}),
            )
            .ok());
        operator.act(&below("open")).ok();
        Region {
            operator,
            commissioner,
            neighbour,
            framework,
            lot,
            standard,
            contract,
            next_urn: std::cell::Cell::new(123_001),
        }
    }

    /// A framework on which nothing has to be waited for.
    pub fn framework_body(&self) -> Value {
        json!({
            "reference": "SE-RES-1", "title": "South East residential care", "procurement_route": "pa2023_open_framework",
            "starts_on": self.day(-1), "ends_on": self.day(1400), "admission": "continuous",
            "policy": {"price_weight_min": 20, "price_weight_max": 60,
                "bid_window_minutes": {"Today": 0, "WithinFiveDays": 0, "MoreThanFiveDays": 0},
                "standstill_working_days": 0, "worst_grade": "RequiresImprovement", "approval_weekly_price": "9000.00",
                "price_ceiling_rule": "block", "invite_rule": "matching_first"},
        })
    }

    /// Today's date of the test's clock and so many days.
    pub fn day(&self, days: i64) -> NaiveDate {
        let today = self.now().date_in_uk();
        let by = Days::new(days.unsigned_abs());
        if days < 0 { today - by } else { today + by }
    }

    fn person_of_authority(
        &self,
        operator: &Operator,
        gss_code: &str,
        email: &str,
        role: &str,
    ) -> super::client::Client {
        let authority = id(&operator.post("/authorities", json!({"gss_code": gss_code})).ok());
        self.person_of(operator, &authority, email, role)
    }

    /// Somebody whom the operator asks in, and who joins.
    pub fn person_of(
        &self,
        by: &super::client::Client,
        organisation: &str,
        email: &str,
        role: &str,
    ) -> super::client::Client {
        by.post(
            "/people",
            json!({"organisation_id": organisation, "name": "Per Son", "email": email, "role": role}),
        )
        .ok();
        self.join(email)
    }

    /// A provider that has registered, with an admin who has joined; on no framework yet.
    pub fn provider(&self, name: &str) -> Provider {
        // The number need only differ from the others'.
        let number = name
            .bytes()
            .fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()))
            % 10_000_000;
        let email = format!("admin@{}.example", name.to_lowercase());
        self.visitor()
            .post(
                "/provider-registrations",
                json!({"name": format!("{name} Care Ltd"), "company_number": format!("0{number:07}"),
                    "person": {"name": "Pro Vider", "email": email}}),
            )
            .ok();
        let admin = ProviderAdmin(self.join(&email));
        let organisation = id(&admin.get("/me").ok()["organisation"]);
        Provider { admin, organisation }
    }
}

impl Region {
    /// The authority of its commissioner.
    pub fn authority(&self) -> String {
        id(&self.commissioner.get("/me").ok()["organisation"])
    }

    /// An approver of the commissioner's authority.
    pub fn approver(&self, program: &Program) -> Approver {
        Approver(program.person_of(
            &self.operator,
            &self.authority(),
            "director@reading.example",
            "approver",
        ))
    }

    /// An auditor of the commissioner's authority.
    pub fn auditor(&self, program: &Program) -> Auditor {
        Auditor(program.person_of(&self.operator, &self.authority(), "auditor@reading.example", "auditor"))
    }

    /// A provider that is admitted to the lot.
    pub fn admitted(&self, program: &Program, name: &str) -> Provider {
        let provider = program.provider(name);
        let application = self.application(program, &provider);
        provider.admin.act(&format!("/applications/{application}/submit")).ok();
        let decisions = json!({"decisions": [{"lot_id": self.lot, "outcome": "admitted"}]});
        self.operator
            .post(&format!("/applications/{application}/decide"), decisions)
            .ok();
        provider
    }

    /// An application with all its answers, not submitted yet.
    pub fn application(&self, program: &Program, provider: &Provider) -> String {
        let path = format!("/frameworks/{}/applications", self.framework);
        let application = id(&provider.admin.post(&path, json!({"lot_ids": [self.lot]})).ok());
        let body = json!({
            "lot_ids": [self.lot],
            "answers": [{"standard_id": self.standard, "statement": "Named safeguarding lead, weekly review."}],
            "no_exclusion_grounds": true,
            "insurance": {"policy_number": "P-1", "cover": "10000000.00", "expires_on": program.day(300)},
            "accepted_contract_version_id": self.contract,
        });
        provider.admin.put(&format!("/applications/{application}"), body).ok();
        application
    }

    /// A home of the provider's, rated Good, with one free place and a price: ready to be matched.
    pub fn home(&self, program: &Program, provider: &Provider, name: &str, changes: Value) -> String {
        let home = self.bare_home(program, provider, name, changes);
        provider
            .admin
            .post(
                &format!("/homes/{home}/vacancies"),
                json!({"places": 1, "available_from": program.day(0)}),
            )
            .ok();
        provider
            .admin
            .post(
                &format!("/homes/{home}/prices"),
                json!({"lot_id": self.lot, "effective_from": program.day(0), "core": "4800.00",
                    "additional_support": "350.00", "education": "0.00", "other": "0.00"}),
            )
            .ok();
        home
    }

    /// A home of the provider's, rated Good, without place or price.
    pub fn bare_home(&self, program: &Program, provider: &Provider, name: &str, changes: Value) -> String {
        let urn = self.next_urn.replace(self.next_urn.get() + 1);
        let home = id(&provider.admin.post("/homes", with(home_body(name, urn), changes)).ok());
        let inspection = json!({"event_number": format!("E{urn}"), "inspected_on": program.day(-60), "grade": "Good"});
        self.operator
            .post(&format!("/homes/{home}/inspections"), inspection)
            .ok();
        home
    }

    /// A request of the commissioner's for a girl of 14 near Reading, bids closing in three hours.
    pub fn request_body(&self, program: &Program) -> Value {
        let risks = [
            "SelfHarm",
            "CriminalExploitation",
            "DrugAlcohol",
            "EatingDisorder",
            "Missing",
            "SexualExploitation",
            "Physical",
            "Sexual",
            "Fire",
            "Animals",
            "Criminal",
        ];
        let risks: serde_json::Map<String, Value> = risks
            .into_iter()
            .map(|risk| {
                (
                    risk.into(),
                    if risk == "Missing" {
                        "RiskPresent"
                    } else {
                        "NoKnownRisk"
                    }
                    .into(),
                )
            })
            .collect();
        json!({
            "framework_id": self.framework, "lot_id": self.lot, "needed_by": "WithinFiveDays", "starts_on": program.day(4),
            "bids_close_at": program.in_minutes(180), "questions_close_at": program.in_minutes(120), "price_weight": 40,
            "criteria": [{"title": "How the home meets this child's needs", "weight": 40}, {"title": "Education", "weight": 20}],
            "child": {"age": 14, "sex": "F", "siblings_to_place_with": 0}, "origin": {"postcode": "RG1 1AF"},
            "max_distance_miles": 40,
            "needs": {"living_companions": "NoPreference", "pets": "No", "communication_needs": "No",
                "specific_communication": ["None"], "cultural_needs": "NotRequired",
                "additional_support": ["TherapeuticSupport"], "home_adaptation_required": false,
                "deprivation_of_liberty": false, "solo_placement": false, "categories": ["EmotionalBehavioural"],
                "risks": risks,
                "suitability": {"foster": "SuitableButNotPreferred", "residential": "Preferred",
                    "supported_accommodation": "Unsuitable"}},
            "brief": "A calm home near school, with staff who know how to keep a young person safe who sometimes goes missing.",
        })
    }

    /// A published request; answers it whole.
    pub fn published(&self, program: &Program, changes: Value) -> Value {
        let body = with(self.request_body(program), changes);
        let drafted = self.commissioner.post("/placement-requests", body).ok();
        let published = self
            .commissioner
            .act(&format!("/placement-requests/{}/publish", id(&drafted)))
            .ok();
        with(drafted, published)
    }
}
