//! Events over HTTP: the keys of their sources, the messages that were seen, and the ledger.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        write_keys(&schema).await?;
        event_keys(&schema).await?;
        ledger(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn write_keys(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("write_keys");
    table
        .col(schema.id("source_id").not_null())
        .col(schema.bytes("key_hash").not_null())
        .col(schema.text("prefix").not_null())
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("revoked_at"))
        .foreign_key(&mut schema.reference(
            "write_keys",
            "source_id",
            "sources",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await?;
    schema.unique_index("write_keys", &["key_hash"]).await?;
    schema.index("write_keys", &["source_id"]).await
}

async fn event_keys(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("event_keys", &["period", "message_hash"]);
    table
        .col(schema.small("period").not_null())
        .col(schema.bytes("message_hash").not_null());
    schema.create(table).await
}

async fn ledger(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("ledger", &["source_id", "day", "channel", "outcome"]);
    table
        .col(schema.id("source_id").not_null())
        .col(schema.small("day").not_null())
        .col(schema.text("channel").not_null())
        .col(schema.text("outcome").not_null())
        .col(schema.integer("n_items").not_null())
        .foreign_key(&mut schema.reference(
            "ledger",
            "source_id",
            "sources",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await
}
