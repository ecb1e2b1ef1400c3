//! Who stops hopeless trials before their end.

use serde::{Deserialize, Serialize};

use super::{SearchError, Trial, TrialState};

/// Whether a trial is worth going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Continue,
    /// It is not: end it and tell [`Outcome::Stopped`](super::Outcome::Stopped).
    Stop,
}

/// A rule by which trials that report values on the way are stopped.
///
/// All rules are asynchronous: a trial is judged against those that came as far before it, so that
/// no worker waits. The first trials are thereby judged mildly.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheduler {
    /// Nobody is stopped.
    #[default]
    None,
    /// At the steps `step_min`, `step_min * factor`, `step_min * factor²`, ... only the best
    /// `1 / factor` of the trials goes on.
    ///
    /// # Source
    /// Li et al. (2020), "A System for Massively Parallel Hyperparameter Tuning" (its stopping
    /// form), after Jamieson & Talwalkar (2016), "Non-stochastic Best Arm Identification".
    SuccessiveHalving {
        /// The first step at which trials are judged, at least 1.
        step_min: u64,
        /// One in so many goes on, at least 2; 3 is usual.
        factor: u64,
    },
    /// Several successive halvings side by side, from the impatient to one that stops nobody, each
    /// with as many trials as costs about the same; for when it is unknown whether early values
    /// tell anything.
    ///
    /// # Source
    /// Li et al. (2018), "Hyperband", algorithm 1, for brackets and their sizes.
    Hyperband {
        /// The first step at which the most impatient bracket judges, at least 1.
        step_min: u64,
        /// The step at which a trial ends by itself.
        step_max: u64,
        /// One in so many goes on, at least 2; 3 is usual.
        factor: u64,
    },
    /// A trial whose best value so far is worse than the median of what the others had at the same
    /// step is stopped.
    ///
    /// # Source
    /// Golovin et al. (2017), "Google Vizier", section 3.2.2.
    Median {
        /// Ended trials before anybody is judged, at least 1.
        n_warmup_trials: u64,
        /// Steps before a trial is judged.
        n_warmup_steps: u64,
    },
}

impl Scheduler {
    pub(super) fn require_valid(&self) -> Result<(), SearchError> {
        let refuse = |name, value: u64, allowed| {
            Err(SearchError::Setting {
                name,
                value: value.to_string(),
                allowed,
            })
        };
        match *self {
            Self::SuccessiveHalving { step_min: 0, .. } | Self::Hyperband { step_min: 0, .. } => {
                refuse("step_min", 0, "trials are judged from step 1 on")
            }
            Self::SuccessiveHalving { factor, .. } | Self::Hyperband { factor, .. }
                if factor < 2 =>
            {
                refuse("factor", factor, "one in at least 2 goes on; 3 is usual")
            }
            Self::Hyperband {
                step_min, step_max, ..
            } if step_max < step_min => refuse(
                "step_max",
                step_max,
                "the last step is not before the first",
            ),
            Self::Median {
                n_warmup_trials: 0, ..
            } => refuse("n_warmup_trials", 0, "a median takes at least 1 trial"),
            _ => Ok(()),
        }
    }

    /// Judges a trial by its newest report. Losses are better when smaller.
    pub(super) fn judge(&self, trials: &[Trial], id: u64, loss: impl Fn(f64) -> f64) -> Verdict {
        match *self {
            Self::None => Verdict::Continue,
            Self::SuccessiveHalving { step_min, factor } => {
                let rungs = Rungs {
                    step_min,
                    factor,
                    end: u64::MAX,
                };
                rungs.judge(trials.iter(), &trials[id as usize], loss)
            }
            Self::Hyperband {
                step_min,
                step_max,
                factor,
            } => {
                let brackets = Brackets::new(step_min, step_max, factor);
                let bracket = brackets.of_trial(id);
                let rungs = Rungs {
                    step_min: brackets.first_step(bracket),
                    factor,
                    // At the last step a trial is done anyway.
                    end: step_max,
                };
                let rivals = trials
                    .iter()
                    .filter(|trial| brackets.of_trial(trial.id) == bracket);
                rungs.judge(rivals, &trials[id as usize], loss)
            }
            Self::Median {
                n_warmup_trials,
                n_warmup_steps,
            } => judge_by_median(trials, id, n_warmup_trials, n_warmup_steps, loss),
        }
    }
}

/// The steps of one successive halving.
struct Rungs {
    step_min: u64,
    factor: u64,
    /// From this step on nobody is judged.
    end: u64,
}

impl Rungs {
    fn judge<'a>(
        &self,
        rivals: impl Iterator<Item = &'a Trial>,
        trial: &Trial,
        loss: impl Fn(f64) -> f64,
    ) -> Verdict {
        let Some(rung) = self.rung_just_reached(trial) else {
            return Verdict::Continue;
        };
        let at_rung = |trial: &Trial| {
            let report = trial.reports.iter().find(|report| report.step >= rung)?;
            Some(loss(report.value))
        };
        let own = at_rung(trial).expect("the trial has just reached the rung");
        let losses: Vec<f64> = rivals.filter_map(at_rung).collect();
        let n_better = losses.iter().filter(|&&other| other < own).count();
        // Until `factor` trials are there, only the best so far goes on.
        let n_kept = (losses.len() / self.factor as usize).max(1);
        if n_better < n_kept {
            Verdict::Continue
        } else {
            Verdict::Stop
        }
    }

    /// The highest rung that the newest report reached and the one before it had not.
    fn rung_just_reached(&self, trial: &Trial) -> Option<u64> {
        let (newest, earlier) = trial.reports.split_last()?;
        let before = earlier.last().map_or(0, |report| report.step);
        let mut reached = None;
        let mut rung = self.step_min;
        while rung <= newest.step && rung < self.end {
            if rung > before {
                reached = Some(rung);
            }
            rung = rung.saturating_mul(self.factor);
        }
        reached
    }
}

/// Hyperband's brackets, the most impatient first.
struct Brackets {
    step_max: u64,
    factor: u64,
    /// Trials per round.
    sizes: Vec<u64>,
}

impl Brackets {
    fn new(step_min: u64, step_max: u64, factor: u64) -> Self {
        let mut s_max = 0_u32;
        while factor
            .checked_pow(s_max + 1)
            .and_then(|power| power.checked_mul(step_min))
            .is_some_and(|step| step <= step_max)
        {
            s_max += 1;
        }
        let n_brackets = u64::from(s_max) + 1;
        let sizes = (0..=s_max)
            .rev()
            .map(|s| (n_brackets * factor.pow(s)).div_ceil(u64::from(s) + 1))
            .collect();
        Self {
            step_max,
            factor,
            sizes,
        }
    }

    /// Trials are dealt to brackets in turn, by their number alone.
    fn of_trial(&self, id: u64) -> usize {
        let mut place = id % self.sizes.iter().sum::<u64>();
        for (bracket, &size) in self.sizes.iter().enumerate() {
            if place < size {
                return bracket;
            }
            place -= size;
        }
        unreachable!("a place within a round lies in one of its brackets")
    }

    /// The first rung of a bracket.
    fn first_step(&self, bracket: usize) -> u64 {
        let s = (self.sizes.len() - 1 - bracket) as u32;
        (self.step_max / self.factor.pow(s)).max(1)
    }
}

fn judge_by_median(
    trials: &[Trial],
    id: u64,
    n_warmup_trials: u64,
    n_warmup_steps: u64,
    loss: impl Fn(f64) -> f64,
) -> Verdict {
    let reports = &trials[id as usize].reports;
    let Some(newest) = reports.last().filter(|newest| newest.step > n_warmup_steps) else {
        return Verdict::Continue;
    };
    let losses_until = |trial: &Trial, step: u64| -> Vec<f64> {
        let until = trial.reports.iter().filter(|report| report.step <= step);
        until.map(|report| loss(report.value)).collect()
    };
    // Vizier compares with the running mean of the others, which one lucky step cannot spoil.
    let mut others: Vec<f64> = trials
        .iter()
        .filter(|trial| {
            matches!(
                trial.state,
                TrialState::Finished { .. } | TrialState::Stopped
            )
        })
        .filter(|trial| {
            trial
                .reports
                .last()
                .is_some_and(|last| last.step >= newest.step)
        })
        .map(|trial| crate::stats::mean(&losses_until(trial, newest.step)))
        .collect();
    if (others.len() as u64) < n_warmup_trials {
        return Verdict::Continue;
    }
    let median = crate::stats::median(&mut others).expect("there are others");
    let best = losses_until(&trials[id as usize], newest.step)
        .into_iter()
        .fold(f64::INFINITY, f64::min);
    if best > median {
        Verdict::Stop
    } else {
        Verdict::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{Assignment, Report};

    fn trial(id: u64, reports: &[(u64, f64)], state: TrialState) -> Trial {
        Trial {
            id,
            parameters: Assignment::default(),
            reports: reports
                .iter()
                .map(|&(step, value)| Report { step, value })
                .collect(),
            cost: 0.0,
            state,
        }
    }

    fn running(reports: &[&[(u64, f64)]]) -> Vec<Trial> {
        (0..)
            .zip(reports)
            .map(|(id, reports)| trial(id, reports, TrialState::Running))
            .collect()
    }

    fn judge_last(scheduler: Scheduler, trials: &[Trial]) -> Verdict {
        scheduler.judge(trials, trials.len() as u64 - 1, |value| value)
    }

    const HALVING: Scheduler = Scheduler::SuccessiveHalving {
        step_min: 2,
        factor: 3,
    };

    #[test]
    fn only_the_best_third_passes_a_rung() {
        let others: [&[(u64, f64)]; 5] = [
            &[(2, 0.1)],
            &[(2, 0.5)],
            &[(2, 0.6)],
            &[(2, 0.7)],
            &[(2, 0.8)],
        ];
        let verdict = |value| {
            let last: &[(u64, f64)] = &[(2, value)];
            judge_last(HALVING, &running(&[&others[..], &[last]].concat()))
        };

        assert_eq!(verdict(0.05), Verdict::Continue);
        assert_eq!(verdict(0.4), Verdict::Continue);
        assert_eq!(verdict(0.55), Verdict::Stop);
    }

    #[test]
    fn between_rungs_nobody_is_judged() {
        let trials = running(&[&[(2, 0.1), (5, 0.1)], &[(2, 0.05), (3, 9.0)]]);

        assert_eq!(judge_last(HALVING, &trials), Verdict::Continue);
    }

    #[test]
    fn a_report_that_jumps_over_rungs_is_judged_at_the_highest() {
        let trials = running(&[&[(2, 0.1), (6, 0.1), (18, 0.1)], &[(20, 0.2)]]);

        assert_eq!(judge_last(HALVING, &trials), Verdict::Stop);
    }

    /// Source: Li et al. (2018), algorithm 1, worked by hand for R = 81 and a factor of 3: brackets
    /// of ceil(5 * 3^s / (s + 1)) trials that start at step 81 / 3^s.
    #[test]
    fn brackets_are_those_of_the_paper() {
        let brackets = Brackets::new(1, 81, 3);

        assert_eq!(brackets.sizes, [81, 34, 15, 8, 5]);
        let firsts: Vec<u64> = (0..5).map(|bracket| brackets.first_step(bracket)).collect();
        assert_eq!(firsts, [1, 3, 9, 27, 81]);
        assert_eq!(
            [0, 80, 81, 138, 142, 143].map(|id| brackets.of_trial(id)),
            [0, 0, 1, 4, 4, 0]
        );
    }

    #[test]
    fn rivals_are_those_of_the_same_bracket() {
        let scheduler = Scheduler::Hyperband {
            step_min: 1,
            step_max: 3,
            factor: 3,
        };
        // Sizes are 3 and 2: trials 0 to 2 are judged at step 1, trials 3 and 4 never.
        let trials = running(&[
            &[(1, 0.1)],
            &[(1, 0.5)],
            &[(1, 0.5)],
            &[(1, 9.0)],
            &[(1, 9.0)],
        ]);

        assert_eq!(scheduler.judge(&trials, 1, |v| v), Verdict::Stop);
        assert_eq!(scheduler.judge(&trials, 4, |v| v), Verdict::Continue);
    }

    #[test]
    fn nobody_is_judged_at_the_last_step() {
        let scheduler = Scheduler::Hyperband {
            step_min: 1,
            step_max: 27,
            factor: 3,
        };
        let reports = |at_9: f64, at_27: f64| [(1, 0.1), (3, 0.1), (9, at_9), (27, at_27)];
        let (good, bad) = (reports(0.1, 0.1), reports(0.1, 9.0));

        assert_eq!(
            judge_last(scheduler, &running(&[&good, &bad])),
            Verdict::Continue
        );
        let worse = &reports(9.0, 9.0)[..3];
        assert_eq!(
            judge_last(scheduler, &running(&[&good, worse])),
            Verdict::Stop
        );
    }

    #[test]
    fn worse_than_the_median_is_stopped_after_the_warmup() {
        let finished = |id, value| {
            trial(
                id,
                &[(1, value), (2, value)],
                TrialState::Finished { value },
            )
        };
        let scheduler = Scheduler::Median {
            n_warmup_trials: 3,
            n_warmup_steps: 1,
        };
        let verdict = |n_others: usize, reports: &[(u64, f64)]| {
            let mut trials = vec![finished(0, 1.0), finished(1, 2.0), finished(2, 3.0)];
            trials.truncate(n_others);
            trials.push(trial(n_others as u64, reports, TrialState::Running));
            judge_last(scheduler, &trials)
        };

        assert_eq!(verdict(3, &[(1, 5.0), (2, 2.5)]), Verdict::Stop);
        assert_eq!(verdict(3, &[(1, 5.0), (2, 1.5)]), Verdict::Continue);
        assert_eq!(verdict(3, &[(1, 5.0)]), Verdict::Continue);
        assert_eq!(verdict(2, &[(1, 5.0), (2, 2.5)]), Verdict::Continue);
    }

    #[test]
    fn rules_out_of_range_are_refused() {
        for scheduler in [
            Scheduler::SuccessiveHalving {
                step_min: 0,
                factor: 3,
            },
            Scheduler::SuccessiveHalving {
                step_min: 1,
                factor: 1,
            },
            Scheduler::Hyperband {
                step_min: 9,
                step_max: 3,
                factor: 3,
            },
            Scheduler::Median {
                n_warmup_trials: 0,
                n_warmup_steps: 0,
            },
        ] {
            assert!(scheduler.require_valid().is_err(), "{scheduler:?}");
        }
        assert_eq!(HALVING.require_valid(), Ok(()));
    }
}
