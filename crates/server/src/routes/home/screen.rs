//! The home screen's data in one answer.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::home::HomeAction;
use crate::routes::imports::Import;
use crate::routes::jobs::Job;
use crate::wire::{LocalizedText, Money};

/// What the home screen shows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Home {
    /// The workspace.
    pub(crate) workspace: HomeWorkspace,
    /// How much there is.
    pub(crate) totals: Totals,
    /// Revenue by month, oldest first.
    pub(crate) revenue_by_month: Vec<RevenueMonth>,
    /// What to do now, most pressing first, ten at most.
    pub(crate) actions: Vec<HomeAction>,
    /// Segments of the segmentation in force.
    pub(crate) segments: Vec<HomeSegment>,
    /// Latest imports.
    pub(crate) recent_imports: Vec<Import>,
    /// Jobs that wait or run.
    pub(crate) jobs: Vec<Job>,
}

/// The workspace in short.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HomeWorkspace {
    /// Name.
    pub(crate) name: String,
    /// Currency of totals, as an ISO 4217 code.
    pub(crate) currency: String,
}

/// How much there is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Totals {
    /// Contacts.
    pub(crate) contacts: u64,
    /// Companies.
    pub(crate) companies: u64,
    /// Orders.
    pub(crate) orders: u64,
    /// Products.
    pub(crate) products: u64,
    /// Events.
    pub(crate) events: u64,
    /// All orders, returns subtracted.
    pub(crate) revenue: Money,
}

/// Revenue of one month.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RevenueMonth {
    /// The month, as `2011-01`.
    pub(crate) month: String,
    /// Sum of the orders in minor units, returns subtracted.
    pub(crate) amount_minor: i64,
    /// ISO 4217 code.
    pub(crate) currency: String,
    /// Number of orders.
    pub(crate) n_orders: u64,
}

/// A segment in short.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HomeSegment {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Name.
    pub(crate) name: LocalizedText,
    /// Color, as `#rrggbb`.
    pub(crate) color: String,
    /// Customers in it.
    pub(crate) size: u64,
    /// Their share of all customers, in `[0, 1]`.
    pub(crate) share: f64,
    /// Their share of all spending.
    pub(crate) value_share: f64,
}
