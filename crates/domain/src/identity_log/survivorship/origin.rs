//! Where the values of a contact come from.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::SurvivorshipField;
use crate::{SourceId, Timestamp};

/// Where a value comes from: what rules compare.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FieldOrigin {
    /// When the contact whose value it was had last been changed by a person or a file, merges left out.
    pub changed_at: Timestamp,
    /// The sources that told of this contact itself.
    pub sources: BTreeSet<SourceId>,
}

impl FieldOrigin {
    /// Nobody's, long ago: what is known of merges of a time when origins were not kept.
    pub fn unknown() -> Self {
        Self {
            changed_at: Timestamp::from_micros(0),
            sources: BTreeSet::new(),
        }
    }
}

/// Where the values of a contact come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldOrigins {
    /// The contact itself.
    pub own: FieldOrigin,
    /// Fields whose values came with parts, by their names; a custom field begins with `custom.`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub of_parts: BTreeMap<String, FieldOrigin>,
}

impl FieldOrigins {
    /// All values are the contact's own.
    pub fn own(own: FieldOrigin) -> Self {
        Self {
            own,
            of_parts: BTreeMap::new(),
        }
    }

    /// Where the value of a field comes from.
    pub fn of(&self, field: &str) -> &FieldOrigin {
        self.of_parts.get(field).unwrap_or(&self.own)
    }

    /// Makes the fields of these columns the contact's own, since somebody has set them.
    pub fn edit<'c>(&mut self, columns: impl IntoIterator<Item = &'c String>) {
        for column in columns {
            if let Some(field) = SurvivorshipField::of_column(column) {
                self.of_parts.remove(&field);
            }
        }
    }

    /// Takes the value of a field over from another contact.
    pub(super) fn take(&mut self, field: &str, from: &Self) {
        let origin = from.of(field).clone();
        self.of_parts.insert(field.to_owned(), origin);
    }
}
