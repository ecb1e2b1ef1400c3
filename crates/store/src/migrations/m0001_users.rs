//! The people who sign in, their sessions and failed sign-ins, and the settings.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        users(&schema).await?;
        sessions(&schema).await?;
        sign_in_attempts(&schema).await?;
        settings(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn users(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("users");
    table
        .col(schema.text("email").not_null())
        .col(schema.text("name").not_null())
        .col(schema.text("role").not_null())
        .col(schema.text("language").not_null())
        .col(schema.text("theme"))
        .col(schema.text("password_hash").not_null())
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("disabled_at"));
    schema.create(table).await?;
    schema.unique_index("users", &["email"]).await
}

async fn sessions(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("sessions", &["token_hash"]);
    table
        .col(schema.bytes("token_hash").not_null())
        .col(schema.id("user_id").not_null())
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("seen_at").not_null())
        .col(schema.integer("expires_at").not_null())
        .foreign_key(&mut schema.reference(
            "sessions",
            "user_id",
            "users",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await?;
    schema.index("sessions", &["user_id"]).await
}

async fn sign_in_attempts(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("sign_in_attempts", &["key_hash"]);
    table
        .col(schema.bytes("key_hash").not_null())
        .col(schema.integer("n_failures").not_null())
        .col(schema.integer("window_started_at").not_null());
    schema.create(table).await
}

async fn settings(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("settings", &["key"]);
    table
        .col(schema.text("key").not_null())
        .col(schema.text("value").not_null());
    schema.create(table).await
}
