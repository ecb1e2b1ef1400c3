//! When a contact was changed by somebody last, where merges and their undoing have written it since: the rule
//! of the most recent value asks for it.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        for column in ["edited_at", "written_at"] {
            schema
                .add_column("identity_writes", schema.integer(column))
                .await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
