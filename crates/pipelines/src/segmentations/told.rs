//! What the run of a segmentation tells: how each method fared with each number of segments, and how
//! good the chosen one is beside RFM.

use rapport_domain::{JobId, RunId};
use rapport_learn::runs::{CandidateFigures, Evaluation, RunSink, Told};
use rapport_learn::{Baseline, Metrics};
use rapport_segment::Report;
use rapport_store::jobs::Job;
use rapport_store::runs::{Headline, NewRun, ParamValue, Params, RunData, RunEnd};

use super::input::Fitted;
use super::{MODEL_KIND, SegmentationRequest};

/// The run of a job.
pub(crate) const fn run_of(job: JobId) -> RunId {
    RunId(job.0)
}

/// The run as it begins.
pub(super) fn new_run(job: &Job, request: &SegmentationRequest) -> NewRun {
    let method = request.method.map_or("auto", |method| method.name());
    let mut params: Params = [("method".to_owned(), ParamValue::Text(method.to_owned()))].into();
    if let Some(k) = request.k {
        params.insert("k".to_owned(), ParamValue::number(k as f64));
    }
    NewRun {
        id: run_of(job.id),
        name: "customer segments".to_owned(),
        task: MODEL_KIND.to_owned(),
        model: method.to_owned(),
        tags: Vec::new(),
        seed: request.seed,
        params,
        data: None,
        code_version: env!("CARGO_PKG_VERSION").to_owned(),
        parent_id: None,
        job_id: Some(job.id),
    }
}

/// Tells stability and silhouette of each method as curves over the number of segments, and the
/// evaluation.
pub(super) fn tell(fitted: &Fitted, run: &dyn RunSink) {
    let report = fitted.model.report();
    let mut candidates: Vec<_> = report.candidates.iter().collect();
    candidates.sort_by_key(|candidate| candidate.k);
    for candidate in candidates {
        let figures = [
            ("stability_ari", Some(candidate.stability_ari)),
            ("silhouette", candidate.silhouette),
        ];
        for (figure, value) in figures {
            if let Some(value) = value {
                run.tell(Told::Point {
                    metric: &format!("{} {figure} by segments", candidate.method.name()),
                    step: candidate.k as u64,
                    value,
                });
            }
        }
    }
    let metrics = figures(report.stability_ari, report.silhouette);
    for (metric, &value) in &metrics {
        run.tell(Told::Point {
            metric,
            step: 0,
            value,
        });
    }
    run.tell(Told::Evaluation(&evaluation(fitted, metrics)));
}

fn evaluation(fitted: &Fitted, metrics: Metrics) -> Evaluation {
    let report = fitted.model.report();
    let chosen_k = fitted.model.centers().map(|centers| centers.n_rows());
    let candidates = report.candidates.iter().map(|candidate| CandidateFigures {
        name: format!("{} {}", candidate.method.name(), candidate.k),
        metrics: figures(candidate.stability_ari, candidate.silhouette),
        is_chosen: candidate.method == report.method
            && chosen_k.is_none_or(|chosen| chosen == candidate.k),
    });
    let mut candidates: Vec<CandidateFigures> = candidates.collect();
    if !candidates.iter().any(|candidate| candidate.is_chosen) {
        // RFM is no candidate, and serves where it says more than the best of them.
        candidates.push(CandidateFigures {
            name: report.method.name().to_owned(),
            metrics: metrics.clone(),
            is_chosen: true,
        });
    }
    let baseline = &report.baseline;
    Evaluation {
        n_rows: report.n_customers as u64,
        metrics,
        baseline: Some(Baseline {
            name: baseline.name.clone(),
            metrics: figures(baseline.stability_ari, baseline.silhouette),
        }),
        candidates,
        ..Evaluation::default()
    }
}

fn figures(stability_ari: f64, silhouette: Option<f64>) -> Metrics {
    let mut metrics = Metrics::from([("stability_ari".to_owned(), stability_ari)]);
    metrics.extend(silhouette.map(|value| ("silhouette".to_owned(), value)));
    metrics
}

/// How the run ends.
pub(super) fn ending(report: &Report, data: Option<RunData>) -> RunEnd {
    RunEnd {
        model: Some(report.method.name().to_owned()),
        data,
        ..RunEnd::finished(Some(Headline {
            metric: "silhouette".to_owned(),
            value: report.silhouette,
            baseline: report.baseline.silhouette,
            is_higher_better: true,
        }))
    }
}
