//! What a search remembers, and how it is asked and told.

use serde::{Deserialize, Serialize};

use super::sampler::{Observation, Standing};
use super::{Outcome, Report, SearchError, SearchParams, Trial, TrialState, Verdict};

/// A search under way: its setting, its seed and its trials, and nothing else.
///
/// With one worker the study is a function of setting, seed and the values told, so that a study
/// that was written down and read back goes on exactly as the original. With several workers each
/// trial asked for takes the unfinished ones for bad ("constant liar"), which keeps workers apart; the
/// order in which they answer then decides what comes next.
///
/// # Source
/// Ginsbourger, Le Riche & Carraro (2010), "Kriging is Well-Suited to Parallelize Optimization",
/// for the liar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Study {
    params: SearchParams,
    seed: u64,
    trials: Vec<Trial>,
}

impl Study {
    pub(super) fn new(params: SearchParams, seed: u64) -> Self {
        Self {
            params,
            seed,
            trials: Vec::new(),
        }
    }

    /// The next trial to run; `None` when the budget is spent.
    pub fn ask(&mut self) -> Option<Trial> {
        if self.params.budget.is_spent(&self.trials) {
            return None;
        }
        let id = self.trials.len() as u64;
        let space = &self.params.space;
        let point = self
            .params
            .sampler
            .propose(space, &self.observations(), self.seed, id);
        let trial = Trial {
            id,
            parameters: space.assignment(&point),
            reports: Vec::new(),
            cost: 0.0,
            state: TrialState::Running,
        };
        self.trials.push(trial.clone());
        Some(trial)
    }

    /// Notes a value on the way and says whether the trial is worth going on.
    ///
    /// Steps are in the unit of the scheduler. A value that is not finite stops the trial.
    ///
    /// # Errors
    /// A trial that is unknown or over, or a step not after the last one.
    pub fn report(&mut self, id: u64, step: u64, value: f64) -> Result<Verdict, SearchError> {
        let trial = self.running_mut(id)?;
        match trial.reports.last() {
            Some(last) if step <= last.step => {
                let before = last.step;
                return Err(SearchError::StepBackward { id, step, before });
            }
            _ => {}
        }
        if !value.is_finite() {
            return Ok(Verdict::Stop);
        }
        trial.reports.push(Report { step, value });
        let direction = self.params.direction;
        Ok(self
            .params
            .scheduler
            .judge(&self.trials, id, |value| direction.loss(value)))
    }

    /// Adds to what a trial costs, in the unit of the budget.
    ///
    /// # Errors
    /// A trial that is unknown or over, or a cost that is negative or not finite.
    pub fn charge(&mut self, id: u64, cost: f64) -> Result<(), SearchError> {
        if !(cost >= 0.0 && cost.is_finite()) {
            return Err(SearchError::Setting {
                name: "cost",
                value: cost.to_string(),
                allowed: "a cost is a finite number from 0",
            });
        }
        self.running_mut(id)?.cost += cost;
        Ok(())
    }

    /// Notes how a trial ended.
    ///
    /// # Errors
    /// A trial that is unknown or over already.
    pub fn tell(&mut self, id: u64, outcome: Outcome) -> Result<(), SearchError> {
        self.running_mut(id)?.state = outcome.into();
        Ok(())
    }

    /// The finished trial with the best value, the earliest among equals.
    pub fn best(&self) -> Option<&Trial> {
        let loss = |trial: &Trial| Some(self.params.direction.loss(trial.value()?));
        self.trials
            .iter()
            .filter_map(|trial| Some((trial, loss(trial)?)))
            .min_by(|(_, a), (_, b)| a.total_cmp(b))
            .map(|(trial, _)| trial)
    }

    /// The best value.
    pub fn best_value(&self) -> Option<f64> {
        self.best().and_then(Trial::value)
    }

    /// All trials in the order of asking.
    pub fn trials(&self) -> &[Trial] {
        &self.trials
    }

    /// How the search was set up.
    pub fn params(&self) -> &SearchParams {
        &self.params
    }

    /// Trials asked for and not yet told. After a crash they are the ones to run again.
    pub fn running(&self) -> impl Iterator<Item = &Trial> {
        self.trials
            .iter()
            .filter(|trial| trial.state == TrialState::Running)
    }

    /// Forgets what a running trial reported and cost, to run it again from the start.
    ///
    /// # Errors
    /// A trial that is unknown or over.
    pub fn restart(&mut self, id: u64) -> Result<Trial, SearchError> {
        let trial = self.running_mut(id)?;
        trial.reports.clear();
        trial.cost = 0.0;
        Ok(trial.clone())
    }

    fn running_mut(&mut self, id: u64) -> Result<&mut Trial, SearchError> {
        let trial = usize::try_from(id)
            .ok()
            .and_then(|id| self.trials.get_mut(id))
            .ok_or(SearchError::UnknownTrial(id))?;
        if trial.state == TrialState::Running {
            Ok(trial)
        } else {
            Err(SearchError::TrialEnded(id))
        }
    }

    fn observations(&self) -> Vec<Observation> {
        let direction = self.params.direction;
        self.trials
            .iter()
            .map(|trial| Observation {
                point: self.params.space.point(&trial.parameters),
                standing: match (&trial.state, trial.reports.last()) {
                    (TrialState::Running, _) => Standing::Running,
                    (TrialState::Finished { value }, _) => {
                        Standing::Finished(direction.loss(*value))
                    }
                    (TrialState::Stopped, Some(last)) => Standing::Stopped {
                        step: last.step,
                        loss: direction.loss(last.value),
                    },
                    (TrialState::Stopped, None) | (TrialState::Failed { .. }, _) => {
                        Standing::Failed
                    }
                },
            })
            .collect()
    }
}
