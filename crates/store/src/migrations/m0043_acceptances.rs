//! Pairs that were accepted many at once, as their makers follow them: who asked for it and from which
//! probability on, what a pair looked like when it was compared, and why a merge could not be taken back.
//!
//! Of jobs that match, one runs at a time: an index holds it, whatever workers think. The column of a recall
//! that nothing could estimate goes.

use sea_orm::ConnectionTrait as _;
use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        jobs(&schema).await?;
        pairs(&schema).await?;
        let drop = Table::alter()
            .table("match_runs")
            .drop_column("reachable_recall")
            .to_owned();
        manager.alter_table(drop).await?;
        one_at_a_time(manager, &schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The jobs that accept pairs, by the identifiers of the jobs.
async fn jobs(schema: &Schema<'_>) -> Result<(), DbErr> {
    let table = "match_acceptance_jobs";
    let mut create = schema.keyed_by_id(table);
    create
        .col(schema.number("min_probability").not_null())
        .col(schema.integer("created_at").not_null())
        .col(schema.id("user_id").not_null())
        .col(schema.id("key_id"))
        .col(schema.id("undo_id"));
    schema.create(create).await?;
    schema.index(table, &["created_at", "id"]).await
}

async fn pairs(schema: &Schema<'_>) -> Result<(), DbErr> {
    for table in ["match_pairs", "match_acceptances"] {
        schema
            .add_column(table, schema.integer("low_print"))
            .await?;
        schema
            .add_column(table, schema.integer("high_print"))
            .await?;
    }
    let table = "match_acceptances";
    schema.add_column(table, schema.text("undo_code")).await?;
    schema
        .add_column(table, schema.text("undo_message"))
        .await?;
    for column in ["operation", "low_id", "high_id"] {
        schema.index(table, &[column]).await?;
    }
    Ok(())
}

/// Who is at it by now loses the job, of which there may be two.
async fn one_at_a_time(manager: &SchemaManager<'_>, schema: &Schema<'_>) -> Result<(), DbErr> {
    let text = "UPDATE jobs SET status = 'queued', token = token + 1, lease_until = NULL \
                WHERE kind = 'matching' AND status = 'running'";
    manager.get_connection().execute_unprepared(text).await?;
    schema
        .unique_index_where(
            "ux_jobs_matching",
            "jobs",
            &["kind"],
            "kind = 'matching' AND status = 'running'",
        )
        .await
}
