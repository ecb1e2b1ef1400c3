//! Building: the SQL runs over a snapshot, its columns become a table.

use std::collections::HashMap;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float64Type, Int64Type};
use arrow::record_batch::RecordBatch;
use rapport_domain::{ContactId, Currency, Timestamp};
use rapport_lake::{Snapshot, SqlValue};

use crate::standard::{category_feature, standard_features, top_category_feature};
use crate::{FeatureError, FeatureTable};

const CUSTOMERS: &str = include_str!("../sql/customers.sql");
const MAIN_CURRENCY: &str = include_str!("../sql/main_currency.sql");
const CATEGORIES: &str = include_str!("../sql/categories.sql");
/// All SQL that makes values: a part of every fingerprint.
pub(crate) const DEFINITIONS: [&str; 3] = [CUSTOMERS, MAIN_CURRENCY, CATEGORIES];

/// Categories that get a share of their own: the ones with the highest revenue.
const MAX_CATEGORIES: usize = 5;

/// Builds all features of all customers as of an instant.
///
/// Sees events with `occurred_at < as_of` and nothing else. Customers without such an event are not
/// in the table. Besides the standard features there is one share for each of the (at most five)
/// categories with the highest revenue before the instant, and the share of the customer's favorite
/// category, where any line has a category.
///
/// # Errors
/// [`FeatureError::Lake`] where the events cannot be read.
pub async fn build(snapshot: &Snapshot, as_of: Timestamp) -> Result<FeatureTable, FeatureError> {
    let (currency, n_lines_left_out) = main_currency(snapshot, as_of).await?;
    let code = currency.map_or_else(String::new, |currency| currency.code().to_owned());
    let minor_per_major = currency.map_or(100, Currency::minor_per_major);
    let parameters = [
        ("as_of_us", SqlValue::Integer(as_of.as_micros())),
        ("currency", SqlValue::text(code)),
        ("minor_per_major", SqlValue::Float(minor_per_major as f64)),
    ];
    let batches = snapshot.sql(CUSTOMERS, &parameters).await?;
    let mut features = standard_features();
    let customer_ids = customer_ids(&batches)?;
    let mut columns: Vec<Vec<f64>> = features
        .iter()
        .map(|feature| float_column(&batches, &feature.name))
        .collect();
    let categories = snapshot.sql(CATEGORIES, &parameters[..2]).await?;
    let spent = SpentByCategory::read(&categories)?;
    if !spent.totals.is_empty() {
        columns.push(spent.top_shares(&customer_ids));
        features.push(top_category_feature());
    }
    for category in spent.top_categories() {
        columns.push(spent.shares(&category, &customer_ids));
        features.push(category_feature(&category));
    }
    Ok(FeatureTable {
        as_of,
        currency,
        n_lines_left_out,
        customer_ids,
        features,
        columns,
    })
}

/// The currency of most order lines, and how many lines are in others.
async fn main_currency(
    snapshot: &Snapshot,
    as_of: Timestamp,
) -> Result<(Option<Currency>, u64), FeatureError> {
    let parameters = [("as_of_us", SqlValue::Integer(as_of.as_micros()))];
    let batches = snapshot.sql(MAIN_CURRENCY, &parameters).await?;
    let mut currencies = batches.iter().flat_map(|batch| {
        let codes = batch["currency"].as_string::<i32>();
        let counts = batch["n_lines"].as_primitive::<Int64Type>();
        (0..batch.num_rows()).map(|row| (codes.value(row).parse().ok(), counts.value(row)))
    });
    let main = currencies.next().and_then(|(currency, _)| currency);
    let left_out: i64 = currencies.map(|(_, n_lines)| n_lines).sum();
    Ok((main, u64::try_from(left_out).unwrap_or(0)))
}

fn customer_ids(batches: &[RecordBatch]) -> Result<Vec<ContactId>, FeatureError> {
    batches
        .iter()
        .flat_map(|batch| batch["customer_id"].as_string::<i32>())
        .map(parse_id)
        .collect()
}

fn parse_id(text: Option<&str>) -> Result<ContactId, FeatureError> {
    let text = text.unwrap_or_default();
    text.parse()
        .map_err(|_| FeatureError::CustomerId(text.to_owned()))
}

fn float_column(batches: &[RecordBatch], name: &str) -> Vec<f64> {
    batches
        .iter()
        .flat_map(|batch| batch[name].as_primitive::<Float64Type>())
        .map(|value| value.unwrap_or(f64::NAN))
        .collect()
}

/// What customers spent, by category, in minor units.
#[derive(Default)]
struct SpentByCategory {
    by_customer: HashMap<ContactId, HashMap<String, f64>>,
    totals: HashMap<String, f64>,
}

impl SpentByCategory {
    fn read(batches: &[RecordBatch]) -> Result<Self, FeatureError> {
        let mut spent = Self::default();
        for batch in batches {
            let customers = batch["customer_id"].as_string::<i32>();
            let categories = batch["category"].as_string::<i32>();
            let amounts = batch["amount"].as_primitive::<Float64Type>();
            for row in 0..batch.num_rows() {
                let customer = parse_id(customers.is_valid(row).then(|| customers.value(row)))?;
                let category = categories.value(row);
                let amount = amounts.value(row).max(0.0);
                *spent.totals.entry(category.to_owned()).or_default() += amount;
                let of_customer = spent.by_customer.entry(customer).or_default();
                of_customer.insert(category.to_owned(), amount);
            }
        }
        Ok(spent)
    }

    /// Categories by falling revenue, then name, so that the same events make the same columns.
    fn top_categories(&self) -> Vec<String> {
        let mut ranked: Vec<_> = self.totals.iter().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(a.1).then_with(|| a.0.cmp(b.0)));
        ranked
            .into_iter()
            .take(MAX_CATEGORIES)
            .map(|(category, _)| category.clone())
            .collect()
    }

    fn shares(&self, category: &str, customers: &[ContactId]) -> Vec<f64> {
        self.per_customer(customers, |spent| {
            spent.get(category).copied().unwrap_or(0.0)
        })
    }

    fn top_shares(&self, customers: &[ContactId]) -> Vec<f64> {
        self.per_customer(customers, |spent| {
            spent.values().copied().fold(0.0, f64::max)
        })
    }

    /// A part of what each customer spent in all categories; NaN where that is nothing. Amounts are
    /// whole minor units, so that their sum does not depend on the map's order.
    fn per_customer(
        &self,
        customers: &[ContactId],
        part: impl Fn(&HashMap<String, f64>) -> f64,
    ) -> Vec<f64> {
        let share = |customer| {
            let spent = self.by_customer.get(customer)?;
            let total: f64 = spent.values().sum();
            (total > 0.0).then(|| part(spent) / total)
        };
        customers
            .iter()
            .map(|customer| share(customer).unwrap_or(f64::NAN))
            .collect()
    }
}
