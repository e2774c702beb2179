//! The real program in a process of its own, as an operator of a server would run it: for what a test inside one process
//! can't do, such as dying.

use std::net::TcpListener;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hearth::clock::SystemClock;
use tempfile::TempDir;

use super::client::{Client, PASSWORD};
use super::database::FreshDatabase;

/// Longest that starting and stopping may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A place for the program to run in: a database, a folder for mails, settings.
pub struct Installation {
    database: Arc<FreshDatabase>,
    folder: TempDir,
    port: u16,
    told: Vec<(&'static str, String)>,
}

/// A process that serves; killed when dropped.
pub struct Serving {
    child: Child,
    pub address: String,
}

impl Installation {
    /// With a migrated database.
    pub fn migrated() -> Self {
        Self::on(FreshDatabase::migrated())
    }

    /// With an empty database.
    pub fn bare() -> Self {
        Self::on(FreshDatabase::bare())
    }

    fn on(database: FreshDatabase) -> Self {
        let free = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = free.local_addr().expect("an address").port();
        Self {
            database: Arc::new(database),
            folder: tempfile::tempdir().expect("a temporary folder"),
            port,
            told: Vec::new(),
        }
    }

    /// Told something else from outside than installations usually are.
    pub fn told(mut self, variable: &'static str, value: &str) -> Self {
        self.told.push((variable, value.into()));
        self
    }

    pub fn database(&self) -> &Arc<FreshDatabase> {
        &self.database
    }

    /// As if the lease of a worker that died had ended: the mails it had in hand are sent by the next.
    pub fn let_leases_end(&self) {
        let database = self.database.open(Arc::new(SystemClock));
        FreshDatabase::execute(
            &database,
            "UPDATE mails SET next_attempt_at = created_at WHERE state = 'sending'",
        );
    }

    fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hearth"));
        command
            .args(arguments)
            .env_clear()
            .env("HEARTH_DATABASE_URL", self.database.url())
            .env("HEARTH_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("HEARTH_MAIL", format!("file:{}", self.folder.path().display()))
            .env("HEARTH_SECRET_KEY", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=")
            .env("HEARTH_SECOND_FACTOR", "optional")
            .env("HEARTH_SIGN_INS_PER_MINUTE", "0")
            .env("HEARTH_CALLS_PER_MINUTE", "0")
            .env("HEARTH_NEW_PASSWORD", PASSWORD)
            .envs(self.told.iter().map(|(variable, value)| (variable, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.program(arguments).output().expect("the program runs")
    }

    /// Runs a command that must succeed; answers what it printed.
    #[track_caller]
    pub fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "hearth {} failed: {said}", arguments.join(" "));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Runs a command that must fail; answers what it complained of.
    #[track_caller]
    pub fn fail(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success(), "hearth {} succeeded", arguments.join(" "));
        String::from_utf8(output.stderr).expect("text")
    }

    /// Serves until the answer is dropped or told to stop.
    #[track_caller]
    pub fn serve(&self) -> Serving {
        // The log goes nowhere: a pipe that nobody reads would fill and stop the program.
        let child = self
            .program(&["serve"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut serving = Serving {
            child,
            address: format!("http://127.0.0.1:{}", self.port),
        };
        let began = Instant::now();
        while !serving.is_ready() {
            if let Some(ended) = serving.child.try_wait().expect("a child of ours") {
                panic!("hearth serve ended at once: {ended}");
            }
            assert!(
                began.elapsed() < PATIENCE,
                "hearth serve is not ready after {PATIENCE:?}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        serving
    }
}

impl Serving {
    fn is_ready(&self) -> bool {
        let agent = ureq::Agent::config_builder()
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(2)))
            .build();
        ureq::Agent::from(agent)
            .get(format!("{}/health/ready", self.address))
            .call()
            .is_ok()
    }

    /// Somebody who called a program on the same database before.
    pub fn as_before(&self, client: &Client) -> Client {
        client.at(&self.address)
    }

    /// Somebody who has not signed in.
    pub fn visitor(&self) -> Client {
        Client::visitor(&self.address)
    }

    /// Kills it, as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().expect("a child of ours");
        self.child.wait().expect("a child of ours");
    }

    /// Asks it to stop, and waits until it has; answers whether it ended well.
    pub fn stop(mut self) -> bool {
        let asked = Command::new("kill")
            .arg(self.child.id().to_string())
            .status()
            .expect("kill is there");
        assert!(asked.success());
        let began = Instant::now();
        loop {
            if let Some(ended) = self.child.try_wait().expect("a child of ours") {
                return ended.success();
            }
            assert!(began.elapsed() < PATIENCE, "hearth serve does not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
