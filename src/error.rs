//! The one error of the program, free of any transport. Only [`crate::web::problem`] knows how it looks over HTTP.

use serde::Serialize;
use std::borrow::Cow;
use std::fmt;
use utoipa::ToSchema;

/// What every fallible function of the program answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done.
#[derive(Debug)]
pub enum Error {
    /// Nobody is signed in, or the sign-in is over. The code says which: `auth.required`, `auth.expired`, …
    Unauthenticated(&'static str),
    /// The person may know of the thing and may not do this to it. Says who may.
    Forbidden(&'static str),
    /// It isn't there, or isn't the asker's to know of. Names the kind of thing.
    NotFound(&'static str),
    /// A rule refuses.
    Refused(Refused),
    /// Fields of what was sent are wrong, all of them named.
    Invalid(FieldErrors),
    /// Somebody changed it meanwhile.
    Stale,
    /// What was sent can't be read at all.
    Malformed(String),
    /// What was sent is larger than is taken.
    TooLarge,
    /// Too often: try again after so many seconds.
    TooMany {
        /// Seconds to wait.
        retry_after: u32,
    },
    /// Not just now (starting, stopping, or the database is away): try again after a while.
    Unavailable,
    /// The database undid it whole in favour of another that was under way (a deadlock, a serialization failure): the same
    /// may simply be made again, as [`crate::db::Database::write`] does.
    Contended,
    /// A stored row that the rules say can't be.
    CorruptRow {
        /// The table.
        table: &'static str,
        /// The row.
        id: String,
    },
    /// Anything else; logged once with its cause, never shown.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// An internal error from any cause.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// One wrong field.
    pub fn field(
        field: impl Into<Cow<'static, str>>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        let mut errors = FieldErrors::new();
        errors.add(field, code, message);
        Self::Invalid(errors)
    }

    /// The stable code that the outside sees.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated(code) => code,
            Self::Forbidden(_) => "forbidden",
            Self::NotFound(_) => "not_found",
            Self::Refused(refused) => refused.code,
            Self::Invalid(_) => "invalid_fields",
            Self::Stale => "stale",
            Self::Malformed(_) => "malformed",
            Self::TooLarge => "too_large",
            Self::TooMany { .. } => "too_many_requests",
            Self::Unavailable | Self::Contended => "unavailable",
            Self::CorruptRow { .. } | Self::Internal(_) => "internal",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthenticated("auth.credentials_wrong") => {
                f.write_str("The email address or the password is not right.")
            }
            Self::Unauthenticated(_) => f.write_str("You are not signed in, or your sign-in has ended."),
            Self::Forbidden(who) => write!(f, "You may not do this: it takes {who}."),
            Self::NotFound(what) => write!(f, "There is no such {what}."),
            Self::Refused(refused) => f.write_str(&refused.detail),
            Self::Invalid(errors) => write!(f, "{errors}"),
            Self::Stale => f.write_str("Somebody changed this meanwhile. Read it again, then repeat your change."),
            Self::Malformed(why) => f.write_str(why),
            Self::TooLarge => f.write_str("That is larger than is taken here."),
            Self::TooMany { retry_after } => write!(f, "Too many attempts. Try again in {retry_after} seconds."),
            Self::Unavailable | Self::Contended => f.write_str("Not available just now. Try again shortly."),
            Self::CorruptRow { table, id } => write!(f, "row {id} of {table} can't be"),
            Self::Internal(cause) => write!(f, "{cause}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

/// What kind of refusal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// The state of things refuses.
    Conflict,
    /// What was asked for breaks a rule whatever the state.
    Unprocessable,
    /// This asker may not.
    Forbidden,
}

/// A rule's refusal: a stable code and a sentence for people.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Its kind.
    pub kind: RefusalKind,
    /// Its stable code, such as `bid.deadline_passed`.
    pub code: &'static str,
    /// What happened and what would be right.
    pub detail: String,
    /// The fields it is about, where there are any.
    pub errors: FieldErrors,
}

impl Refused {
    /// The same refusal, naming the fields it is about.
    #[must_use]
    pub fn naming(mut self, errors: FieldErrors) -> Self {
        self.errors = errors;
        self
    }
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Where in the body it stands: `address.postcode`, `answers[0].text`.
    #[schema(example = "address.postcode")]
    pub field: Cow<'static, str>,
    /// Its stable code.
    #[schema(example = "postcode.invalid")]
    pub code: Cow<'static, str>,
    /// What would be right.
    #[schema(example = "must be a full postcode, such as RG1 1AF")]
    pub message: String,
}

/// All that is wrong with the fields of one body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes one more.
    pub fn add(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) {
        self.0.push(FieldError {
            field: field.into(),
            code: code.into(),
            message: message.into(),
        });
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }

    /// Whether this field is among them.
    pub fn names(&self, field: &str) -> bool {
        self.0.iter().any(|error| error.field == field)
    }

    /// Fine when there are none.
    pub fn into_result(self) -> Result<()> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self))
        }
    }
}

impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => write!(f, "`{}` {}.", self.0[0].field, self.0[0].message),
            n => write!(f, "{n} fields are not right."),
        }
    }
}

/// Declares a slice's refusals: an enum whose variants carry their facts, each with its kind, its stable code and its sentence.
/// People read the sentence: a state stands in it by its label, as in `"The award is {}.", status.label()`, never by its code.
///
/// Gives `code()`, `kind()`, `Display`, `CODES` (all codes, for the API's document) and `From<…> for Error`.
#[macro_export]
macro_rules! refusals {
    (
        $(#[$doc:meta])*
        pub enum $name:ident {
            $(
                $(#[$vdoc:meta])*
                $variant:ident $({ $($field:ident : $type:ty),* $(,)? })? =>
                    ($kind:ident, $code:literal, $sentence:literal $(, $word:expr)*)
            ),* $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        #[allow(missing_docs)]
        pub enum $name {
            $( $(#[$vdoc])* $variant $({ $($field: $type),* })? ),*
        }

        impl $name {
            /// Every stable code of these refusals.
            pub const CODES: &'static [&'static str] = &[$($code),*];

            /// The stable code.
            pub fn code(&self) -> &'static str {
                match self { $( Self::$variant $({ $($field: _),* })? => $code ),* }
            }

            /// The kind of refusal.
            pub fn kind(&self) -> $crate::error::RefusalKind {
                match self { $( Self::$variant $({ $($field: _),* })? => $crate::refusals!(@kind $kind) ),* }
            }

            /// This refusal as the program's error, naming the fields it is about.
            pub fn naming(self, errors: $crate::error::FieldErrors) -> $crate::error::Error {
                $crate::error::Error::Refused($crate::error::Refused::from(self).naming(errors))
            }

            /// This refusal as the program's error, about one field.
            pub fn at(self, field: &'static str) -> $crate::error::Error {
                let mut errors = $crate::error::FieldErrors::new();
                errors.add(field, self.code(), self.to_string());
                self.naming(errors)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self { $( Self::$variant $({ $($field),* })? => write!(f, $sentence $(, $word)*) ),* }
            }
        }

        impl std::error::Error for $name {}

        impl From<$name> for $crate::error::Refused {
            fn from(refused: $name) -> Self {
                Self {
                    kind: refused.kind(),
                    code: refused.code(),
                    detail: refused.to_string(),
                    errors: $crate::error::FieldErrors::new(),
                }
            }
        }

        impl From<$name> for $crate::error::Error {
            fn from(refused: $name) -> Self {
                $crate::error::Error::Refused(refused.into())
            }
        }
    };
    (@kind conflict) => { $crate::error::RefusalKind::Conflict };
    (@kind unprocessable) => { $crate::error::RefusalKind::Unprocessable };
    (@kind forbidden) => { $crate::error::RefusalKind::Forbidden };
}
pub use refusals;
