//! The rows of each kind of record. `line` is where the row begins, from 1; `cells` are unchanged;
//! everything else is standardized.

use rapport_domain::{
    Address, CampaignStatus, Channel, ConsentStatus, Currency, Date, EventKind, Money, Priority,
    Purpose, TaskStatus, TicketChannel, TicketStatus, Timestamp,
};
use serde::Deserialize;

use super::PersonKeys;

/// What a row says about which company it is or refers to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompanyKeys {
    /// The company's key at the source.
    pub external_id: Option<String>,
    /// Internet domain, lower-case, without `www.`.
    pub domain: Option<String>,
    /// Name, tidied.
    pub name: Option<String>,
}

impl CompanyKeys {
    /// Whether the row tells of no company.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What people call the company, else the best that stands in for it.
    pub fn label(&self) -> String {
        let key = || self.external_id.as_ref().map(|key| format!("#{key}"));
        let name = self.name.clone().or_else(|| self.domain.clone());
        name.or_else(key).unwrap_or_else(|| "#".to_owned())
    }
}

/// A person.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactRow {
    /// Line in the file.
    pub line: u64,
    /// The cells.
    pub cells: Vec<String>,
    /// Who it is; never empty, but it may be a name alone.
    pub person: PersonKeys,
    /// Job title.
    pub title: Option<String>,
    /// Employer; may be empty.
    pub company: CompanyKeys,
    /// Keys of people whom the source has merged into this one.
    pub merged_ids: Vec<String>,
    /// Address, as the source wrote it.
    pub address: Address,
    /// Labels, without repeats.
    pub tags: Vec<String>,
    /// Language.
    pub language: Option<String>,
    /// Colleague in charge, as the source calls them.
    pub owner: Option<String>,
    /// When the record was made at its source.
    pub created_at: Option<Timestamp>,
    /// Whether the person agreed to marketing in general.
    pub consent_marketing: Option<bool>,
    /// Whether the person agreed to marketing by e-mail.
    pub consent_email: Option<bool>,
    /// Whether the person agreed to marketing by text message.
    pub consent_sms: Option<bool>,
    /// What the person has stated, with its time; nothing where the file does not list it.
    pub consents: Vec<Statement>,
    /// Free text.
    pub note: Option<String>,
}

/// What a person has stated about the use of data, as our own exports tell it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Statement {
    /// What for.
    pub purpose: Purpose,
    /// On which way; none means on all.
    pub channel: Option<Channel>,
    /// Agreed or not.
    pub status: ConsentStatus,
    /// Where it was stated.
    pub source: String,
    /// When it was stated.
    pub stated_at: Timestamp,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderLineRow {
    /// Line in the file.
    pub line: u64,
    /// The cells.
    pub cells: Vec<String>,
    /// Who bought.
    pub person: PersonKeys,
    /// Order number.
    pub order_id: String,
    /// When the order was placed.
    pub ordered_at: Timestamp,
    /// Stock-keeping unit, else the product's name.
    pub sku: String,
    /// Product's name.
    pub product_name: Option<String>,
    /// Product's category.
    pub category: Option<String>,
    /// Units; negative when taken back. One where the file does not say.
    pub quantity: f64,
    /// Price of one unit; worked out from the line's amount where the file has none.
    pub unit_price: Money,
    /// Amount of the line as the file has it, else quantity times price before rounding.
    pub amount: Money,
    /// Whether the line takes something back: its quantity is negative, or its order is marked as
    /// a cancellation (then quantity and amount are made negative).
    pub is_return: bool,
    /// Customer's country, as the source wrote it.
    pub country: Option<String>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRow {
    /// Line in the file.
    pub line: u64,
    /// The cells.
    pub cells: Vec<String>,
    /// With whom.
    pub person: PersonKeys,
    /// The source's key of the event; without one, a digest of the row's cells, so that the same
    /// row read twice is one event.
    pub message_id: String,
    /// What happened.
    pub kind: EventKind,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Order number.
    pub order_id: Option<String>,
    /// Product.
    pub sku: Option<String>,
    /// Product's category.
    pub category: Option<String>,
    /// Units.
    pub quantity: Option<f64>,
    /// Amount of money.
    pub amount: Option<Money>,
    /// Everything else as a JSON object: the row's own object, a page's address under `url`, the
    /// campaign under `campaign_id`, and each column that feeds no field under its name.
    pub properties: Option<String>,
}

/// A request for help.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketRow {
    /// Line in the file.
    pub line: u64,
    /// The cells.
    pub cells: Vec<String>,
    /// Who asks.
    pub person: PersonKeys,
    /// The ticket's key at the source.
    pub external_id: Option<String>,
    /// What it is about, else the beginning of the message; never blank.
    pub subject: String,
    /// What the customer wrote; may be empty.
    pub body: String,
    /// Where it stands.
    pub status: Option<TicketStatus>,
    /// How urgent it is.
    pub priority: Option<Priority>,
    /// The way on which it came.
    pub channel: Option<TicketChannel>,
    /// When it came.
    pub created_at: Option<Timestamp>,
    /// When it was solved.
    pub solved_at: Option<Timestamp>,
    /// Colleague in charge, as the source calls them.
    pub owner: Option<String>,
}

/// Something that is sold.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductRow {
    /// Line in the file.
    pub line: u64,
    /// The cells.
    pub cells: Vec<String>,
    /// Stock-keeping unit.
    pub sku: String,
    /// Name, else the stock-keeping unit.
    pub name: String,
    /// Category.
    pub category: Option<String>,
    /// Price of one unit.
    pub price: Option<Money>,
}

/// An organization.
#[derive(Debug, Clone, PartialEq)]
pub struct CompanyRow {
    /// Line in the file.
    pub line: u64,
    /// The cells.
    pub cells: Vec<String>,
    /// The company's key at the source.
    pub external_id: Option<String>,
    /// Keys of companies that the source has merged into this one.
    pub merged_ids: Vec<String>,
    /// Name; none of a row that only tells what was merged.
    pub name: Option<String>,
    /// Internet domain, lower-case, without `www.`.
    pub domain: Option<String>,
    /// Line of business.
    pub industry: Option<String>,
    /// Number of employees.
    pub n_employees: Option<i64>,
    /// Colleague in charge, as the source calls them.
    pub owner: Option<String>,
    /// Seat, as the source wrote it.
    pub address: Address,
    /// Labels, without repeats.
    pub tags: Vec<String>,
    /// When the record was made at its source.
    pub created_at: Option<Timestamp>,
}

impl CompanyRow {
    /// Which company it is.
    pub fn keys(&self) -> CompanyKeys {
        CompanyKeys {
            external_id: self.external_id.clone(),
            domain: self.domain.clone(),
            name: self.name.clone(),
        }
    }
}

/// A possible sale.
#[derive(Debug, Clone, PartialEq)]
pub struct DealRow {
    /// Line in the file.
    pub line: u64,
    /// The cells.
    pub cells: Vec<String>,
    /// The deal's key at the source.
    pub external_id: Option<String>,
    /// Name.
    pub name: String,
    /// Name of the pipeline.
    pub pipeline: Option<String>,
    /// Name of the stage.
    pub stage: Option<String>,
    /// What it is worth; never below zero.
    pub amount: Option<Money>,
    /// When it is expected to close.
    pub expected_close_on: Option<Date>,
    /// When it entered its stage.
    pub stage_entered_at: Option<Timestamp>,
    /// Colleague in charge, as the source calls them.
    pub owner: Option<String>,
    /// When the record was made at its source.
    pub created_at: Option<Timestamp>,
    /// Customer, as an organization; may be empty.
    pub company: CompanyKeys,
    /// Customer, as a person; may be empty.
    pub person: PersonKeys,
}

/// What a task or a note is about, by the keys of whatever it may be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AboutKeys {
    /// A person; may be empty.
    pub person: PersonKeys,
    /// An organization; may be empty.
    pub company: CompanyKeys,
    /// A deal, by its key at the source.
    pub deal: Option<String>,
    /// A ticket, by its key at the source.
    pub ticket: Option<String>,
    /// A deal, ticket or company by its key at the source, which does not say of which kind it is.
    pub related: Option<String>,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskRow {
    /// Line in the file.
    pub line: u64,
    /// The cells.
    pub cells: Vec<String>,
    /// The task's key at the source.
    pub external_id: Option<String>,
    /// What to do.
    pub title: String,
    /// Whether it is done.
    pub status: Option<TaskStatus>,
    /// How urgent it is.
    pub priority: Option<Priority>,
    /// By when.
    pub due_on: Option<Date>,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// When the record was made at its source.
    pub created_at: Option<Timestamp>,
    /// Who does it, as the source calls them.
    pub owner: Option<String>,
    /// What was written about it.
    pub note: Option<String>,
    /// What it is about; may be nothing.
    pub about: AboutKeys,
}

/// A text about a record.
#[derive(Debug, Clone, PartialEq)]
pub struct NoteRow {
    /// Line in the file.
    pub line: u64,
    /// The cells.
    pub cells: Vec<String>,
    /// The note's key at the source.
    pub external_id: Option<String>,
    /// The text.
    pub body: String,
    /// Who wrote it, as the source calls them.
    pub owner: Option<String>,
    /// When it was written.
    pub created_at: Option<Timestamp>,
    /// What it is about.
    pub about: AboutKeys,
}

/// An outreach to many.
#[derive(Debug, Clone, PartialEq)]
pub struct CampaignRow {
    /// Line in the file.
    pub line: u64,
    /// The cells.
    pub cells: Vec<String>,
    /// The campaign's key at the source.
    pub external_id: Option<String>,
    /// Name.
    pub name: String,
    /// The way on which it goes out.
    pub channel: Option<Channel>,
    /// Where it stands.
    pub status: Option<CampaignStatus>,
    /// First day.
    pub starts_at: Option<Timestamp>,
    /// Last day.
    pub ends_at: Option<Timestamp>,
    /// What it may cost.
    pub budget: Option<Money>,
    /// Currency of its amounts.
    pub currency: Currency,
}
