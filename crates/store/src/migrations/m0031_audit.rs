//! Who changed and saw what: entries in a chain of hashes, and its head.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        entries(&schema).await?;
        head(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn entries(schema: &Schema<'_>) -> Result<(), DbErr> {
    let table = "audit_entries";
    let mut create = schema.numbered(table, "id");
    create
        .col(schema.integer("seq"))
        .col(schema.integer("at").not_null())
        .col(schema.text("actor").not_null())
        .col(schema.id("user_id"))
        .col(schema.id("key_id"))
        .col(schema.text("system_actor"))
        .col(schema.text("action").not_null())
        .col(schema.text("object").not_null())
        .col(schema.id("object_id"))
        .col(schema.id("about_id"))
        .col(schema.integer("restores"))
        .col(schema.text("changes"))
        .col(schema.bytes("salt"))
        .col(schema.bytes("digest").not_null())
        .col(schema.bytes("hash"));
    schema.create(create).await?;
    schema.unique_index(table, &["seq"]).await?;
    let waiting = "ix_audit_entries_waiting";
    schema
        .unique_index_where(waiting, table, &["id"], "seq IS NULL")
        .await?;
    schema.index(table, &["object_id", "id"]).await?;
    schema.index(table, &["about_id", "id"]).await?;
    schema.index(table, &["user_id", "id"]).await?;
    schema.index(table, &["at", "id"]).await
}

/// The end of the chain in one row, which is held while entries are put there; none while it is empty.
async fn head(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut create = schema.keyed_by("audit_head", &["row_key"]);
    create
        .col(schema.small("row_key").not_null())
        .col(schema.integer("seq").not_null())
        .col(schema.bytes("hash"));
    schema.create(create).await
}
