//! The inbox of the event lake and the catalogue of its files.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        event_inbox(&schema).await?;
        event_segments(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn event_inbox(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.numbered("event_inbox", "seq");
    table
        .col(schema.id("id").not_null())
        .col(schema.text("source").not_null())
        .col(schema.text("message_id").not_null())
        .col(schema.id("customer_id"))
        .col(schema.text("kind").not_null())
        .col(schema.integer("occurred_at").not_null())
        .col(schema.integer("received_at").not_null())
        .col(schema.text("order_id"))
        .col(schema.text("sku"))
        .col(schema.text("category"))
        .col(schema.number("quantity"))
        .col(schema.integer("amount_minor"))
        .col(schema.text("currency"))
        .col(schema.text("properties"));
    schema.create(table).await?;
    schema
        .unique_index("event_inbox", &["source", "message_id"])
        .await
}

async fn event_segments(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("event_segments", &["path"]);
    table
        .col(schema.text("path").not_null())
        .col(schema.integer("n_rows").not_null())
        .col(schema.integer("n_bytes").not_null())
        .col(schema.integer("bucket"))
        .col(schema.integer("n_buckets"))
        .col(schema.integer("min_at").not_null())
        .col(schema.integer("max_at").not_null())
        .col(schema.id("import_id"))
        .foreign_key(&mut schema.reference(
            "event_segments",
            "import_id",
            "imports",
            ForeignKeyAction::SetNull,
        ));
    schema.create(table).await
}
