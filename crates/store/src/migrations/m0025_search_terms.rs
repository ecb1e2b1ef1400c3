//! Search by terms: one index over all kinds of records (decision note 0013).
//!
//! `search_entries` holds the terms of each record; `search_index` (SQLite: FTS5, PostgreSQL: GIN)
//! finds them by their beginnings. Triggers note in `search_pending` what a transaction touches,
//! and take the terms of what is deleted; see the module `search`. Records that are there already
//! are indexed in pieces by a worker: `search_backfill` says how far it is. The trigrams of
//! `m0010` and `m0011` go.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        let connection = manager.get_connection();
        let mut backfill = schema.keyed_by("search_backfill", &["object"]);
        backfill
            .col(schema.small("object").not_null())
            .col(schema.id("after_id"));
        schema.create(backfill).await?;
        let mut statements: Vec<String> = Vec::new();
        match manager.get_database_backend() {
            DbBackend::Postgres => {
                statements.extend(POSTGRES.map(str::to_owned));
                let triggers = SEARCHED.iter().flat_map(postgres_triggers);
                statements.extend(triggers);
            }
            _ => {
                for table in ["contacts", "companies", "products", "orders", "runs"] {
                    let events = ["insert", "delete", "update"];
                    let drop = |event| format!("DROP TRIGGER {table}_search_{event}");
                    statements.extend(events.map(drop));
                    statements.push(format!("DROP TABLE {table}_search"));
                }
                statements.extend(SQLITE.map(str::to_owned));
                let triggers = SEARCHED.iter().flat_map(sqlite_triggers);
                statements.extend(triggers);
            }
        }
        for Searched { code, table, .. } in SEARCHED {
            statements.push(format!(
                "INSERT INTO search_backfill (object) SELECT {code} \
                 WHERE EXISTS (SELECT 1 FROM {table})"
            ));
        }
        for statement in statements {
            connection.execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// What is searched as of this step.
struct Searched {
    code: i32,
    table: &'static str,
    /// Columns that are looked at.
    columns: &'static [&'static str],
}

impl Searched {
    const fn of(code: i32, table: &'static str, columns: &'static [&'static str]) -> Self {
        Self {
            code,
            table,
            columns,
        }
    }
}

const SEARCHED: [Searched; 10] = [
    Searched::of(0, "contacts", &["search_text", "company_id"]),
    Searched::of(1, "companies", &["search_text"]),
    Searched::of(2, "products", &["search_text"]),
    Searched::of(3, "orders", &["search_text"]),
    Searched::of(4, "deals", &["name", "company_id"]),
    Searched::of(5, "tickets", &["subject", "external_id", "body"]),
    Searched::of(6, "tasks", &["title"]),
    Searched::of(7, "notes", &["body"]),
    Searched::of(8, "campaigns", &["name"]),
    Searched::of(9, "runs", &["search_text"]),
];

const SQLITE: [&str; 3] = [
    "CREATE TABLE search_entries (no integer PRIMARY KEY, object integer NOT NULL, \
     record_id blob NOT NULL, terms text NOT NULL, UNIQUE (object, record_id))",
    // The prefixes count the letter of the kind of record.
    "CREATE VIRTUAL TABLE search_index USING fts5(terms, content='', contentless_delete=1, \
     detail=none, prefix='2 3 4', tokenize=\"ascii tokenchars '@._-/&~'\")",
    "CREATE TABLE search_pending (object integer NOT NULL, record_id blob NOT NULL)",
];

const POSTGRES: [&str; 6] = [
    "CREATE TABLE search_entries (object integer NOT NULL, record_id uuid NOT NULL, \
     terms tsvector NOT NULL, PRIMARY KEY (object, record_id))",
    "CREATE INDEX ix_search_entries_terms ON search_entries USING gin (terms)",
    // What it holds never outlives a transaction.
    "CREATE UNLOGGED TABLE search_pending (object integer NOT NULL, record_id uuid NOT NULL)",
    // The tables are in the schema of this step, wherever the session looks that writes.
    "CREATE FUNCTION search_note_inserted() RETURNS trigger LANGUAGE plpgsql \
     SET search_path FROM CURRENT AS $$ BEGIN \
     INSERT INTO search_pending SELECT TG_ARGV[0]::integer, id FROM touched; RETURN NULL; END $$",
    "CREATE FUNCTION search_note_updated() RETURNS trigger LANGUAGE plpgsql \
     SET search_path FROM CURRENT AS $$ BEGIN \
     INSERT INTO search_pending VALUES (TG_ARGV[0]::integer, NEW.id); RETURN NULL; END $$",
    "CREATE FUNCTION search_forget_deleted() RETURNS trigger LANGUAGE plpgsql \
     SET search_path FROM CURRENT AS $$ BEGIN \
     DELETE FROM search_entries e USING touched WHERE e.object = TG_ARGV[0]::integer \
     AND e.record_id = touched.id; RETURN NULL; END $$",
];

fn sqlite_triggers(searched: &Searched) -> [String; 3] {
    let Searched { code, table, .. } = searched;
    let note = format!("INSERT INTO search_pending (object, record_id) VALUES ({code}, new.id)");
    let columns = searched.columns.join(", ");
    let is_changed = is_changed(searched, "IS NOT");
    [
        format!("CREATE TRIGGER {table}_noted_insert AFTER INSERT ON {table} BEGIN {note}; END"),
        format!(
            "CREATE TRIGGER {table}_noted_update AFTER UPDATE OF {columns} ON {table} \
             WHEN {is_changed} BEGIN {note}; END"
        ),
        format!(
            "CREATE TRIGGER {table}_noted_delete AFTER DELETE ON {table} BEGIN \
             DELETE FROM search_index WHERE rowid = (SELECT no FROM search_entries \
             WHERE object = {code} AND record_id = old.id); \
             DELETE FROM search_entries WHERE object = {code} AND record_id = old.id; END"
        ),
    ]
}

fn postgres_triggers(searched: &Searched) -> [String; 3] {
    let Searched { code, table, .. } = searched;
    let columns = searched.columns.join(", ");
    let is_changed = is_changed(searched, "IS DISTINCT FROM");
    [
        format!(
            "CREATE TRIGGER {table}_noted_insert AFTER INSERT ON {table} \
             REFERENCING NEW TABLE AS touched FOR EACH STATEMENT \
             EXECUTE FUNCTION search_note_inserted('{code}')"
        ),
        format!(
            "CREATE TRIGGER {table}_noted_update AFTER UPDATE OF {columns} ON {table} \
             FOR EACH ROW WHEN ({is_changed}) EXECUTE FUNCTION search_note_updated('{code}')"
        ),
        format!(
            "CREATE TRIGGER {table}_noted_delete AFTER DELETE ON {table} \
             REFERENCING OLD TABLE AS touched FOR EACH STATEMENT \
             EXECUTE FUNCTION search_forget_deleted('{code}')"
        ),
    ]
}

fn is_changed(searched: &Searched, operator: &str) -> String {
    let changes = searched
        .columns
        .iter()
        .map(|column| format!("old.{column} {operator} new.{column}"));
    changes.collect::<Vec<_>>().join(" OR ")
}
