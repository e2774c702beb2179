//! Who asks, and what they may do.
//!
//! Three nets: the handler's signature says which kind of organisation ([`ProviderUser`], …), the policy says which role
//! ([`Actor::must`], first line of each action), every query carries the asker's organisation.

pub mod envelope;
mod policy;

pub use policy::{Permission, may};

use crate::codes;
use crate::error::{Error, Result};
use crate::ids::{OrganisationId, PersonId, SessionId};
use std::net::{IpAddr, Ipv6Addr};
use std::ops::Deref;

codes! {
    /// What a person may do in their organisation.
    pub enum Role {
        Operator("operator", "Operator"),
        Commissioner("commissioner", "Commissioner"),
        Approver("approver", "Approver"),
        ProviderAdmin("provider_admin", "Provider administrator"),
        Bidder("bidder", "Bidder"),
        Auditor("auditor", "Auditor"),
    }
}

codes! {
    /// What an organisation is.
    pub enum OrganisationKind {
        Cooperative("cooperative", "Regional care cooperative"),
        Authority("authority", "Local authority"),
        Provider("provider", "Provider"),
    }
}

impl OrganisationKind {
    /// The roles that people of such an organisation can have.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Cooperative => &[Role::Operator, Role::Auditor],
            Self::Authority => &[Role::Commissioner, Role::Approver, Role::Auditor],
            Self::Provider => &[Role::ProviderAdmin, Role::Bidder],
        }
    }
}

/// Where a request came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The request's id, as in the logs.
    pub request_id: String,
    /// The network address of the caller.
    pub address: IpAddr,
}

impl Origin {
    /// Where calls are counted together: see [`network_of`].
    pub fn network(&self) -> IpAddr {
        network_of(self.address)
    }
}

/// The network that an address stands for where calls are counted: of IPv6 the first 64 bits, since whoever has one such address has
/// all of them.
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => Ipv6Addr::from_bits(six.to_bits() & (u128::MAX << 64)).into(),
        four @ IpAddr::V4(_) => four,
    }
}

/// A person who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub person_id: PersonId,
    /// Their organisation.
    pub organisation_id: OrganisationId,
    /// Its kind.
    pub organisation_kind: OrganisationKind,
    /// Their role in it.
    pub role: Role,
    /// The session they act in.
    pub session_id: SessionId,
    /// Where the request came from.
    pub origin: Origin,
}

impl Actor {
    /// Refuses unless the actor's role has this permission.
    pub fn must(&self, permission: Permission) -> Result<()> {
        if may(self.role, permission) {
            Ok(())
        } else {
            Err(Error::Forbidden(permission.who()))
        }
    }
}

macro_rules! users {
    ($($(#[$doc:meta])* $name:ident = $kind:ident, $phrase:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name(Actor);

        impl TryFrom<Actor> for $name {
            type Error = Error;
            fn try_from(actor: Actor) -> Result<Self> {
                if actor.organisation_kind == OrganisationKind::$kind { Ok(Self(actor)) } else { Err(Error::Forbidden($phrase)) }
            }
        }
        impl Deref for $name {
            type Target = Actor;
            fn deref(&self) -> &Actor {
                &self.0
            }
        }
    )*};
}

users! {
    /// A person of a cooperative.
    CooperativeUser = Cooperative, "somebody of the cooperative";
    /// A person of an authority.
    AuthorityUser = Authority, "somebody of a local authority";
    /// A person of a provider.
    ProviderUser = Provider, "somebody of a provider";
}

/// Somebody who has not signed in.
#[derive(Debug, Clone)]
pub struct Visitor(pub Origin);

/// Whoever it is: a page for everybody may still greet who is signed in.
#[derive(Debug, Clone)]
pub struct Anyone {
    /// Who, if signed in.
    pub actor: Option<Actor>,
    /// Where the request came from.
    pub origin: Origin,
}

/// Who did something, for the audit log.
#[derive(Debug, Clone, Copy)]
pub enum Who<'a> {
    /// A person who is signed in.
    Person(&'a Actor),
    /// A person who has not signed in.
    Visitor(&'a Origin),
    /// The program itself: the worker, the command line.
    System,
}
