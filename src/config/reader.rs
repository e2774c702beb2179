use std::fmt;

use super::Variable;

/// One thing that is wrong with one variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The variable's name.
    pub variable: &'static str,
    /// What is wrong and what would be right; never the value of a secret.
    pub message: String,
}

/// Everything that is wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration is not complete:")?;
        for Problem { variable, message } in &self.0 {
            write!(f, "\n  {variable}: {message}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// Reads variables from a source and gathers what is wrong with them.
pub(super) struct Reader<'a> {
    source: &'a dyn Fn(&str) -> Option<String>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            source,
            problems: Vec::new(),
        }
    }

    /// The value as given; an empty one is an absent one.
    pub(super) fn given(&self, variable: &Variable) -> Option<String> {
        (self.source)(variable.name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }

    /// The value, or the default; `None` when it was wrong, which is then noted.
    pub(super) fn value<T>(
        &mut self,
        variable: &Variable,
        default: T,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        match self.given(variable) {
            None => Some(default),
            Some(value) => self.checked(variable, parse(&value)),
        }
    }

    /// A whole number of a range, or the default.
    pub(super) fn number(&mut self, variable: &Variable, default: u32, least: u32, most: u32) -> Option<u32> {
        self.value(variable, default, |value| match value.parse() {
            Ok(number) if (least..=most).contains(&number) => Ok(number),
            _ => Err(format!(
                "a whole number from {least} to {most} is needed, not `{value}`"
            )),
        })
    }

    /// The value of a result; what is wrong is noted.
    pub(super) fn checked<T>(&mut self, variable: &Variable, result: Result<T, String>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(message) => {
                self.problem(variable, &message);
                None
            }
        }
    }

    pub(super) fn problem(&mut self, variable: &Variable, message: &str) {
        self.problems.push(Problem {
            variable: variable.name,
            message: message.to_owned(),
        });
    }

    pub(super) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    pub(super) fn into_problems(self) -> Problems {
        Problems(self.problems)
    }
}
