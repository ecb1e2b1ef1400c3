//! The queue of durable work.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        jobs(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn jobs(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("jobs");
    table
        .col(schema.text("kind").not_null())
        .col(schema.text("payload").not_null())
        .col(schema.text("unique_key"))
        .col(schema.text("status").not_null())
        .col(schema.integer("run_at").not_null())
        .col(schema.integer("attempts").not_null())
        .col(schema.integer("attempts_max").not_null())
        .col(schema.integer("token").not_null())
        .col(schema.integer("lease_until"))
        .col(schema.boolean("cancel_requested").not_null())
        .col(schema.text("progress").not_null())
        .col(schema.text("result"))
        .col(schema.text("error"))
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("started_at"))
        .col(schema.integer("finished_at"));
    schema.create(table).await?;
    schema.index("jobs", &["status", "run_at"]).await?;
    schema
        .unique_index_where(
            "ux_jobs_unfinished",
            "jobs",
            &["unique_key"],
            "status IN ('queued', 'running')",
        )
        .await
}
