//! Custom fields with rules: help, order, required and unique values, defaults, archive; and tasks that
//! have values of them.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        let table = "custom_fields";
        schema.add_column(table, schema.text("help_en")).await?;
        schema.add_column(table, schema.text("help_zh")).await?;
        let position = schema.small("position").not_null().default(0).to_owned();
        schema.add_column(table, position).await?;
        for name in ["is_required", "is_unique", "is_indexed", "is_searchable"] {
            let flag = schema.boolean(name).not_null().default(false).to_owned();
            schema.add_column(table, flag).await?;
        }
        let default = schema.text("default_value");
        schema.add_column(table, default).await?;
        let archived = schema.integer("archived_at");
        schema.add_column(table, archived).await?;
        let updated = schema
            .integer("updated_at")
            .not_null()
            .default(0)
            .to_owned();
        schema.add_column(table, updated).await?;
        let version = schema.integer("version").not_null().default(1).to_owned();
        schema.add_column(table, version).await?;
        let backfill = "UPDATE custom_fields SET updated_at = created_at";
        manager
            .get_connection()
            .execute_unprepared(backfill)
            .await?;
        let custom = schema.text("custom").not_null().default("{}").to_owned();
        schema.add_column("tasks", custom).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
