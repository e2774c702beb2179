use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts;
use crate::db::Tx;
use crate::db::schema::lots;
use crate::error::Result;
use crate::frameworks::rules::{Framework, FrameworkState};
use crate::frameworks::store::{FrameworkFilter, Scope, frameworks_page};
use crate::ids::FrameworkId;
use crate::web::Page;

/// The most frameworks that are told to everybody at once.
const MOST: i64 = 200;

/// A framework that is open, with who runs it and what it buys.
#[derive(Debug, Clone)]
pub struct OpenFramework {
    /// Itself.
    pub framework: Framework,
    /// The cooperative's name.
    pub cooperative: String,
    /// Its lots: code and title.
    pub lots: Vec<(String, String)>,
}

/// The frameworks that are open, of every cooperative.
pub fn open_frameworks(tx: &mut Tx<'_>) -> Result<Vec<OpenFramework>> {
    let open = FrameworkFilter {
        status: Some(FrameworkState::Open),
        ..FrameworkFilter::default()
    };
    let page = Page {
        limit: MOST,
        after: None,
    };
    let frameworks = frameworks_page(tx, &Scope::Published, &open, &page)?.items;
    let ids: Vec<FrameworkId> = frameworks.iter().map(|framework| framework.id).collect();
    let cooperatives: Vec<_> = frameworks.iter().map(|framework| framework.cooperative_id).collect();
    let names: HashMap<_, _> = accounts::store::organisations(tx, &cooperatives)?
        .into_iter()
        .map(|one| (one.id, one.name))
        .collect();
    let rows: Vec<(FrameworkId, String, String)> = lots::table
        .filter(lots::framework_id.eq_any(ids))
        .order(lots::id)
        .select((lots::framework_id, lots::code, lots::title))
        .load(tx.conn)?;
    let mut lots: HashMap<_, Vec<_>> = HashMap::new();
    for (framework, code, title) in rows {
        lots.entry(framework).or_default().push((code, title));
    }
    let open = |framework: Framework| OpenFramework {
        cooperative: names.get(&framework.cooperative_id).cloned().unwrap_or_default(),
        lots: lots.remove(&framework.id).unwrap_or_default(),
        framework,
    };
    Ok(frameworks.into_iter().map(open).collect())
}
