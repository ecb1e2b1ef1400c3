//! The whole way from features to named segments.

use rapport_learn::{Check, Context, Fit, LearnError, Matrix, fingerprint_of, stats};

use crate::baseline::Rows;
use crate::comparison::{Comparison, Customers};
use crate::map::Plane;
use crate::model::{Assigner, SegmentModel};
use crate::params::{SegmentParams, ValidSegmentParams};
use crate::portrait::{self, SegmentProfile, Sitting};
use crate::prepare::Preparation;
use crate::prospects::Prospects;
use crate::{FeatureInfo, Role, SegmentError, order};

/// Fewer customers than this are not segmented.
const FEWEST_CUSTOMERS: usize = 20;
/// Customers per segment that there must be at least.
const FEWEST_PER_SEGMENT: usize = 5;

/// The customers to segment.
#[derive(Debug, Clone, Copy)]
pub struct SegmentInput<'a> {
    /// `(n_customers, n_features)`; `NaN` where a value is missing.
    pub records: &'a Matrix,
    /// What each column means, `(n_features,)`.
    pub features: &'a [FeatureInfo],
    /// What each customer is worth, `(n_customers,)`, for the value of segments. `None` takes the
    /// first monetary feature, and without one every customer counts 1.
    pub values: Option<&'a [f64]>,
}

/// Customers in named segments.
#[derive(Debug, Clone, PartialEq)]
pub struct Segmentation {
    /// Puts new customers into the segments, explains, is saved.
    pub model: SegmentModel,
    /// The segment of each customer: a place in [`SegmentModel::segments`].
    pub labels: Vec<u32>,
    /// Where each customer stands on the map.
    pub map: Vec<[f32; 2]>,
}

/// Segments customers.
///
/// Prepares the features, compares methods and numbers of segments by bootstrap stability and
/// silhouette (the rule stands at [`Candidate`](crate::Candidate)), fits the chosen one on all
/// customers, numbers the segments by value, names and describes them, and measures the baseline
/// the same way. People who have not ordered yet are left out of all that and make up the last
/// segment, where the features count orders. The same customers give the same segments in whatever order they come, with any
/// number of threads.
///
/// # Errors
/// [`SegmentError::TooFewCustomers`] below 20 customers with orders or 5 per segment,
/// [`SegmentError::NoUsefulFeature`], a bad parameter or shape, cancellation.
pub fn fit(
    input: &SegmentInput<'_>,
    params: &SegmentParams,
    context: &Context<'_>,
) -> Result<Segmentation, SegmentError> {
    params.clone().check()?.fit(input, context)
}

impl<'a> Fit<SegmentInput<'a>> for ValidSegmentParams {
    type Model = Segmentation;
    type Error = SegmentError;

    #[tracing::instrument(skip_all, fields(n_customers = input.records.n_rows(), method = self.0.method.name()))]
    fn fit(
        &self,
        input: &SegmentInput<'a>,
        context: &Context<'_>,
    ) -> Result<Segmentation, SegmentError> {
        let params = &self.0;
        let values = checked_values(input)?;
        context.progress.report("prepare", 0, 1);
        let order = order::canonical(input.records);
        let everybody = Everybody {
            records: input.records.select_rows(&order),
            values: order.iter().map(|&row| values[row]).collect(),
        };
        let by = Prospects::by(input.features);
        let buyers = Prospects::buyers(by, &everybody.records);
        require_enough(buyers.len(), params)?;
        let records = everybody.records.select_rows(&buyers);
        let values: Vec<f64> = buyers.iter().map(|&row| everybody.values[row]).collect();
        let (preparation, uses) = Preparation::fit(&records, input.features, context)?;
        let prepared = preparation.transform(&records)?;
        context.progress.report("prepare", 1, 1);
        let customers = Customers {
            rows: Rows {
                raw: &records,
                prepared: &prepared,
            },
            features: input.features,
        };
        let outcome = Comparison::run(&customers, params, context)?;
        context.progress.report("describe", 0, 1);
        let (assigner, labels) = outcome.on_all(&customers, &values, context)?;
        let plane = Plane::fit(&prepared, &preparation, input.features, context)?;
        let n_learned = assigner.n_segments();
        let prospects = by.filter(|_| buyers.len() < everybody.values.len());
        let labels = everybody.labels(&buyers, labels, n_learned as u32);
        let prepared = preparation.transform(&everybody.records)?;
        let sitting = Sitting {
            records: &everybody.records,
            prepared: &prepared,
            features: input.features,
            preparation: &preparation,
            values: &everybody.values,
            labels: &labels,
            n_segments: n_learned + usize::from(prospects.is_some()),
            prospects: prospects.map(|_| n_learned as u32),
            rfm_names: match &assigner {
                Assigner::Rfm { numbered, .. } => Some(numbered),
                Assigner::Centers { .. } => None,
            },
        };
        let mut segments = portrait::draw(&sitting, context)?;
        name_rows_of(&order, &mut segments);
        let map = in_place(&order, &plane.places(&prepared)?);
        let labels = in_place(&order, &labels);
        context.progress.report("describe", 1, 1);
        let report = outcome.into_report(everybody.values.len(), segments.len(), uses);
        let names: Vec<&str> = input.features.iter().map(|f| f.name.as_str()).collect();
        let model = SegmentModel {
            params: params.clone(),
            seed: context.seed,
            fingerprint: fingerprint_of(&names, &everybody.records),
            features: input.features.to_vec(),
            usual: usual_values(&records),
            preparation,
            assigner,
            prospects,
            plane,
            report,
            segments,
        };
        Ok(Segmentation { model, labels, map })
    }
}

/// Customers and people who have not ordered yet, in canonical order.
struct Everybody {
    records: Matrix,
    values: Vec<f64>,
}

impl Everybody {
    /// The labels of all, given those of the buyers; the others get the label of prospects.
    fn labels(&self, buyers: &[usize], of_buyers: Vec<u32>, of_prospects: u32) -> Vec<u32> {
        let mut labels = vec![of_prospects; self.values.len()];
        for (&row, label) in buyers.iter().zip(of_buyers) {
            labels[row] = label;
        }
        labels
    }
}

fn require_enough(n_customers: usize, params: &SegmentParams) -> Result<(), SegmentError> {
    let fewest_per_segment = params.k.unwrap_or(0) * FEWEST_PER_SEGMENT;
    let needed = FEWEST_CUSTOMERS.max(fewest_per_segment);
    if n_customers < needed {
        return Err(SegmentError::TooFewCustomers {
            needed,
            found: n_customers,
        });
    }
    Ok(())
}

/// Refuses input of another shape; returns what each customer is worth.
pub(crate) fn checked_values(input: &SegmentInput<'_>) -> Result<Vec<f64>, SegmentError> {
    let n = input.records.n_rows();
    input.records.require_columns(input.features.len())?;
    if let Some(values) = input.values {
        if values.len() != n {
            return Err(SegmentError::Learn(LearnError::Shape {
                what: "values",
                expected: n,
                found: values.len(),
            }));
        }
        return Ok(values.iter().map(|&value| finite_or_zero(value)).collect());
    }
    let monetary = input.features.iter().position(|f| f.role == Role::Monetary);
    Ok(match monetary {
        Some(column) => input.records.column(column).map(finite_or_zero).collect(),
        None => vec![1.0; n],
    })
}

fn finite_or_zero(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

/// The median of each feature among those who have ordered.
fn usual_values(records: &Matrix) -> Vec<f64> {
    (0..records.n_columns())
        .map(|column| {
            let mut values: Vec<f64> = records
                .column(column)
                .filter(|value| value.is_finite())
                .collect();
            stats::median(&mut values).unwrap_or(0.0)
        })
        .collect()
}

/// Names typical rows by their place in the input.
fn name_rows_of(order: &[usize], segments: &mut [SegmentProfile]) {
    for row in segments.iter_mut().flat_map(|s| &mut s.typical_rows) {
        *row = order[*row];
    }
}

/// Puts results back where their rows came from.
fn in_place<T: Copy + Default>(order: &[usize], results: &[T]) -> Vec<T> {
    let mut placed = vec![T::default(); results.len()];
    for (&row, &result) in order.iter().zip(results) {
        placed[row] = result;
    }
    placed
}
