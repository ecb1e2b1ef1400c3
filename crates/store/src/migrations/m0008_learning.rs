//! Models, feature snapshots, segmentations with segments and members, scores.

use sea_orm_migration::prelude::*;

use super::schema::Schema;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = Schema::of(manager);
        models(&schema).await?;
        feature_snapshots(&schema).await?;
        segmentations(&schema).await?;
        segments(&schema).await?;
        segment_members(&schema).await?;
        scores(&schema).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn models(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("models");
    table
        .col(schema.text("kind").not_null())
        .col(schema.integer("version").not_null())
        .col(schema.text("status").not_null())
        .col(schema.text("folder").not_null())
        .col(schema.text("metrics").not_null())
        .col(schema.integer("created_at").not_null());
    schema.create(table).await?;
    schema.unique_index("models", &["kind", "version"]).await?;
    schema
        .unique_index_where(
            "ux_models_champion",
            "models",
            &["kind"],
            "status = 'champion'",
        )
        .await
}

async fn feature_snapshots(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("feature_snapshots", &["path"]);
    table
        .col(schema.text("path").not_null())
        .col(schema.integer("as_of").not_null())
        .col(schema.text("fingerprint").not_null())
        .col(schema.integer("n_customers").not_null())
        .col(schema.integer("n_features").not_null())
        .col(schema.integer("created_at").not_null());
    schema.create(table).await
}

async fn segmentations(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("segmentations");
    table
        .col(schema.text("method").not_null())
        .col(schema.integer("k").not_null())
        .col(schema.integer("as_of").not_null())
        .col(schema.integer("created_at").not_null())
        .col(schema.integer("n_customers").not_null())
        .col(schema.number("silhouette"))
        .col(schema.number("stability_ari"))
        .col(schema.text("status").not_null())
        .col(schema.id("model_id"))
        .col(schema.text("snapshot"))
        .col(schema.text("baseline"))
        .col(schema.text("axes").not_null())
        .foreign_key(&mut schema.reference(
            "segmentations",
            "model_id",
            "models",
            ForeignKeyAction::SetNull,
        ));
    schema.create(table).await?;
    schema
        .unique_index_where(
            "ux_segmentations_current",
            "segmentations",
            &["status"],
            "status = 'current'",
        )
        .await
}

async fn segments(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by_id("segments");
    table
        .col(schema.id("segmentation_id").not_null())
        .col(schema.integer("idx").not_null())
        .col(schema.text("name_en").not_null())
        .col(schema.text("name_zh").not_null())
        .col(schema.text("description_en").not_null())
        .col(schema.text("description_zh").not_null())
        .col(schema.text("color").not_null())
        .col(schema.integer("size").not_null())
        .col(schema.number("share").not_null())
        .col(schema.integer("value_minor").not_null())
        .col(schema.text("currency"))
        .col(schema.number("value_share").not_null())
        .col(schema.text("traits").not_null())
        .col(schema.text("typical").not_null())
        .col(schema.text("rfm"))
        .foreign_key(&mut schema.reference(
            "segments",
            "segmentation_id",
            "segmentations",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await?;
    schema
        .unique_index("segments", &["segmentation_id", "idx"])
        .await
}

async fn segment_members(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("segment_members", &["segmentation_id", "contact_id"]);
    table
        .col(schema.id("segmentation_id").not_null())
        .col(schema.id("contact_id").not_null())
        .col(schema.integer("idx").not_null())
        .col(schema.number("x").not_null())
        .col(schema.number("y").not_null())
        .foreign_key(&mut schema.reference(
            "segment_members",
            "segmentation_id",
            "segmentations",
            ForeignKeyAction::Cascade,
        ))
        .foreign_key(&mut schema.reference(
            "segment_members",
            "contact_id",
            "contacts",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await?;
    schema
        .index("segment_members", &["segmentation_id", "idx"])
        .await?;
    schema.index("segment_members", &["contact_id"]).await
}

async fn scores(schema: &Schema<'_>) -> Result<(), DbErr> {
    let mut table = schema.keyed_by("scores", &["contact_id", "kind", "model_id"]);
    table
        .col(schema.id("contact_id").not_null())
        .col(schema.text("kind").not_null())
        .col(schema.id("model_id").not_null())
        .col(schema.number("value").not_null())
        .col(schema.number("lower"))
        .col(schema.number("upper"))
        .col(schema.text("reasons").not_null())
        .col(schema.text("snapshot"))
        .col(schema.integer("seed").not_null())
        .col(schema.integer("as_of").not_null())
        .foreign_key(&mut schema.reference(
            "scores",
            "contact_id",
            "contacts",
            ForeignKeyAction::Cascade,
        ))
        .foreign_key(&mut schema.reference(
            "scores",
            "model_id",
            "models",
            ForeignKeyAction::Cascade,
        ));
    schema.create(table).await?;
    schema.index("scores", &["model_id"]).await
}
