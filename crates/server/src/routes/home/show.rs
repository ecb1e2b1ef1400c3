//! `GET /home`

use axum::Json;
use rapport_domain::Action;
use rapport_store::reports::{self, MonthlyRevenue};
use rapport_store::segmentations::{self, Segment, Segmentation};
use rapport_store::{ListQuery, Op, Store, StoreError, imports, jobs, settings};

use super::facts;
use super::screen::{Home, HomeSegment, HomeWorkspace, RevenueMonth, Totals};
use crate::error::ApiResult;
use crate::home::propose;
use crate::permissions::ReadRecords;
use crate::routes::imports::Import;
use crate::routes::jobs::Job;
use crate::session::Allowed;
use crate::wire::Money;

/// Imports that are shown.
const N_IMPORTS: u64 = 5;

/// Jobs that are shown.
const N_JOBS: u64 = 20;

/// Shows the workspace at a glance: totals, revenue, what to do now, segments, work under way.
#[utoipa::path(get, path = "/home", tag = "home", responses((status = 200, body = Home)))]
pub(super) async fn show_home(Allowed { app, .. }: Allowed<ReadRecords>) -> ApiResult<Json<Home>> {
    let (store, now) = (app.store(), app.now());
    let workspace = settings::workspace(store).await?;
    let totals = reports::totals(store).await?;
    // Amounts of several currencies do not add up: the one with the most orders is shown.
    let revenue = totals.revenue.first().copied();
    let currency = revenue.map_or(workspace.default_currency, |revenue| revenue.currency);
    let months = totals.months.into_iter();
    let revenue_by_month = months
        .filter(|month| month.amount.currency == currency)
        .map(RevenueMonth::from)
        .collect();
    let current = segmentations::find_current(store).await?;
    let recent = ListQuery {
        limit: N_IMPORTS,
        ..ListQuery::default()
    };
    let sees_everything = app.access().policy.allows(Action::ReadEverything);
    // Imports and jobs are about everybody's records.
    let (recent, under_way) = if sees_everything {
        let imports = imports::list(store, &recent).await?.items;
        (imports, jobs_under_way(store).await?)
    } else {
        (Vec::new(), Vec::new())
    };
    let facts = facts::gather(store, current.as_ref(), &recent, now).await?;
    Ok(Json(Home {
        workspace: HomeWorkspace {
            name: workspace.name,
            currency: currency.to_string(),
        },
        totals: Totals {
            contacts: totals.n_contacts,
            companies: totals.n_companies,
            orders: totals.n_orders,
            products: totals.n_products,
            events: totals.n_events,
            revenue: revenue.map_or(Money::new(0, currency), Money::from),
        },
        revenue_by_month,
        actions: propose(facts, now),
        segments: segments_of(store, current)
            .await?
            .into_iter()
            .map(HomeSegment::from)
            .collect(),
        recent_imports: recent
            .into_iter()
            .map(|import| Import::of(import, now))
            .collect::<ApiResult<_>>()?,
        jobs: under_way,
    }))
}

async fn segments_of(
    store: &Store,
    current: Option<Segmentation>,
) -> Result<Vec<Segment>, StoreError> {
    match current {
        Some(segmentation) => segmentations::list_segments(store, segmentation.id).await,
        None => Ok(Vec::new()),
    }
}

async fn jobs_under_way(store: &Store) -> Result<Vec<Job>, StoreError> {
    let query = ListQuery {
        limit: N_JOBS,
        ..ListQuery::default()
    };
    let query = query.with("status", Op::In, "queued,running");
    Ok(jobs::list(store, &query)
        .await?
        .items
        .into_iter()
        .map(Job::from)
        .collect())
}

impl From<MonthlyRevenue> for RevenueMonth {
    fn from(month: MonthlyRevenue) -> Self {
        Self {
            month: month.month.to_string(),
            amount_minor: month.amount.amount_minor,
            currency: month.amount.currency.to_string(),
            n_orders: month.n_orders,
        }
    }
}

impl From<Segment> for HomeSegment {
    fn from(segment: Segment) -> Self {
        Self {
            id: segment.id.0,
            name: segment.name.into(),
            color: segment.color,
            size: segment.size,
            share: segment.share,
            value_share: segment.value_share,
        }
    }
}
