//! What the palette finds.

use rapport_domain::Subject;
use rapport_store::search::{Hit, HitKind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What kind of record was found.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SearchKind {
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
    /// Something that is sold.
    Product,
    /// A purchase.
    Order,
    /// A segment.
    Segment,
}

/// One record found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchResult {
    /// What it is.
    pub(crate) kind: SearchKind,
    /// Identifier.
    pub(crate) id: Uuid,
    /// Its name.
    pub(crate) title: String,
    /// What tells it from others of that name.
    pub(crate) subtitle: Option<String>,
    /// Where in the app it is.
    pub(crate) href: String,
}

/// Records found, best first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchResults {
    /// The records.
    pub(crate) results: Vec<SearchResult>,
}

impl From<Hit> for SearchResult {
    fn from(hit: Hit) -> Self {
        let id = hit.id;
        let (kind, href) = match hit.kind {
            HitKind::Contact => (SearchKind::Contact, format!("/contacts/{id}")),
            HitKind::Company => (SearchKind::Company, format!("/companies/{id}")),
            HitKind::Deal => (SearchKind::Deal, format!("/deals/{id}")),
            HitKind::Ticket => (SearchKind::Ticket, format!("/tickets/{id}")),
            HitKind::Task => (SearchKind::Task, task_page(hit.subject)),
            HitKind::Note => (SearchKind::Note, note_page(hit.subject)),
            HitKind::Product => (SearchKind::Product, format!("/products/{id}")),
            HitKind::Order => (SearchKind::Order, format!("/orders/{id}")),
            // Segments share one screen, their map.
            HitKind::Segment => (SearchKind::Segment, format!("/segments?segment={id}")),
        };
        Self {
            kind,
            id,
            title: hit.title,
            subtitle: (!hit.subtitle.is_empty()).then_some(hit.subtitle),
            href,
        }
    }
}

/// Tasks have no page of their own: they stand on that of what they are about, or in the list.
fn task_page(subject: Option<Subject>) -> String {
    subject.map_or_else(|| "/tasks?filter=all".to_owned(), page_of)
}

/// A note stands on the page of what it is about.
fn note_page(subject: Option<Subject>) -> String {
    subject.map_or_else(|| "/".to_owned(), page_of)
}

fn page_of(subject: Subject) -> String {
    match subject {
        Subject::Contact(id) => format!("/contacts/{id}"),
        Subject::Company(id) => format!("/companies/{id}"),
        Subject::Deal(id) => format!("/deals/{id}"),
        Subject::Ticket(id) => format!("/tickets/{id}"),
    }
}
