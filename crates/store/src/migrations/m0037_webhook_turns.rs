//! Whose turn it is to call a webhook, where several servers share a database; and what was sent of a record,
//! found by the record.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        schema.add_column("webhooks", schema.id("turn_of")).await?;
        schema
            .add_column("webhooks", schema.integer("turn_until"))
            .await?;
        schema
            .index_where(
                "ix_webhook_deliveries_record_id",
                "webhook_deliveries",
                &["record_id"],
                "record_id IS NOT NULL",
            )
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
