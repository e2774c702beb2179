//! `hearth demo`.

use crate::clock::{Clock, FixedClock, SystemClock};
use crate::config::{Config, logging};
use crate::db::{Database, migrations};
use crate::demo::{self, Made, PASSWORD};
use anyhow::{Context as _, bail};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant as Stopwatch;

/// What tells a folder of the demo from any other.
const MARK: &str = "made-by-hearth-demo";

pub(super) fn run(folder: &Path, no_serve: bool, settings: &HashMap<&'static str, String>) -> anyhow::Result<()> {
    fresh(folder)?;
    let mut settings = settings.clone();
    settings.insert(
        "HEARTH_DATABASE_URL",
        format!("sqlite://{}", folder.join("hearth.db").display()),
    );
    settings.insert("HEARTH_MAIL", format!("file:{}", folder.join("mails").display()));
    settings
        .entry("HEARTH_SECOND_FACTOR")
        .or_insert_with(|| "optional".to_owned());
    let config = Config::from_environment(&settings)?;
    // Taken first: a busy address is better said before the work than after it.
    let listener = TcpListener::bind(config.server.listen).with_context(|| {
        format!(
            "{} can't be listened on (another address: --listen)",
            config.server.listen
        )
    })?;
    logging::start(&config.logging);
    let began = Stopwatch::now();
    let made = make(&config)?;
    super::print(&told(&config, folder, &made, began))?;
    if no_serve {
        return Ok(());
    }
    super::run::serve_on(config, listener, true)
}

fn make(config: &Config) -> anyhow::Result<Made> {
    let secret = config.secret.load()?;
    let now = SystemClock.now();
    let clock = FixedClock::at(now);
    let database = Database::open(&config.database.url, 2, Arc::new(clock.clone()))?;
    migrations::run(&database)?;
    demo::make(&database, &clock, config, &secret, now).context("the region could not be made")
}

/// Empties the demo's folder, and refuses one that is not the demo's.
fn fresh(folder: &Path) -> anyhow::Result<()> {
    let mark = folder.join(MARK);
    if folder.exists() {
        let empty = folder.read_dir()?.next().is_none();
        if !empty && !mark.exists() {
            bail!(
                "{} holds something else: name another folder with --folder",
                folder.display()
            );
        }
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    Ok(std::fs::write(
        mark,
        "This folder is removed whenever the demo is made anew.\n",
    )?)
}

fn told(config: &Config, folder: &Path, made: &Made, began: Stopwatch) -> String {
    let mut text = format!(
        "A region of {} providers with {} homes; {} competitions have ended and {} are open; {} bids, {} placements. Made in {:.1} s.\n\n\
         Address:   {}\nAPI:       {}api/docs\nMails:     {}\nPassword:  {PASSWORD}   (everybody's)\n\n",
        made.providers,
        made.homes,
        made.past,
        made.open,
        made.bids,
        made.placements,
        began.elapsed().as_secs_f32(),
        config.server.public_url,
        config.server.public_url,
        folder.join("mails").display(),
    );
    for (role, email, whose) in &made.sign_ins {
        let _ = writeln!(text, "{role:<15} {email:<42} {whose}");
    }
    text.push('\n');
    text
}
