//! Roles that people put together, teams, and records that are shared beyond their owner.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        roles(&schema).await?;
        teams(&schema).await?;
        shares(&schema).await?;
        // Contacts, deals, tickets and tasks have this index from the beginning.
        schema.index("companies", &["owner_id"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The built-in roles are in the program and not here, so that a later version can let them do more.
async fn roles(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("roles");
    table
        .col(schema.text("name").not_null())
        .col(schema.text("policy").not_null())
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("version").not_null());
    schema.create(table).await?;
    schema.unique_index("roles", &["name"]).await?;
    schema.add_column("users", schema.id("role_id")).await?;
    schema.index("users", &["role_id"]).await
}

async fn teams(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("teams");
    table
        .col(schema.text("name").not_null())
        .col(schema.id("parent_id"))
        .col(schema.text("kind").not_null())
        .foreign_key(&mut schema.reference(
            "teams",
            "parent_id",
            "teams",
            ForeignKeyAction::NoAction,
        ));
    schema.create(table).await?;
    schema.index("teams", &["parent_id"]).await?;
    let mut table = schema.keyed_by("team_members", &["team_id", "user_id"]);
    let cascade = ForeignKeyAction::Cascade;
    table
        .col(schema.id("team_id").not_null())
        .col(schema.id("user_id").not_null())
        .col(schema.boolean("is_lead").not_null())
        .foreign_key(&mut schema.reference("team_members", "team_id", "teams", cascade))
        .foreign_key(&mut schema.reference("team_members", "user_id", "users", cascade));
    schema.create(table).await?;
    schema.index("team_members", &["user_id"]).await
}

/// A share goes with its user or team; it may outlive its record, whose id is never given again.
async fn shares(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("record_shares");
    let cascade = ForeignKeyAction::Cascade;
    table
        .col(schema.text("object").not_null())
        .col(schema.id("record_id").not_null())
        .col(schema.id("user_id"))
        .col(schema.id("team_id"))
        .col(schema.boolean("may_write").not_null())
        .foreign_key(&mut schema.reference("record_shares", "user_id", "users", cascade))
        .foreign_key(&mut schema.reference("record_shares", "team_id", "teams", cascade));
    schema.create(table).await?;
    schema
        .index("record_shares", &["object", "record_id"])
        .await?;
    schema
        .index("record_shares", &["user_id", "object", "record_id"])
        .await?;
    schema
        .index("record_shares", &["team_id", "object", "record_id"])
        .await
}
