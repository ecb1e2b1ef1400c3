//! From prepared customers to the chosen method, its figures and its labels for everybody.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use rand::seq::index::sample;
use rapport_learn::{Check, Context, Matrix, rng};

use crate::baseline::{Baseline, BaselineReport, Rows};
use crate::compare::{self, Candidate, Tally, Trial};
use crate::distance::nearest;
use crate::model::{Assigner, Report};
use crate::prepare::FeatureUse;
use crate::rfm::{Rfm, RfmSegment};
use crate::{FeatureInfo, KMeansParams, Method, SegmentError, SegmentParams};

/// Rows that methods are compared on at most; the chosen one is then fitted on all.
const COMPARED_ROWS: usize = 20_000;
/// Customers per segment that there must be on average when the number is chosen.
const FEWEST_PER_SEGMENT: usize = 5;
/// With less stability than this, learned segments give way to a more stable RFM.
const UNSTABLE: f64 = 0.6;
/// Two or three segments that are hardly apart give way to an RFM of this stability: its groups can
/// be acted on, two halves of a cloud cannot. No more than 0.25 of silhouette is no structure
/// (Kaufman & Rousseeuw, 1990, "Finding Groups in Data").
const FEW: usize = 3;
const HARDLY_APART: f64 = 0.25;
const STABLE_RFM: f64 = 0.75;

/// What was tried and what came out on top.
#[derive(Debug)]
pub(crate) struct Comparison {
    method: Method,
    stability_ari: f64,
    silhouette: Option<f64>,
    baseline: BaselineReport,
    candidates: Vec<Candidate>,
    /// The centers of the chosen method; none for RFM.
    centers: Option<Matrix>,
}

/// All customers as they came and prepared, with what their columns mean.
pub(crate) struct Customers<'a> {
    pub(crate) rows: Rows<'a>,
    pub(crate) features: &'a [FeatureInfo],
}

impl Comparison {
    /// Compares on a sample of the customers.
    pub(crate) fn run(
        customers: &Customers<'_>,
        params: &SegmentParams,
        context: &Context<'_>,
    ) -> Result<Self, SegmentError> {
        let Rows { raw, prepared } = customers.rows;
        let n = prepared.n_rows();
        if n <= COMPARED_ROWS {
            return Self::on_rows(customers, params, context);
        }
        let drawn = sample(&mut rng(context.seed, "compared"), n, COMPARED_ROWS).into_vec();
        let (raw, prepared) = (raw.select_rows(&drawn), prepared.select_rows(&drawn));
        let sampled = Customers {
            rows: Rows {
                raw: &raw,
                prepared: &prepared,
            },
            features: customers.features,
        };
        Self::on_rows(&sampled, params, context)
    }

    fn on_rows(
        customers: &Customers<'_>,
        params: &SegmentParams,
        context: &Context<'_>,
    ) -> Result<Self, SegmentError> {
        let prepared = customers.rows.prepared;
        let ks = range_of_k(prepared, params)?;
        let mut trials = Vec::new();
        let methods = learned_methods(params.method);
        let tally = Tally::new(methods.len() * params.n_resamples, context);
        for &method in methods {
            let n_resamples = params.n_resamples;
            let more = compare::trials(method, prepared, ks.clone(), n_resamples, &tally, context)?;
            trials.extend(more);
        }
        let labelings: Vec<&[u32]> = trials.iter().map(|trial| trial.labels.as_slice()).collect();
        let silhouettes = compare::measure(prepared, &labelings, context)?;
        for (trial, silhouette) in trials.iter_mut().zip(silhouettes) {
            trial.candidate.silhouette = silhouette;
        }
        let candidates: Vec<Candidate> =
            trials.iter().map(|trial| trial.candidate.clone()).collect();
        let chosen = compare::choose(&candidates).map(|at| trials.swap_remove(at));
        let k = chosen.as_ref().map_or(*ks.end(), |trial| trial.candidate.k);
        let baseline = baseline_report(customers, params, k, context)?;
        Self::decide(customers, params.method, chosen, baseline, candidates)
    }

    /// Takes the chosen trial, or RFM where it was asked for or is the surer thing.
    fn decide(
        customers: &Customers<'_>,
        method: Method,
        chosen: Option<Trial>,
        baseline: BaselineReport,
        candidates: Vec<Candidate>,
    ) -> Result<Self, SegmentError> {
        let may_be_rfm = method == Method::Auto && baseline.name == Method::Rfm.name();
        let is_better = |trial: &Trial| may_be_rfm && is_rfm_better(&trial.candidate, &baseline);
        if let Some(trial) = chosen.filter(|trial| !is_better(trial)) {
            return Ok(Self {
                method: trial.candidate.method,
                stability_ari: trial.candidate.stability_ari,
                silhouette: trial.candidate.silhouette,
                centers: Some(trial.centers),
                baseline,
                candidates,
            });
        }
        // Asked for by name, RFM must be possible; say what is missing if it is not.
        Rfm::fit(customers.rows.raw, customers.features)?;
        Ok(Self {
            method: Method::Rfm,
            stability_ari: baseline.stability_ari,
            silhouette: baseline.silhouette,
            centers: None,
            baseline,
            candidates,
        })
    }

    /// Fits the chosen method on all customers, and numbers the segments by value.
    pub(crate) fn on_all(
        &self,
        customers: &Customers<'_>,
        values: &[f64],
        context: &Context<'_>,
    ) -> Result<(Assigner, Vec<u32>), SegmentError> {
        let Rows { raw, prepared } = customers.rows;
        let Some(centers) = &self.centers else {
            let rfm = Rfm::fit(raw, customers.features)?;
            let (kept, labels) = by_value(RfmSegment::ALL.len(), rfm.labels(raw), values);
            let numbered = kept.into_iter().map(|at| RfmSegment::ALL[at]).collect();
            return Ok((Assigner::Rfm { rfm, numbered }, labels));
        };
        let (centers, labels) = if self.method == Method::KMeans {
            let params = KMeansParams::new(centers.n_rows()).check()?;
            let (model, labels) = params.fit_from(prepared, centers, context)?;
            (model.centers().clone(), labels)
        } else {
            (centers.clone(), nearest(prepared, centers)?)
        };
        let (kept, labels) = by_value(centers.n_rows(), labels, values);
        let centers = centers.select_rows(&kept);
        Ok((Assigner::Centers { centers }, labels))
    }

    /// What to tell about it.
    pub(crate) fn into_report(
        self,
        n_customers: usize,
        k: usize,
        features: Vec<FeatureUse>,
    ) -> Report {
        Report {
            method: self.method,
            k,
            n_customers,
            stability_ari: self.stability_ari,
            silhouette: self.silhouette,
            baseline: self.baseline,
            candidates: self.candidates,
            features,
        }
    }
}

/// Whether RFM says more, or more surely, than the best that was learned.
fn is_rfm_better(learned: &Candidate, rfm: &BaselineReport) -> bool {
    let is_surer = learned.stability_ari < UNSTABLE && rfm.stability_ari > learned.stability_ari;
    let is_vague = learned.k <= FEW && learned.silhouette.is_none_or(|s| s <= HARDLY_APART);
    is_surer || (is_vague && rfm.stability_ari >= STABLE_RFM)
}

/// The methods behind a request; RFM learns nothing that could be tried.
fn learned_methods(method: Method) -> &'static [Method] {
    match method {
        Method::Auto => &[Method::KMeans, Method::Ward],
        Method::KMeans => &[Method::KMeans],
        Method::Ward => &[Method::Ward],
        Method::Rfm => &[],
    }
}

/// The numbers of segments to try: as asked, as far as there are customers and kinds of customer.
fn range_of_k(
    prepared: &Matrix,
    params: &SegmentParams,
) -> Result<RangeInclusive<usize>, SegmentError> {
    let (low, high) = match params.k {
        Some(k) => (k, k),
        None => {
            let most = prepared.n_rows() / FEWEST_PER_SEGMENT;
            (params.k_min, params.k_max.min(most).max(params.k_min))
        }
    };
    let n_distinct = n_distinct(prepared, high);
    if n_distinct < low && params.method != Method::Rfm {
        return Err(SegmentError::TooFewDistinct {
            needed: low,
            found: n_distinct,
        });
    }
    Ok(low..=high.min(n_distinct).max(low))
}

/// How many rows differ, counted up to a limit.
fn n_distinct(rows: &Matrix, limit: usize) -> usize {
    let mut seen: HashSet<Vec<u64>> = HashSet::new();
    for row in rows.rows() {
        seen.insert(row.iter().map(|value| value.to_bits()).collect());
        if seen.len() >= limit {
            break;
        }
    }
    seen.len()
}

fn baseline_report(
    customers: &Customers<'_>,
    params: &SegmentParams,
    k: usize,
    context: &Context<'_>,
) -> Result<BaselineReport, SegmentError> {
    let (rows, features) = (&customers.rows, customers.features);
    let baseline = Baseline::of(rows.raw, features);
    let labels = baseline.labels(rows, k, context)?;
    let silhouettes = compare::measure(rows.prepared, &[&labels], context)?;
    let in_use: HashSet<u32> = labels.iter().copied().collect();
    Ok(BaselineReport {
        name: baseline.name().into(),
        k: in_use.len(),
        stability_ari: baseline.stability(rows, features, k, params.n_resamples, context)?,
        silhouette: silhouettes[0],
    })
}

/// Numbers segments by value, the highest first, leaving out those without customers; returns the
/// old number of each and the new labels. Of equal values the larger segment comes first.
fn by_value(n_segments: usize, labels: Vec<u32>, values: &[f64]) -> (Vec<usize>, Vec<u32>) {
    let mut sizes = vec![0_usize; n_segments];
    let mut totals = vec![0.0; n_segments];
    for (&label, value) in labels.iter().zip(values) {
        sizes[label as usize] += 1;
        totals[label as usize] += value;
    }
    let mut kept: Vec<usize> = (0..n_segments).filter(|&at| sizes[at] > 0).collect();
    kept.sort_by(|&a, &b| {
        let by_total = totals[b].total_cmp(&totals[a]);
        by_total.then(sizes[b].cmp(&sizes[a]))
    });
    let mut number = vec![0; n_segments];
    for (new, &old) in (0..).zip(&kept) {
        number[old] = new;
    }
    let labels = labels.into_iter().map(|label| number[label as usize]);
    (kept, labels.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_numbered_by_value_and_empty_ones_left_out() {
        let (kept, labels) = by_value(4, vec![3, 0, 0, 2], &[5.0, 1.0, 1.0, 9.0]);

        assert_eq!(kept, [2, 3, 0]);
        assert_eq!(labels, [1, 2, 2, 0]);
    }

    #[test]
    fn no_more_segments_are_tried_than_there_are_kinds_of_customer() {
        let rows: Vec<[f64; 1]> = (0..100).map(|i| [f64::from(i % 3)]).collect();
        let rows = Matrix::from_rows(&rows);

        let tried = range_of_k(&rows, &SegmentParams::default()).unwrap();
        let refused = range_of_k(&rows, &SegmentParams::default().k(7));

        assert_eq!(tried, 2..=3);
        assert_eq!(
            refused,
            Err(SegmentError::TooFewDistinct {
                needed: 7,
                found: 3
            })
        );
    }
}
