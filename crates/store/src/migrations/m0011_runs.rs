//! Runs: what was trained or searched, with curves, evaluations and trials.
//!
//! Points of curves are kept in chunks, not a row each: a training tells fifty thousand of them a
//! second, and a screen reads a curve as a whole.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        runs(&schema).await?;
        run_metrics(&schema).await?;
        run_chunks(&schema).await?;
        run_artifacts(&schema).await?;
        run_trials(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn runs(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.searchable("runs");
    table
        .col(schema.text("name").not_null())
        .col(schema.text("name_key").not_null())
        .col(schema.text("task").not_null())
        .col(schema.text("model").not_null())
        .col(schema.text("status").not_null())
        .col(schema.text("tags").not_null())
        .col(schema.integer("seed").not_null())
        .col(schema.text("params").not_null())
        .col(schema.text("data"))
        .col(schema.text("code_version").not_null())
        .col(schema.integer("started_at").not_null())
        .col(schema.integer("updated_at").not_null())
        .col(schema.integer("finished_at"))
        .col(schema.number("seconds"))
        .col(schema.text("error"))
        .col(schema.text("headline_metric"))
        .col(schema.number("headline_value"))
        .col(schema.number("headline_baseline"))
        .col(schema.boolean("is_higher_better"))
        .col(schema.integer("n_trials").not_null())
        .col(schema.boolean("has_evaluation").not_null())
        .col(schema.id("parent_id"))
        .col(schema.id("job_id"))
        .col(schema.text("search_text").not_null())
        .foreign_key(&mut schema.reference("runs", "parent_id", "runs", ForeignKeyAction::Cascade));
    schema.create(table).await?;
    for columns in [
        &["started_at", "id"],
        &["name_key", "id"],
        &["task", "started_at"],
        &["headline_value", "id"],
    ] {
        schema.index("runs", columns).await?;
    }
    schema.index("runs", &["parent_id"]).await?;
    schema.index("runs", &["job_id"]).await?;
    schema.search_index("runs").await
}

/// A table of things that belong to a run and go with it.
async fn of_run(
    schema: &Schema<'_>,
    table: &'static str,
    mut create: TableCreateStatement,
) -> Result<(), DbErr> {
    create
        .col(schema.id("run_id").not_null())
        .foreign_key(&mut schema.reference(table, "run_id", "runs", ForeignKeyAction::Cascade));
    schema.create(create).await
}

async fn run_metrics(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("run_metrics", &["run_id", "name"]);
    table
        .col(schema.text("name").not_null())
        .col(schema.integer("step").not_null())
        .col(schema.number("value"))
        .col(schema.number("least"))
        .col(schema.number("greatest"))
        .col(schema.integer("n_points").not_null());
    of_run(schema, "run_metrics", table).await
}

async fn run_chunks(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("run_chunks", &["run_id", "name", "chunk_no"]);
    // Of what is not in the key the points come last: a look at the rest then reads none of them.
    table
        .col(schema.text("name").not_null())
        .col(schema.integer("chunk_no").not_null())
        .col(schema.integer("first_step").not_null())
        .col(schema.integer("last_step").not_null())
        .col(schema.integer("n_points").not_null())
        .col(schema.number("least"))
        .col(schema.number("greatest"))
        .col(schema.bytes("points").not_null());
    of_run(schema, "run_chunks", table).await
}

async fn run_artifacts(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("run_artifacts", &["run_id", "kind"]);
    table
        .col(schema.text("kind").not_null())
        .col(schema.text("body").not_null());
    of_run(schema, "run_artifacts", table).await
}

async fn run_trials(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("run_trials", &["run_id", "number"]);
    table
        .col(schema.integer("number").not_null())
        .col(schema.text("status").not_null())
        .col(schema.text("params").not_null())
        .col(schema.number("value"))
        .col(schema.number("cost").not_null())
        .col(schema.text("reports").not_null())
        .col(schema.text("error"));
    of_run(schema, "run_trials", table).await
}
