//! What an undo left as others have made it: as it finds it, as rows keep it, and as lists tell it, whether of
//! an import or of a bulk edit.

use rapport_domain::ImportId;
use serde_json::Value as Json;

use super::{Change, ConflictReason};
use crate::lists::{Field, Kind, Listing};
use crate::sql::Sql;
use crate::{StoreError, codec};

/// Something that is left as it is.
pub(crate) struct Left {
    /// The column; empty where it is about the record itself.
    pub(crate) field: String,
    pub(crate) reason: ConflictReason,
    pub(crate) before: Option<Json>,
    pub(crate) after: Option<Json>,
    pub(crate) found: Option<Json>,
    /// The import that inherits it.
    pub(crate) held_by: Option<ImportId>,
}

impl Left {
    /// A record itself.
    pub(crate) const fn record(reason: ConflictReason, held_by: Option<ImportId>) -> Self {
        Self {
            field: String::new(),
            reason,
            before: None,
            after: None,
            found: None,
            held_by,
        }
    }

    /// Every column of a change, of a record that is not written at all.
    pub(crate) fn whole(
        change: &Change,
        reason: ConflictReason,
    ) -> impl Iterator<Item = Self> + '_ {
        change.before.iter().map(move |(field, before)| Self {
            field: field.clone(),
            reason,
            before: Some(before.clone()),
            after: change.after.get(field).cloned(),
            found: None,
            held_by: None,
        })
    }

    /// As a row keeps it.
    pub(crate) fn kept(self) -> Kept {
        let text = |value: Option<Json>| value.map(|value| value.to_string());
        Kept {
            reason: codec::name_of(&self.reason),
            field: self.field,
            before: text(self.before),
            after: text(self.after),
            found: text(self.found),
        }
    }
}

/// The columns of a row that keeps what was left.
pub(crate) struct Kept {
    pub(crate) reason: String,
    pub(crate) field: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) found: Option<String>,
}

/// What was left, as lists tell it; without a field where it is about the record itself.
pub(crate) struct Told {
    pub(crate) reason: ConflictReason,
    pub(crate) field: Option<String>,
    pub(crate) before: Option<Json>,
    pub(crate) after: Option<Json>,
    pub(crate) found: Option<Json>,
}

impl Kept {
    /// As lists tell it.
    pub(crate) fn told(self) -> Result<Told, StoreError> {
        let json =
            |text: Option<String>| codec::from_json_option("conflicts.before", text.as_deref());
        Ok(Told {
            reason: codec::member("conflicts.reason", &self.reason)?,
            field: Some(self.field).filter(|field| !field.is_empty()),
            before: json(self.before)?,
            after: json(self.after)?,
            found: json(self.found)?,
        })
    }
}

/// How what was left is listed, in the order in which it was met; `columns` and `scope` name the table `k`.
pub(crate) fn listing(
    table: &'static str,
    columns: String,
    scope: Sql,
    fields: &'static [Field],
) -> Listing {
    Listing {
        object: "conflicts",
        table,
        alias: "k",
        columns,
        joins: "",
        scope: Some(scope),
        fields,
        key: Field::required("seq", "k.seq", Kind::Integer),
        default_sort: "seq",
        search: None,
    }
}
