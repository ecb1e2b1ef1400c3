//! The registry of models: the run that made each, what its promotion rests on, and every change of
//! a stage with its reason. The stage itself is the column `status` of `models`.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        let mut run_id = schema.id("run_id");
        run_id.extra("REFERENCES runs (id) ON DELETE SET NULL");
        schema.add_column("models", run_id).await?;
        schema.add_column("models", schema.text("evidence")).await?;
        schema
            .unique_index_where("ux_models_run", "models", &["run_id"], "run_id IS NOT NULL")
            .await?;
        model_transitions(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn model_transitions(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.numbered("model_transitions", "number");
    table
        .col(schema.text("kind").not_null())
        .col(schema.id("model_id").not_null())
        .col(schema.text("from_stage"))
        .col(schema.text("to_stage").not_null())
        .col(schema.text("reason").not_null())
        .col(schema.id("actor_id"))
        .col(schema.integer("at").not_null())
        .foreign_key(&mut schema.reference(
            "model_transitions",
            "model_id",
            "models",
            ForeignKeyAction::Cascade,
        ))
        .foreign_key(&mut schema.reference(
            "model_transitions",
            "actor_id",
            "users",
            ForeignKeyAction::SetNull,
        ));
    schema.create(table).await?;
    schema
        .index("model_transitions", &["kind", "number"])
        .await?;
    schema.index("model_transitions", &["model_id"]).await
}
