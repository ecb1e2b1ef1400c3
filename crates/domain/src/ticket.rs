//! Tickets: requests for help.

use serde::{Deserialize, Serialize};

use crate::error::check_text;
use crate::{ContactId, CustomValues, Invalid, Priority, TicketId, Timestamp, UserId};

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketStatus {
    /// Waits for us.
    Open,
    /// Waits for the customer.
    Pending,
    /// Answered.
    Solved,
    /// Over.
    Closed,
}

/// The way on which a ticket came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketChannel {
    /// By e-mail.
    Email,
    /// By chat.
    Chat,
    /// By phone.
    Phone,
    /// By a form on the web.
    Web,
}

/// A request for help.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// Identifier.
    pub id: TicketId,
    /// What it is about.
    pub subject: String,
    /// What the customer wrote.
    pub body: String,
    /// Where it stands.
    pub status: TicketStatus,
    /// How urgent it is.
    pub priority: Priority,
    /// The way on which it came.
    pub channel: TicketChannel,
    /// Who asks.
    pub contact_id: Option<ContactId>,
    /// Colleague in charge.
    pub owner_id: Option<UserId>,
    /// Custom field values.
    pub custom: CustomValues,
    /// When it came.
    pub created_at: Timestamp,
    /// Latest change of the record.
    pub updated_at: Timestamp,
    /// When it was solved.
    pub solved_at: Option<Timestamp>,
    /// Grows by one with every change.
    pub version: i64,
}

impl Ticket {
    /// Checks the fields that people type.
    ///
    /// # Errors
    /// [`Invalid`] with every broken rule.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut violations = Vec::new();
        check_text(&mut violations, "/subject", &self.subject, 500);
        Invalid::check(violations)
    }
}
