/// One variable of the environment: what `hearth doctor`, `--help` and the README's table say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// `HEARTH_…`.
    pub name: &'static str,
    /// What it means, in a sentence.
    pub meaning: &'static str,
    /// What holds when it is absent, in words or as a value.
    pub default: &'static str,
    /// How much of its value may be shown.
    pub secrecy: Secrecy,
}

/// How much of a variable's value may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrecy {
    /// All of it.
    Open,
    /// A URL: all but its password.
    PasswordInUrl,
    /// Nothing; and there is no flag for it, since flags are visible to everybody on the machine.
    Secret,
}

impl Variable {
    pub(super) const fn open(name: &'static str, default: &'static str, meaning: &'static str) -> Self {
        Self {
            name,
            meaning,
            default,
            secrecy: Secrecy::Open,
        }
    }

    pub(super) const fn url(name: &'static str, default: &'static str, meaning: &'static str) -> Self {
        Self {
            name,
            meaning,
            default,
            secrecy: Secrecy::PasswordInUrl,
        }
    }

    pub(super) const fn secret(name: &'static str, default: &'static str, meaning: &'static str) -> Self {
        Self {
            name,
            meaning,
            default,
            secrecy: Secrecy::Secret,
        }
    }

    /// The flag that says the same (`database-url` for `HEARTH_DATABASE_URL`), without its dashes; none for a secret.
    pub fn flag(&self) -> Option<String> {
        let word = self.name.strip_prefix("HEARTH_").unwrap_or(self.name);
        (self.secrecy != Secrecy::Secret).then(|| word.to_ascii_lowercase().replace('_', "-"))
    }

    /// A value of this variable as it may be shown.
    pub fn shown(&self, value: &str) -> String {
        match self.secrecy {
            Secrecy::Open => value.to_owned(),
            Secrecy::PasswordInUrl => without_password(value),
            Secrecy::Secret => "(set, not shown)".to_owned(),
        }
    }
}

/// The URL with its password starred. What does not parse as a URL is cut before its last `@`: it may hold a password.
pub(super) fn without_password(value: &str) -> String {
    let Ok(mut url) = url::Url::parse(value) else {
        return match value.rsplit_once('@') {
            Some((_, rest)) => format!("…@{rest}"),
            None => value.to_owned(),
        };
    };
    // libpq takes a password in the query too.
    let hidden: Vec<(String, String)> = url
        .query_pairs()
        .map(|(name, value)| {
            let value = if name.contains("password") { "***".into() } else { value };
            (name.into_owned(), value.into_owned())
        })
        .collect();
    if hidden.iter().any(|(name, _)| name.contains("password")) {
        url.query_pairs_mut().clear().extend_pairs(hidden);
    }
    if url.password().is_some() && url.set_password(Some("***")).is_err() {
        return format!("{}://…", url.scheme());
    }
    url.into()
}
