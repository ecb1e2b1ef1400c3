//! Versions of models whose files were given up.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        let files_dropped_at = schema.integer("files_dropped_at");
        schema.add_column("models", files_dropped_at).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
