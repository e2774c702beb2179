use super::Variable;
use super::reader::Reader;

const SECOND_FACTOR: Variable = Variable::open(
    "HEARTH_SECOND_FACTOR",
    "optional",
    "Whether signing in needs a second factor: `required` or `optional`.",
);
const ATTEMPTS: Variable = Variable::open(
    "HEARTH_SIGN_INS_PER_MINUTE",
    "30",
    "Most sign-ins, registrations and password resets tried a minute from one address, before 429 is answered; 0 for no limit.",
);
pub(super) const VARIABLES: &[Variable] = &[SECOND_FACTOR, ATTEMPTS];

/// How people sign in.
#[derive(Debug, Clone)]
pub struct SignInConfig {
    /// Whether a second factor is needed.
    pub second_factor: SecondFactor,
    /// Most sign-ins, registrations and password resets tried a minute from one address; none for no limit.
    pub attempts_per_minute: Option<u32>,
}

/// Whether signing in needs a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// Everybody needs one.
    Required,
    /// Whoever has one set up is asked for it.
    Optional,
}

impl SignInConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let second_factor = reader.value(&SECOND_FACTOR, SecondFactor::Optional, |value| match value {
            "required" => Ok(SecondFactor::Required),
            "optional" => Ok(SecondFactor::Optional),
            other => Err(format!("`required` or `optional` is needed, not `{other}`")),
        });
        let attempts = reader.number(&ATTEMPTS, 30, 0, 1_000_000);
        Some(Self {
            second_factor: second_factor?,
            attempts_per_minute: attempts.map(|attempts| (attempts > 0).then_some(attempts))?,
        })
    }
}
