//! Customers whose silence is long for *them*: recency against their own rhythm.

use rapport_domain::{ContactId, Currency, Timestamp};

/// Orders needed before a rhythm can be told.
const MIN_ORDERS: i64 = 3;

/// A silence of this many usual gaps is worth a call …
const LATE_FROM: f64 = 2.0;

/// … and after this many the customer is rather lost than late.
const LOST_FROM: f64 = 10.0;

/// Missed orders that count at most, so that one very regular small buyer does not outrank all.
const MISSED_ORDERS_MAX: f64 = 4.0;

/// What is known of one customer's orders.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Buyer {
    pub(crate) id: ContactId,
    pub(crate) name: String,
    pub(crate) n_orders: i64,
    pub(crate) total_spent_minor: i64,
    pub(crate) currency: Currency,
    pub(crate) first_order_at: Timestamp,
    pub(crate) last_order_at: Timestamp,
}

/// A customer who is late by the own rhythm.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LateCustomer {
    pub(crate) buyer: Buyer,
    /// Days between orders so far, on average.
    pub(crate) usual_gap_days: f64,
    /// Days since the latest order.
    pub(crate) silent_days: f64,
    /// Worth of the orders that did not come, in minor units: average order × missed orders.
    pub(crate) missed_minor: f64,
}

/// Those of `buyers` that are late as of `as_of`, the dearest first.
///
/// `as_of` is the instant up to which orders are known, not the wall clock: in a file from the
/// past, everyone would be late by today's date.
pub(crate) fn late_customers(buyers: Vec<Buyer>, as_of: Timestamp) -> Vec<LateCustomer> {
    let mut late: Vec<LateCustomer> = buyers
        .into_iter()
        .filter_map(|buyer| lateness(buyer, as_of))
        .collect();
    late.sort_by(|a, b| {
        b.missed_minor
            .total_cmp(&a.missed_minor)
            .then_with(|| a.buyer.id.cmp(&b.buyer.id))
    });
    late
}

fn lateness(buyer: Buyer, as_of: Timestamp) -> Option<LateCustomer> {
    if buyer.n_orders < MIN_ORDERS || buyer.total_spent_minor <= 0 {
        return None;
    }
    let usual_gap_days =
        days_between(buyer.first_order_at, buyer.last_order_at) / (buyer.n_orders - 1) as f64;
    let silent_days = days_between(buyer.last_order_at, as_of);
    // Several orders on one day tell no rhythm.
    let n_gaps = silent_days / usual_gap_days;
    let is_late = usual_gap_days >= 1.0 && (LATE_FROM..LOST_FROM).contains(&n_gaps);
    is_late.then(|| {
        let average_minor = buyer.total_spent_minor as f64 / buyer.n_orders as f64;
        let missed_minor = average_minor * (n_gaps - 1.0).min(MISSED_ORDERS_MAX);
        LateCustomer {
            buyer,
            usual_gap_days,
            silent_days,
            missed_minor,
        }
    })
}

fn days_between(from: Timestamp, to: Timestamp) -> f64 {
    (to.as_micros() - from.as_micros()) as f64 / Timestamp::MICROS_PER_DAY as f64
}
