//! Feature snapshots: the features of all customers as of an instant, kept as a file with a
//! description beside it, so that a record page reads one row and a score can name its origin.

use std::path::{Path, PathBuf};

use rapport_domain::{ContactId, JobId, LocalizedText, Timestamp};
use rapport_features::FeatureTable;
use rapport_lake::{RecordBatch, first_float, read_table_rows, write_file, write_table};
use rapport_store::feature_snapshots::FeatureSnapshot;
use serde::{Deserialize, Serialize};

use crate::Workspace;
use crate::error::PipelineError;
use crate::leftovers::Provisional;

/// What the file's columns mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Description {
    as_of: Timestamp,
    fingerprint: String,
    features: Vec<FeatureLabel>,
}

/// How a feature is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FeatureLabel {
    pub(crate) name: String,
    pub(crate) label: LocalizedText,
    pub(crate) unit: String,
}

/// A feature of one customer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FeatureValue {
    pub(crate) feature: FeatureLabel,
    pub(crate) value: Option<f64>,
    /// Share of customers with a lower value, in `[0, 1]`; half of the equal ones count as lower.
    pub(crate) percentile: Option<f64>,
}

/// Path of a snapshot relative to the data directory; it bears the number of the job that made it.
pub(crate) fn path_of(job: JobId) -> String {
    format!("features/{job}.parquet")
}

/// Writes the features of all customers down. The snapshot counts once it is on the records.
pub(crate) async fn write_down(
    workspace: &Workspace,
    job: JobId,
    table: &FeatureTable,
) -> Result<FeatureSnapshot, PipelineError> {
    let path = path_of(job);
    let fingerprint = table.fingerprint();
    let description = Description {
        as_of: table.as_of,
        fingerprint: fingerprint.clone(),
        features: table
            .features
            .iter()
            .map(|feature| FeatureLabel {
                name: feature.name.clone(),
                label: feature.label.clone(),
                unit: feature.unit.as_str().to_owned(),
            })
            .collect(),
    };
    let batch = with_percentiles(table)?;
    let target = workspace.data_dir().join(&path);
    tokio::task::spawn_blocking(move || write(&target, &batch, &description)).await??;
    Ok(FeatureSnapshot {
        path,
        as_of: table.as_of,
        fingerprint,
        n_customers: table.n_customers() as u64,
        n_features: table.features.len() as u64,
        created_at: workspace.clock.now(),
    })
}

/// The files of a snapshot, to be deleted unless they are kept.
pub(crate) fn provisional(workspace: &Workspace, job: JobId) -> [Provisional; 2] {
    let path = workspace.data_dir().join(path_of(job));
    [
        Provisional::new(description_path(&path)),
        Provisional::new(path),
    ]
}

/// One customer's row of a snapshot; empty where the file or the row is not there.
pub(crate) async fn row_of(
    workspace: &Workspace,
    path: &str,
    contact: ContactId,
) -> Result<Vec<FeatureValue>, PipelineError> {
    let path = workspace.data_dir().join(path);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let description = read_description(&path)?;
    let batches = read_table_rows(&path, "customer_id", &contact.to_string()).await?;
    let Some(row) = batches.iter().find(|batch| batch.num_rows() > 0) else {
        return Ok(Vec::new());
    };
    let values = description
        .features
        .into_iter()
        .map(|feature| FeatureValue {
            value: first_float(row, &feature.name),
            percentile: first_float(row, &percentile_column(&feature.name)),
            feature,
        });
    Ok(values.collect())
}

fn write(path: &Path, batch: &RecordBatch, description: &Description) -> Result<(), PipelineError> {
    let beside = description_path(path);
    let text = serde_json::to_vec(description).map_err(std::io::Error::from);
    let text = text.map_err(PipelineError::io("write", &beside))?;
    write_file(&beside, &text)?;
    Ok(write_table(path, batch)?)
}

fn read_description(path: &Path) -> Result<Description, PipelineError> {
    let beside = description_path(path);
    std::fs::read(&beside)
        .and_then(|text| serde_json::from_slice(&text).map_err(std::io::Error::from))
        .map_err(PipelineError::io("read", &beside))
}

fn description_path(path: &Path) -> PathBuf {
    path.with_extension("json")
}

fn percentile_column(feature: &str) -> String {
    format!("{feature}__percentile")
}

/// The table with a column of percentiles beside every feature.
fn with_percentiles(table: &FeatureTable) -> Result<RecordBatch, PipelineError> {
    let mut wide = table.clone();
    for (feature, column) in table.features.iter().zip(&table.columns) {
        let mut beside = feature.clone();
        beside.name = percentile_column(&feature.name);
        wide.features.push(beside);
        wide.columns.push(percentiles(column));
    }
    Ok(wide.to_record_batch()?)
}

/// Mid-rank percentiles of a column, NaN where a value is missing.
fn percentiles(column: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = column
        .iter()
        .copied()
        .filter(|value| !value.is_nan())
        .collect();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    column
        .iter()
        .map(|value| {
            if value.is_nan() {
                return f64::NAN;
            }
            let below = sorted.partition_point(|other| other < value) as f64;
            let not_above = sorted.partition_point(|other| other <= value) as f64;
            (below + not_above) / 2.0 / n
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_the_middle_of_their_ranks() {
        let found = percentiles(&[1.0, 1.0, f64::NAN, 2.0, 3.0]);

        assert_eq!(found[0], 0.25);
        assert_eq!(found[1], 0.25);
        assert!(found[2].is_nan());
        assert_eq!(found[4], 0.875);
    }
}
