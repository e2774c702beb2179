//! The sources as tokens: enough of Rust to see which module a file names, and nothing of comments and strings.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One file of `src/`.
pub struct Source {
    /// As a reader names it: `src/bids/rules.rs`.
    pub name: String,
    /// Where the file stands in the crate: `["bids", "rules"]`.
    pub module: Vec<String>,
    pub text: String,
    pub tokens: Vec<Token>,
}

/// A word or a sign of the code, with the line it stands on.
pub struct Token {
    pub text: String,
    pub line: usize,
}

/// A path that the code names, from the crate's root: `["homes", "rules", "HomeFacts"]`.
pub struct Named {
    pub path: Vec<String>,
    pub line: usize,
}

impl Source {
    /// Every Rust file of `src/`, sorted by name.
    pub fn all() -> Vec<Self> {
        let root = root();
        let mut files = files_below(&root.join("src"), "rs");
        files.sort();
        files.iter().map(|file| Self::read(&root, file)).collect()
    }

    fn read(root: &Path, file: &Path) -> Self {
        let name = file
            .strip_prefix(root)
            .expect("a file below the root")
            .to_string_lossy()
            .replace('\\', "/");
        let text = fs::read_to_string(file).expect("a readable source");
        Self {
            name: name.clone(),
            ..Self::of(name.trim_start_matches("src/").trim_end_matches(".rs"), &text)
        }
    }

    /// A source by its place in the crate, `bids/rules`.
    pub fn of(place: &str, text: &str) -> Self {
        let module = place
            .split('/')
            .filter(|part| !matches!(*part, "mod" | "lib" | "main"))
            .map(String::from)
            .collect();
        Self {
            name: place.into(),
            module,
            text: text.into(),
            tokens: tokens(text),
        }
    }

    /// The slice or kernel module the file belongs to; nothing for `lib.rs` and `main.rs`.
    pub fn owner(&self) -> Option<&str> {
        self.module.first().map(String::as_str)
    }

    /// What the file is within its slice: `rules`, `store`, `actions`, `api`, `pages`.
    pub fn part(&self) -> Option<&str> {
        self.module.get(1).map(String::as_str)
    }

    /// Whether a module of that name holds the code, at any depth.
    pub fn is_in(&self, part: &str) -> bool {
        self.module.iter().any(|module| module == part)
    }

    /// The first line on which a word stands in the code.
    pub fn line_of(&self, word: &str) -> Option<usize> {
        self.tokens
            .iter()
            .find(|token| token.text == word)
            .map(|token| token.line)
    }

    /// Every path of the crate's own that the file names, by `use` or in passing.
    pub fn named(&self) -> Vec<Named> {
        let mut found = Vec::new();
        let mut inline: Vec<(String, usize)> = Vec::new();
        let (mut depth, mut at) = (0, 0);
        while at < self.tokens.len() {
            match self.word(at) {
                "{" => {
                    depth += 1;
                    if at >= 2 && self.word(at - 2) == "mod" {
                        inline.push((self.word(at - 1).to_string(), depth));
                    }
                }
                "}" => {
                    inline.pop_if(|(_, opened)| *opened == depth);
                    depth -= 1;
                }
                "crate" | "self" | "super" if self.word(at + 1) == "::" && self.begins_path(at) => {
                    let mut here = self.module.clone();
                    here.extend(inline.iter().map(|(name, _)| name.clone()));
                    at = self.expand(at, &here, &mut found);
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        found
    }

    /// Whether a path of the crate begins here: not in the middle of one, nor in `pub(in crate::…)`, which uses nothing.
    fn begins_path(&self, at: usize) -> bool {
        !matches!(
            (self.word(at.wrapping_sub(2)), self.word(at.wrapping_sub(1))),
            (_, "::") | ("(", "in")
        )
    }

    /// Follows one path or `use` tree, a path for each of its ends; answers where it stopped.
    fn expand(&self, mut at: usize, prefix: &[String], found: &mut Vec<Named>) -> usize {
        let mut path = prefix.to_vec();
        loop {
            match self.word(at) {
                "crate" => path.clear(),
                "self" => {}
                "super" => drop(path.pop()),
                "{" => {
                    at += 1;
                    while !matches!(self.word(at), "}" | "") {
                        at = self.expand(at, &path, found);
                        if self.word(at) == "as" {
                            at += 2;
                        }
                        if self.word(at) == "," {
                            at += 1;
                        }
                    }
                    return at + 1;
                }
                word if word == "*" || is_word(word) => path.push(word.to_string()),
                // A turbofish, or the end of something that was no path.
                _ => {
                    found.push(Named {
                        path,
                        line: self.line(at),
                    });
                    return at + 1;
                }
            }
            at += 1;
            // A macro of the crate's root is no module.
            if self.word(at) == "!" && path.len() == 1 {
                return at;
            }
            if self.word(at) != "::" {
                found.push(Named {
                    path,
                    line: self.line(at - 1),
                });
                return at;
            }
            at += 1;
        }
    }

    /// The names of the functions whose body holds one of the words.
    pub fn functions_with(&self, words: &[&str]) -> Vec<String> {
        let mut functions = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            if self.word(at) == "fn" && is_word(self.word(at + 1)) {
                let name = self.word(at + 1).to_string();
                let end = self.end_of_body(at);
                if (at..end).any(|token| words.contains(&self.word(token))) {
                    functions.push(name);
                }
                at = end;
            }
            at += 1;
        }
        functions
    }

    /// The page structures that the file declares, each with its line: what derives `Template`.
    pub fn templates(&self) -> Vec<(&str, usize)> {
        let (mut found, mut derives) = (Vec::new(), false);
        for at in 0..self.tokens.len() {
            match self.word(at) {
                "derive" => {
                    let mut derived = (at..)
                        .map(|at| self.word(at))
                        .take_while(|word| !matches!(*word, ")" | ""));
                    derives |= derived.any(|word| word == "Template");
                }
                "struct" | "enum" if std::mem::take(&mut derives) => {
                    found.push((self.word(at + 1), self.line(at + 1)));
                }
                _ => {}
            }
        }
        found
    }

    /// The code that is compiled for tests alone: from after each `#[cfg(test)]` to the end of what it stands over.
    fn for_tests(&self) -> impl Iterator<Item = Range<usize>> {
        const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
        let is_mark = move |at: &usize| (0..MARK.len()).all(|n| self.word(at + n) == MARK[n]);
        (0..self.tokens.len()).filter(is_mark).map(move |at| {
            let from = at + MARK.len();
            from..self.end_of_body(from)
        })
    }

    /// The modules that it declares for tests alone and that stand in files of their own.
    pub fn test_modules(&self) -> impl Iterator<Item = Vec<String>> {
        let apart = self
            .for_tests()
            .filter(move |code| self.word(code.end - 2) == "mod" && self.word(code.end) == ";");
        apart.map(move |code| [self.module.as_slice(), &[self.word(code.end - 1).to_string()]].concat())
    }

    /// Whether its code for tests has this word. (Of a module that is for tests alone all is.)
    pub fn tests_say(&self, word: &str, test_modules: &[Vec<String>]) -> bool {
        if self.is_below_any(test_modules) {
            return self.line_of(word).is_some();
        }
        self.for_tests().flatten().any(|at| self.word(at) == word)
    }

    /// Whether it belongs to one of these modules.
    pub fn is_below_any(&self, modules: &[Vec<String>]) -> bool {
        modules.iter().any(|module| self.module.starts_with(module))
    }

    fn end_of_body(&self, mut at: usize) -> usize {
        let mut depth = 0;
        while at < self.tokens.len() {
            match self.word(at) {
                "{" => depth += 1,
                "}" if depth == 1 => return at,
                "}" => depth -= 1,
                ";" if depth == 0 => return at,
                _ => {}
            }
            at += 1;
        }
        at
    }

    /// The token at a place; nothing past the end.
    pub fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &token.text)
    }

    fn line(&self, at: usize) -> usize {
        self.tokens.get(at).or(self.tokens.last()).map_or(0, |token| token.line)
    }
}

/// The top of the checkout.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder whose name ends so.
pub fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_below(&path, extension));
        } else if path.extension().is_some_and(|is| is == extension) {
            found.push(path);
        }
    }
    found
}

fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// The code's words and signs; `::` is one sign, comments and literals are left out.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let peek = |at: usize| chars.get(at).copied().unwrap_or('\0');
    let (mut tokens, mut at, mut line) = (Vec::new(), 0, 1);
    while at < chars.len() {
        let began = at;
        match chars[at] {
            '/' if peek(at + 1) == '/' => {
                while at < chars.len() && peek(at) != '\n' {
                    at += 1;
                }
            }
            '/' if peek(at + 1) == '*' => at = end_of_comment(&chars, at),
            '"' => at = end_of_string(&chars, at),
            'r' | 'b' | 'c' if raw_string(&chars, at).is_some() => at = raw_string(&chars, at).unwrap_or(at),
            '\'' if peek(at + 1) == '\\' || peek(at + 2) == '\'' => {
                at += if peek(at + 1) == '\\' { 3 } else { 2 };
                while at < chars.len() && peek(at) != '\'' {
                    at += 1;
                }
                at += 1;
            }
            first if first.is_alphanumeric() || first == '_' => {
                while peek(at).is_alphanumeric() || peek(at) == '_' {
                    at += 1;
                }
                tokens.push(Token {
                    text: chars[began..at].iter().collect(),
                    line,
                });
            }
            ':' if peek(at + 1) == ':' => {
                at += 2;
                tokens.push(Token {
                    text: "::".into(),
                    line,
                });
            }
            sign => {
                at += 1;
                if !sign.is_whitespace() {
                    tokens.push(Token {
                        text: sign.to_string(),
                        line,
                    });
                }
            }
        }
        line += chars[began..at.min(chars.len())]
            .iter()
            .filter(|one| **one == '\n')
            .count();
    }
    tokens
}

fn end_of_comment(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < chars.len() {
        match chars[at..].get(..2) {
            Some(['/', '*']) => (depth, at) = (depth + 1, at + 2),
            Some(['*', '/']) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn end_of_string(chars: &[char], mut at: usize) -> usize {
    at += 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// Where a string with a prefix (`r"…"`, `b"…"`, `br#"…"#`) ends, if one begins here.
fn raw_string(chars: &[char], mut at: usize) -> Option<usize> {
    let mut raw = false;
    while matches!(chars.get(at), Some('r' | 'b' | 'c')) {
        raw |= chars[at] == 'r';
        at += 1;
    }
    let mut hashes = 0;
    while raw && chars.get(at) == Some(&'#') {
        (hashes, at) = (hashes + 1, at + 1);
    }
    if chars.get(at) != Some(&'"') {
        return None;
    }
    if !raw {
        return Some(end_of_string(chars, at));
    }
    at += 1;
    while at < chars.len() {
        if chars[at] == '"' && chars[at + 1..].iter().take(hashes).filter(|one| **one == '#').count() == hashes {
            return Some(at + 1 + hashes);
        }
        at += 1;
    }
    Some(at)
}
