//! What sources call companies, so that a company is found again by its key when its name has changed,
//! and two companies of one name stay two.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        let mut table = schema.keyed_by_id("company_keys");
        table
            .col(schema.id("source_id").not_null())
            .col(schema.text("external_id").not_null())
            .col(schema.id("company_id").not_null())
            .foreign_key(&mut schema.reference(
                "company_keys",
                "source_id",
                "sources",
                ForeignKeyAction::Cascade,
            ))
            .foreign_key(&mut schema.reference(
                "company_keys",
                "company_id",
                "companies",
                ForeignKeyAction::Cascade,
            ));
        schema.create(table).await?;
        schema
            .unique_index("company_keys", &["source_id", "external_id"])
            .await?;
        schema.index("company_keys", &["company_id"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
