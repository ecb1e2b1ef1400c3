//! The board of a pipeline as the API shows it.

use rapport_store::boards::{self, Totals};
use serde::Serialize;
use utoipa::ToSchema;

use super::pipeline::{Pipeline, Stage};
use crate::routes::deals::Deal;
use crate::wire::{Money, Time};

/// A pipeline with its deals, column by column.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DealBoard {
    /// The pipeline.
    pub(crate) pipeline: Pipeline,
    /// One column for each stage, in order.
    pub(crate) columns: Vec<DealColumn>,
}

/// A stage with its deals.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DealColumn {
    /// The stage.
    pub(crate) stage: Stage,
    /// Deals that the filter finds.
    pub(crate) n_deals: u64,
    /// Their amounts, summed per currency; deals without an amount add nothing.
    pub(crate) sums: Vec<Money>,
    /// The sums times the stage's chance of a sale.
    pub(crate) weighted: Vec<Money>,
    /// Half of all deals of the stage, found by the filter or not, entered it before: the distance
    /// from now is the median time in the stage. None where the stage is empty.
    pub(crate) median_entered_at: Option<Time>,
    /// The first deals that the filter finds.
    pub(crate) deals: Vec<Deal>,
    /// Hand this to `GET /deals` as `cursor`, with the filter and the order of the board and
    /// `stage_id:eq:` this stage, for the next deals of the column; none where all are shown.
    pub(crate) next_cursor: Option<String>,
}

impl From<boards::Board> for DealBoard {
    fn from(board: boards::Board) -> Self {
        Self {
            pipeline: board.pipeline.into(),
            columns: board.columns.into_iter().map(DealColumn::from).collect(),
        }
    }
}

impl From<boards::Column> for DealColumn {
    fn from(column: boards::Column) -> Self {
        let Totals {
            n_deals,
            sums,
            weighted,
        } = column.totals;
        Self {
            stage: column.stage.into(),
            n_deals,
            sums: sums.into_iter().map(Money::from).collect(),
            weighted: weighted.into_iter().map(Money::from).collect(),
            median_entered_at: column.median_entered_at.map(Time),
            deals: column.cards.items.into_iter().map(Deal::from).collect(),
            next_cursor: column.cards.next.map(|cursor| cursor.to_string()),
        }
    }
}
