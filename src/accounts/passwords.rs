//! Passwords: argon2id hashes, and which passwords are taken.

use crate::error::{Error, FieldErrors, Result};
use argon2::password_hash::rand_core::{CryptoRng, RngCore};
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
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
    ARGON2
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|cause| Error::internal(cause.to_string()))
}

/// Whether the password is the one hashed. Takes as long when there is none.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    let parsed = PasswordHash::new(hash.unwrap_or(&NOBODY));
    let matches = parsed.is_ok_and(|parsed| ARGON2.verify_password(password.as_bytes(), &parsed).is_ok());
    matches && hash.is_some()
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
