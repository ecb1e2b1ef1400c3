//! Search on PostgreSQL keeps the terms of each kind of record apart, with an index over each.
//!
//! One index over all kinds gathers whatever bears a word before the kind is looked at: each of the
//! eight questions of a search everywhere went through the contacts of that name.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// Kinds of records as of this step, by the numbers in `object`.
const KINDS: [(i32, &str); 10] = [
    (0, "contacts"),
    (1, "companies"),
    (2, "products"),
    (3, "orders"),
    (4, "deals"),
    (5, "tickets"),
    (6, "tasks"),
    (7, "notes"),
    (8, "campaigns"),
    (9, "runs"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let mut statements = vec![
            "ALTER TABLE search_entries RENAME TO search_entries_mixed".to_owned(),
            "ALTER TABLE search_entries_mixed \
             RENAME CONSTRAINT search_entries_pkey TO search_entries_mixed_pkey"
                .to_owned(),
            "DROP INDEX ix_search_entries_terms".to_owned(),
            "CREATE TABLE search_entries (object integer NOT NULL, record_id uuid NOT NULL, \
             terms tsvector NOT NULL, PRIMARY KEY (object, record_id)) PARTITION BY LIST (object)"
                .to_owned(),
        ];
        for (code, table) in KINDS {
            statements.push(format!(
                "CREATE TABLE search_entries_of_{table} PARTITION OF search_entries \
                 FOR VALUES IN ({code})"
            ));
        }
        statements.extend([
            "INSERT INTO search_entries SELECT * FROM search_entries_mixed".to_owned(),
            "DROP TABLE search_entries_mixed".to_owned(),
            "CREATE INDEX ix_search_entries_terms ON search_entries USING gin (terms)".to_owned(),
        ]);
        for statement in statements {
            manager
                .get_connection()
                .execute_unprepared(&statement)
                .await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
