//! Bulk edits: the records that each is about, what they held before and after, which were left as they
//! are, and what an undo left.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        bulk_edits(&schema).await?;
        let mut batches = schema.keyed_by("bulk_edit_batches", &["bulk_edit_id", "batch_no"]);
        batches
            .col(schema.integer("batch_no").not_null())
            .col(schema.bytes("keys").not_null());
        of_edit(&schema, "bulk_edit_batches", batches).await?;
        changes(&schema).await?;
        let mut refusals = schema.keyed_by("bulk_edit_refusals", &["bulk_edit_id", "seq"]);
        refusals
            .col(schema.integer("seq").not_null())
            .col(schema.id("record_id").not_null())
            .col(schema.text("name").not_null())
            .col(schema.text("reason").not_null())
            .col(schema.text("message").not_null());
        of_edit(&schema, "bulk_edit_refusals", refusals).await?;
        conflicts(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn bulk_edits(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("bulk_edits");
    table
        .col(schema.text("object").not_null())
        .col(schema.text("action").not_null())
        .col(schema.text("asked").not_null())
        .col(schema.text("status").not_null())
        .col(schema.integer("n_rows").not_null())
        .col(schema.text("counts").not_null())
        .col(schema.integer("n_batches").not_null())
        .col(schema.integer("batches_done").not_null())
        .col(schema.id("job_id"))
        .col(schema.id("undo_job_id"))
        .col(schema.id("created_by"))
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("started_at"))
        .col(schema.integer("finished_at"))
        .col(schema.text("error"))
        .foreign_key(&mut schema.reference(
            "bulk_edits",
            "created_by",
            "users",
            ForeignKeyAction::SetNull,
        ));
    schema.create(table).await?;
    schema.index("bulk_edits", &["created_at"]).await?;
    schema.index("bulk_edits", &["created_by"]).await
}

async fn changes(schema: &Schema<'_>) -> Result<(), DbErr> {
    let key = ["bulk_edit_id", "batch_no", "record_id"];
    let mut table = schema.keyed_by("bulk_edit_changes", &key);
    table
        .col(schema.integer("batch_no").not_null())
        .col(schema.id("record_id").not_null())
        .col(schema.text("before").not_null())
        .col(schema.text("after").not_null())
        .col(schema.boolean("is_restored").not_null());
    of_edit(schema, "bulk_edit_changes", table).await?;
    schema.index("bulk_edit_changes", &["record_id"]).await
}

async fn conflicts(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.numbered("bulk_edit_conflicts", "seq");
    table
        .col(schema.id("record_id").not_null())
        .col(schema.text("name").not_null())
        .col(schema.text("reason").not_null())
        .col(schema.text("field").not_null())
        .col(schema.text("before"))
        .col(schema.text("after"))
        .col(schema.text("found"));
    of_edit(schema, "bulk_edit_conflicts", table).await?;
    let key = ["bulk_edit_id", "record_id", "field"];
    schema.unique_index("bulk_edit_conflicts", &key).await
}

/// Makes a table whose rows go with their bulk edit.
async fn of_edit(
    schema: &Schema<'_>,
    name: &'static str,
    mut table: TableCreateStatement,
) -> Result<(), DbErr> {
    let cascade = ForeignKeyAction::Cascade;
    table
        .col(schema.id("bulk_edit_id").not_null())
        .foreign_key(&mut schema.reference(name, "bulk_edit_id", "bulk_edits", cascade));
    schema.create(table).await
}
