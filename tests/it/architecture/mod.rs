//! The direction of the code, proven from its sources: the invariants of `src/lib.rs`, and the manner of the tree.

pub mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use source::{Source, files_below, root};

/// The modules of `src/lib.rs`, in its reading order.
struct Map {
    kernel: Vec<String>,
    slices: Vec<String>,
    assembly: Vec<String>,
}

impl Map {
    fn read() -> Self {
        let text = fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs");
        let (mut groups, mut group) = ([Vec::new(), Vec::new(), Vec::new()], None);
        for line in text.lines() {
            group = match line {
                _ if line.starts_with("// The kernel") => Some(0),
                _ if line.starts_with("// The slices") => Some(1),
                _ if line.starts_with("// The assembly") => Some(2),
                _ => group,
            };
            if let (Some(group), Some(module)) = (group, line.strip_prefix("pub mod ")) {
                groups[group].push(module.trim_end_matches(';').to_string());
            }
        }
        let [kernel, slices, assembly] = groups;
        assert!(
            kernel.len() > 5 && slices.len() > 5 && assembly.len() > 2,
            "src/lib.rs is the map"
        );
        Self {
            kernel,
            slices,
            assembly,
        }
    }

    fn is_kernel(&self, module: &str) -> bool {
        self.kernel.iter().any(|one| one == module)
    }

    fn is_assembly(&self, module: &str) -> bool {
        self.assembly.iter().any(|one| one == module)
    }

    /// How far down the map a slice stands; nothing for what is no slice.
    fn depth(&self, module: &str) -> Option<usize> {
        self.slices.iter().position(|one| one == module)
    }

    /// Whether code of one module may name another.
    fn may_use(&self, from: &str, to: &str) -> bool {
        if from == to || self.is_kernel(to) || self.is_assembly(from) {
            return true;
        }
        matches!((self.depth(from), self.depth(to)), (Some(from), Some(to)) if to < from)
    }
}

/// Collects what breaks a rule, and fails with all of it at once.
#[derive(Default)]
struct Breaches(Vec<String>);

impl Breaches {
    fn add(&mut self, source: &Source, line: usize, what: impl std::fmt::Display) {
        self.0.push(format!("{}:{line} {what}", source.name));
    }

    #[track_caller]
    fn none(self, rule: &str) {
        assert!(self.0.is_empty(), "{rule}:\n  {}\n", self.0.join("\n  "));
    }
}

fn is_http(source: &Source, map: &Map) -> bool {
    matches!(source.part(), Some("api" | "pages"))
        || source
            .owner()
            .is_none_or(|owner| owner == "web" || map.is_assembly(owner))
}

#[test]
fn a_module_uses_only_what_stands_above_it() {
    let map = Map::read();
    let mut breaches = Breaches::default();
    for source in Source::all() {
        let Some(owner) = source.owner().map(String::from) else {
            continue;
        };
        for named in source.named() {
            let Some(used) = named.path.first() else { continue };
            if (map.depth(used).is_some() || map.is_assembly(used)) && !map.may_use(&owner, used) {
                breaches.add(&source, named.line, format_args!("names {}", named.path.join("::")));
            }
        }
    }
    breaches.none("a slice uses only slices above it, the kernel none; later ones are reached by an event");
}

#[test]
fn every_file_belongs_to_a_module_of_the_map() {
    let map = Map::read();
    let mut breaches = Breaches::default();
    for source in Source::all() {
        if let Some(owner) = source.owner()
            && !map.is_kernel(owner)
            && !map.is_assembly(owner)
            && map.depth(owner).is_none()
        {
            breaches.add(&source, 1, "stands in no module of src/lib.rs");
        }
    }
    breaches.none("src/lib.rs is the map");
}

#[test]
fn rules_are_pure() {
    const NEVER: [&str; 7] = ["async", "diesel", "actix_web", "tokio", "askama", "lettre", "Clock"];
    const IMPURE: [&str; 4] = ["store", "actions", "api", "pages"];
    let map = Map::read();
    let mut breaches = Breaches::default();
    let sources = Source::all();
    let in_slices = || {
        sources
            .iter()
            .filter(|source| source.owner().is_some_and(|owner| map.depth(owner).is_some()))
    };
    // Rules may lean on another part of their own slice, which then owes the same.
    let mut owing: BTreeSet<(String, String)> =
        map.slices.iter().map(|slice| (slice.clone(), "rules".into())).collect();
    let mut due: Vec<(String, String)> = owing.iter().cloned().collect();
    while let Some((slice, part)) = due.pop() {
        for source in in_slices().filter(|source| source.owner() == Some(&slice) && source.part() == Some(&part)) {
            for word in NEVER {
                if let Some(line) = source.line_of(word) {
                    breaches.add(source, line, format_args!("says `{word}`"));
                }
            }
            for named in source.named() {
                let path: Vec<&str> = named.path.iter().map(String::as_str).collect();
                match path[..] {
                    // The last two are the macros that write code lists and refusals.
                    []
                    | ["values" | "ids" | "error" | "reference", ..]
                    | ["clock", "Instant", ..]
                    | ["outbox", "Event", ..]
                    | ["codes" | "refusals"] => {}
                    // A noun that a slice's root re-exports from its rules; who acts is a value too.
                    [slice, noun, ..]
                        if (map.depth(slice).is_some() || slice == "access")
                            && (noun == "*" || noun == "rules" || noun.starts_with(char::is_uppercase)) => {}
                    [own, leant_on, ..] if own == slice && !IMPURE.contains(&leant_on) => {
                        let part = (slice.clone(), leant_on.to_string());
                        if owing.insert(part.clone()) {
                            due.push(part);
                        }
                    }
                    _ => breaches.add(source, named.line, format_args!("names {}", path.join("::"))),
                }
            }
        }
    }
    breaches.none("rules.rs is pure and synchronous: it imports rules and values only");
}

#[test]
fn diesel_stands_only_in_stores() {
    let mut breaches = Breaches::default();
    for source in Source::all() {
        if source.is_in("store") || source.owner() == Some("db") {
            continue;
        }
        if let Some(line) = source.line_of("diesel") {
            breaches.add(&source, line, "names diesel");
        }
        for named in source.named() {
            if matches!(
                named.path.iter().map(String::as_str).collect::<Vec<_>>()[..],
                ["db", "schema", ..]
            ) {
                breaches.add(&source, named.line, "names the schema");
            }
        }
    }
    breaches.none("diesel stands only in store.rs and db/");
}

#[test]
fn http_stands_only_at_the_edge() {
    let map = Map::read();
    let mut breaches = Breaches::default();
    for source in Source::all().iter().filter(|source| !is_http(source, &map)) {
        if let Some(line) = source.line_of("actix_web") {
            breaches.add(source, line, "names actix_web");
        }
        for named in source.named() {
            let path: Vec<&str> = named.path.iter().map(String::as_str).collect();
            // A page of a list is what a query is asked for, whoever asks; who knows the signed-in knows no call.
            if path.first() == Some(&"web")
                && !matches!(
                    path.get(1),
                    Some(&("paging" | "Page" | "Items" | "Doorkeeper" | "Remembered"))
                )
                && path[1..] != ["pages", "Introduction"]
            {
                breaches.add(source, named.line, format_args!("names {}", path.join("::")));
            }
        }
    }
    breaches.none("HTTP stands only in api.rs, pages.rs, web/ and the assembly");
}

#[test]
fn only_actions_write() {
    const WRITES: [&str; 4] = ["insert_into", "update", "delete", "sql_query"];
    let map = Map::read();
    let sources = Source::all();
    let mut writers: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for source in sources.iter().filter(|source| source.is_in("store")) {
        let owner = source.owner().expect("a store has a module");
        // A raw query reads as often as it writes; only one that says so counts.
        let writing = source.functions_with(&WRITES[..3]);
        writers.entry(owner).or_default().extend(writing);
    }
    let mut breaches = Breaches::default();
    for source in sources
        .iter()
        .filter(|source| matches!(source.part(), Some("api" | "pages")))
    {
        let owner = source.owner().expect("an api has a slice");
        for at in 0..source.tokens.len() {
            let (one, two, three) = (source.word(at), source.word(at + 1), source.word(at + 2));
            let line = source.tokens[at].line;
            if one == "tx" && two == "." && matches!(three, "emit" | "emit_all" | "emit_once" | "record") {
                breaches.add(source, line, format_args!("calls tx.{three}"));
            }
            if one == "store" && two == "::" {
                let slice = if source.word(at.wrapping_sub(1)) == "::" {
                    source.word(at.wrapping_sub(2))
                } else {
                    owner
                };
                let slice = if map.depth(slice).is_some() { slice } else { owner };
                if writers.get(slice).is_some_and(|writers| writers.contains(three)) {
                    breaches.add(
                        source,
                        line,
                        format_args!("calls {slice}::store::{three}, which writes"),
                    );
                }
            }
        }
    }
    breaches.none("every write is an action: api.rs and pages.rs read through the store and never write");
}

#[test]
fn every_page_is_rendered_from_samples() {
    let sources = Source::all();
    let test_modules: Vec<Vec<String>> = sources.iter().flat_map(Source::test_modules).collect();
    let mut breaches = Breaches::default();
    let mut pages = 0;
    for source in sources
        .iter()
        .filter(|source| source.part() == Some("pages") || source.owner() == Some("web"))
    {
        for (page, line) in source.templates() {
            // Two pages of a slice may have one name, so a test of elsewhere must say whose it means.
            let path = [source.module.as_slice(), &[page.to_string()]].concat();
            let is_named = sources.iter().any(|other| {
                if other.module.starts_with(&source.module) {
                    other.tests_say(page, &test_modules)
                } else {
                    other.owner() == source.owner()
                        && other.is_below_any(&test_modules)
                        && other.named().iter().any(|named| named.path == path)
                }
            });
            pages += 1;
            if !is_named {
                breaches.add(source, line, format_args!("{page}: no test renders it"));
            }
        }
    }
    assert!(pages > 50, "pages were found: {pages}");
    breaches.none("every page structure is rendered from samples in a unit test of its slice");
}

#[test]
fn time_is_given_never_asked_of_the_database() {
    let mut breaches = Breaches::default();
    for source in Source::all() {
        for named in [
            "CURRENT_TIMESTAMP",
            "CURRENT_DATE",
            "datetime('now'",
            "diesel::dsl::now",
        ] {
            if let Some(line) = source.text.lines().position(|line| line.contains(named)) {
                breaches.add(&source, line + 1, format_args!("says {named}"));
            }
        }
    }
    for file in files_below(&root().join("migrations"), "sql") {
        let text = fs::read_to_string(&file).expect("a readable migration").to_lowercase();
        if ["current_timestamp", "current_date", "now("]
            .iter()
            .any(|word| text.contains(word))
        {
            breaches
                .0
                .push(format!("{} asks the database for the time", file.display()));
        }
    }
    breaches.none("time comes from the clock");
}

#[test]
fn names_say_something_and_files_stay_readable() {
    const SAY_NOTHING: [&str; 12] = [
        "util", "utils", "helper", "helpers", "common", "misc", "service", "services", "manager", "managers", "shared",
        "base",
    ];
    const LINES: usize = 500;
    let mut breaches = Breaches::default();
    for source in Source::all() {
        if let Some(name) = source
            .module
            .iter()
            .find(|module| SAY_NOTHING.contains(&module.as_str()))
        {
            breaches.add(&source, 1, format_args!("`{name}` says nothing"));
        }
        let lines = source.text.lines().count();
        if lines > LINES && source.name != "src/db/schema.rs" {
            breaches.add(&source, lines, format_args!("has {lines} lines: split it by content"));
        }
        for at in 0..source.tokens.len() {
            let (one, two) = (source.word(at), source.word(at + 1));
            if one == "fn" && two.starts_with("get_") {
                breaches.add(
                    &source,
                    source.tokens[at].line,
                    format_args!("fn {two}: leave out `get_`"),
                );
            }
            if matches!((one, two), ("unimplemented" | "todo", "!")) || (one == "[" && two == "ignore") {
                breaches.add(&source, source.tokens[at].line, format_args!("says {two} {one}"));
            }
        }
    }
    breaches.none("names and sizes");
}

#[test]
fn every_migration_goes_up_and_down_once_a_version() {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for set in ["common", "sqlite", "postgres"] {
        for up in files_below(&root().join("migrations").join(set), "sql") {
            let folder = up.parent().expect("a migration's folder");
            assert!(
                folder.join("up.sql").exists() && folder.join("down.sql").exists(),
                "{}",
                folder.display()
            );
            let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
            let version = name.split('_').next().expect("a version").to_string();
            versions.entry(version).or_default().insert(name);
        }
    }
    assert!(versions.len() > 10, "migrations were found: {versions:?}");
    for (version, names) in versions {
        assert_eq!(
            names.len(),
            1,
            "version {version} belongs to one migration, the same in both engines: {names:?}"
        );
    }
}

#[test]
fn the_reader_of_sources_sees_paths_and_no_comments() {
    let source = Source::of(
        "bids/rules",
        r##"
        //! crate::homes::store in a comment
        use crate::{clock::Instant, homes::{self, rules::{HomeFacts as Facts, Grade}}};
        use super::store::*;
        const WORDS: &str = r#"crate::bids::api"#; const CHAR: char = '"';
        fn f<'a>(x: &'a str) { crate::values::Money::parse::<u8>(x); self::inner::g() }
        mod tests { use super::*; }
        "##,
    );
    let named: Vec<String> = source.named().iter().map(|named| named.path.join("::")).collect();
    assert_eq!(
        named,
        [
            "clock::Instant",
            "homes",
            "homes::rules::HomeFacts",
            "homes::rules::Grade",
            "bids::store::*",
            "values::Money::parse",
            "bids::rules::inner::g",
            "bids::rules::*"
        ]
    );
}

#[test]
fn the_reader_of_sources_tells_pages_and_tests_apart() {
    let page = Source::of(
        "bids/pages/list",
        r#"
        #[derive(Debug, Clone)]
        struct Row;
        #[derive(Debug, askama::Template)]
        #[template(path = "bids/list.html")]
        pub(super) struct ListPage<'a> { rows: &'a [Row] }
        fn shown(page: ShownPage) {}
        #[cfg(test)]
        pub(crate) mod samples;
        #[cfg(test)]
        mod tests { #[test] fn it() { if true { ListPage { rows: &[] }; } } }
        fn later(page: OtherPage) {}
        "#,
    );
    assert_eq!(page.templates(), [("ListPage", 6)]);
    let apart: Vec<Vec<String>> = page.test_modules().collect();
    assert_eq!(apart, [["bids", "pages", "list", "samples"].map(String::from)]);
    for (word, said) in [("ListPage", true), ("ShownPage", false), ("OtherPage", false)] {
        assert_eq!(page.tests_say(word, &apart), said, "{word}");
    }
    let samples = Source::of("bids/pages/list/samples", "fn one() -> ShownPage {}");
    assert!(samples.tests_say("ShownPage", &apart) && !samples.tests_say("ShownPage", &[]));
}
