//! How fast pages are: `cargo bench --bench pages`. Makes the demo's region, opens every role's home page and every list that
//! it may see, again and again, and prints of each the median and the 95th percentile, the size of its HTML, its rows and its
//! queries. Fails where a page is slower or larger than it may be, or where a list has nothing to show to anybody.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use hearth::access::Role;
use hearth::clock::{Clock as _, FixedClock, SystemClock};
use hearth::config::{Config, metrics};
use hearth::db::{Database, migrations};
use hearth::demo::{self, Made};
use hearth::mail::Mailer;
use hearth::values::Code as _;
use hearth::web::{Access, AppState, Operation};
use hearth::{routes, server, worker};
use scraper::{Html, Selector};
use ureq::http::Request;

/// How often each page is opened.
const RUNS: u32 = 50;

/// The longest that half of the calls may take.
const LONGEST: Duration = Duration::from_millis(30);

/// The largest HTML of a page, in bytes.
const LARGEST: usize = 60_000;

/// Of how many things a list below one of them is tried, to find a long one.
const TRIED: usize = 50;

fn main() -> anyhow::Result<ExitCode> {
    let folder = tempfile::tempdir()?;
    let (app, made) = region(folder.path())?;
    metrics::start();
    let base = serve(app)?;
    let pages = routes::pages().operations;
    let lists: Vec<&Operation> = pages.iter().filter(|page| is_list(page, &pages)).collect();
    let mut missed = Vec::new();
    let mut unseen: BTreeSet<&str> = lists.iter().map(|list| list.path).collect();
    println!(
        "{:<15} {:<44} {:>9} {:>9} {:>8} {:>5} {:>8}",
        "role", "page", "median", "95 %", "bytes", "rows", "queries"
    );
    for (role, email, _) in &made.sign_ins {
        let browser = Browser::signed_in(&base, email)?;
        let role = Role::from_code(role).with_context(|| format!("{role} is no role"))?;
        let mut opened = vec![("/", "/".to_owned())];
        let seen: Vec<&str> = lists
            .iter()
            .filter(|list| may(list, role))
            .map(|list| list.path)
            .collect();
        let things = things(&browser, &seen)?;
        for pattern in seen {
            opened.extend(longest(&browser, pattern, &things)?.map(|path| (pattern, path)));
        }
        for (pattern, path) in opened {
            unseen.remove(pattern);
            let measured = measure(&browser, pattern, &path)?;
            println!("{:<15} {pattern:<44} {measured}", role.code());
            if measured.median > LONGEST || measured.bytes > LARGEST {
                missed.push(format!("{role} {pattern}"));
            }
        }
    }
    missed.extend(unseen.iter().map(|list| format!("{list}: nobody has one to look at")));
    println!("\nA page takes at most {LONGEST:?} and {LARGEST} bytes.");
    for one in &missed {
        println!("MISSED {one}");
    }
    Ok(if missed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The demo's region on an embedded database in a folder, its mails sent, as the program would serve it.
fn region(folder: &Path) -> anyhow::Result<(AppState, Made)> {
    let settings = BTreeMap::from([
        (
            "HEARTH_DATABASE_URL",
            format!("sqlite://{}", folder.join("hearth.db").display()),
        ),
        ("HEARTH_MAIL", format!("file:{}", folder.join("mails").display())),
        ("HEARTH_SECOND_FACTOR", "optional".to_owned()),
        ("HEARTH_SIGN_INS_PER_MINUTE", "0".to_owned()),
        ("HEARTH_CALLS_PER_MINUTE", "0".to_owned()),
    ]);
    let config = Config::read(&|name| settings.get(name).cloned())?;
    let secret = config.secret.load()?;
    let now = SystemClock.now();
    let clock = FixedClock::at(now);
    let database = Database::open(&config.database.url, 2, Arc::new(clock.clone()))?;
    migrations::run(&database)?;
    let made = demo::make(&database, &clock, &config, &secret, now)?;
    drop(database);
    let database = Database::open(&config.database.url, config.database.connections, Arc::new(SystemClock))?;
    let mailer = Mailer::new(&config.mail).map_err(anyhow::Error::msg)?;
    let app = server::state(database, Arc::new(config), secret);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(worker::drain(&app, &mailer))?;
    Ok((app, made))
}

/// Serves until the process ends; answers where.
fn serve(app: AppState) -> anyhow::Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let base = format!("http://{}", listener.local_addr()?);
    let workers = thread::available_parallelism().map_or(2, std::num::NonZero::get);
    thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move { server::serve(app, listener, workers)?.await })
    });
    Ok(base)
}

/// A list can be taken away as a file.
fn is_list(page: &Operation, pages: &[Operation]) -> bool {
    let is_its_file = |file: &Operation| file.path.strip_suffix(".csv") == Some(page.path);
    page.method == "GET" && pages.iter().any(is_its_file)
}

fn may(page: &Operation, role: Role) -> bool {
    match page.access {
        Access::Public | Access::SignedIn => true,
        Access::May(permission) => permission.roles().contains(&role),
    }
}

/// Things by the first step of their paths.
type Things = BTreeMap<String, Vec<String>>;

/// The things that somebody's lists lead to, and those that the page of the first of each kind leads to.
fn things(browser: &Browser, lists: &[&str]) -> anyhow::Result<Things> {
    let mut things = Things::new();
    for list in lists.iter().filter(|list| !list.contains("{id}")) {
        browser.get(list)?.things(&mut things);
    }
    let first: Vec<String> = things.iter().map(|(step, ids)| format!("/{step}/{}", ids[0])).collect();
    for path in first {
        browser.get(&path)?.things(&mut things);
    }
    Ok(things)
}

/// The path of a list; of one that belongs to a thing, that of the longest among some. None where there is none to be seen.
fn longest(browser: &Browser, pattern: &'static str, things: &Things) -> anyhow::Result<Option<String>> {
    if !pattern.contains("{id}") {
        return Ok(Some(pattern.to_owned()));
    }
    let step = pattern.split('/').nth(1).unwrap_or_default();
    let mut found: Option<(usize, String)> = None;
    for thing in things.get(step).into_iter().flatten().take(TRIED) {
        let path = pattern.replace("{id}", thing);
        let shown = browser.get(&path)?;
        if shown.status == 200 && found.as_ref().is_none_or(|(bytes, _)| shown.html.len() > *bytes) {
            found = Some((shown.html.len(), path));
        }
    }
    Ok(found.map(|(_, path)| path))
}

/// What was found of a page.
struct Measured {
    median: Duration,
    slow: Duration,
    bytes: usize,
    rows: usize,
    queries: f64,
}

impl std::fmt::Display for Measured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let milliseconds = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1000.0);
        let (median, slow) = (milliseconds(self.median), milliseconds(self.slow));
        write!(
            f,
            "{median:>9} {slow:>9} {:>8} {:>5} {:>8}",
            self.bytes, self.rows, self.queries
        )
    }
}

fn measure(browser: &Browser, pattern: &str, path: &str) -> anyhow::Result<Measured> {
    // Once before: what is prepared once is not a page's own time.
    let shown = browser.get(path)?;
    if shown.status != 200 {
        bail!("{path} was answered {}", shown.status);
    }
    let before = queries(pattern)?;
    let mut took = Vec::new();
    for _ in 0..RUNS {
        let began = Instant::now();
        std::hint::black_box(browser.get(path)?);
        took.push(began.elapsed());
    }
    took.sort_unstable();
    Ok(Measured {
        median: took[took.len() / 2],
        slow: took[took.len() * 95 / 100],
        bytes: shown.html.len(),
        rows: shown.rows()?,
        queries: (queries(pattern)? - before) / f64::from(RUNS),
    })
}

/// All queries that were made for a page by now, as the metrics have them.
fn queries(route: &str) -> anyhow::Result<f64> {
    let start = format!("hearth_request_queries_sum{{route=\"{route}\"}}");
    let text = metrics::text();
    let line = text.lines().find(|line| line.starts_with(&start));
    let number = line.and_then(|line| line.rsplit(' ').next()?.parse().ok());
    number.with_context(|| format!("the metrics do not say how many queries {route} made"))
}

/// A page as it was shown.
struct Shown {
    status: u16,
    html: String,
    cookies: Vec<String>,
}

impl Shown {
    /// Adds the things that it links to.
    fn things(&self, things: &mut Things) {
        for link in self.html.split("href=\"/").skip(1) {
            let link = link.split(['"', '?', '#']).next().unwrap_or_default();
            let mut steps = link.split('/');
            let (Some(step), Some(thing)) = (steps.next(), steps.next()) else {
                continue;
            };
            let ids = things.entry(step.to_owned()).or_default();
            if uuid::Uuid::parse_str(thing).is_ok() && !ids.iter().any(|id| id == thing) {
                ids.push(thing.to_owned());
            }
        }
        things.retain(|_, ids| !ids.is_empty());
    }

    fn rows(&self) -> anyhow::Result<usize> {
        let rows = selector("main tbody tr, main li")?;
        Ok(Html::parse_document(&self.html).select(&rows).count())
    }
}

fn selector(text: &str) -> anyhow::Result<Selector> {
    Selector::parse(text).map_err(|cause| anyhow::anyhow!("{text}: {cause}"))
}

/// A browser with its cookies.
struct Browser {
    base: String,
    agent: ureq::Agent,
    cookies: String,
}

impl Browser {
    fn signed_in(base: &str, email: &str) -> anyhow::Result<Self> {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .max_redirects(0)
            .build();
        let mut browser = Self {
            base: base.to_owned(),
            agent: agent.into(),
            cookies: String::new(),
        };
        let page = browser.get("/sign-in")?;
        browser.cookies = page.cookies.join("; ");
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        let hidden = selector("form[action='/sign-in'] input[type=hidden]")?;
        for field in Html::parse_document(&page.html).select(&hidden) {
            form.append_pair(
                field.attr("name").unwrap_or_default(),
                field.attr("value").unwrap_or_default(),
            );
        }
        form.append_pair("email", email).append_pair("password", demo::PASSWORD);
        let request = browser
            .request("POST", "/sign-in")
            .header("content-type", "application/x-www-form-urlencoded");
        let shown = shown(browser.agent.run(request.body(form.finish())?)?)?;
        if shown.status != 303 {
            bail!("{email} could not sign in: {}", shown.status);
        }
        browser.cookies = shown.cookies.join("; ");
        Ok(browser)
    }

    fn request(&self, method: &str, path: &str) -> ureq::http::request::Builder {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        request.header("cookie", &self.cookies)
    }

    fn get(&self, path: &str) -> anyhow::Result<Shown> {
        let request = self.request("GET", path).body(())?;
        shown(self.agent.run(request)?).with_context(|| format!("GET {path}"))
    }
}

fn shown(answer: ureq::http::Response<ureq::Body>) -> anyhow::Result<Shown> {
    let (head, mut body) = answer.into_parts();
    let cookies = head.headers.get_all("set-cookie").iter();
    let cookies = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
    Ok(Shown {
        status: head.status.as_u16(),
        cookies: cookies.map(str::to_owned).collect(),
        html: body.read_to_string()?,
    })
}
