//! The code lists of the field, as the product uses them; `reference/code_lists.csv` carries all of them with their sources.

use super::code::codes;

codes! {
    /// How soon a home is needed (Children's Social Care Placements Standard).
    pub enum NeededBy in "needed_by" {
        Today("Today", "Today"),
        WithinFiveDays("WithinFiveDays", "< 5 days"),
        MoreThanFiveDays("MoreThanFiveDays", "> 5 days"),
    }

    /// With whom the child should live (Children's Social Care Placements Standard).
    pub enum LivingCompanions in "living_companions" {
        SoloPlacement("SoloPlacement", "Solo placement recommended"),
        WithOtherChildren("WithOtherChildren", "With other children recommended"),
        OnlyWithOlderChildren("OnlyWithOlderChildren", "Only with other older children"),
        OnlyWithYoungerChildren("OnlyWithYoungerChildren", "Only with other younger children"),
        NoPreference("NoPreference", "No preference"),
    }

    /// Whether there must, can or must not be pets (Children's Social Care Placements Standard).
    pub enum Pets in "pets" {
        YesMust("YesMust", "Yes-must"),
        YesCan("YesCan", "Yes-can"),
        No("No", "No"),
        NotKnown("NotKnown", "Not known"),
    }

    /// Whether the child has communication needs (Children's Social Care Placements Standard).
    pub enum CommunicationNeeds in "communication_needs" {
        Yes("Yes", "Yes"),
        No("No", "No"),
        NotSpecified("NotSpecified", "Not Specified"),
    }

    /// Which communication needs (Children's Social Care Placements Standard).
    pub enum SpecificCommunication in "specific_communication" {
        Esol("ESOL", "ESOL"),
        Bsl("BSL", "BSL"),
        Makaton("Makaton", "Makaton"),
        Other("Other", "Other"),
        None("None", "None"),
    }

    /// Whether cultural needs must be met (Children's Social Care Placements Standard).
    pub enum CulturalNeeds in "cultural_needs" {
        Required("Required", "Required"),
        NotRequired("NotRequired", "Not Required"),
        NotKnown("NotKnown", "Not Known"),
        Other("Other", "Other"),
    }

    /// Support beside the everyday care (Children's Social Care Placements Standard).
    pub enum AdditionalSupport in "additional_support" {
        AdditionalSupervision("AdditionalSupervision", "Additional supervision"),
        TherapeuticSupport("TherapeuticSupport", "Therapeutic support"),
        WorkerForRespite("WorkerForRespite", "A worker for respite"),
        TaxisToSchool("TaxisToSchool", "Taxis to school"),
        NotApplicable("NotApplicable", "NA"),
        Other("Other", "Other"),
    }

    /// How suitable a type of placement is for the child (Children's Social Care Placements Standard).
    pub enum Suitability in "suitability" {
        Preferred("Preferred", "Preferred"),
        SuitableButNotPreferred("SuitableButNotPreferred", "Suitable but not preferred"),
        Unsuitable("Unsuitable", "Unsuitable"),
        NotSpecified("NotSpecified", "Not specified"),
    }

    /// Why a child should live outside the area (Children's Social Care Placements Standard).
    pub enum OutOfAreaReason in "out_of_area_reason" {
        SafeguardingConcerns("SafeguardingConcerns", "Safeguarding concerns"),
        BailConditions("BailConditions", "Bail conditions"),
        CourtOrder("CourtOrder", "Court order"),
        Other("Other", "Other"),
    }

    /// The type of placement of a lot and of a home (Children's Social Care Placements Standard).
    pub enum PlacementType in "placement_type_standard" {
        Foster("Foster", "Foster"),
        Residential("Residential", "Residential"),
        SupportedAccommodation("SupportedAccommodation", "Supported Accommodation"),
    }

    /// Whether a risk is known (Children's Social Care Placements Standard).
    pub enum RiskLevel in "risk" {
        NoKnownRisk("NoKnownRisk", "No known risk"),
        RiskPresent("RiskPresent", "Risk present"),
    }

    /// The eleven risks: six to the child, then five to others (Children's Social Care Placements Standard).
    pub enum Risk in "risk_to_child", "risk_to_others" {
        SelfHarm("SelfHarm", "Self harm"),
        CriminalExploitation("CriminalExploitation", "Criminal exploitation"),
        DrugAlcohol("DrugAlcohol", "Drug or alcohol misuse"),
        EatingDisorder("EatingDisorder", "Eating disorder"),
        Missing("Missing", "Going missing"),
        SexualExploitation("SexualExploitation", "Sexual exploitation"),
        Physical("Physical", "Physical harm"),
        Sexual("Sexual", "Sexual harm"),
        Fire("Fire", "Fire setting"),
        Animals("Animals", "Harm to animals"),
        Criminal("Criminal", "Criminal behaviour"),
    }

    /// The four lines of a weekly price, in GBP without VAT (Children's Social Care Placements Standard).
    pub enum CostLine in "cost_line" {
        Core("core", "Core: the price for what the Statement of Purpose offers"),
        AdditionalSupport("additional_support", "Additional support: staffing ratios, waking nights, transport, one-child therapy, tutoring outside school"),
        Education("education", "Education"),
        Other("other", "Other"),
    }

    /// The overall grade of a home, ordered from best to worst (Ofsted's inspection framework).
    pub enum OfstedGrade in "ofsted_grade" {
        Outstanding("Outstanding", "Outstanding"),
        Good("Good", "Good"),
        RequiresImprovement("RequiresImprovement", "Requires improvement to be good"),
        Inadequate("Inadequate", "Inadequate"),
        NotYetInspected("NotYetInspected", "Not yet inspected"),
    }

    /// What a service is registered as (Ofsted).
    pub enum ProvisionType in "provision_type" {
        ChildrensHome("ChildrensHome", "Children's home"),
        IndependentFosteringAgency("IndependentFosteringAgency", "Independent fostering agency"),
        SupportedAccommodation("SupportedAccommodation", "Supported accommodation"),
        ResidentialSpecialSchool("ResidentialSpecialSchool", "Residential special school"),
        ResidentialFamilyCentre("ResidentialFamilyCentre", "Residential family centre"),
        SecureChildrensHome("SecureChildrensHome", "Secure children's home"),
    }

    /// The categories of need that a home is registered for (Ofsted).
    pub enum NeedCategory in "category_of_need_registered" {
        EmotionalBehavioural("EmotionalBehavioural", "Emotional and behavioural difficulties"),
        MentalDisorder("MentalDisorder", "Mental disorders"),
        SensoryImpairment("SensoryImpairment", "Sensory impairment"),
        Alcohol("Alcohol", "Present alcohol problems"),
        Drugs("Drugs", "Present drug problems"),
        LearningDifficulty("LearningDifficulty", "Learning difficulty"),
        PhysicalDisability("PhysicalDisability", "Physical disabilities"),
    }

    /// The nine quality standards of children's homes (SI 2015/541).
    pub enum QualityStandard in "quality_standard" {
        Purpose("QS1", "The quality and purpose of care standard (reg 6)"),
        Views("QS2", "The children's views, wishes and feelings standard (reg 7)"),
        Education("QS3", "The education standard (reg 8)"),
        Enjoyment("QS4", "The enjoyment and achievement standard (reg 9)"),
        Health("QS5", "The health and well-being standard (reg 10)"),
        Relationships("QS6", "The positive relationships standard (reg 11)"),
        Protection("QS7", "The protection of children standard (reg 12)"),
        Leadership("QS8", "The leadership and management standard (reg 13)"),
        CarePlanning("QS9", "The care planning standard (reg 14)"),
    }

    /// The four standards of supported accommodation (SI 2023/416).
    pub enum SupportedAccommodationStandard in "supported_accommodation_standard" {
        Leadership("SA1", "Leadership and management (reg 4)"),
        Protection("SA2", "Protection (reg 5)"),
        Accommodation("SA3", "Accommodation (reg 6)"),
        Support("SA4", "Support (reg 7)"),
    }

    /// By which rules of procurement a framework buys (PCR 2015; Procurement Act 2023).
    pub enum ProcurementRoute in "procurement_route" {
        Pcr2015Dps("pcr2015_dps", "Dynamic purchasing system (PCR 2015 reg 34), legacy"),
        Pcr2015LightTouchDps("pcr2015_light_touch_dps", "Light-touch pseudo-DPS (PCR 2015 regs 74-76), legacy"),
        Pa2023DynamicMarket("pa2023_dynamic_market", "Dynamic market (PA 2023 ss.34-40)"),
        Pa2023OpenFramework("pa2023_open_framework", "Open framework (PA 2023 s.49)"),
        Pa2023Framework("pa2023_framework", "Closed framework (PA 2023 ss.45-48)"),
        BlockContract("block_contract", "Block contract"),
        DirectAwardUserChoice("direct_award_user_choice", "Direct award, user choice (PA 2023 Sch 5)"),
        DirectAwardUrgency("direct_award_urgency", "Direct award, urgency (PA 2023 Sch 5)"),
        DirectAwardOther("direct_award_other", "Direct award, other ground"),
        Spot("spot", "Spot purchase, off framework"),
    }

    /// Why a provider does not bid.
    pub enum DeclineReason in "decline_reason" {
        Need("need", "Cannot meet the needs"),
        Matching("matching", "Not a match with the children living there now"),
        Staffing("staffing", "Staffing"),
        NoVacancy("no_vacancy", "No vacancy"),
        Location("location", "Location"),
        Price("price", "Price"),
        ReferralIncomplete("referral_incomplete", "The request says too little"),
        InspectionRisk("inspection_risk", "Risk to the home's inspection grade"),
        Other("other", "Other"),
    }

    /// Why a placement ended (SSDA903 2025-26 code set).
    pub enum PlacementEndReason in "ssda903_placement_change" {
        CarePlan("CARPL", "Change to or implementation of care plan"),
        Closure("CLOSE", "Resignation of carer or closure of provision"),
        Allegation("ALLEG", "Allegation (s47)"),
        StandardsOfCare("STAND", "Standards of care concern"),
        ApprovalRemoved("APPRR", "Approval removed"),
        CarerRequestBehaviour("CREQB", "Carer requests end of placement because of child's behaviour"),
        CarerRequestOther("CREQO", "Carer requests end of placement for another reason"),
        ChildRequest("CHILD", "Child requests end of placement"),
        AuthorityRequest("LAREQ", "Responsible or area authority requests end of placement"),
        StatusOnly("PLACE", "Change in placement status only"),
        Custody("CUSTOD", "Custody arrangement"),
        Other("OTHER", "Other"),
    }

    /// The sexes of a home's registration and of a child where it matters.
    pub enum Sex {
        M("M", "Male"),
        F("F", "Female"),
    }
}

impl NeededBy {
    /// As people say it: the standard's label has signs.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Today => "Today",
            Self::WithinFiveDays => "Within five days",
            Self::MoreThanFiveDays => "In more than five days",
        }
    }
}

impl CommunicationNeeds {
    /// As people say it: the standard's label is a bare yes or no.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Yes => "The child has communication needs",
            Self::No => "None known",
            Self::NotSpecified => "Not stated",
        }
    }
}

impl CulturalNeeds {
    /// As people say it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Required => "There are cultural needs that must be met",
            Self::NotRequired => "None known",
            Self::NotKnown => "Not known",
            Self::Other => "Other",
        }
    }
}

impl PlacementType {
    /// As people say it: the standard's label has capitals.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Foster => "Foster",
            Self::Residential => "Residential",
            Self::SupportedAccommodation => "Supported accommodation",
        }
    }
}

impl Pets {
    /// As people say it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::YesMust => "There must be pets",
            Self::YesCan => "Pets are welcome",
            Self::No => "No wish for pets",
            Self::NotKnown => "Not known",
        }
    }
}

impl OfstedGrade {
    /// Whether the grade passes a gateway that allows no grade worse than `worst`. A home that was not inspected yet stands
    /// where the ranking of homes puts it: behind those that were found good, before those that were found wanting. So whoever
    /// takes homes that require improvement takes new ones, and whoever takes new ones need not take inadequate ones.
    pub fn passes(self, worst: Self) -> bool {
        self.steps_from_best() <= worst.steps_from_best()
    }

    fn steps_from_best(self) -> u8 {
        match self {
            Self::Outstanding => 0,
            Self::Good => 1,
            Self::NotYetInspected => 2,
            Self::RequiresImprovement => 3,
            Self::Inadequate => 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gateways() {
        use OfstedGrade::{Good, Inadequate, NotYetInspected, Outstanding, RequiresImprovement};
        let from_best = [Outstanding, Good, NotYetInspected, RequiresImprovement, Inadequate];
        assert_eq!(from_best.len(), OfstedGrade::ALL.len());
        for (at, worst) in from_best.into_iter().enumerate() {
            let passing: Vec<_> = from_best.into_iter().filter(|grade| grade.passes(worst)).collect();
            assert_eq!(passing, from_best[..=at], "{worst}");
        }
    }
}
