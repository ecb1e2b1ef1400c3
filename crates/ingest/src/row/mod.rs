//! Typed rows: the cells as they stand in the file, and beside them their standardized values.

mod entities;
mod fault;
mod plan;
mod standardize;
mod standardizer;

use rapport_domain::{Currency, EmailAddress, EntityKind, PhoneNumber};

pub use entities::{
    AboutKeys, CampaignRow, CompanyKeys, CompanyRow, ContactRow, DealRow, EventRow, NoteRow,
    OrderLineRow, ProductRow, Statement, TaskRow, TicketRow,
};
pub(crate) use standardize::domain;
pub(crate) use standardizer::Standardizer;

/// What the cells do not say themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOptions {
    /// Currency of amounts that have none.
    pub default_currency: Currency,
    /// Region of phone numbers without country code, where the row names no country: ISO 3166
    /// code of two letters. Without it such numbers are rejected.
    pub default_region: Option<String>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            default_currency: Currency::USD,
            default_region: None,
        }
    }
}

/// What a row says about who a person is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonKeys {
    /// The person's key at the source.
    pub external_id: Option<String>,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// Phone number.
    pub phone: Option<PhoneNumber>,
    /// Full name, tidied.
    pub name: Option<String>,
    /// Given name, split off the full name where it has no column of its own.
    pub first_name: Option<String>,
    /// Family name, split off the full name where it has no column of its own.
    pub last_name: Option<String>,
}

impl PersonKeys {
    /// Whether the row is about nobody in particular: no id, address or number. A name alone
    /// identifies nobody.
    pub fn is_anonymous(&self) -> bool {
        self.external_id.is_none() && self.email.is_none() && self.phone.is_none()
    }

    /// Whether the row says nothing at all about a person.
    pub fn is_empty(&self) -> bool {
        self.is_anonymous()
            && self.name.is_none()
            && self.first_name.is_none()
            && self.last_name.is_none()
    }
}

/// A row that was taken.
#[derive(Debug, Clone, PartialEq)]
pub enum ParsedRow {
    /// A person.
    Contact(ContactRow),
    /// A line of an order.
    OrderLine(OrderLineRow),
    /// An event.
    Event(EventRow),
    /// A ticket.
    Ticket(TicketRow),
    /// A product.
    Product(ProductRow),
    /// A company.
    Company(CompanyRow),
    /// A campaign.
    Campaign(CampaignRow),
    /// A deal.
    Deal(DealRow),
    /// A task.
    Task(TaskRow),
    /// A note.
    Note(NoteRow),
}

impl ParsedRow {
    /// Line in the file where the row begins, from 1.
    pub fn line(&self) -> u64 {
        match self {
            Self::Contact(row) => row.line,
            Self::OrderLine(row) => row.line,
            Self::Event(row) => row.line,
            Self::Ticket(row) => row.line,
            Self::Product(row) => row.line,
            Self::Company(row) => row.line,
            Self::Campaign(row) => row.line,
            Self::Deal(row) => row.line,
            Self::Task(row) => row.line,
            Self::Note(row) => row.line,
        }
    }

    /// The row's own cells, taken out of it.
    pub fn into_cells(self) -> Vec<String> {
        match self {
            Self::Contact(row) => row.cells,
            Self::OrderLine(row) => row.cells,
            Self::Event(row) => row.cells,
            Self::Ticket(row) => row.cells,
            Self::Product(row) => row.cells,
            Self::Company(row) => row.cells,
            Self::Campaign(row) => row.cells,
            Self::Deal(row) => row.cells,
            Self::Task(row) => row.cells,
            Self::Note(row) => row.cells,
        }
    }

    /// The colleague in charge, as the source calls them.
    pub fn owner(&self) -> Option<&str> {
        match self {
            Self::Contact(row) => row.owner.as_deref(),
            Self::Company(row) => row.owner.as_deref(),
            Self::Ticket(row) => row.owner.as_deref(),
            Self::Deal(row) => row.owner.as_deref(),
            Self::Task(row) => row.owner.as_deref(),
            Self::Note(row) => row.owner.as_deref(),
            Self::OrderLine(_) | Self::Event(_) | Self::Product(_) | Self::Campaign(_) => None,
        }
    }

    /// What a task or a note is about.
    pub fn about(&self) -> Option<&AboutKeys> {
        match self {
            Self::Task(row) => Some(&row.about),
            Self::Note(row) => Some(&row.about),
            _ => None,
        }
    }

    /// The company that the row is or refers to.
    pub fn company(&self) -> Option<CompanyKeys> {
        let keys = match self {
            Self::Contact(row) => row.company.clone(),
            Self::Deal(row) => row.company.clone(),
            Self::Task(row) => row.about.company.clone(),
            Self::Note(row) => row.about.company.clone(),
            Self::Company(row) => row.keys(),
            Self::OrderLine(_)
            | Self::Event(_)
            | Self::Ticket(_)
            | Self::Product(_)
            | Self::Campaign(_) => return None,
        };
        (!keys.is_empty()).then_some(keys)
    }

    /// The cells, unchanged.
    pub fn cells(&self) -> &[String] {
        match self {
            Self::Contact(row) => &row.cells,
            Self::OrderLine(row) => &row.cells,
            Self::Event(row) => &row.cells,
            Self::Ticket(row) => &row.cells,
            Self::Product(row) => &row.cells,
            Self::Company(row) => &row.cells,
            Self::Campaign(row) => &row.cells,
            Self::Deal(row) => &row.cells,
            Self::Task(row) => &row.cells,
            Self::Note(row) => &row.cells,
        }
    }

    /// What the row says about who a person is; none for rows that are about no person.
    pub fn person(&self) -> Option<&PersonKeys> {
        match self {
            Self::Contact(row) => Some(&row.person),
            Self::OrderLine(row) => Some(&row.person),
            Self::Event(row) => Some(&row.person),
            Self::Ticket(row) => Some(&row.person),
            Self::Deal(row) => Some(&row.person),
            Self::Task(row) => Some(&row.about.person),
            Self::Note(row) => Some(&row.about.person),
            Self::Product(_) | Self::Company(_) | Self::Campaign(_) => None,
        }
    }

    /// What the row is about.
    pub fn entity(&self) -> EntityKind {
        match self {
            Self::Contact(_) => EntityKind::Contacts,
            Self::OrderLine(_) => EntityKind::OrderLines,
            Self::Event(_) => EntityKind::Events,
            Self::Ticket(_) => EntityKind::Tickets,
            Self::Product(_) => EntityKind::Products,
            Self::Company(_) => EntityKind::Companies,
            Self::Campaign(_) => EntityKind::Campaigns,
            Self::Deal(_) => EntityKind::Deals,
            Self::Task(_) => EntityKind::Tasks,
            Self::Note(_) => EntityKind::Notes,
        }
    }

    /// The row with its cells, which come last because the values are read from them.
    pub(crate) fn with_cells(mut self, cells: Vec<String>) -> Self {
        let place = match &mut self {
            Self::Contact(row) => &mut row.cells,
            Self::OrderLine(row) => &mut row.cells,
            Self::Event(row) => &mut row.cells,
            Self::Ticket(row) => &mut row.cells,
            Self::Product(row) => &mut row.cells,
            Self::Company(row) => &mut row.cells,
            Self::Campaign(row) => &mut row.cells,
            Self::Deal(row) => &mut row.cells,
            Self::Task(row) => &mut row.cells,
            Self::Note(row) => &mut row.cells,
        };
        *place = cells;
        self
    }
}
