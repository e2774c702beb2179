//! Passwords: argon2id hashes, and which passwords are taken.

use crate::error::{Error, FieldErrors, Result};
use argon2::password_hash::rand_core::{CryptoRng, RngCore};
use argon2::password_hash::{self, Output, ParamsString, PasswordHash, Salt, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::sync::LazyLock;

/// The fewest characters (NCSC: length before complexity).
pub const SHORTEST: usize = 12;

/// The most characters: more would only cost time to hash.
pub const LONGEST: usize = 200;

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
static ARGON2: LazyLock<Argon2<'static>> = LazyLock::new(|| {
    let params = Params::new(19 * 1024, 2, 1, None).expect("the parameters are within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
});

/// What an account without a password is compared with, so that it takes as long to refuse as any other.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash("a password that nobody has").unwrap_or_default());

/// Refuses a password that is too short, or easily guessed by somebody who knows these words about its owner.
pub fn check(password: &str, about: &[&str]) -> Result<()> {
    let mut errors = FieldErrors::new();
    let length = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        errors.add(
            "password",
            "password.length",
            format!("must have {SHORTEST} to {LONGEST} characters"),
        );
    } else if zxcvbn::zxcvbn(password, about).score() < zxcvbn::Score::Three {
        errors.add(
            "password",
            "password.common",
            "is too easily guessed: use three words that have nothing to do with each other",
        );
    }
    errors.into_result()
}

/// The hash to keep, as a PHC string. Takes tens of milliseconds: call it off the async threads and outside transactions.
pub fn hash(password: &str) -> Result<String> {
    let salt = SaltString::generate(&mut OsRandom);
    let hash = || {
        let hash = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(ARGON2.params())?,
            salt: Some(salt.as_salt()),
            hash: Some(output(&ARGON2, password, salt.as_salt())?),
        };
        Ok(hash.to_string())
    };
    hash().map_err(|cause: password_hash::Error| Error::internal(cause.to_string()))
}

/// Whether the password is the one hashed. Takes as long when there is none.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    let matches = || -> password_hash::Result<bool> {
        let kept = PasswordHash::new(hash.unwrap_or(&NOBODY))?;
        let version = kept.version.map_or(Ok(Version::default()), Version::try_from)?;
        let argon2 = Argon2::new(Algorithm::try_from(kept.algorithm)?, version, Params::try_from(&kept)?);
        let salt = kept.salt.ok_or(password_hash::Error::Password)?;
        // Outputs are compared in constant time.
        Ok(kept.hash == Some(output(&argon2, password, salt)?))
    };
    matches().unwrap_or(false) && hash.is_some()
}

fn output(argon2: &Argon2<'_>, password: &str, salt: Salt<'_>) -> password_hash::Result<Output> {
    let mut room = [0; Salt::MAX_LENGTH];
    let salt = salt.decode_b64(&mut room)?;
    let params = argon2.params();
    Output::init_with(params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN), |output| {
        Ok(argon2.hash_password_into_with_memory(password.as_bytes(), salt, output, memory(params.block_count()))?)
    })
}

/// The memory of one hash. More room is asked for than is used: glibc gives a piece of over 32 MiB back to the system when it is
/// freed, whatever came before, and would keep a smaller one in the heap of every thread that ever hashed. What is not used is
/// never touched, so it costs nothing.
fn memory(blocks: usize) -> Vec<Block> {
    const GIVEN_BACK: usize = 33 << 20;
    let mut memory = Vec::with_capacity(blocks.max(GIVEN_BACK / Block::SIZE));
    memory.resize(blocks, Block::new());
    memory
}

/// The operating system's randomness for the salt.
struct OsRandom;

impl RngCore for OsRandom {
    fn next_u32(&mut self) -> u32 {
        argon2::password_hash::rand_core::impls::next_u32_via_fill(self)
    }
    fn next_u64(&mut self) -> u64 {
        argon2::password_hash::rand_core::impls::next_u64_via_fill(self)
    }
    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system has randomness");
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), argon2::password_hash::rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}
impl CryptoRng for OsRandom {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_takes_its_password_and_no_other() {
        let kept = hash("correct-Horse-7-battery").unwrap();
        assert!(kept.starts_with("$argon2id$"));
        assert!(verify("correct-Horse-7-battery", Some(&kept)));
        assert!(!verify("correct-Horse-7-batterY", Some(&kept)));
        assert!(!verify("a password that nobody has", None));
        assert!(!verify("correct-Horse-7-battery", Some("not a hash")));
    }

    #[test]
    fn a_hash_of_other_parameters_is_read_by_its_own() {
        // A vector of the reference implementation (phc-winner-argon2, src/test.c).
        let kept = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert!(verify("password", Some(kept)));
        assert!(!verify("differentpassword", Some(kept)));
    }

    #[test]
    fn short_common_and_personal_passwords_are_refused() {
        assert!(check("correct-Horse-7-battery", &["ann@acorn.example"]).is_ok());
        for bad in [
            "short",
            "password1234",
            "qwertyuiop12",
            "aaaaaaaaaaaaaa",
            "ann.example@acorn.example",
        ] {
            assert!(check(bad, &["ann.example@acorn.example"]).is_err(), "{bad}");
        }
    }
}
