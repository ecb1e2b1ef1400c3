//! What each batch of an import has made and changed, so that it can be taken back, and what was left
//! because others had changed it since.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        imports(&schema).await?;
        // Of what was read in before this step nobody knows what it has changed.
        let connection = manager.get_connection();
        let text = "UPDATE imports SET rows_unjournaled = rows_done";
        connection.execute_unprepared(text).await?;
        import_creations(&schema).await?;
        import_changes(&schema).await?;
        import_conflicts(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn imports(schema: &Schema<'_>) -> Result<(), DbErr> {
    for name in ["batches_done", "rows_unjournaled"] {
        let mut column = schema.integer(name);
        column.not_null().default(0);
        schema.add_column("imports", column).await?;
    }
    schema.add_column("imports", schema.id("undo_job_id")).await
}

async fn import_creations(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("import_creations", &["import_id", "batch_no", "object"]);
    table
        .col(schema.id("import_id").not_null())
        .col(schema.integer("batch_no").not_null())
        .col(schema.text("object").not_null())
        .col(schema.bytes("keys").not_null())
        .col(schema.integer("stamp"))
        .foreign_key(&mut schema.reference(
            "import_creations",
            "import_id",
            "imports",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await
}

async fn import_changes(schema: &Schema<'_>) -> Result<(), DbErr> {
    let key = ["import_id", "batch_no", "object", "record_id", "line_no"];
    let mut table = schema.keyed_by("import_changes", &key);
    table
        .col(schema.id("import_id").not_null())
        .col(schema.integer("batch_no").not_null())
        .col(schema.text("object").not_null())
        .col(schema.id("record_id").not_null())
        .col(schema.integer("line_no").not_null())
        .col(schema.text("before").not_null())
        .col(schema.text("after").not_null())
        .col(schema.boolean("is_restored").not_null())
        .foreign_key(&mut schema.reference(
            "import_changes",
            "import_id",
            "imports",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await?;
    schema.index("import_changes", &["record_id"]).await
}

async fn import_conflicts(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.numbered("import_conflicts", "seq");
    table
        .col(schema.id("import_id").not_null())
        .col(schema.text("object").not_null())
        .col(schema.id("record_id").not_null())
        .col(schema.integer("line_no").not_null())
        .col(schema.text("name").not_null())
        .col(schema.text("reason").not_null())
        .col(schema.text("field").not_null())
        .col(schema.text("before"))
        .col(schema.text("after"))
        .col(schema.text("found"))
        .foreign_key(&mut schema.reference(
            "import_conflicts",
            "import_id",
            "imports",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await?;
    let key = ["import_id", "object", "record_id", "line_no", "field"];
    schema.unique_index("import_conflicts", &key).await
}
