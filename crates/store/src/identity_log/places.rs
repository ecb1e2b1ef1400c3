//! Where contacts are named: what moves with a merge, and where each moved record is at home.
//!
//! A record that hangs on another contact than the one it came to has a row in `record_homes`. It follows its
//! home: where the home is part of somebody, the record hangs on that person, and where the home stands on its
//! own again, the record comes back to it. What was put elsewhere by hand meanwhile has left its home.

use std::collections::BTreeSet;

use rapport_domain::Timestamp;
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};
use uuid::Uuid;

use crate::StoreError;
use crate::sql::{self, Sql};

/// A table with records that hang on contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The name of its records in `record_homes` and in what people are told.
    pub(crate) object: &'static str,
    pub(crate) table: &'static str,
    /// The column that names the contact.
    pub(crate) column: &'static str,
    /// A further condition on a row `t`.
    condition: &'static str,
    /// Whether its rows have versions, by which an editor notices that they were moved.
    has_version: bool,
}

impl Place {
    const fn of(object: &'static str, table: &'static str, column: &'static str) -> Self {
        Self {
            object,
            table,
            column,
            condition: "",
            has_version: false,
        }
    }

    const fn only(self, condition: &'static str) -> Self {
        Self { condition, ..self }
    }

    const fn versioned(self) -> Self {
        Self {
            has_version: true,
            ..self
        }
    }
}

/// All of them. Consents come before what is derived from them, and nothing else depends on the order.
pub(crate) const PLACES: [Place; 8] = [
    Place::of("identity", "identities", "contact_id"),
    Place::of("order", "orders", "contact_id"),
    Place::of("deal", "deals", "contact_id").versioned(),
    Place::of("ticket", "tickets", "contact_id").versioned(),
    Place::of("task", "tasks", "subject_id")
        .only(" AND t.subject_kind = 'contact'")
        .versioned(),
    Place::of("note", "notes", "subject_id").only(" AND t.subject_kind = 'contact'"),
    Place::of("consent", "consents", "contact_id"),
    Place::of("share", "record_shares", "record_id").only(" AND t.object = 'contact'"),
];

/// Columns that name contacts and that no merge changes, each with the reason.
#[cfg(test)]
pub(crate) const LEFT: &[(&str, &str, &str)] = &[
    ("contact_merges", "contact_id", "the merges themselves"),
    (
        "segment_members",
        "contact_id",
        "kept with the operation: one row a person and segmentation",
    ),
    (
        "scores",
        "contact_id",
        "kept with the operation: one row a person, kind and model",
    ),
    (
        "event_contacts",
        "contact_id",
        "noted of the person beside the part",
    ),
    (
        "event_inbox",
        "customer_id",
        "history says whom an event was told of, and readers follow merges",
    ),
    (
        "company_attachments",
        "contact_id",
        "goes with the contact itself",
    ),
    ("identity_operations", "contact_id", "the log"),
    ("record_homes", "record_id", "a record, or an identity"),
    ("identity_writes", "record_id", "counts of a record"),
    ("search_entries", "record_id", "kept by triggers"),
    ("search_pending", "record_id", "kept by triggers"),
    (
        "dry_run_rows",
        "record_id",
        "what a trial would have done then",
    ),
    (
        "import_changes",
        "record_id",
        "the journal tells of the record itself",
    ),
    (
        "import_sightings",
        "record_id",
        "the journal tells of the record itself",
    ),
    (
        "import_conflicts",
        "record_id",
        "the journal tells of the record itself",
    ),
    (
        "bulk_edit_changes",
        "record_id",
        "the journal tells of the record itself",
    ),
    ("bulk_edit_refusals", "record_id", "what was said then"),
    ("bulk_edit_conflicts", "record_id", "what was said then"),
    (
        "webhook_outbox",
        "record_id",
        "what was told of the record itself",
    ),
    (
        "webhook_outbox",
        "subject_id",
        "what was told of the record itself",
    ),
    (
        "webhook_deliveries",
        "record_id",
        "what was told of the record itself",
    ),
];

/// Moves everything that hangs on a contact to another one. `parts` are the contact that goes and all that is
/// part of it, `whole` those of the one that stays.
pub(super) async fn merge(
    tx: &DatabaseTransaction,
    (from, parts): (Uuid, &BTreeSet<Uuid>),
    (into, whole): (Uuid, &BTreeSet<Uuid>),
    at: Timestamp,
) -> Result<(), StoreError> {
    for place in PLACES {
        forget_left(tx, place, from, parts).await?;
        forget_left(tx, place, into, whole).await?;
        let (table, column) = (place.table, place.column);
        let condition = match place.object {
            // Who has a share of the person already keeps that one.
            "share" => format!(
                "{} AND NOT EXISTS (SELECT 1 FROM record_shares s WHERE s.object = t.object \
                 AND s.record_id = ? AND (s.user_id = t.user_id OR s.team_id = t.team_id))",
                place.condition
            ),
            _ => place.condition.to_owned(),
        };
        let which = format!("t.{column} = ?{condition}");
        let mut values = vec![sql::id(from)];
        if place.object == "share" {
            values.push(sql::id(into));
        }
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push_with(
            &format!(
                "INSERT INTO record_homes (record_id, object, home_id) \
                 SELECT t.id, '{}', t.{column} FROM {table} t WHERE {which} ON CONFLICT DO NOTHING",
                place.object
            ),
            values.clone(),
        );
        sql.execute(tx).await?;
        let which = (which.as_str(), values);
        write(tx, place, into, which, at).await?;
    }
    Ok(())
}

/// Forgets the homes of records that hang on a contact which their home has nothing to do with: somebody has
/// put them there.
async fn forget_left(
    tx: &DatabaseTransaction,
    place: Place,
    contact: Uuid,
    parts: &BTreeSet<Uuid>,
) -> Result<(), StoreError> {
    let mut sql = Sql::new(tx.get_database_backend());
    let Place { table, column, .. } = place;
    sql.push_with(
        &format!(
            "DELETE FROM record_homes WHERE object = '{}' AND record_id IN \
             (SELECT t.id FROM {table} t WHERE t.{column} = ?{}) AND home_id NOT IN ",
            place.object, place.condition
        ),
        [sql::id(contact)],
    );
    sql.bind_list(parts.iter().map(|id| sql::id(*id)));
    sql.execute(tx).await?;
    Ok(())
}

/// Lets rows name another contact, and counts that their versions were written.
async fn write(
    tx: &DatabaseTransaction,
    place: Place,
    contact: Uuid,
    (which, values): (&str, Vec<Value>),
    at: Timestamp,
) -> Result<(), StoreError> {
    let Place { table, column, .. } = place;
    let backend = tx.get_database_backend();
    if place.has_version {
        let mut sql = Sql::new(backend);
        sql.push_with(
            &format!(
                "INSERT INTO identity_writes (record_id, n_writes) SELECT t.id, 1 FROM {table} t \
                 WHERE {which} ON CONFLICT (record_id) DO UPDATE \
                 SET n_writes = identity_writes.n_writes + 1"
            ),
            values.clone(),
        );
        sql.execute(tx).await?;
    }
    let mut sql = Sql::new(backend);
    sql.push_with(
        &format!("UPDATE {table} AS t SET {column} = ?"),
        [sql::id(contact)],
    );
    if place.has_version {
        sql.push_with(", version = version + 1, updated_at = ?", [sql::at(at)]);
    }
    sql.push_with(&format!(" WHERE {which}"), values);
    sql.execute(tx).await?;
    Ok(())
}

/// Brings back to a contact what is at home with it and its parts, from the person that it was part of. Where
/// that one is deleted, it comes from nobody.
pub(super) async fn unmerge(
    tx: &DatabaseTransaction,
    (contact, parts): (Uuid, &BTreeSet<Uuid>),
    person: Option<Uuid>,
    at: Timestamp,
) -> Result<(), StoreError> {
    let backend = tx.get_database_backend();
    for place in PLACES {
        let (object, column, condition) = (place.object, place.column, place.condition);
        let homes = sql::padded(parts.iter().copied());
        let marks = vec!["?"; homes.len()].join(", ");
        let from = match person {
            Some(_) => format!("t.{column} = ?"),
            None => format!("t.{column} IS NULL"),
        };
        let which = format!(
            "{from}{condition} AND t.id IN (SELECT h.record_id FROM record_homes h \
             WHERE h.object = '{object}' AND h.home_id IN ({marks}))"
        );
        let values = person.into_iter().chain(homes).map(sql::id).collect();
        write(tx, place, contact, (&which, values), at).await?;
    }
    // What is at home with the contact hangs on it again, or was put elsewhere by hand.
    let text = "DELETE FROM record_homes WHERE home_id = ?";
    Sql::of(backend, text, [sql::id(contact)])
        .execute(tx)
        .await?;
    Ok(())
}

/// How many records of each kind are at home with contacts and are gone.
pub(super) async fn gone(
    tx: &DatabaseTransaction,
    parts: &BTreeSet<Uuid>,
) -> Result<Vec<(&'static str, i64)>, StoreError> {
    let mut gone = Vec::new();
    // Whoever may see a person no longer is none of its records.
    for place in PLACES.into_iter().filter(|place| place.object != "share") {
        let mut sql = Sql::new(tx.get_database_backend());
        let (object, table) = (place.object, place.table);
        sql.push(&format!(
            "SELECT count(*) AS n FROM record_homes h WHERE h.object = '{object}' AND NOT EXISTS \
             (SELECT 1 FROM {table} t WHERE t.id = h.record_id) AND h.home_id IN "
        ));
        sql.bind_list(parts.iter().map(|id| sql::id(*id)));
        let row = sql.one(tx).await?;
        let n: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
        if n > 0 {
            gone.push((object, n));
        }
    }
    Ok(gone)
}

/// Makes records at home where they hang: they have left the contact that they came to for good.
pub(super) async fn settle(
    tx: &DatabaseTransaction,
    object: &str,
    records: &[Uuid],
) -> Result<(), StoreError> {
    for chunk in records.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(tx.get_database_backend());
        sql.push_with(
            "DELETE FROM record_homes WHERE object = ? AND record_id IN ",
            [sql::text(object)],
        );
        sql.bind_list(sql::ids(chunk));
        sql.execute(tx).await?;
    }
    Ok(())
}

/// Lets records hang on another contact for good.
pub(super) async fn move_to(
    tx: &DatabaseTransaction,
    object: &str,
    records: &[Uuid],
    (contact, at): (Uuid, Timestamp),
) -> Result<(), StoreError> {
    let Some(place) = PLACES.into_iter().find(|place| place.object == object) else {
        return Ok(());
    };
    for chunk in records.chunks(sql::N_KEYS_MAX) {
        let keys = sql::padded(chunk.iter().copied());
        let marks = vec!["?"; keys.len()].join(", ");
        let which = format!("t.id IN ({marks})");
        let values = keys.into_iter().map(sql::id).collect();
        write(tx, place, contact, (&which, values), at).await?;
    }
    Ok(())
}

/// Counts that the version of a record was written by an operation. Of a contact also from when to when its
/// latest change was put, so that what an operation writes does not make it the most recent.
pub(crate) async fn count_write(
    tx: &DatabaseTransaction,
    record: Uuid,
    updated: Option<(i64, i64)>,
) -> Result<(), StoreError> {
    let (before, after) = updated.unzip();
    let text = "INSERT INTO identity_writes (record_id, n_writes, edited_at, written_at) \
                VALUES (?, 1, ?, ?) ON CONFLICT (record_id) DO UPDATE SET \
                n_writes = identity_writes.n_writes + 1, \
                edited_at = CASE WHEN excluded.edited_at = identity_writes.written_at \
                THEN identity_writes.edited_at \
                ELSE coalesce(excluded.edited_at, identity_writes.edited_at) END, \
                written_at = coalesce(excluded.written_at, identity_writes.written_at)";
    let values = [sql::id(record), before.into(), after.into()];
    Sql::of(tx.get_database_backend(), text, values)
        .execute(tx)
        .await?;
    Ok(())
}

/// When a contact was changed by somebody last: operations that wrote it since are left out.
pub(super) async fn edited_at(
    connection: &impl ConnectionTrait,
    contact: Uuid,
    updated_at: i64,
) -> Result<Timestamp, StoreError> {
    let text = "SELECT edited_at FROM identity_writes WHERE record_id = ? AND written_at = ?";
    let values = [sql::id(contact), updated_at.into()];
    let row = Sql::of(connection.get_database_backend(), text, values)
        .one(connection)
        .await?;
    let edited: Option<i64> = match row {
        Some(row) => row.try_get("", "edited_at")?,
        None => None,
    };
    Ok(Timestamp::from_micros(edited.unwrap_or(updated_at)))
}
