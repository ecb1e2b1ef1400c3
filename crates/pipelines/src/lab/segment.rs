//! `lab segment`: from a table of numbers, or from orders (`customer`, `at`, `amount`).

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use rapport_domain::{ContactId, Currency, Event, EventKind, IdGenerator, Timestamp};
use rapport_lake::{Lake, LakeLocation, LakeOptions};
use rapport_learn::metrics::{adjusted_rand_index, silhouette_sampled};
use rapport_learn::{Context, Matrix, Metrics, Persist, Predict, Provenance};
use rapport_segment::{FeatureInfo, SegmentInput, SegmentModel, SegmentParams};
use serde_json::json;

use super::roles::Roles;
use super::table::{LabError, LabTable};
use crate::error::PipelineError;
use crate::segmentations::feature_info;

/// Rows that the silhouette of the test file is worked out on at most.
const SILHOUETTE_ROWS: usize = 5_000;

/// What is asked for.
#[derive(Debug)]
pub struct SegmentLab<'a> {
    /// Training rows.
    pub train: LabTable,
    /// Rows held back for tuning. Segments have nothing to tune on them: they are checked, counted and
    /// left alone.
    pub valid: Option<LabTable>,
    /// Test rows; the training rows where there are none.
    pub test: Option<LabTable>,
    /// `id` and `label`, or `customer`, `at` and `amount`.
    pub roles: Roles,
    /// Method and number of segments.
    pub params: SegmentParams,
    /// Where the model folder is saved.
    pub save: Option<&'a Path>,
    /// The present instant, for the model folder.
    pub now: Timestamp,
}

/// What came of it, in the lab's own form.
#[derive(Debug, Clone, PartialEq)]
pub struct LabResult {
    /// The object that `--json` prints, memory and version left out.
    pub summary: serde_json::Value,
    /// Segments for people: size, English name, Chinese name.
    pub segments: Vec<(usize, String, String)>,
}

/// Rows ready for the engine.
struct Prepared {
    records: Matrix,
    features: Vec<FeatureInfo>,
    labels: Option<Vec<u32>>,
}

/// Fits on the training rows and measures on the test rows.
///
/// # Errors
/// [`LabError`] where a role, a file or the data cannot be used.
pub async fn segment(lab: SegmentLab<'_>, context: &Context<'_>) -> Result<LabResult, LabError> {
    let train = prepare(&lab.train, &lab.roles).await?;
    if let Some(valid) = &lab.valid {
        prepare(valid, &lab.roles).await?;
    }
    let started = Instant::now();
    let input = SegmentInput {
        records: &train.records,
        features: &train.features,
        values: None,
    };
    let fitted = rapport_segment::fit(&input, &lab.params, context).map_err(PipelineError::from)?;
    let fit_seconds = started.elapsed().as_secs_f64();
    let test = match &lab.test {
        Some(table) => align(prepare(table, &lab.roles).await?, &fitted.model)?,
        None => train,
    };
    let started = Instant::now();
    let predicted = fitted
        .model
        .predict(&test.records)
        .map_err(PipelineError::from)?;
    let predict_seconds = started.elapsed().as_secs_f64();
    if let Some(folder) = lab.save {
        save(&fitted.model, folder, lab.now)?;
    }
    let report = fitted.model.report();
    let mut metrics = Metrics::from([("stability_ari".to_owned(), report.stability_ari)]);
    let silhouette = match lab.test {
        // On rows that it was not fitted on, the silhouette is that of those rows.
        Some(_) => test_silhouette(&fitted.model, &test, &predicted, context.seed),
        None => report.silhouette,
    };
    metrics.extend(silhouette.map(|value| ("silhouette".to_owned(), value)));
    if let Some(labels) = &test.labels {
        let ari = adjusted_rand_index(&predicted, labels).map_err(|error| {
            LabError::Role(format!(
                "the adjusted Rand index cannot be computed: {error}"
            ))
        })?;
        metrics.insert("ari".to_owned(), ari);
    }
    let baseline = json!({
        "name": report.baseline.name,
        "metrics": {
            "stability_ari": report.baseline.stability_ari,
            // It is that of the training rows: beside a figure of other rows it would say nothing.
            "silhouette": report.baseline.silhouette.filter(|_| lab.test.is_none()),
        },
    });
    let tables = [Some(&lab.train), lab.valid.as_ref(), lab.test.as_ref()];
    let n_rejected: u64 = tables.iter().flatten().map(|table| table.n_rejected).sum();
    let summary = json!({
        "task": "segment",
        "model": report.method.name(),
        "k": report.k,
        "rows": {
            "train": lab.train.rows.len(),
            "valid": lab.valid.as_ref().map_or(0, |table| table.rows.len()),
            "test": lab.test.as_ref().map_or(lab.train.rows.len(), |table| table.rows.len()),
            "rejected": n_rejected,
        },
        "metrics": metrics,
        "baseline": baseline,
        "seconds": { "fit": fit_seconds, "predict": predict_seconds },
        "seed": context.seed,
    });
    let segments = fitted.model.segments().iter();
    let segments = segments
        .map(|s| (s.size, s.name.en.clone(), s.name.zh.clone()))
        .collect();
    Ok(LabResult { summary, segments })
}

fn test_silhouette(
    model: &SegmentModel,
    test: &Prepared,
    predicted: &[u32],
    seed: u64,
) -> Option<f64> {
    let places = model.prepare(&test.records).ok()?;
    silhouette_sampled(&places, predicted, SILHOUETTE_ROWS, seed).ok()
}

fn save(model: &SegmentModel, folder: &Path, now: Timestamp) -> Result<(), LabError> {
    let provenance = Provenance {
        version: "lab".to_owned(),
        code_version: env!("CARGO_PKG_VERSION").to_owned(),
        created_at: now.to_datetime().unwrap_or_default(),
        as_of: None,
    };
    model
        .save(folder, &provenance)
        .map_err(PipelineError::from)?;
    Ok(())
}

/// Puts the test rows' columns into the model's order.
fn align(test: Prepared, model: &SegmentModel) -> Result<Prepared, LabError> {
    let wanted = model.feature_names();
    let columns: Vec<usize> = wanted
        .iter()
        .map(|name| {
            let found = test
                .features
                .iter()
                .position(|feature| &feature.name == name);
            found.ok_or_else(|| LabError::Role(format!("the test file has no column {name:?}")))
        })
        .collect::<Result<_, _>>()?;
    let records = test.records.select_columns(&columns);
    Ok(Prepared { records, ..test })
}

async fn prepare(table: &LabTable, roles: &Roles) -> Result<Prepared, LabError> {
    match (roles.get("customer"), roles.get("at"), roles.get("amount")) {
        (Some(_), Some(_), Some(_)) if roles.get("label").is_some() => {
            let message = "label belongs to a table with a row per customer; with customer, at and \
                           amount a row is an order: leave label out, or give features instead";
            Err(LabError::Role(message.to_owned()))
        }
        (Some(customer), Some(at), Some(amount)) => from_orders(table, customer, at, amount).await,
        (None, None, None) => from_numbers(table, roles),
        _ => {
            let message = "orders need the three roles customer, at and amount; name all of them";
            Err(LabError::Role(message.to_owned()))
        }
    }
}

/// Every numeric column that is neither id nor label is a feature.
fn from_numbers(table: &LabTable, roles: &Roles) -> Result<Prepared, LabError> {
    let column_of = |role: &str| roles.get(role).map(|name| table.column(name)).transpose();
    let (id, label) = (column_of("id")?, column_of("label")?);
    let mut features = Vec::new();
    let mut columns = Vec::new();
    for (idx, name) in table.columns.iter().enumerate() {
        if Some(idx) == id || Some(idx) == label {
            continue;
        }
        if let Some(numbers) = table.numbers(idx) {
            features.push(FeatureInfo::unknown(name.clone()));
            columns.push(numbers);
        }
    }
    if features.is_empty() {
        let message = format!("{} has no column of numbers to segment by", table.file);
        return Err(LabError::Role(message));
    }
    let n_rows = table.rows.len();
    let values = (0..n_rows).flat_map(|row| columns.iter().map(move |column| column[row]));
    let records = Matrix::new(n_rows, columns.len(), values.collect())
        .map_err(|error| LabError::Learn(error.into()))?;
    Ok(Prepared {
        records,
        features,
        labels: label.map(|label| labels_of(table, label)),
    })
}

/// Texts of the label column as numbers, in order of first appearance.
fn labels_of(table: &LabTable, column: usize) -> Vec<u32> {
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut labels = Vec::with_capacity(table.rows.len());
    for text in table.texts(column) {
        let next = u32::try_from(numbers.len()).expect("fewer than four billion labels");
        labels.push(*numbers.entry(text).or_insert(next));
    }
    labels
}

/// Orders become the product's own features, as of just after the last order.
async fn from_orders(
    table: &LabTable,
    customer: &str,
    at: &str,
    amount: &str,
) -> Result<Prepared, LabError> {
    let (customer, at, amount) = (
        table.column(customer)?,
        table.column(at)?,
        table.column(amount)?,
    );
    let instants = table.instants(at)?;
    let amounts = table.required_numbers(amount)?;
    let ids = IdGenerator::new(0);
    let mut contacts: HashMap<&str, ContactId> = HashMap::new();
    let mut events = Vec::with_capacity(table.rows.len());
    let rows = table
        .texts(customer)
        .zip(&instants)
        .zip(&amounts)
        .enumerate();
    for (row, ((customer, &occurred_at), &amount)) in rows {
        if customer.is_empty() {
            continue;
        }
        let contact = *contacts
            .entry(customer)
            .or_insert_with(|| ids.next(occurred_at));
        events.push(order_event(&ids, row, contact, occurred_at, amount));
    }
    let last = instants
        .iter()
        .max()
        .copied()
        .unwrap_or(Timestamp::from_micros(0));
    let as_of = Timestamp::from_micros(last.as_micros() + 1);
    let lake = Lake::open(LakeLocation::in_memory(), LakeOptions::default());
    let built = async {
        let snapshot = lake?.snapshot(&[], &events).await?;
        Ok::<_, PipelineError>(rapport_features::build(&snapshot, as_of).await?)
    };
    let features = Arc::new(built.await?);
    let records = Matrix::new(
        features.n_customers(),
        features.features.len(),
        features.row_major(),
    )
    .map_err(|error| LabError::Learn(error.into()))?;
    // The lab's amounts name no currency.
    let infos = features.features.iter();
    let infos = infos.map(|feature| feature_info(feature, None)).collect();
    Ok(Prepared {
        records,
        features: infos,
        labels: None,
    })
}

fn order_event(
    ids: &IdGenerator,
    row: usize,
    customer: ContactId,
    occurred_at: Timestamp,
    amount: f64,
) -> Event {
    let kind = if amount < 0.0 {
        EventKind::ProductReturned
    } else {
        EventKind::ProductOrdered
    };
    Event {
        id: ids.next(occurred_at),
        source: "lab".to_owned(),
        message_id: row.to_string(),
        customer_id: Some(customer),
        kind,
        occurred_at,
        received_at: occurred_at,
        // One row is one order unless rows of a customer share their instant.
        order_id: Some(format!("{customer}@{}", occurred_at.as_micros())),
        sku: None,
        category: None,
        quantity: None,
        amount_minor: Some((amount * 100.0).round() as i64),
        currency: Some(Currency::USD),
        properties: None,
    }
}

#[cfg(test)]
mod tests {
    use rapport_learn::Cancellation;
    use tempfile::TempDir;

    use super::*;

    struct Silent;

    impl rapport_learn::Progress for Silent {
        fn report(&self, _step: &str, _done: u64, _total: u64) {}
    }

    fn table(name: &str, text: &str) -> LabTable {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        LabTable::read(&path, true).unwrap()
    }

    async fn run(
        train: LabTable,
        valid: Option<LabTable>,
        map: &[&str],
    ) -> Result<LabResult, LabError> {
        let wishes: Vec<String> = map.iter().map(|wish| (*wish).to_owned()).collect();
        let known = ["id", "label", "customer", "at", "amount"];
        let lab = SegmentLab {
            train,
            valid,
            test: None,
            roles: Roles::parse(&wishes, &known).unwrap(),
            params: SegmentParams::default(),
            save: None,
            now: Timestamp::from_micros(0),
        };
        segment(lab, &Context::new(42, &Silent, &Cancellation::default())).await
    }

    #[tokio::test]
    async fn rows_that_are_left_out_and_rows_held_back_are_counted() {
        let numbers = |n: u32| (0..n).map(|i| format!("{i},{},{}\n", i % 2 * 100 + i, i % 2 * 90));
        let rows: String = numbers(60).collect();
        let held_back: String = numbers(20).collect();
        let train = table("train.csv", &format!("id,x,y\n{rows}ragged\n"));
        let valid = table("valid.csv", &format!("id,x,y\n{held_back}"));

        let result = run(train, Some(valid), &["id=id"]).await.unwrap();

        let rows = &result.summary["rows"];
        assert_eq!(
            (&rows["train"], &rows["valid"], &rows["rejected"]),
            (&json!(60), &json!(20), &json!(1))
        );
    }

    #[tokio::test]
    async fn a_label_beside_orders_is_refused_with_what_to_do() {
        let train = table("orders.csv", "who,when,sum,kind\na,2025-01-01,3,x\n");
        let map = ["customer=who", "at=when", "amount=sum", "label=kind"];

        let error = run(train, None, &map).await.unwrap_err().to_string();

        assert!(error.contains("leave label out"), "{error}");
    }
}
