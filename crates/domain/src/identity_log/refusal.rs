//! Operations that the log does not take, and what to do instead.

use thiserror::Error;

use crate::{ContactId, IdentityId};

/// Why an operation on identities is refused. Nothing of it happened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdentityRefusal {
    /// A contact and itself.
    #[error("contact {contact} cannot be compared or merged with itself; name two contacts")]
    Itself {
        /// The contact.
        contact: ContactId,
    },
    /// A merge into a part of oneself.
    #[error("contact {into} is part of {from} already, so that {from} cannot become part of it")]
    Cycle {
        /// The contact that was to go.
        from: ContactId,
        /// The contact that was to stay.
        into: ContactId,
    },
    /// The contact is part of another one.
    #[error(
        "contact {contact} was merged into {into} by operation {merge}; name {into}, or take that merge back first"
    )]
    Merged {
        /// The contact.
        contact: ContactId,
        /// Whose part it is now.
        into: ContactId,
        /// The operation that merged it.
        merge: i64,
    },
    /// Somebody has said that the two, or parts of them, are never the same.
    #[error(
        "operation {decision} says that {first} and {second} are never the same person; withdraw it first if that was wrong"
    )]
    KeptApart {
        /// One.
        first: ContactId,
        /// The other.
        second: ContactId,
        /// The operation that decided.
        decision: i64,
    },
    /// The two are one at present.
    #[error(
        "{first} and {second} are one record ({person}) at present; take the merge back instead"
    )]
    Together {
        /// One.
        first: ContactId,
        /// The other.
        second: ContactId,
        /// Whose parts they are.
        person: ContactId,
    },
    /// There is no such merge in force.
    #[error(
        "operation {merge} is no merge that is in force; it was taken back, or is something else"
    )]
    NotInForce {
        /// The operation that was named.
        merge: i64,
    },
    /// There is no such decision in force.
    #[error(
        "operation {decision} is no decision that is in force; a later one may have replaced it"
    )]
    NotDecided {
        /// The operation that was named.
        decision: i64,
    },
    /// A split without identities.
    #[error("name at least one identity to split off")]
    NothingToSplit,
    /// An identity that is not the contact's.
    #[error("identity {identity} does not belong to contact {contact}; read its identities again")]
    NotOf {
        /// The identity.
        identity: IdentityId,
        /// The contact.
        contact: ContactId,
    },
    /// A split into a contact that is known already.
    #[error("contact {contact} is known already; split identities off into a new one")]
    NotNew {
        /// The contact.
        contact: ContactId,
    },
    /// What the operation would bring back is gone in part.
    #[error(
        "operation {merge} cannot be taken back whole: {}; take it back in part to get the rest",
        lost.join(", ")
    )]
    Incomplete {
        /// The merge.
        merge: i64,
        /// What is gone and stays so, in words.
        lost: Vec<String>,
    },
}

impl IdentityRefusal {
    /// Its name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Itself { .. } => "same_contact",
            Self::Cycle { .. } => "merge_cycle",
            Self::Merged { .. } => "contact_merged",
            Self::KeptApart { .. } => "kept_apart",
            Self::Together { .. } => "one_contact",
            Self::NotInForce { .. } => "merge_not_in_force",
            Self::NotDecided { .. } => "decision_not_in_force",
            Self::NothingToSplit => "nothing_to_split",
            Self::NotOf { .. } => "identity_of_another",
            Self::NotNew { .. } => "contact_not_new",
            Self::Incomplete { .. } => "merge_incomplete",
        }
    }
}
