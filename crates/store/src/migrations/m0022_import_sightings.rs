//! Which imports tell of which records, in which order; because of which import something was left when
//! another was taken back; and the contacts of whom events tell.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        import_sightings(&schema).await?;
        // What was journaled before this step was told of, too.
        let connection = manager.get_connection();
        connection.execute_unprepared(SIGHTINGS_OF_CHANGES).await?;
        schema
            .add_column("import_conflicts", schema.id("held_by"))
            .await?;
        schema.index("import_conflicts", &["held_by"]).await?;
        schema.index("import_conflicts", &["record_id"]).await?;
        event_contacts(&schema).await?;
        connection.execute_unprepared(CONTACTS_OF_INBOX).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Lines are told of with their orders.
const SIGHTINGS_OF_CHANGES: &str = "INSERT INTO import_sightings \
    (object, record_id, import_id, batch_no, seq) \
    SELECT t.object, t.record_id, t.import_id, t.batch_no, \
    row_number() OVER (PARTITION BY t.object, t.record_id ORDER BY i.started_at, t.import_id) \
    FROM (SELECT CASE WHEN object = 'order_lines' THEN 'orders' ELSE object END AS object, \
    record_id, import_id, min(batch_no) AS batch_no FROM import_changes \
    GROUP BY CASE WHEN object = 'order_lines' THEN 'orders' ELSE object END, \
    record_id, import_id) t \
    JOIN imports i ON i.id = t.import_id";

/// Of events that have left the inbox already, the records do not tell whose they are.
const CONTACTS_OF_INBOX: &str = "INSERT INTO event_contacts (contact_id) \
    SELECT id FROM contacts WHERE id IN (SELECT customer_id FROM event_inbox)";

async fn import_sightings(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("import_sightings", &["object", "record_id", "import_id"]);
    table
        .col(schema.text("object").not_null())
        .col(schema.id("record_id").not_null())
        .col(schema.id("import_id").not_null())
        .col(schema.integer("batch_no").not_null())
        .col(schema.integer("seq").not_null())
        .foreign_key(&mut schema.reference(
            "import_sightings",
            "import_id",
            "imports",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await?;
    schema.index("import_sightings", &["import_id"]).await
}

async fn event_contacts(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("event_contacts", &["contact_id"]);
    table
        .col(schema.id("contact_id").not_null())
        .foreign_key(&mut schema.reference(
            "event_contacts",
            "contact_id",
            "contacts",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await
}
