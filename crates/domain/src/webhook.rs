//! Webhooks: addresses elsewhere that are told what changes here.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::error::check_length;
use crate::{Invalid, Timestamp, UserId, Violation, WebhookId};

/// The longest address that is kept.
const URL_CHARS_MAX: usize = 2_000;
/// The longest description.
const DESCRIPTION_CHARS_MAX: usize = 200;

/// What an event of a webhook is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookObject {
    /// A person.
    Contact,
    /// An organization.
    Company,
    /// A possible sale.
    Deal,
    /// A request for help.
    Ticket,
    /// Something to do.
    Task,
    /// A free text on a record.
    Note,
    /// A file that was read in.
    Import,
    /// A division of all customers into segments.
    Segmentation,
}

macro_rules! types {
    ($($(#[$doc:meta])* $variant:ident $name:literal of $object:ident;)+) => {
        /// A type of event that a webhook may ask for.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum WebhookType {$(
            $(#[$doc])*
            #[serde(rename = $name)]
            $variant,
        )+}

        impl WebhookType {
            /// All types, in the order in which people choose them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in the records, in the API and on the wire.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What it is about.
            pub const fn object(self) -> WebhookObject {
                match self { $(Self::$variant => WebhookObject::$object),+ }
            }
        }
    };
}

types! {
    /// A contact was made.
    ContactCreated "contact.created" of Contact;
    /// A contact was changed.
    ContactUpdated "contact.updated" of Contact;
    /// A contact was deleted.
    ContactDeleted "contact.deleted" of Contact;
    /// A company was made.
    CompanyCreated "company.created" of Company;
    /// A company was changed.
    CompanyUpdated "company.updated" of Company;
    /// A company was deleted.
    CompanyDeleted "company.deleted" of Company;
    /// A deal was made.
    DealCreated "deal.created" of Deal;
    /// A deal was changed, its stage included.
    DealUpdated "deal.updated" of Deal;
    /// A deal was moved to another stage.
    DealStageChanged "deal.stage_changed" of Deal;
    /// A deal came to a stage that counts as won.
    DealWon "deal.won" of Deal;
    /// A deal came to a stage that counts as lost.
    DealLost "deal.lost" of Deal;
    /// A deal was deleted.
    DealDeleted "deal.deleted" of Deal;
    /// A ticket was made.
    TicketCreated "ticket.created" of Ticket;
    /// A ticket was changed.
    TicketUpdated "ticket.updated" of Ticket;
    /// A ticket was deleted.
    TicketDeleted "ticket.deleted" of Ticket;
    /// A task was made.
    TaskCreated "task.created" of Task;
    /// A task was changed.
    TaskUpdated "task.updated" of Task;
    /// A task was deleted.
    TaskDeleted "task.deleted" of Task;
    /// A note was written.
    NoteCreated "note.created" of Note;
    /// A note was changed.
    NoteUpdated "note.updated" of Note;
    /// A note was deleted.
    NoteDeleted "note.deleted" of Note;
    /// A file was read in to its end.
    ImportFinished "import.finished" of Import;
    /// A division of all customers into segments is the one that is shown.
    SegmentPublished "segment.published" of Segmentation;
}

impl WebhookType {
    /// The type of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.name() == name)
    }
}

/// Why a webhook was switched off without anybody asking for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookStop {
    /// The receiver answered 410: it wants nothing more.
    Gone,
    /// Nothing could be delivered for days.
    Failing,
}

/// An address elsewhere that is told what changes here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Identifier.
    pub id: WebhookId,
    /// Where events are sent to.
    pub url: String,
    /// What it is for, in its maker's words; may be empty.
    pub description: String,
    /// The types of events that are sent.
    pub types: BTreeSet<WebhookType>,
    /// Whether records that files bring are told one by one, too.
    pub with_imports: bool,
    /// Whether anything is sent.
    pub is_enabled: bool,
    /// Through whose eyes it sees the records.
    pub owner_id: UserId,
    /// Since when nothing could be delivered.
    pub failing_since: Option<Timestamp>,
    /// Why it was switched off, where nobody did it.
    pub stop: Option<WebhookStop>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Latest change by a person.
    pub updated_at: Timestamp,
    /// Grows by one with each change by a person.
    pub version: i64,
}

impl Webhook {
    /// Checks lengths and that something is asked for. Whether the address may be called is the
    /// sender's to say.
    ///
    /// # Errors
    /// [`Invalid`] with what is too long or missing.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut violations = Vec::new();
        check_length(&mut violations, "/url", &self.url, URL_CHARS_MAX);
        let description = &self.description;
        check_length(
            &mut violations,
            "/description",
            description,
            DESCRIPTION_CHARS_MAX,
        );
        if self.types.is_empty() {
            let message = "choose at least one type of event";
            violations.push(Violation::new("/types", "required", message));
        }
        Invalid::check(violations)
    }
}

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookStatus {
    /// It will be sent, for the first time or once more.
    Waiting,
    /// The receiver has taken it.
    Delivered,
    /// It was tried often enough.
    Failed,
    /// Its record is not the owner's to see any more, so that it is not sent again.
    Withheld,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn webhook() -> Webhook {
        Webhook {
            id: Uuid::nil().into(),
            url: "https://example.com/hook".to_owned(),
            description: String::new(),
            types: [WebhookType::DealWon].into(),
            with_imports: false,
            is_enabled: true,
            owner_id: Uuid::nil().into(),
            failing_since: None,
            stop: None,
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
            version: 1,
        }
    }

    #[test]
    fn a_type_is_known_by_its_name_which_begins_with_its_object() {
        for &one in WebhookType::ALL {
            assert_eq!(WebhookType::named(one.name()), Some(one));
            assert_eq!(serde_json::to_value(one).unwrap(), one.name());
        }
        assert_eq!(WebhookType::named("deal.*"), None);
        assert_eq!(WebhookType::DealWon.object(), WebhookObject::Deal);
    }

    #[test]
    fn a_webhook_asks_for_something_and_is_no_book() {
        let pointers = |webhook: Webhook| {
            let invalid = webhook.check().err();
            let broken = invalid.into_iter().flat_map(|invalid| invalid.violations);
            broken.map(|it| it.pointer).collect::<Vec<_>>()
        };

        assert!(pointers(webhook()).is_empty());
        let silent = Webhook {
            types: BTreeSet::new(),
            ..webhook()
        };
        assert_eq!(pointers(silent), ["/types"]);
        let wordy = Webhook {
            url: format!("https://example.com/{}", "x".repeat(2_000)),
            description: "x".repeat(201),
            ..webhook()
        };
        assert_eq!(pointers(wordy), ["/url", "/description"]);
    }
}
