//! What the board of deals needs: pipelines that are edited under a version, and the indices by
//! which its columns are read, summed and paged.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        let version = schema.integer("version").not_null().default(1).to_owned();
        schema.add_column("pipelines", version).await?;
        // Sums per stage and currency come from the index alone.
        let summed = ["pipeline_id", "stage_id", "currency", "amount_minor"];
        schema.index("deals", &summed).await?;
        let in_column = ["stage_id", "stage_entered_at", "id"];
        schema.index("deals", &in_column).await?;
        schema.index("deals", &["created_at", "id"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
