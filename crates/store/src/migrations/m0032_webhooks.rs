//! Webhooks: where events are sent, what waits to be told, and what became of it (decision note 0016).
//!
//! Triggers write to `webhook_outbox` what a transaction changes, so that no code that writes
//! records can forget it, and a transaction that is undone tells nothing. They write only what
//! `webhook_wants` says that somebody wants. While a transaction holds a row in `webhook_bulk`, what
//! it writes came from a file.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        webhooks(&schema).await?;
        deliveries(&schema).await?;
        attempts(&schema).await?;
        outbox(&schema).await?;
        let mut statements = vec![OF_PEOPLE.to_owned()];
        match manager.get_database_backend() {
            DbBackend::Postgres => {
                // What it holds never outlives a transaction.
                statements.push(
                    "CREATE UNLOGGED TABLE webhook_bulk (import_id uuid NOT NULL)".to_owned(),
                );
                statements.extend(TOLD.iter().flat_map(postgres_triggers));
                statements.extend(POSTGRES_ENDS.map(str::to_owned));
            }
            _ => {
                statements.push("CREATE TABLE webhook_bulk (import_id blob NOT NULL)".to_owned());
                statements.extend(TOLD.iter().flat_map(sqlite_triggers));
                statements.extend(SQLITE_ENDS.map(str::to_owned));
            }
        }
        let connection = manager.get_connection();
        for statement in statements {
            connection.execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// What people changed is found without reading the million rows of a file that stand before it.
const OF_PEOPLE: &str =
    "CREATE INDEX ix_webhook_outbox_of_people ON webhook_outbox (no) WHERE is_bulk = false";

async fn webhooks(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("webhooks");
    table
        .col(schema.text("url").not_null())
        .col(schema.text("description").not_null())
        .col(schema.text("types").not_null())
        .col(schema.boolean("with_imports").not_null())
        .col(schema.boolean("is_enabled").not_null())
        .col(schema.id("owner_id").not_null())
        .col(schema.bytes("secret").not_null())
        .col(schema.bytes("old_secret"))
        .col(schema.integer("old_secret_until"))
        .col(schema.integer("failing_since"))
        .col(schema.text("stop"))
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("updated_at").not_null())
        .col(schema.integer("version").not_null())
        .foreign_key(&mut schema.reference(
            "webhooks",
            "owner_id",
            "users",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await?;
    schema.index("webhooks", &["owner_id"]).await
}

async fn deliveries(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("webhook_deliveries");
    table
        .col(schema.id("webhook_id").not_null())
        .col(schema.text("type").not_null())
        .col(schema.text("object"))
        .col(schema.id("record_id"))
        .col(schema.text("body").not_null())
        .col(schema.text("status").not_null())
        .col(schema.small("n_attempts").not_null())
        .col(schema.small("n_before_replay").not_null())
        .col(schema.integer("next_attempt_at"))
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("last_attempt_at"))
        .col(schema.small("last_code"))
        .foreign_key(&mut schema.reference(
            "webhook_deliveries",
            "webhook_id",
            "webhooks",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await?;
    schema
        .index("webhook_deliveries", &["webhook_id", "created_at", "id"])
        .await?;
    schema
        .index(
            "webhook_deliveries",
            &["webhook_id", "next_attempt_at", "id"],
        )
        .await
}

async fn attempts(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("webhook_attempts", &["delivery_id", "number"]);
    table
        .col(schema.id("delivery_id").not_null())
        .col(schema.small("number").not_null())
        .col(schema.integer("at").not_null())
        .col(schema.integer("duration_ms").not_null())
        .col(schema.small("code"))
        .col(schema.text("failure"))
        .col(schema.text("answer"))
        .foreign_key(&mut schema.reference(
            "webhook_attempts",
            "delivery_id",
            "webhook_deliveries",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await
}

async fn outbox(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.numbered("webhook_outbox", "no");
    table
        .col(schema.text("object").not_null())
        .col(schema.text("change").not_null())
        .col(schema.id("record_id").not_null())
        .col(schema.boolean("is_bulk").not_null())
        .col(schema.id("owner_id"))
        .col(schema.text("subject_kind"))
        .col(schema.id("subject_id"))
        .col(schema.id("stage_before"))
        .col(schema.id("stage_after"))
        .col(schema.integer("at"));
    schema.create(table).await?;
    let mut table = schema.keyed_by("webhook_wants", &["object"]);
    table
        .col(schema.text("object").not_null())
        .col(schema.boolean("with_imports").not_null());
    schema.create(table).await
}

/// A table whose changes are told, as of this step.
struct Told {
    object: &'static str,
    table: &'static str,
    /// What of a row is noted beside its id: a column of the outbox, and where it comes from.
    facts: &'static [(&'static str, &'static str)],
    /// The columns of which one differs where somebody has changed the record. What is derived from
    /// other records changes neither.
    marks: &'static [&'static str],
}

const OWNER: (&str, &str) = ("owner_id", "owner_id");
const SUBJECT: [(&str, &str); 2] = [
    ("subject_kind", "subject_kind"),
    ("subject_id", "subject_id"),
];
const MARKS: &[&str] = &["version", "updated_at"];

const TOLD: [Told; 6] = [
    Told::of("contact", "contacts", &[OWNER], MARKS),
    Told::of("company", "companies", &[OWNER], MARKS),
    Told::of(
        "deal",
        "deals",
        &[OWNER, ("stage_after", "stage_id")],
        MARKS,
    ),
    Told::of("ticket", "tickets", &[OWNER], MARKS),
    Told::of("task", "tasks", &[OWNER, SUBJECT[0], SUBJECT[1]], MARKS),
    Told::of("note", "notes", &SUBJECT, &["body", "updated_at"]),
];

impl Told {
    const fn of(
        object: &'static str,
        table: &'static str,
        facts: &'static [(&'static str, &'static str)],
        marks: &'static [&'static str],
    ) -> Self {
        Self {
            object,
            table,
            facts,
            marks,
        }
    }

    /// The statement that notes a change of the rows of `rows`, where somebody wants it. `from` is
    /// ` FROM rows`, or empty in a trigger of one row.
    fn note(&self, change: &str, rows: &str, from: &str, at: &str) -> String {
        let columns = self.facts.iter().map(|(column, _)| format!(", {column}"));
        let columns: String = columns.collect();
        let values = self
            .facts
            .iter()
            .map(|(_, from)| format!(", {rows}.{from}"));
        let values: String = values.collect();
        let (object, is_wanted) = (self.object, is_wanted(self.object));
        format!(
            "INSERT INTO webhook_outbox (object, change, record_id, is_bulk, at{columns}) \
             SELECT '{object}', '{change}', {rows}.id, EXISTS (SELECT 1 FROM webhook_bulk), \
             {at}{values}{from} WHERE {is_wanted}"
        )
    }

    fn is_changed(&self, operator: &str) -> String {
        let changes = self.marks.iter();
        let changes = changes.map(|column| format!("old.{column} {operator} new.{column}"));
        changes.collect::<Vec<_>>().join(" OR ")
    }
}

fn is_wanted(object: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM webhook_wants w WHERE w.object = '{object}' \
         AND (w.with_imports OR NOT EXISTS (SELECT 1 FROM webhook_bulk)))"
    )
}

/// The move of a deal is told beside its change.
const MOVED: &str = "old.stage_id <> new.stage_id";

fn move_of_deal(from: &str) -> String {
    format!(
        "INSERT INTO webhook_outbox (object, change, record_id, is_bulk, at, owner_id, \
         stage_before, stage_after) SELECT 'deal', 'moved', new.id, \
         EXISTS (SELECT 1 FROM webhook_bulk), new.updated_at, new.owner_id, old.stage_id, \
         new.stage_id{from} WHERE {}",
        is_wanted("deal")
    )
}

fn sqlite_triggers(told: &Told) -> Vec<String> {
    let Told { table, marks, .. } = told;
    // Asked first, so that a row that nobody wants costs one look at a table of a few rows.
    let is_wanted = is_wanted(told.object);
    let trigger = |name: &str, event: &str, condition: &str, statement: String| {
        format!(
            "CREATE TRIGGER {table}_told_{name} AFTER {event} ON {table} WHEN {condition} \
             BEGIN {statement}; END"
        )
    };
    let is_changed = format!("({}) AND {is_wanted}", told.is_changed("IS NOT"));
    let mut triggers = vec![
        trigger(
            "insert",
            "INSERT",
            &is_wanted,
            told.note("created", "new", "", "new.created_at"),
        ),
        trigger(
            "update",
            &format!("UPDATE OF {}", marks.join(", ")),
            &is_changed,
            told.note("updated", "new", "", "new.updated_at"),
        ),
        trigger(
            "delete",
            "DELETE",
            &is_wanted,
            told.note("deleted", "old", "", "NULL"),
        ),
    ];
    if told.object == "deal" {
        let condition = format!("{MOVED} AND {is_wanted}");
        triggers.push(trigger(
            "move",
            "UPDATE OF stage_id",
            &condition,
            move_of_deal(""),
        ));
    }
    triggers
}

fn postgres_triggers(told: &Told) -> Vec<String> {
    let Told { table, marks, .. } = told;
    // The tables are in the schema of this step, wherever the session looks that writes.
    let function = |name: &str, statement: String| {
        format!(
            "CREATE FUNCTION webhook_{table}_{name}() RETURNS trigger LANGUAGE plpgsql \
             SET search_path FROM CURRENT AS $$ BEGIN {statement}; RETURN NULL; END $$"
        )
    };
    let of_rows = |name: &str, event: &str, which: &str| {
        format!(
            "CREATE TRIGGER {table}_told_{name} AFTER {event} ON {table} \
             REFERENCING {which} TABLE AS touched FOR EACH STATEMENT \
             EXECUTE FUNCTION webhook_{table}_{name}()"
        )
    };
    let of_row = |name: &str, columns: &str, condition: &str| {
        format!(
            "CREATE TRIGGER {table}_told_{name} AFTER UPDATE OF {columns} ON {table} FOR EACH ROW \
             WHEN ({condition}) EXECUTE FUNCTION webhook_{table}_{name}()"
        )
    };
    let touched = " FROM touched";
    let mut statements = vec![
        function(
            "insert",
            told.note("created", "touched", touched, "touched.created_at"),
        ),
        of_rows("insert", "INSERT", "NEW"),
        function("update", told.note("updated", "new", "", "new.updated_at")),
        of_row(
            "update",
            &marks.join(", "),
            &told.is_changed("IS DISTINCT FROM"),
        ),
        function("delete", told.note("deleted", "touched", touched, "NULL")),
        of_rows("delete", "DELETE", "OLD"),
    ];
    if told.object == "deal" {
        statements.push(function("move", move_of_deal("")));
        statements.push(of_row("move", "stage_id", MOVED));
    }
    statements
}

/// The end of an import, and the segmentation that is shown from now on. Neither comes in numbers.
const SQLITE_ENDS: [&str; 3] = [
    "CREATE TRIGGER imports_told_end AFTER UPDATE OF status ON imports \
     WHEN new.status = 'done' AND old.status <> 'done' \
     AND EXISTS (SELECT 1 FROM webhook_wants w WHERE w.object = 'import') \
     BEGIN INSERT INTO webhook_outbox (object, change, record_id, is_bulk, at) \
     VALUES ('import', 'finished', new.id, false, new.finished_at); END",
    "CREATE TRIGGER segmentations_told_insert AFTER INSERT ON segmentations \
     WHEN new.status = 'current' \
     AND EXISTS (SELECT 1 FROM webhook_wants w WHERE w.object = 'segmentation') \
     BEGIN INSERT INTO webhook_outbox (object, change, record_id, is_bulk, at) \
     VALUES ('segmentation', 'published', new.id, false, new.created_at); END",
    "CREATE TRIGGER segmentations_told_update AFTER UPDATE OF status ON segmentations \
     WHEN new.status = 'current' AND old.status <> 'current' \
     AND EXISTS (SELECT 1 FROM webhook_wants w WHERE w.object = 'segmentation') \
     BEGIN INSERT INTO webhook_outbox (object, change, record_id, is_bulk, at) \
     VALUES ('segmentation', 'published', new.id, false, NULL); END",
];

const POSTGRES_ENDS: [&str; 5] = [
    "CREATE FUNCTION webhook_imports_end() RETURNS trigger LANGUAGE plpgsql \
     SET search_path FROM CURRENT AS $$ BEGIN \
     INSERT INTO webhook_outbox (object, change, record_id, is_bulk, at) \
     SELECT 'import', 'finished', new.id, false, new.finished_at \
     WHERE EXISTS (SELECT 1 FROM webhook_wants w WHERE w.object = 'import'); RETURN NULL; END $$",
    "CREATE TRIGGER imports_told_end AFTER UPDATE OF status ON imports FOR EACH ROW \
     WHEN (new.status = 'done' AND old.status <> 'done') EXECUTE FUNCTION webhook_imports_end()",
    "CREATE FUNCTION webhook_segmentations_published() RETURNS trigger LANGUAGE plpgsql \
     SET search_path FROM CURRENT AS $$ BEGIN \
     INSERT INTO webhook_outbox (object, change, record_id, is_bulk, at) \
     SELECT 'segmentation', 'published', new.id, false, \
     CASE WHEN TG_OP = 'INSERT' THEN new.created_at END \
     WHERE EXISTS (SELECT 1 FROM webhook_wants w WHERE w.object = 'segmentation'); \
     RETURN NULL; END $$",
    "CREATE TRIGGER segmentations_told_insert AFTER INSERT ON segmentations FOR EACH ROW \
     WHEN (new.status = 'current') EXECUTE FUNCTION webhook_segmentations_published()",
    "CREATE TRIGGER segmentations_told_update AFTER UPDATE OF status ON segmentations FOR EACH ROW \
     WHEN (new.status = 'current' AND old.status <> 'current') \
     EXECUTE FUNCTION webhook_segmentations_published()",
];
