//! The record that a note or a task is about.

use rapport_domain::Subject;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The kind of record that something is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SubjectKind {
    /// A person.
    Contact,
    /// An organization.
    Company,
    /// A possible sale.
    Deal,
    /// A request for help.
    Ticket,
}

/// The record that something is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubjectRef {
    /// What kind of record.
    pub(crate) kind: SubjectKind,
    /// Its identifier.
    pub(crate) id: Uuid,
}

impl From<Subject> for SubjectRef {
    fn from(subject: Subject) -> Self {
        let (kind, id) = match subject {
            Subject::Contact(id) => (SubjectKind::Contact, id.0),
            Subject::Company(id) => (SubjectKind::Company, id.0),
            Subject::Deal(id) => (SubjectKind::Deal, id.0),
            Subject::Ticket(id) => (SubjectKind::Ticket, id.0),
        };
        Self { kind, id }
    }
}

impl From<SubjectRef> for Subject {
    fn from(SubjectRef { kind, id }: SubjectRef) -> Self {
        match kind {
            SubjectKind::Contact => Self::Contact(id.into()),
            SubjectKind::Company => Self::Company(id.into()),
            SubjectKind::Deal => Self::Deal(id.into()),
            SubjectKind::Ticket => Self::Ticket(id.into()),
        }
    }
}
