//! The carried code lists against the enums of [`values`](crate::values).

use crate::values::*;

fn listed(names: &[&str]) -> Vec<(String, String)> {
    let mut reader = csv::Reader::from_reader(include_str!("code_lists.csv").as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let of = |name: &&str| {
        let rows = rows.iter().filter(|row| row[0] == **name);
        rows.map(|row| (row[1].to_owned(), row[2].to_owned()))
            .collect::<Vec<_>>()
    };
    names.iter().flat_map(of).collect()
}

#[test]
fn every_enum_equals_its_list() {
    macro_rules! equal {
        ($($list:ident)+) => {$(
            let written: Vec<_> = $list::ALL.iter().map(|entry| (entry.code().to_owned(), entry.label().to_owned())).collect();
            assert_eq!(written, listed($list::LISTS), stringify!($list));
        )+};
    }
    equal!(NeededBy LivingCompanions Pets CommunicationNeeds SpecificCommunication CulturalNeeds AdditionalSupport Suitability
        OutOfAreaReason PlacementType RiskLevel Risk CostLine OfstedGrade
        ProvisionType NeedCategory QualityStandard SupportedAccommodationStandard
        ProcurementRoute DeclineReason PlacementEndReason);
}
