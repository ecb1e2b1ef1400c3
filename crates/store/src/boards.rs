//! The board of a pipeline: for each stage how many deals stand there, what they are worth, and the
//! first of them.

use std::collections::HashMap;

use futures::future;
use rapport_domain::{Money, Pipeline, PipelineId, Stage, StageId, Timestamp};
use uuid::Uuid;

use crate::deals::{self, DealRow};
use crate::lists::{Listing, matching, page};
use crate::sql::{self, Sql};
use crate::{ListQuery, Page, Store, StoreError, codec, pipelines};

/// The order of cards where the caller names none: who came into the stage last stands on top.
pub const DEFAULT_SORT: &str = "-stage_entered_at";

/// A pipeline with its deals.
#[derive(Debug, Clone, PartialEq)]
pub struct Board {
    /// The pipeline.
    pub pipeline: Pipeline,
    /// One column for each stage, in order.
    pub columns: Vec<Column>,
}

/// A stage with its deals.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The stage.
    pub stage: Stage,
    /// What the deals that the query finds come to.
    pub totals: Totals,
    /// The instant before which half of *all* deals of the stage that are seen entered it, the lower of two; none
    /// where the stage is empty. Its distance from now is the median time in the stage.
    pub median_entered_at: Option<Timestamp>,
    /// The first deals that the query finds, and where they go on.
    pub cards: Page<DealRow>,
}

/// What the deals of a column come to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Totals {
    /// Deals, those without an amount too.
    pub n_deals: u64,
    /// Their amounts, summed per currency in the order of the currencies' codes. Exact up to 2^53
    /// minor units.
    pub sums: Vec<Money>,
    /// The same times the stage's chance of a sale, in whole minor units.
    pub weighted: Vec<Money>,
}

/// Shows the board of a pipeline, none where there is no such pipeline. The query's filter, search
/// and order hold for each column, its limit is the number of cards per column; where a column
/// goes on, [`deals::list`] goes on with the same order and a condition on its stage.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn show(
    store: &Store,
    pipeline: PipelineId,
    query: &ListQuery,
) -> Result<Option<Board>, StoreError> {
    let Some(pipeline) = pipelines::find(store, pipeline).await? else {
        return Ok(None);
    };
    let mut query = query.clone();
    if query.sort.is_empty() {
        query = query.sorted(DEFAULT_SORT);
    }
    let mut totals = totals(store, &pipeline, &query).await?;
    let columns = pipeline.stages.iter().map(|stage| {
        let totals = totals.remove(&stage.id).unwrap_or_default();
        column(store, stage, totals, &query)
    });
    let columns = future::try_join_all(columns).await?;
    Ok(Some(Board { pipeline, columns }))
}

async fn column(
    store: &Store,
    stage: &Stage,
    totals: Totals,
    query: &ListQuery,
) -> Result<Column, StoreError> {
    let of_stage = Sql::of(store.backend(), "d.stage_id = ?", [sql::id(stage.id)]);
    let listing = Listing {
        scope: Some(of_stage),
        ..deals::listing(store)
    };
    let cards = page(store, &listing, query, deals::read).await?;
    Ok(Column {
        stage: stage.clone(),
        totals,
        median_entered_at: median_entered_at(store, stage.id).await?,
        cards,
    })
}

/// What the deals of each stage come to; a stage without any is left out.
async fn totals(
    store: &Store,
    pipeline: &Pipeline,
    query: &ListQuery,
) -> Result<HashMap<StageId, Totals>, StoreError> {
    let of_pipeline = Sql::of(store.backend(), "d.pipeline_id = ?", [sql::id(pipeline.id)]);
    let listing = Listing {
        scope: Some(of_pipeline),
        ..deals::listing(store)
    };
    let mut sql = Sql::new(store.backend());
    let seen = |text: &str| store.lens().blanked(store.backend(), "deals", "d", text);
    // Summed as numbers, because a sum of whole ones can run over.
    sql.push(&seen(
        "SELECT d.stage_id AS stage_id, d.currency AS currency, count(*) AS n, \
         sum(CAST(d.amount_minor AS double precision)) AS amount",
    ));
    sql.append(matching(store, &listing, query).await?);
    sql.push(&seen(
        " GROUP BY d.stage_id, d.currency ORDER BY d.currency",
    ));
    let mut totals: HashMap<StageId, Totals> = HashMap::new();
    for row in sql.all(store.reader()).await? {
        let stage_id: Uuid = row.try_get("", "stage_id")?;
        let n_deals: i64 = row.try_get("", "n")?;
        let currency: Option<String> = row.try_get("", "currency")?;
        let amount: Option<f64> = row.try_get("", "amount")?;
        let stage = pipeline
            .stages
            .iter()
            .find(|stage| stage.id == stage_id.into());
        let chance = stage.map_or(0.0, |stage| stage.probability);
        let totals = totals.entry(stage_id.into()).or_default();
        totals.n_deals += codec::unsigned(n_deals);
        if let Some((amount, code)) = amount.zip(currency) {
            let currency = codec::parse("deals.currency", &code)?;
            totals.sums.push(Money::new(amount as i64, currency));
            let weighted = (amount * chance).round() as i64;
            totals.weighted.push(Money::new(weighted, currency));
        }
    }
    Ok(totals)
}

async fn median_entered_at(store: &Store, stage: StageId) -> Result<Option<Timestamp>, StoreError> {
    let text = "SELECT d.stage_entered_at AS stage_entered_at FROM deals d WHERE d.stage_id = ? \
         ORDER BY d.stage_entered_at LIMIT 1 \
         OFFSET (SELECT (count(*) - 1) / 2 FROM deals d WHERE d.stage_id = ?)";
    let mut sql = Sql::new(store.backend());
    let lens = store.lens();
    lens.push(&mut sql, text, [sql::id(stage), sql::id(stage)]);
    let row = sql.one(store.reader()).await?;
    let micros = row.map(|row| row.try_get("", "stage_entered_at"));
    Ok(codec::instant(micros.transpose()?))
}
