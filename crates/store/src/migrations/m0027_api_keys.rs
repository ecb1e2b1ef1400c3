//! Keys of programs, what is known of signed-in browsers, and requests that are done only once.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        api_keys(&schema).await?;
        let user_agent = schema.text("user_agent");
        schema.add_column("sessions", user_agent).await?;
        let address = schema.text("address");
        schema.add_column("sessions", address).await?;
        idempotency_keys(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn api_keys(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("api_keys");
    table
        .col(schema.text("name").not_null())
        .col(schema.text("prefix").not_null())
        .col(schema.bytes("key_hash").not_null())
        .col(schema.id("user_id").not_null())
        .col(schema.text("scopes").not_null())
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("last_used_at"))
        .col(schema.integer("expires_at"))
        .col(schema.integer("revoked_at"))
        .foreign_key(&mut schema.reference(
            "api_keys",
            "user_id",
            "users",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await?;
    schema.unique_index("api_keys", &["key_hash"]).await?;
    schema.index("api_keys", &["user_id"]).await
}

async fn idempotency_keys(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("idempotency_keys", &["key_hash"]);
    table
        .col(schema.bytes("key_hash").not_null())
        .col(schema.id("user_id").not_null())
        .col(schema.text("route").not_null())
        .col(schema.bytes("body_hash").not_null())
        .col(schema.text("state").not_null())
        .col(schema.small("status"))
        .col(schema.text("headers"))
        .col(schema.bytes("body"))
        .col(schema.integer("created_at").not_null())
        .foreign_key(&mut schema.reference(
            "idempotency_keys",
            "user_id",
            "users",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await?;
    schema.index("idempotency_keys", &["created_at"]).await
}
