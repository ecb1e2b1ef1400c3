//! Who did what to what: the words of the audit.

use serde::{Deserialize, Serialize};

use crate::{ApiKeyId, Timestamp, UserId};

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A person, through a browser.
    User(UserId),
    /// A program, with a key that acts as a person.
    ApiKey {
        /// The key.
        key_id: ApiKeyId,
        /// As whom it acts.
        user_id: UserId,
    },
    /// A part of the program that acts by itself.
    System(SystemActor),
}

impl Actor {
    /// The person who acts, or as whom a key acts.
    pub const fn user_id(&self) -> Option<UserId> {
        match self {
            Self::User(user_id) | Self::ApiKey { user_id, .. } => Some(*user_id),
            Self::System(_) => None,
        }
    }
}

/// The parts of the program that act by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemActor {
    /// Somebody at the command line, who is on the machine and needs no account.
    CommandLine,
    /// The job that returns records to the pool.
    PoolReturn,
    /// The job that finds records of one person.
    Matching,
}

/// In whose name, and when, something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Author {
    /// Who acts.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// The entry of the audit whose change is taken back by what is written.
    pub restores: Option<i64>,
}

impl Author {
    /// Somebody who acts now.
    pub const fn new(actor: Actor, at: Timestamp) -> Self {
        Self {
            actor,
            at,
            restores: None,
        }
    }

    /// The same, taking back what an entry of the audit tells.
    #[must_use]
    pub const fn restoring(self, entry: i64) -> Self {
        Self {
            restores: Some(entry),
            ..self
        }
    }
}

macro_rules! closed_set {
    ($(#[$doc:meta])* $name:ident { $($(#[$member_doc:meta])* $member:ident $text:tt,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {$(
            $(#[$member_doc])*
            #[serde(rename = $text)]
            $member,
        )+}

        impl $name {
            /// The names of all members, as they are stored.
            pub const NAMES: &'static [&'static str] = &[$($text),+];

            /// Its name, as it is stored.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$member => $text),+ }
            }
        }
    };
}

closed_set! {
    /// What was done.
    AuditAction {
        /// Made.
        Created "created",
        /// Changed.
        Updated "updated",
        /// Deleted.
        Deleted "deleted",
        /// Shared with others, or no longer.
        Shared "shared",
        /// Ended for good, as keys are.
        Revoked "revoked",
        /// A password replaced, by its owner or by who resets it.
        PasswordChanged "password_changed",
        /// Opened, so that somebody saw it.
        Viewed "viewed",
        /// Taken away as a file.
        Exported "exported",
        /// Begun, as an import is.
        Started "started",
        /// Taken back, as an import is.
        Undone "undone",
        /// Made one with another record.
        Merged "merged",
        /// Parted again from the record that it was made one with.
        Unmerged "unmerged",
        /// Parted, so that what belongs to somebody else is a record of its own.
        Split "split",
        /// Said to be the same as another record, or not, or nothing of either any more.
        Decided "decided",
        /// Its personal values erased from the audit.
        Erased "erased",
    }
}

closed_set! {
    /// What it was done to.
    AuditObject {
        /// A person.
        Contact "contact",
        /// An organization.
        Company "company",
        /// A possible sale.
        Deal "deal",
        /// A request for help.
        Ticket "ticket",
        /// Something to do.
        Task "task",
        /// A free text on a record.
        Note "note",
        /// An ordered set of stages.
        Pipeline "pipeline",
        /// A definition of a custom field.
        CustomField "custom_field",
        /// Someone who signs in.
        User "user",
        /// A role that somebody has put together.
        Role "role",
        /// A group of colleagues.
        Team "team",
        /// A key that a program uses the API with.
        ApiKey "api_key",
        /// A key that a source sends events with.
        WriteKey "write_key",
        /// A system that records come from, and the secret it signs with.
        Source "source",
        /// A setting of the workspace, rules of pools included.
        Setting "setting",
        /// A run of the importer over one file.
        Import "import",
        /// A list that was taken away as a file.
        List "list",
        /// Where events are sent.
        Webhook "webhook",
        /// A version of a model.
        Model "model",
        /// One change of many records.
        BulkEdit "bulk_edit",
        /// A mailbox elsewhere that is read.
        Mailbox "mailbox",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_stored_by_the_names_that_they_are_read_by() {
        for name in AuditAction::NAMES {
            let action: AuditAction = serde_json::from_value((*name).into()).unwrap();
            assert_eq!(action.name(), *name);
        }
        for name in AuditObject::NAMES {
            let object: AuditObject = serde_json::from_value((*name).into()).unwrap();
            assert_eq!(object.name(), *name);
        }
    }
}
