//! Where records come from: sources, imports with their rejected rows, identities and source records.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        sources(&schema).await?;
        imports(&schema).await?;
        rejected_rows(&schema).await?;
        identities(&schema).await?;
        source_records(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn sources(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("sources");
    table
        .col(schema.text("name").not_null())
        .col(schema.integer("created_at").not_null());
    schema.create(table).await?;
    schema.unique_index("sources", &["name"]).await
}

async fn imports(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("imports");
    table
        .col(schema.id("source_id").not_null())
        .col(schema.text("file_name").not_null())
        .col(schema.integer("bytes").not_null())
        .col(schema.text("status").not_null())
        .col(schema.text("entity"))
        .col(schema.text("format").not_null())
        .col(schema.text("mapping").not_null())
        .col(schema.text("preview").not_null())
        .col(schema.text("columns").not_null())
        .col(schema.text("counts").not_null())
        .col(schema.integer("rows_done").not_null())
        .col(schema.integer("rows_total"))
        .col(schema.integer("bytes_done").not_null())
        .col(schema.id("job_id"))
        .col(schema.id("created_by"))
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("started_at"))
        .col(schema.integer("finished_at"))
        .col(schema.text("error"))
        .foreign_key(&mut schema.reference(
            "imports",
            "source_id",
            "sources",
            ForeignKeyAction::Restrict,
        ))
        .foreign_key(&mut schema.reference(
            "imports",
            "created_by",
            "users",
            ForeignKeyAction::SetNull,
        ));
    schema.create(table).await?;
    schema.index("imports", &["source_id"]).await
}

async fn rejected_rows(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("rejected_rows", &["import_id", "line"]);
    table
        .col(schema.id("import_id").not_null())
        .col(schema.integer("line").not_null())
        .col(schema.text("column_name"))
        .col(schema.text("value"))
        .col(schema.text("reason").not_null())
        .col(schema.text("message").not_null())
        .col(schema.text("cells").not_null())
        .foreign_key(&mut schema.reference(
            "rejected_rows",
            "import_id",
            "imports",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await
}

async fn identities(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("identities");
    table
        .col(schema.id("source_id").not_null())
        .col(schema.text("profile_key").not_null())
        .col(schema.text("email"))
        .col(schema.text("phone"))
        .col(schema.id("contact_id").not_null())
        .col(schema.text("rule").not_null())
        .col(schema.integer("linked_at").not_null())
        .foreign_key(&mut schema.reference(
            "identities",
            "source_id",
            "sources",
            ForeignKeyAction::Restrict,
        ))
        .foreign_key(&mut schema.reference(
            "identities",
            "contact_id",
            "contacts",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await?;
    schema
        .unique_index("identities", &["source_id", "profile_key"])
        .await?;
    schema.index("identities", &["email"]).await?;
    schema.index("identities", &["phone"]).await?;
    schema.index("identities", &["contact_id"]).await
}

async fn source_records(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("source_records");
    table
        .col(schema.id("import_id").not_null())
        .col(schema.integer("line").not_null())
        .col(schema.id("identity_id"))
        .col(schema.integer("received_at").not_null())
        .col(schema.text("cells").not_null())
        .foreign_key(&mut schema.reference(
            "source_records",
            "import_id",
            "imports",
            ForeignKeyAction::Restrict,
        ))
        .foreign_key(&mut schema.reference(
            "source_records",
            "identity_id",
            "identities",
            ForeignKeyAction::SetNull,
        ));
    schema.create(table).await?;
    schema
        .unique_index("source_records", &["import_id", "line"])
        .await?;
    schema.index("source_records", &["identity_id", "id"]).await
}
