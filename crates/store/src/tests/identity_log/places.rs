//! No column that names a contact is forgotten.

use sea_orm::DbBackend;

use super::super::TestStore;
use crate::identity_log::{LEFT, PLACES};
use crate::sql::Sql;

/// Columns that name a contact, or a record of any kind, which may be one.
const NAMES: [&str; 5] = [
    "contact_id",
    "customer_id",
    "subject_id",
    "record_id",
    "person_id",
];

/// All columns of all tables.
async fn columns(store: &TestStore) -> Vec<(String, String)> {
    let text = match store.backend() {
        DbBackend::Postgres => {
            "SELECT table_name::text AS held_by, column_name::text AS name \
             FROM information_schema.columns WHERE table_schema = current_schema()"
        }
        _ => {
            "SELECT m.name AS held_by, p.name AS name FROM sqlite_master m \
             JOIN pragma_table_info(m.name) p WHERE m.type = 'table'"
        }
    };
    let rows = Sql::of(store.backend(), text, []).all(store.reader());
    let rows = rows.await.unwrap().into_iter();
    rows.map(|row| {
        (
            row.try_get("", "held_by").unwrap(),
            row.try_get("", "name").unwrap(),
        )
    })
    .collect()
}

/// Columns with a foreign key to contacts, whatever they are called.
async fn references(store: &TestStore) -> Vec<(String, String)> {
    let text = match store.backend() {
        DbBackend::Postgres => {
            "SELECT c.conrelid::regclass::text AS held_by, a.attname::text AS name \
             FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid \
             AND a.attnum = ANY(c.conkey) WHERE c.contype = 'f' \
             AND c.confrelid = 'contacts'::regclass"
        }
        _ => {
            "SELECT m.name AS held_by, f.\"from\" AS name FROM sqlite_master m \
             JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.\"table\" = 'contacts'"
        }
    };
    let rows = Sql::of(store.backend(), text, []).all(store.reader());
    let rows = rows.await.unwrap().into_iter();
    rows.map(|row| {
        let table: String = row.try_get("", "held_by").unwrap();
        let table = table
            .rsplit('.')
            .next()
            .unwrap()
            .trim_matches('"')
            .to_owned();
        (table, row.try_get("", "name").unwrap())
    })
    .collect()
}

#[tokio::test]
async fn every_column_that_names_a_contact_moves_with_a_merge_or_stays_for_a_reason() {
    let store = TestStore::open().await;
    let named = columns(&store).await.into_iter();
    let named = named.filter(|(_, name)| NAMES.contains(&name.as_str()));
    let mut all: Vec<(String, String)> = named.collect();
    let references = references(&store).await;
    assert!(references.len() >= 7, "{references:?}");
    all.extend(references);

    for (table, column) in all {
        // PostgreSQL keeps the terms of each kind in a partition.
        let table = match table.starts_with("search_entries") {
            true => "search_entries".to_owned(),
            false => table,
        };
        let moves = PLACES
            .iter()
            .any(|place| (place.table, place.column) == (&table, &column));
        let stays = LEFT
            .iter()
            .any(|(of, name, _)| (*of, *name) == (&table, &column));
        assert!(
            moves != stays,
            "say in identity_log/places.rs what becomes of {table}.{column} when contacts are merged"
        );
    }
}
