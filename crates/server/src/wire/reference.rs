//! A record named in passing.

use rapport_store::Named;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Another record, with what a screen shows for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Reference {
    /// Its identifier.
    pub(crate) id: Uuid,
    /// Its name.
    pub(crate) name: String,
}

impl Reference {
    pub(crate) fn new(id: impl Into<Uuid>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
        }
    }
}

impl<I: Into<Uuid>> From<Named<I>> for Reference {
    fn from(named: Named<I>) -> Self {
        Self {
            id: named.id.into(),
            name: named.name,
        }
    }
}
