//! Lists as people want to see them again.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        let mut table = schema.keyed_by_id("saved_views");
        table
            .col(schema.text("list").not_null())
            .col(schema.text("name").not_null())
            .col(schema.text("query").not_null())
            .col(schema.id("owner_id").not_null())
            .col(schema.boolean("is_shared").not_null())
            .col(schema.integer("created_at").not_null())
            .col(schema.integer("updated_at").not_null())
            .col(schema.integer("version").not_null())
            .foreign_key(&mut schema.reference(
                "saved_views",
                "owner_id",
                "users",
                ForeignKeyAction::Cascade,
            ));
        schema.create(table).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
