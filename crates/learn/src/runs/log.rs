//! A listener that remembers, for tests and for what is printed at the end.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Evaluation, ParamValue, RunSink, Told};
use crate::challenge::Challenge;
use crate::search::{Study, Trial};

/// Remembers what a run tells.
#[derive(Debug, Default)]
pub struct RunLog(Mutex<Logged>);

/// What a run has told so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Logged {
    /// Parameters by name.
    pub params: BTreeMap<String, ParamValue>,
    /// Points of each curve as `(step, value)`, steps ascending.
    pub curves: BTreeMap<String, Vec<(u64, f64)>>,
    /// Trials by number, as they were told last.
    pub trials: BTreeMap<u64, Trial>,
    /// The search.
    pub study: Option<Study>,
    /// The challenge.
    pub challenge: Option<Challenge>,
    /// The evaluation.
    pub evaluation: Option<Evaluation>,
}

impl RunLog {
    /// What was told so far.
    pub fn told(&self) -> Logged {
        self.lock().clone()
    }

    /// What was told since this was asked last, so that it can be handed on piece by piece.
    pub fn take(&self) -> Logged {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Logged> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Logged {
    /// Whether nothing was told.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn push(&mut self, metric: &str, step: u64, value: f64) {
        let curve = match self.curves.get_mut(metric) {
            Some(curve) => curve,
            None => self.curves.entry(metric.to_owned()).or_default(),
        };
        if curve.last().is_some_and(|&(last, _)| last >= step) {
            curve.retain(|&(known, _)| known < step);
        }
        curve.push((step, value));
    }
}

impl RunSink for RunLog {
    fn tell(&self, told: Told<'_>) {
        let mut log = self.lock();
        match told {
            Told::Param { name, value } => {
                log.params.insert(name.to_owned(), value.clone());
            }
            Told::Point {
                metric,
                step,
                value,
            } => log.push(metric, step, value),
            Told::Trial(trial) => {
                log.trials.insert(trial.id, trial.clone());
            }
            Told::Study(study) => log.study = Some(study.clone()),
            Told::Challenge(challenge) => log.challenge = Some(challenge.clone()),
            Told::Evaluation(evaluation) => log.evaluation = Some(evaluation.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_back_cuts_what_came_after() {
        let log = RunLog::default();
        for step in [0, 1, 2, 1] {
            log.tell(Told::Point {
                metric: "loss",
                step,
                value: step as f64,
            });
        }

        assert_eq!(log.told().curves["loss"], [(0, 0.0), (1, 1.0)]);
    }

    #[test]
    fn what_is_taken_is_not_told_again() {
        let log = RunLog::default();
        log.tell(Told::Param {
            name: "k",
            value: &ParamValue::Number(5.0),
        });

        assert_eq!(log.take().params.len(), 1);
        assert!(log.take().is_empty());
    }
}
