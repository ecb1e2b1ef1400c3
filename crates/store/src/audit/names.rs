//! What people call the records whose identifiers stand among the values that entries tell.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use uuid::Uuid;

use super::AuditRow;
use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// Tables of records that others name, and what these are called by.
const TABLES: [(&str, &str); 8] = [
    ("users", "name"),
    ("contacts", "name"),
    ("companies", "name"),
    ("deals", "name"),
    ("tickets", "subject"),
    ("pipelines", "name"),
    ("stages", "name"),
    ("teams", "name"),
];

/// Names by identifier; those that are gone, and those that the store's user does not see, are left out.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn names(store: &Store, rows: &[AuditRow]) -> Result<BTreeMap<Uuid, String>, StoreError> {
    let changes = rows.iter().filter_map(|row| row.entry.changes.as_ref());
    let values = changes
        .flatten()
        .flat_map(|change| [&change.before, &change.after]);
    let mut ids: BTreeSet<Uuid> = values.filter_map(id_of).collect();
    ids.extend(rows.iter().filter_map(|row| row.entry.about_id));
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let mut names = BTreeMap::new();
    for chunk in ids.chunks(sql::N_KEYS_MAX / TABLES.len()) {
        let mut sql = Sql::new(store.backend());
        for (idx, (table, name)) in TABLES.into_iter().enumerate() {
            sql.push(if idx == 0 { "" } else { " UNION ALL " });
            let text = format!("SELECT t.id AS id, t.{name} AS name FROM {table} t WHERE ");
            store.lens().push(&mut sql, &text, []);
            sql.push("t.id IN ").bind_list(sql::ids(chunk));
        }
        for row in sql.all(store.reader()).await? {
            names.insert(row.try_get("", "id")?, row.try_get("", "name")?);
        }
    }
    Ok(names)
}

/// An identifier as values tell it: a text of the one length that it is written in.
fn id_of(value: &Json) -> Option<Uuid> {
    let text = value.as_str().filter(|text| text.len() == 36)?;
    text.parse().ok()
}
