//! A browser without JavaScript: it keeps cookies, fills in the forms that pages have, and follows where it is sent.

use std::collections::BTreeMap;
use std::sync::Mutex;

use scraper::{ElementRef, Html, Selector};
use ureq::http::Request;

use super::client::{PASSWORD, agent};

/// A page that was shown.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Where it is: path and query.
    pub path: String,
    pub status: u16,
    pub content_type: String,
    /// The call's id, as the log has it.
    pub request_id: String,
    pub html: String,
}

impl Shown {
    /// The page of what must have gone well.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.status, 200, "{} was answered {}", self.path, self.text());
        self
    }

    /// What a person reads of it.
    pub fn text(&self) -> String {
        let page = Html::parse_document(&self.html);
        let main = page.select(&selector("main")).next();
        let words: Vec<&str> = main.map_or_else(Vec::new, |main| main.text().flat_map(str::split_whitespace).collect());
        words.join(" ")
    }

    /// Whether a person reads this on it.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(
            self.text().contains(words),
            "{} ({}) does not say `{words}`: {}",
            self.path,
            self.status,
            self.text()
        );
        self
    }

    /// Whether something is on it, by a CSS selector.
    pub fn has(&self, what: &str) -> bool {
        Html::parse_document(&self.html)
            .select(&selector(what))
            .next()
            .is_some()
    }

    /// The texts of what a CSS selector finds.
    pub fn texts(&self, what: &str) -> Vec<String> {
        let page = Html::parse_document(&self.html);
        let what = selector(what);
        page.select(&what)
            .map(|one| one.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" "))
            .collect()
    }

    /// The paths that its links lead to.
    pub fn links(&self) -> Vec<String> {
        let page = Html::parse_document(&self.html);
        let links = selector("a[href^='/']");
        page.select(&links)
            .filter_map(|link| link.attr("href").map(str::to_owned))
            .collect()
    }

    /// The paths that its forms are sent to.
    pub fn forms(&self) -> Vec<String> {
        let page = Html::parse_document(&self.html);
        let forms = selector("form[method=post]");
        page.select(&forms)
            .filter_map(|form| form.attr("action").map(str::to_owned))
            .collect()
    }

    /// What stands in the form that is sent to a path, as it would be sent.
    #[track_caller]
    pub fn form(&self, path: &str) -> Vec<(String, String)> {
        let page = Html::parse_document(&self.html);
        let forms: Vec<ElementRef<'_>> = page.select(&selector("form")).collect();
        let form = forms.iter().find(|form| form.attr("action") == Some(path));
        let form = form.unwrap_or_else(|| panic!("{} has no form for {path}, but {:?}", self.path, self.forms()));
        form.select(&selector("input, textarea, select"))
            .filter_map(|field| {
                let name = field.attr("name")?.to_owned();
                let value = match field.value().name() {
                    "textarea" => field.text().collect::<String>().trim_start_matches('\n').to_owned(),
                    "select" => field
                        .select(&selector("option[selected]"))
                        .next()
                        .and_then(|option| option.attr("value"))
                        .unwrap_or_default()
                        .to_owned(),
                    _ => {
                        let ticks = matches!(field.attr("type"), Some("checkbox" | "radio"));
                        if ticks && field.attr("checked").is_none() {
                            return None;
                        }
                        field.attr("value").unwrap_or_default().to_owned()
                    }
                };
                Some((name, value))
            })
            .collect()
    }
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).unwrap_or_else(|cause| panic!("{text}: {cause}"))
}

/// A browser with its cookies.
pub struct Browser {
    base: String,
    agent: ureq::Agent,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        Self {
            base: base.trim_end_matches('/').to_owned(),
            agent: agent(),
            cookies: Mutex::default(),
        }
    }

    /// Signs in through the page.
    #[track_caller]
    pub fn sign_in(self, email: &str) -> Self {
        self.sign_in_with(email, PASSWORD)
    }

    /// [`Browser::sign_in`], with a password of one's own.
    #[track_caller]
    pub fn sign_in_with(self, email: &str, password: &str) -> Self {
        let page = self.get("/sign-in").ok();
        let home = self.send(&page, "/sign-in", &[("email", email), ("password", password)]);
        assert_eq!((home.path.as_str(), home.status), ("/", 200), "{}", home.text());
        self
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Puts a cookie in, or takes one away.
    pub fn keep_cookie(&self, name: &str, value: Option<&str>) {
        let mut cookies = self.cookies.lock().unwrap();
        match value {
            Some(value) => cookies.insert(name.to_owned(), value.to_owned()),
            None => cookies.remove(name),
        };
    }

    /// Opens an address.
    pub fn get(&self, path: &str) -> Shown {
        self.follow("GET", path, None)
    }

    /// Sends the form of a page that goes to a path: as it stands there, but for these fields.
    #[track_caller]
    pub fn send(&self, page: &Shown, path: &str, changes: &[(&str, &str)]) -> Shown {
        let mut fields = page.form(path);
        fields.retain(|(name, _)| changes.iter().all(|(changed, _)| name != changed));
        fields.extend(
            changes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        self.post(path, &fields)
    }

    /// Sends any fields to a path.
    pub fn post(&self, path: &str, fields: &[(String, String)]) -> Shown {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.follow("POST", path, Some(body))
    }

    /// Sends a form as the page's script does, to keep what was typed by now.
    pub fn autosave(&self, path: &str, fields: &[(String, String)]) -> Shown {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.call_with("POST", path, Some(body), Some("x-autosave")).0
    }

    fn follow(&self, method: &str, path: &str, body: Option<String>) -> Shown {
        let (mut shown, mut next) = self.call(method, path, body);
        for _ in 0..5 {
            let Some(path) = next else { break };
            (shown, next) = self.call("GET", &path, None);
        }
        shown
    }

    /// One call: the answer, and where it sends on to.
    pub fn call(&self, method: &str, path: &str, body: Option<String>) -> (Shown, Option<String>) {
        self.call_with(method, path, body, None)
    }

    fn call_with(&self, method: &str, path: &str, body: Option<String>, mark: Option<&str>) -> (Shown, Option<String>) {
        let cookies: Vec<String> = {
            let cookies = self.cookies.lock().unwrap();
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect()
        };
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        if let Some(mark) = mark {
            request = request.header(mark, "1");
        }
        let answer = match body {
            Some(body) => {
                let request = request.header("content-type", "application/x-www-form-urlencoded");
                self.agent.run(request.body(body.into_bytes()).unwrap())
            }
            None => self.agent.run(request.body(()).unwrap()),
        };
        let (head, mut body) = answer
            .unwrap_or_else(|cause| panic!("{method} {path} got no answer: {cause}"))
            .into_parts();
        let mut jar = self.cookies.lock().unwrap();
        for cookie in head.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        let text = |name: &str| {
            let value = head.headers.get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let shown = Shown {
            path: path.to_owned(),
            status: head.status.as_u16(),
            content_type: text("content-type"),
            request_id: text("x-request-id"),
            html: body.read_to_string().unwrap(),
        };
        let next = (shown.status == 303).then(|| text("location"));
        (shown, next)
    }
}
