//! The command line.

mod audit;
mod demo;
mod doctor;
mod mail;
mod operator;
mod postcodes;
mod run;

use crate::clock::SystemClock;
use crate::config::{self, Config, SecretKey};
use crate::db::Database;
use crate::db::migrations::{self, Standing};
use anyhow::{Context as _, bail};
use clap::{Arg, ArgMatches, Command, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use std::collections::HashMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// The open marketplace where local authorities find homes for children in care.
#[derive(Debug, Parser)]
#[command(
    name = "hearth",
    version,
    about,
    after_help = "Every setting is an environment variable too; `hearth doctor` lists them."
)]
struct Cli {
    #[command(subcommand)]
    command: Cmd,
}

#[derive(Debug, Subcommand)]
enum Cmd {
    /// Serve the API and the pages, and work through events and mails.
    Serve {
        /// Leave events and mails to `hearth worker`.
        #[arg(long)]
        no_worker: bool,
    },
    /// Work through events and mails, without serving.
    Worker,
    /// Bring the database up to this program.
    Migrate,
    /// Make an operator of a cooperative: the first person of a deployment.
    ///
    /// The password is read from `HEARTH_NEW_PASSWORD`, or asked for.
    CreateOperator {
        /// The cooperative's name; it is made if there is none of this name.
        #[arg(long)]
        cooperative: String,
        /// The person's name.
        #[arg(long)]
        name: String,
        /// Their email address, to sign in with.
        #[arg(long)]
        email: String,
    },
    /// Serve a realistic region on a fresh embedded database, with sign-ins printed.
    Demo {
        /// The folder that the demo lives in; what it held before is removed.
        #[arg(long, default_value = "hearth-demo")]
        folder: PathBuf,
        /// Make the region, print what it holds, and stop.
        #[arg(long)]
        no_serve: bool,
    },
    /// Load the full postcode directory, so that places are found by their very postcode.
    ///
    /// The ONS Postcode Directory as published, or any CSV with the columns postcode, easting, northing and `local_authority`. A
    /// server may run meanwhile. Loading a newer one replaces the older.
    ImportPostcodes {
        /// The CSV file.
        file: PathBuf,
    },
    /// Print the API's document.
    Openapi,
    /// Look after the audit log.
    Audit {
        #[command(subcommand)]
        command: AuditCmd,
    },
    /// Look after mails.
    Admin {
        #[command(subcommand)]
        command: AdminCmd,
    },
    /// Say what is set, what is missing, and what it means.
    Doctor,
}

#[derive(Debug, Subcommand)]
enum AuditCmd {
    /// Follow the whole chain of the audit log; says what is wrong with it, if anything is.
    Verify {
        /// The end of the log as an earlier run printed it: the log must have it still.
        #[arg(long, value_name = "SEQ:HASH")]
        noted: Option<crate::audit::Mark>,
    },
}

#[derive(Debug, Subcommand)]
enum AdminCmd {
    /// See which mails were given up on, and send them again.
    Mail {
        #[command(subcommand)]
        command: mail::MailCmd,
    },
}

/// Runs the program.
pub fn main() -> ExitCode {
    // Two TLS providers in one program would each wait for the other to be chosen. A second call only says that it was chosen.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let matches = with_settings(Cli::command()).get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(refused) => refused.exit(),
    };
    match dispatch(cli, &settings(&matches)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            let _ = writeln!(std::io::stderr(), "hearth: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

/// Gives every setting its flag.
fn with_settings(mut command: Command) -> Command {
    for variable in config::variables() {
        if let Some(flag) = variable.flag() {
            command = command.arg(
                Arg::new(variable.name)
                    .long(flag)
                    .value_name("VALUE")
                    .help(format!("{} [{}]", variable.meaning, variable.name))
                    .help_heading("Settings")
                    .hide_short_help(true)
                    .global(true),
            );
        }
    }
    command
}

/// The settings given as flags, by variable.
fn settings(matches: &ArgMatches) -> HashMap<&'static str, String> {
    let mut given = HashMap::new();
    let mut level = Some(matches);
    while let Some(matches) = level {
        for variable in config::variables().filter(|variable| variable.flag().is_some()) {
            if let Ok(Some(value)) = matches.try_get_one::<String>(variable.name) {
                given.insert(variable.name, value.clone());
            }
        }
        level = matches.subcommand().map(|(_, matches)| matches);
    }
    given
}

fn dispatch(cli: Cli, settings: &HashMap<&'static str, String>) -> anyhow::Result<()> {
    let configuration = || Config::from_environment(settings).map_err(anyhow::Error::from);
    match cli.command {
        Cmd::Openapi => print(&crate::openapi::yaml(&crate::routes::api())?),
        Cmd::Doctor => doctor::examine(settings),
        Cmd::Demo { folder, no_serve } => demo::run(&folder, no_serve, settings),
        Cmd::Serve { no_worker } => run::serve(configuration()?, !no_worker),
        Cmd::Worker => run::worker(configuration()?),
        Cmd::Migrate => {
            let (database, _) = open(&configuration()?)?;
            let ran = migrations::run(&database).context("the database could not be migrated")?;
            let standing = migrations::standing(&database)?;
            if let Standing::Newer(versions) = standing {
                bail!(
                    "the database is from a newer hearth (it has migrations {}): use that one",
                    versions.join(", ")
                );
            }
            print(&format!("{} migrations ran; the database is current.\n", ran.len()))
        }
        Cmd::CreateOperator {
            cooperative,
            name,
            email,
        } => operator::create(&configuration()?, &cooperative, &name, &email),
        Cmd::ImportPostcodes { file } => postcodes::import(&configuration()?, &file),
        Cmd::Audit {
            command: AuditCmd::Verify { noted },
        } => audit::verify(&configuration()?, noted.as_ref()),
        Cmd::Admin {
            command: AdminCmd::Mail { command },
        } => mail::run(&configuration()?, command),
    }
}

/// Opens the configured database, with the server's key. The key comes first: it is made only beside a database that is not there yet.
fn open(config: &Config) -> anyhow::Result<(Database, SecretKey)> {
    let secret = config.secret.load()?;
    let database = Database::open(&config.database.url, config.database.connections, Arc::new(SystemClock))
        .with_context(|| format!("the database {} could not be opened", config.database.url))?;
    Ok((database, secret))
}

/// Opens the configured database, and refuses one that is not this program's.
fn open_current(config: &Config) -> anyhow::Result<(Database, SecretKey)> {
    let (database, secret) = open(config)?;
    match migrations::standing(&database).context("the database does not answer")? {
        Standing::Current => Ok((database, secret)),
        Standing::Behind(pending) => bail!(
            "the database is not migrated ({} to run): call `hearth migrate` first",
            pending.len()
        ),
        Standing::Newer(versions) => {
            bail!(
                "the database is from a newer hearth (it has migrations {}): use that one",
                versions.join(", ")
            )
        }
    }
}

/// Prints for a person or a pipe.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}
