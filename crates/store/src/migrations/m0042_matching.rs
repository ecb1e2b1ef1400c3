//! Contacts that may be one person: the pairs of the latest run of the matcher, what each run did, and pairs
//! that were accepted many at once.
//!
//! A pair holds no value of anybody, but how alike the fields are: values are read from the contacts. Whether a
//! pair is open follows from the log of identities, and is not kept a second time.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        pairs(&schema).await?;
        runs(&schema).await?;
        acceptances(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Two contacts, the lesser identifier first.
async fn pairs(schema: &Schema<'_>) -> Result<(), DbErr> {
    let table = "match_pairs";
    let mut create = schema.keyed_by_id(table);
    create
        .col(schema.id("low_id").not_null())
        .col(schema.id("high_id").not_null())
        .col(schema.number("probability").not_null())
        .col(schema.number("value").not_null())
        .col(schema.number("prior_weight").not_null())
        .col(schema.boolean("is_grouped").not_null())
        .col(schema.text("fields").not_null())
        .col(schema.text("model_version").not_null())
        .col(schema.integer("found_at").not_null())
        .col(schema.id("run_id").not_null());
    schema.create(create).await?;
    schema.unique_index(table, &["low_id", "high_id"]).await?;
    schema.index(table, &["high_id"]).await?;
    for column in ["value", "probability", "found_at"] {
        schema.index(table, &[column, "id"]).await?;
    }
    Ok(())
}

async fn runs(schema: &Schema<'_>) -> Result<(), DbErr> {
    let table = "match_runs";
    let mut create = schema.keyed_by_id(table);
    create
        .col(schema.integer("started_at").not_null())
        .col(schema.integer("finished_at"))
        .col(schema.integer("n_records").not_null())
        .col(schema.integer("n_candidates").not_null())
        .col(schema.number("reachable_recall"))
        .col(schema.integer("n_pairs").not_null())
        .col(schema.integer("n_certain").not_null())
        .col(schema.integer("n_merged").not_null())
        .col(schema.number("threshold").not_null())
        .col(schema.text("model_version").not_null())
        .col(schema.boolean("is_automatic").not_null());
    schema.create(create).await?;
    schema.index(table, &["started_at", "id"]).await
}

/// The pairs of each job that accepts many. They outlive those of the matcher, for the whole can be taken back.
async fn acceptances(schema: &Schema<'_>) -> Result<(), DbErr> {
    let table = "match_acceptances";
    let mut create = schema.keyed_by(table, &["job_id", "position"]);
    create
        .col(schema.id("job_id").not_null())
        .col(schema.integer("position").not_null())
        .col(schema.id("pair_id").not_null())
        .col(schema.id("low_id").not_null())
        .col(schema.id("high_id").not_null())
        .col(schema.number("probability").not_null())
        .col(schema.text("model_version").not_null())
        .col(schema.text("outcome").not_null())
        .col(schema.integer("operation"))
        .col(schema.text("code"))
        .col(schema.text("message"));
    schema.create(create).await
}
