//! Table `webhook_deliveries`.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_deliveries")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) webhook_id: Uuid,
    pub(crate) r#type: String,
    pub(crate) object: Option<String>,
    pub(crate) record_id: Option<Uuid>,
    pub(crate) body: String,
    pub(crate) status: String,
    pub(crate) n_attempts: i32,
    pub(crate) n_before_replay: i32,
    pub(crate) next_attempt_at: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) last_attempt_at: Option<i64>,
    pub(crate) last_code: Option<i32>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
