//! Tables with a known truth, for the tests of this crate.

use rand::RngExt;
use rapport_domain::{Currency, LocalizedText};
use rapport_learn::{Matrix, rng, standard_normal};

use crate::{FeatureInfo, Role, Unit};

/// Rows around `k` random centers, 10 apart on average per column, with the given spread; and the
/// center of each row.
pub(crate) fn blobs(
    n_rows: usize,
    n_columns: usize,
    k: usize,
    spread: f64,
    seed: u64,
) -> (Matrix, Vec<u32>) {
    let mut generator = rng(seed, "blobs");
    let centers: Vec<f64> = (0..k * n_columns)
        .map(|_| generator.random_range(-10.0..10.0))
        .collect();
    let mut values = Vec::with_capacity(n_rows * n_columns);
    let mut truth = Vec::with_capacity(n_rows);
    for row in 0..n_rows {
        let center = row % k;
        truth.push(center as u32);
        for column in 0..n_columns {
            let noise = spread * standard_normal(&mut generator);
            values.push(centers[center * n_columns + column] + noise);
        }
    }
    let records = Matrix::new(n_rows, n_columns, values).expect("rows times columns values");
    (records, truth)
}

/// Recency, frequency and monetary value of a shop.
pub(crate) fn shop_features() -> Vec<FeatureInfo> {
    let feature =
        |name: &str, role, unit, label: (&str, &str), higher: (&str, &str), lower: (&str, &str)| {
            FeatureInfo {
                name: name.into(),
                label: LocalizedText::new(label.0, label.1),
                unit,
                role,
                higher: LocalizedText::new(higher.0, higher.1),
                lower: LocalizedText::new(lower.0, lower.1),
            }
        };
    vec![
        feature(
            "recency_days",
            Role::Recency,
            Unit::Days,
            ("Days since the last order", "距上次下单天数"),
            ("longer ago", "较久未购"),
            ("just bought", "刚购买"),
        ),
        feature(
            "n_orders",
            Role::Frequency,
            Unit::Count,
            ("Orders", "订单数"),
            ("many orders", "订单多"),
            ("few orders", "订单少"),
        ),
        feature(
            "total_spent",
            Role::Monetary,
            Unit::Money(Currency::USD),
            ("Total spent", "消费总额"),
            ("higher spend", "消费较高"),
            ("lower spend", "消费较低"),
        ),
    ]
}

/// Three kinds of customer of a shop: loyal, new and lapsed; and which is which.
pub(crate) fn shop(n: usize, seed: u64) -> (Matrix, Vec<u32>) {
    let mut generator = rng(seed, "shop");
    let kinds = [
        // Mean logarithms of days since the last order, orders and money.
        [2.0, 3.2, 7.0],
        [2.0, 0.3, 3.5],
        [5.5, 0.4, 3.8],
    ];
    let mut rows = Vec::new();
    let mut truth = Vec::new();
    for row in 0..n {
        let kind = row % 3;
        truth.push(kind as u32);
        let mut draw = |mean: f64| (mean + 0.25 * standard_normal(&mut generator)).exp();
        let [recency, orders, money] = kinds[kind].map(&mut draw);
        rows.push([recency, orders.ceil(), money]);
    }
    (Matrix::from_rows(&rows), truth)
}
