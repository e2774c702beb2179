//! Passwords proven and chosen. Hashing takes its time, so it happens beside the transactions and off the threads that serve.

use super::auth::SignIn;
use crate::access::Origin;
use crate::accounts::rules::{LinkPurpose, Person};
use crate::accounts::{actions, passwords};
use crate::error::{Error, Result};
use crate::web::AppState;
use tokio::sync::Semaphore;

/// The person whose address and password these are. A failure is counted, and slows down the address that it came from.
pub(in crate::accounts) async fn proven(app: &AppState, origin: &Origin, sign_in: SignIn) -> Result<Person> {
    let SignIn { email, password, .. } = sign_in;
    app.sign_ins.check(origin.address)?;
    let (asked, from) = (email.clone(), origin.clone());
    let person = app.db.read(move |tx| actions::candidate(tx, &from, &asked)).await?;
    // Hashing takes as long whether there is such a person or not.
    let hash = person.as_ref().and_then(|person| person.password_hash.clone());
    let right = off_thread(move || Ok(passwords::verify(&password, hash.as_deref()))).await?;
    if let Some(person) = person.filter(|_| right) {
        return Ok(person);
    }
    let from = origin.clone();
    app.db
        .write(move |tx| actions::count_failure(tx, &from, &email))
        .await?;
    Err(Error::Unauthenticated("auth.credentials_wrong"))
}

/// Checks and hashes the password that the owner of a link chose.
pub(in crate::accounts) async fn chosen(
    app: &AppState,
    token: &str,
    password: &str,
    purpose: LinkPurpose,
) -> Result<String> {
    let (token, password) = (token.to_owned(), password.to_owned());
    let owner = app.db.read(move |tx| actions::link_owner(tx, &token, purpose)).await?;
    off_thread(move || {
        passwords::check(&password, &[owner.name.as_str(), owner.email.as_str()])?;
        passwords::hash(&password)
    })
    .await
}

/// How many passwords are hashed at once: each takes 19 MiB and all of a core. More wait for their turn.
static HASHING: Semaphore = Semaphore::const_new(4);

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _turn = HASHING.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}
