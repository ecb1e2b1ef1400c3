//! Who is whom, as a log: contacts are merged, parted again, split and decided upon, and nothing of it is lost.
//!
//! The pure rules are [`rapport_domain::IdentityState`]; here the same state stands in tables
//! (`contact_merges`, `identity_decisions`, and where records are at home, `record_homes`), kept in the
//! transaction that writes the operation. A contact that was merged is taken out of `contacts`, so that no
//! list, search or count shows a person twice, and kept whole in its operation until that is taken back or
//! erased. Decision note 22.

mod arrivals;
mod consents;
mod decide;
mod derived;
mod erase;
mod fold;
mod merge;
mod merged_by_people;
mod operations;
mod places;
mod preview;
mod read;
mod split;
mod tree;
mod unmerge;

use rapport_domain::{Contact, ContactId, IdentityGrounds, IdentityId, Survivorship};

pub use decide::{Decision, Verdict, decide, withdraw};
pub use fold::KeptField;
pub use merge::merge;
pub use operations::{OperationRow, expect, list, log};
pub use preview::{MergedField, Winner, preview};
pub use read::{MergedInto, Part, merged_into, parts, persons_of_parts, state};
pub use split::split;
pub use unmerge::unmerge;

pub(crate) use erase::erase_in;
pub(crate) use merge::merge_in;
pub(crate) use merged_by_people::merged_by_people;
pub(crate) use places::count_write;
#[cfg(test)]
pub(crate) use places::{LEFT, PLACES};
pub(crate) use read::{homes_of_identities, is_seen, merged_names, persons, reached_parts};
pub(crate) use tree::{hold, members, person};
pub(crate) use unmerge::unmerge_in;

/// What operations are called in errors.
const OBJECT: &str = "operation on identities";

/// Two contacts that are to become one.
#[derive(Debug, Clone, PartialEq)]
pub struct Merge {
    /// The contact that goes.
    pub from: ContactId,
    /// The contact that stays.
    pub into: ContactId,
    /// On what grounds.
    pub grounds: IdentityGrounds,
    /// Which values survive; none where it is as the workspace has it when they are merged.
    pub rules: Option<Survivorship>,
    /// The versions of the one that goes and the one that stays, where they must not have changed.
    pub expected: (Option<i64>, Option<i64>),
}

impl Merge {
    /// A merge by the rules of the workspace.
    pub fn of(from: ContactId, into: ContactId) -> Self {
        Self {
            from,
            into,
            grounds: IdentityGrounds::default(),
            rules: None,
            expected: (None, None),
        }
    }
}

/// A merge that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The number of the operation.
    pub operation: i64,
    /// The contact that stays, as it is now.
    pub contact: Contact,
}

/// A merge that is to be taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct Unmerge {
    /// The number of the operation that merged.
    pub merge: i64,
    /// On what grounds.
    pub grounds: IdentityGrounds,
    /// Whether the two are not to be merged again.
    pub keep_apart: bool,
    /// Whether what is left is brought back where something is gone for good.
    pub in_part: bool,
}

impl Unmerge {
    /// The whole of a merge, which may happen again.
    pub fn of(merge: i64) -> Self {
        Self {
            merge,
            grounds: IdentityGrounds::default(),
            keep_apart: false,
            in_part: false,
        }
    }
}

/// A merge that was taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct Unmerged {
    /// The number of the operation.
    pub operation: i64,
    /// The contact that is there again.
    pub contact: Contact,
    /// The person whom it was part of, as it is now; none where that one is deleted.
    pub person: Option<Contact>,
    /// Fields of the one that it was merged into that stay, since somebody has changed them.
    pub kept: Vec<KeptField>,
    /// What does not come back, in words.
    pub lost: Vec<String>,
    /// Orders and tickets that came since the merge and stay with the person: their sources know both, and do
    /// not say whose they are.
    pub n_ambiguous: u64,
}

/// Identities that are to leave a contact.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// The contact that they leave.
    pub from: ContactId,
    /// The identities.
    pub identities: Vec<IdentityId>,
    /// The new contact. Where it has no address, number, owner or company, it gets those of its identities
    /// and of the contact that they leave.
    pub into: Contact,
    /// On what grounds.
    pub grounds: IdentityGrounds,
}

/// A split that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Parted {
    /// The number of the operation.
    pub operation: i64,
    /// The contact that was left, as it is now.
    pub left: Contact,
    /// The new contact.
    pub contact: Contact,
    /// Orders and tickets of the identities' sources that stay, since these sources know the contact that
    /// was left, too, and do not say whose they are.
    pub n_ambiguous: u64,
}
