//! Table `match_pairs`.

use sea_orm::entity::prelude::*;

/// One row: two contacts that may be one person, the lesser identifier first.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "match_pairs")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) low_id: Uuid,
    pub(crate) high_id: Uuid,
    pub(crate) probability: f64,
    pub(crate) value: f64,
    pub(crate) prior_weight: f64,
    /// Whether the whole group of records supports it.
    pub(crate) is_grouped: bool,
    /// How alike the fields are, as JSON.
    pub(crate) fields: String,
    pub(crate) model_version: String,
    pub(crate) found_at: i64,
    pub(crate) run_id: Uuid,
    /// What was compared of the two; none where it was erased.
    pub(crate) low_print: Option<i64>,
    pub(crate) high_print: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
