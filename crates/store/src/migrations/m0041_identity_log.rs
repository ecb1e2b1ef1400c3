//! Who is whom, as a log: its operations, the merges and decisions in force, and where records that a merge
//! has moved are at home.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        operations(&schema).await?;
        merges(&schema).await?;
        decisions(&schema).await?;
        homes(&schema).await?;
        consents(&schema).await?;
        writes(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn operations(schema: &Schema<'_>) -> Result<(), DbErr> {
    let table = "identity_operations";
    let mut create = schema.numbered(table, "seq");
    create
        .col(schema.text("kind").not_null())
        .col(schema.integer("at").not_null())
        .col(schema.id("user_id"))
        .col(schema.id("key_id"))
        .col(schema.text("system_actor"))
        .col(schema.text("reason"))
        .col(schema.text("rule"))
        .col(schema.text("model_version"))
        .col(schema.number("score"))
        .col(schema.id("contact_id").not_null())
        .col(schema.id("other_id").not_null())
        .col(schema.text("change").not_null())
        .col(schema.integer("undone_by"))
        .col(schema.text("kept"))
        .col(schema.integer("erased_at"));
    schema.create(create).await?;
    schema.index(table, &["contact_id", "seq"]).await?;
    schema.index(table, &["other_id", "seq"]).await
}

/// The contacts that are part of others. Their rows are in the operations that merged them, and their address
/// and number also here, by which the person is still recognized.
async fn merges(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut create = schema.keyed_by("contact_merges", &["contact_id"]);
    create
        .col(schema.id("contact_id").not_null())
        .col(schema.id("into_id").not_null())
        .col(schema.integer("operation").not_null())
        .col(schema.text("email"))
        .col(schema.text("phone"));
    schema.create(create).await?;
    schema.index("contact_merges", &["into_id"]).await?;
    for column in ["email", "phone"] {
        schema.index("contact_merges", &[column]).await?;
    }
    Ok(())
}

/// Two contacts, the lesser identifier first.
async fn decisions(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut create = schema.keyed_by("identity_decisions", &["low_id", "high_id"]);
    create
        .col(schema.id("low_id").not_null())
        .col(schema.id("high_id").not_null())
        .col(schema.boolean("is_same").not_null())
        .col(schema.integer("operation").not_null());
    schema.create(create).await?;
    schema.index("identity_decisions", &["high_id"]).await
}

/// Records that hang on another contact than the one that they came to, since that one was merged.
async fn homes(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut create = schema.keyed_by("record_homes", &["record_id", "object"]);
    create
        .col(schema.id("record_id").not_null())
        .col(schema.text("object").not_null())
        .col(schema.id("home_id").not_null());
    schema.create(create).await?;
    schema.index("record_homes", &["home_id"]).await
}

/// Statements of consent that merges have made, so that none is wider than before.
async fn consents(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut create = schema.keyed_by("merge_consents", &["consent_id"]);
    create
        .col(schema.id("consent_id").not_null())
        .col(schema.integer("operation").not_null())
        .foreign_key(&mut schema.reference(
            "merge_consents",
            "consent_id",
            "consents",
            ForeignKeyAction::Cascade,
        ));
    schema.create(create).await?;
    schema.index("merge_consents", &["operation"]).await
}

/// How often merges and their undoing have written a record's version, which is no edit once all is as before.
async fn writes(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut create = schema.keyed_by("identity_writes", &["record_id"]);
    create
        .col(schema.id("record_id").not_null())
        .col(schema.integer("n_writes").not_null());
    schema.create(create).await
}
