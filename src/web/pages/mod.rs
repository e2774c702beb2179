//! Pages: the door that a browser comes through, forms, the frame around every page, and the files that it needs.
//!
//! A page is rendered on the server and works without JavaScript. A `GET` reads ([`PageDoor::read`]) and answers a [`Html`];
//! a `POST` writes through the same actions as the API ([`PageDoor::write`]) and sends on to a page ([`Go`]), or, when
//! it is refused, shows its form again, filled in and with what is wrong.
//!
//! # Invariants
//! - The value of a form ([`Posted`]) exists only once its token has been verified: it is of this session, and of our own page.
//! - A form sent twice is done once: the token is its idempotency key.
//! - A session that ended takes nothing with it: what was typed is kept, sealed, until the person has signed in again; nobody else is
//!   offered it.

mod assets;
mod csv;
mod door;
pub mod filters;
mod form;
mod frame;
mod narrowing;
mod posted;
mod session;
#[cfg(test)]
mod shown;
mod step;
mod tag;

pub use assets::serve as serve_asset;
pub use csv::csv;
pub use door::{Desk, Go, PageDoor};
pub use form::{Choice, Form};
pub use frame::{Html, Introduction, NavLink, kept_form};
pub use narrowing::{Narrowing, Ways};
pub use posted::Posted;
pub use session::session_cookie;
#[cfg(test)]
pub(crate) use shown::assert_shows;
pub use step::Step;
pub use tag::{Tag, capital};

pub(super) use frame::{content_security_policy, refused};
