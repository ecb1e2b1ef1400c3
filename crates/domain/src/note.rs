//! Notes: free text on a record.

use serde::{Deserialize, Serialize};

use crate::error::check_text;
use crate::{CompanyId, ContactId, DealId, Invalid, NoteId, TicketId, Timestamp, UserId};

/// The record that a note or a task is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A person.
    Contact(ContactId),
    /// An organization.
    Company(CompanyId),
    /// A possible sale.
    Deal(DealId),
    /// A request for help.
    Ticket(TicketId),
}

/// A free text on a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// Identifier.
    pub id: NoteId,
    /// The text.
    pub body: String,
    /// Record that it is about.
    pub subject: Subject,
    /// Who wrote it.
    pub author_id: Option<UserId>,
    /// When it was written.
    pub created_at: Timestamp,
    /// Latest change.
    pub updated_at: Timestamp,
}

impl Note {
    /// Checks the text.
    ///
    /// # Errors
    /// [`Invalid`] where it is blank or longer than 20,000 characters.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut violations = Vec::new();
        check_text(&mut violations, "/body", &self.body, 20_000);
        Invalid::check(violations)
    }
}
