use super::Variable;
use super::reader::Reader;

const SECOND_FACTOR: Variable = Variable::open(
    "HEARTH_SECOND_FACTOR",
    "optional",
    "Whether signing in needs a second factor. Only `optional` can be kept so far: this version asks nobody for one.",
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
    /// Most sign-ins, registrations and password resets tried a minute from one address; none for no limit.
    pub attempts_per_minute: Option<u32>,
}

impl SignInConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let second_factor = reader.value(&SECOND_FACTOR, (), |value| match value {
            "optional" => Ok(()),
            "required" => {
                Err("`required` can't be kept: this version asks nobody for a second factor; set `optional`".to_owned())
            }
            other => Err(format!("`optional` is needed, not `{other}`")),
        });
        let attempts = reader.number(&ATTEMPTS, 30, 0, 1_000_000);
        second_factor?;
        Some(Self {
            attempts_per_minute: attempts.map(|attempts| (attempts > 0).then_some(attempts))?,
        })
    }
}
