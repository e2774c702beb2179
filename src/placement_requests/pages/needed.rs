//! What a request asks for, in words: on the page of the request, and beside the bid that is written for it.

use askama::Template;

use crate::placement_requests::api::RequestView;
use crate::values::{CodeSet, NeedCategory, Risk, RiskLevel};
use crate::web::pages::filters;

/// The child, the place, the needs and the brief of a request, as providers may read them.
#[derive(Debug, Template)]
#[template(path = "placement_requests/needed.html")]
pub struct Needed<'r> {
    /// The request, as its reader may see it.
    pub request: &'r RequestView,
}

impl askama::filters::HtmlSafe for Needed<'_> {}

impl Needed<'_> {
    fn present(&self) -> String {
        let stated = self.request.needs.risks.iter();
        let present: CodeSet<Risk> = stated
            .filter(|(_, level)| **level == RiskLevel::RiskPresent)
            .map(|(risk, _)| *risk)
            .collect();
        present.labels()
    }

    fn categories(&self) -> CodeSet<NeedCategory> {
        self.request.needs.categories
    }

    /// What is asked besides, in words.
    fn wishes(&self) -> Vec<&'static str> {
        let needs = &self.request.needs;
        [
            (needs.home_adaptation_required, "The home must be step-free."),
            (
                needs.deprivation_of_liberty,
                "A court allows depriving the child of liberty, and the home must be able to.",
            ),
            (needs.solo_placement, "The child must live with no other child."),
        ]
        .into_iter()
        .filter_map(|(asked, words)| asked.then_some(words))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement_requests::api::samples;
    use crate::placement_requests::rules::samples as requests;
    use crate::web::pages::assert_shows;

    #[test]
    fn the_child_is_told_of_by_age_and_needs_and_the_place_by_its_district() {
        let (mut request, criteria) = requests::published();
        request.brief = "First & <last>.".to_owned();
        request.needs.solo_placement = true;
        let view = samples::view(request, criteria, false, requests::noon());
        let seen = [
            "<dd>14 years, female</dd>",
            "<dd>RG1, at most 40 miles from there</dd>",
            "<dd>Going missing</dd>",
            "<dt>Also</dt><dd>The child must live with no other child.</dd>",
            "<p>First &#38; &#60;last&#62;.</p>",
        ];
        assert_shows(&Needed { request: &view }, &seen, &["<last>", "RG1 1AF", "step-free"]);
    }
}
