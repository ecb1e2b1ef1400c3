//! The operations of the log.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Actor, ContactId, IdentityId, Timestamp};

/// What an operation does to who is whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum IdentityChange {
    /// A source's view of a person is tied to a contact, its home.
    Link {
        /// The view.
        identity: IdentityId,
        /// The home.
        contact: ContactId,
    },
    /// A contact becomes part of another one, with all that is part of it.
    Merge {
        /// The contact that goes.
        from: ContactId,
        /// The contact that stays.
        into: ContactId,
    },
    /// A merge is taken back.
    Unmerge {
        /// The operation that merged.
        merge: i64,
        /// The contact that had gone.
        from: ContactId,
        /// Whether the two are not to be merged again.
        keep_apart: bool,
    },
    /// Identities leave a contact for a new one, which is not the same person.
    Split {
        /// The contact that they leave.
        from: ContactId,
        /// The identities.
        identities: BTreeSet<IdentityId>,
        /// The new contact.
        into: ContactId,
    },
    /// Two contacts are the same person; they are not merged by that alone.
    Confirm {
        /// One.
        first: ContactId,
        /// The other.
        second: ContactId,
    },
    /// Two contacts are never the same person.
    Reject {
        /// One.
        first: ContactId,
        /// The other.
        second: ContactId,
    },
    /// A decision on two contacts is taken back.
    Withdraw {
        /// The operation that decided.
        decision: i64,
        /// One.
        first: ContactId,
        /// The other.
        second: ContactId,
    },
}

impl IdentityChange {
    /// The names of all kinds, as they are stored.
    pub const NAMES: &'static [&'static str] = &[
        "link", "merge", "unmerge", "split", "confirm", "reject", "withdraw",
    ];

    /// The name of its kind, as it is stored.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Link { .. } => "link",
            Self::Merge { .. } => "merge",
            Self::Unmerge { .. } => "unmerge",
            Self::Split { .. } => "split",
            Self::Confirm { .. } => "confirm",
            Self::Reject { .. } => "reject",
            Self::Withdraw { .. } => "withdraw",
        }
    }
}

/// On what grounds something was done.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IdentityGrounds {
    /// Why, in the words of who did it.
    pub reason: Option<String>,
    /// The rule that it follows, such as `email` or `review`.
    pub rule: Option<String>,
    /// The version of the model that proposed it.
    pub model_version: Option<String>,
    /// The probability, in `[0, 1]`, that the model gave to the two being one.
    pub score: Option<f64>,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct IdentityOperation {
    /// Its number; grows in the order in which operations happened.
    pub seq: i64,
    /// What was done.
    pub change: IdentityChange,
    /// By whom.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// On what grounds.
    pub grounds: IdentityGrounds,
}
