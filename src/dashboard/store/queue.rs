use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::Tx;
use crate::db::schema::{applications, frameworks, organisations};
use crate::error::Result;
use crate::ids::{ApplicationId, OrganisationId};
use crate::providers::rules::ApplicationState;

/// An application that waits for a decision.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct DueApplication {
    /// Its id.
    pub id: ApplicationId,
    /// Who applies.
    pub provider: String,
    /// To which framework, by its reference.
    pub framework: String,
    /// The day by which it is to be decided.
    pub due_on: Option<NaiveDate>,
}

/// The applications to a cooperative's frameworks that wait for a decision, those due first first.
pub fn applications_due(tx: &mut Tx<'_>, cooperative: OrganisationId, most: i64) -> Result<Vec<DueApplication>> {
    Ok(applications::table
        .inner_join(frameworks::table)
        .inner_join(organisations::table.on(organisations::id.eq(applications::provider_id)))
        .filter(frameworks::cooperative_id.eq(cooperative))
        .filter(applications::state.eq(ApplicationState::Submitted))
        .order((applications::decision_due_on, applications::id))
        .limit(most)
        .select((
            applications::id,
            organisations::name,
            frameworks::reference,
            applications::decision_due_on,
        ))
        .load(tx.conn)?)
}

/// How many applications wait for a decision, and how many of these were due before this day.
pub fn applications_overdue(tx: &mut Tx<'_>, cooperative: OrganisationId, today: NaiveDate) -> Result<(i64, i64)> {
    let waiting = || {
        applications::table
            .inner_join(frameworks::table)
            .filter(frameworks::cooperative_id.eq(cooperative))
            .filter(applications::state.eq(ApplicationState::Submitted))
    };
    let all = waiting().count().get_result(tx.conn)?;
    let overdue = waiting()
        .filter(applications::decision_due_on.lt(today))
        .count()
        .get_result(tx.conn)?;
    Ok((all, overdue))
}
