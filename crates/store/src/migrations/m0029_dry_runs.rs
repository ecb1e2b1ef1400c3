//! What each row of a file would do: the outcome of a dry run, kept until the file is mapped anew or read
//! in.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        let job = schema.id("dry_run_job_id");
        schema.add_column("imports", job).await?;
        let mut table = schema.keyed_by("dry_run_rows", &["import_id", "line"]);
        table
            .col(schema.id("import_id").not_null())
            .col(schema.integer("line").not_null())
            .col(schema.text("verdict").not_null())
            .col(schema.id("record_id"))
            .col(schema.text("name").not_null())
            .col(schema.text("changes").not_null())
            .col(schema.text("column_name"))
            .col(schema.text("value"))
            .col(schema.text("reason"))
            .col(schema.text("message"))
            .foreign_key(&mut schema.reference(
                "dry_run_rows",
                "import_id",
                "imports",
                ForeignKeyAction::Cascade,
            ));
        schema.create(table).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
