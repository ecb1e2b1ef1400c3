//! From the words of learning to those of the records.

use std::collections::BTreeMap;

use rapport_learn::runs as told;
use rapport_learn::search;
use rapport_store::runs::{
    Calibration, CalibrationBin, CandidateFigures, Confusion, Evaluation, Importance, NamedFigures,
    ParamValue, Params, Point, Series, Trial, TrialReport, TrialStatus,
};

pub(super) fn series(curves: BTreeMap<String, Vec<(u64, f64)>>) -> Vec<Series> {
    let point = |(step, value)| Point { step, value };
    let one = |(metric, points): (String, Vec<(u64, f64)>)| Series {
        metric,
        points: points.into_iter().map(point).collect(),
    };
    curves.into_iter().map(one).collect()
}

pub(super) fn params(told: BTreeMap<String, told::ParamValue>) -> Params {
    let told = told.into_iter();
    told.map(|(name, value)| (name, param(value))).collect()
}

pub(super) fn trial(trial: search::Trial) -> Trial {
    let value = trial.value();
    let (status, error) = match trial.state {
        search::TrialState::Running => (TrialStatus::Running, None),
        search::TrialState::Finished { .. } => (TrialStatus::Finished, None),
        search::TrialState::Stopped => (TrialStatus::Stopped, None),
        search::TrialState::Failed { reason } => (TrialStatus::Failed, Some(reason)),
    };
    let parameters = trial.parameters.0.iter();
    let parameters = parameters.map(|(name, value)| (name.clone(), value.into()));
    let report = |report: &search::Report| TrialReport {
        step: report.step,
        value: report.value,
    };
    Trial {
        number: trial.id,
        status,
        params: params(parameters.collect()),
        value,
        cost: trial.cost,
        reports: trial.reports.iter().map(report).collect(),
        error,
    }
}

fn param(value: told::ParamValue) -> ParamValue {
    match value {
        told::ParamValue::Boolean(value) => ParamValue::Boolean(value),
        told::ParamValue::Number(value) => ParamValue::number(value),
        told::ParamValue::Text(value) => ParamValue::Text(value),
        told::ParamValue::Texts(value) => ParamValue::Texts(value),
    }
}

pub(super) fn evaluation(told: told::Evaluation) -> Evaluation {
    Evaluation {
        n_rows: told.n_rows,
        metrics: told.metrics,
        baseline: told.baseline.map(|baseline| NamedFigures {
            name: baseline.name,
            metrics: baseline.metrics,
        }),
        calibration: told.calibration.map(calibration),
        confusion: told.confusion.map(|confusion| Confusion {
            labels: confusion.labels,
            threshold: confusion.threshold,
            counts: confusion.counts,
        }),
        importances: told
            .importances
            .into_iter()
            .map(|(feature, importance)| Importance {
                feature,
                importance,
            })
            .collect(),
        candidates: told
            .candidates
            .into_iter()
            .map(|candidate| CandidateFigures {
                name: candidate.name,
                metrics: candidate.metrics,
                is_chosen: candidate.is_chosen,
            })
            .collect(),
    }
}

fn calibration(told: told::Calibration) -> Calibration {
    let bin = |bin: told::CalibrationBin| CalibrationBin {
        lower: bin.lower,
        upper: bin.upper,
        n: bin.n,
        mean_predicted: bin.mean_predicted,
        observed: bin.observed,
    };
    Calibration {
        positive: told.positive,
        ece: told.ece,
        bins: told.bins.into_iter().map(bin).collect(),
    }
}
