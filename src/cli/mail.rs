//! `hearth admin mail`: see which mails were given up, and send them again.

use crate::config::Config;
use crate::db::Database;
use crate::ids::MailId;
use crate::notifications::actions;
use crate::notifications::rules::MailState;
use crate::notifications::store::{self, MailRow, Mailing, MailsWanted};
use crate::web::paging::Page;
use anyhow::{Context as _, bail};
use std::fmt::{Display, Write as _};

#[derive(Debug, clap::Subcommand)]
pub(super) enum MailCmd {
    /// List mails: those given up on, if nothing else is asked for.
    List {
        /// Where they stand: queued, sending, sent, `given_up`, held or digested.
        #[arg(long, default_value = "given_up")]
        state: MailState,
        /// At most so many, the newest first.
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=200))]
        limit: i64,
    },
    /// Queue mails again that were given up on.
    Resend {
        /// The mails' ids, as listed.
        #[arg(required_unless_present = "all")]
        ids: Vec<MailId>,
        /// All that were given up on.
        #[arg(long, conflicts_with = "ids")]
        all: bool,
    },
}

pub(super) fn run(config: &Config, command: MailCmd) -> anyhow::Result<()> {
    let (database, _) = super::open_current(config)?;
    match command {
        MailCmd::List { state, limit } => list(&database, state, limit),
        MailCmd::Resend { ids, all } => {
            let ids = if all { given_up(&database)? } else { ids };
            for id in &ids {
                let queued = database.write_now(|tx| actions::resend_any(tx, *id));
                queued.with_context(|| format!("mail {id}"))?;
            }
            super::print(&format!(
                "{} queued; the worker sends them.\n",
                counted(ids.len(), "mail")
            ))
        }
    }
}

fn list(database: &Database, state: MailState, limit: i64) -> anyhow::Result<()> {
    let page = Page { limit, after: None };
    let part = database.read_now(|tx| store::mails(tx, Mailing::All, &in_state(state), &page))?;
    let (rows, more) = (part.items, part.next.is_some());
    let ends = if rows.is_empty() { '.' } else { ':' };
    let mut report = format!(
        "{} {}{ends}\n",
        counted(rows.len(), "mail"),
        state.label().to_lowercase()
    );
    for MailRow {
        id,
        to_address,
        subject,
        attempts,
        last_error,
        created_at,
        ..
    } in &rows
    {
        writeln!(report, "{id}  {created_at}  {to_address}  {subject}")?;
        if let Some(cause) = last_error {
            writeln!(report, "    after {}: {cause}", counted(*attempts, "attempt"))?;
        }
    }
    if more {
        writeln!(report, "and more; --limit shows up to 200")?;
    }
    super::print(&report)
}

fn in_state(state: MailState) -> MailsWanted {
    MailsWanted {
        state: Some(state),
        ..MailsWanted::default()
    }
}

/// Every mail given up on. They leave the list as they are queued, so this reads them all first.
fn given_up(database: &Database) -> anyhow::Result<Vec<MailId>> {
    let mut ids = Vec::new();
    let mut page = Page {
        limit: 200,
        after: None,
    };
    loop {
        let given_up = in_state(MailState::GivenUp);
        let part = database.read_now(|tx| store::mails(tx, Mailing::All, &given_up, &page))?;
        ids.extend(part.items.iter().map(|row| row.id));
        if part.next.is_none() {
            break;
        }
        page.after = part.next;
    }
    if ids.is_empty() {
        bail!("no mail was given up on");
    }
    Ok(ids)
}

/// `1 mail`, `2 mails`.
fn counted<N: Display + Copy + PartialEq + From<u8>>(count: N, thing: &str) -> String {
    let many = if count == N::from(1) { "" } else { "s" };
    format!("{count} {thing}{many}")
}
