//! Who is whom, as a log: each operation links, merges, takes back, splits or decides, with who did it, why
//! and when; who is whom now is what the log replays to.
//!
//! Contacts are the nodes of a forest. A merge in force is an edge from the contact that goes to the one that
//! stays; the person whom a contact stands for today is the root that its edges lead to. An identity, which
//! is one source's view of a person, has a home, the contact that it was linked to, and belongs to that home's
//! root. Taking a merge back removes its one edge, wherever it is: what hung below stands on its own again,
//! with all that came to it meanwhile, and no order of taking back has to be kept.
//!
//! Nothing here reads or writes anything. The store keeps the same state in tables.

mod change;
mod refusal;
mod state;
mod survivorship;
#[cfg(test)]
mod tests;

pub use change::{IdentityChange, IdentityGrounds, IdentityOperation};
pub use refusal::IdentityRefusal;
pub use state::{IdentityDecision, IdentityMerge, IdentityState};
pub use survivorship::{
    FieldOrigin, FieldOrigins, Survived, Survivorship, SurvivorshipField, SurvivorshipRule,
    SurvivorshipSide,
};
