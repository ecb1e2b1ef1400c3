//! What events tell of people until contacts are made of it, people whom events name and nobody knows
//! yet, and secrets by which what a source sends is signed.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        event_people(&schema).await?;
        event_strangers(&schema).await?;
        source_secrets(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn event_people(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.numbered("event_people", "seq");
    table
        .col(schema.id("source_id").not_null())
        .col(schema.text("told").not_null())
        .foreign_key(&mut schema.reference(
            "event_people",
            "source_id",
            "sources",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await
}

async fn event_strangers(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("event_strangers", &["source_id", "profile_key"]);
    table
        .col(schema.id("source_id").not_null())
        .col(schema.text("profile_key").not_null())
        .col(schema.text("email"))
        .col(schema.integer("noted_at").not_null())
        .foreign_key(&mut schema.reference(
            "event_strangers",
            "source_id",
            "sources",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await
}

async fn source_secrets(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("source_secrets", &["source_id"]);
    table
        .col(schema.id("source_id").not_null())
        .col(schema.bytes("secret").not_null())
        .col(schema.integer("created_at").not_null())
        .foreign_key(&mut schema.reference(
            "source_secrets",
            "source_id",
            "sources",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await
}
