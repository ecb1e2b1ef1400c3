//! The loop around a study: ask, run, tell, on as many threads as the context allows.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Outcome, Study, Trial, Verdict};
use crate::runs::{RunSink, Told};
use crate::{Context, LearnError, map_parts};

/// Why a search came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The budget is spent.
    Budget,
    /// The context's deadline passed. The study is whole: give it more time and it goes on.
    Deadline,
}

/// One trial while it runs: what to try, and whom to tell how it goes.
#[derive(Debug)]
pub struct Evaluation<'a> {
    trial: Trial,
    study: &'a Mutex<&'a mut Study>,
    context: Context<'a>,
}

impl Evaluation<'_> {
    /// The trial as it was asked for.
    pub fn trial(&self) -> &Trial {
        &self.trial
    }

    /// What the trial itself may use: the search's context on one thread, with a seed of its own.
    pub fn context(&self) -> &Context<'_> {
        &self.context
    }

    /// The value of a real parameter that always exists.
    ///
    /// # Panics
    /// When the space has no such parameter, or it is absent in this trial.
    pub fn real(&self, name: &str) -> f64 {
        self.trial
            .parameters
            .real(name)
            .unwrap_or_else(|| panic!("the trial has no real parameter {name}"))
    }

    /// The value of an integer parameter that always exists.
    ///
    /// # Panics
    /// When the space has no such parameter, or it is absent in this trial.
    pub fn integer(&self, name: &str) -> i64 {
        self.trial
            .parameters
            .integer(name)
            .unwrap_or_else(|| panic!("the trial has no integer parameter {name}"))
    }

    /// The choice of a category that always exists.
    ///
    /// # Panics
    /// When the space has no such parameter, or it is absent in this trial.
    pub fn category(&self, name: &str) -> &str {
        self.trial
            .parameters
            .category(name)
            .unwrap_or_else(|| panic!("the trial has no category {name}"))
    }

    /// Tells a value on the way. On [`Verdict::Stop`] return [`Outcome::Stopped`]: the scheduler has
    /// given the trial up.
    ///
    /// # Panics
    /// When the step is not after the last one: a bug of the objective.
    pub fn report(&self, step: u64, value: f64) -> Verdict {
        lock(self.study)
            .report(self.trial.id, step, value)
            .expect("a running trial reports steps that go forward")
    }

    /// Tells a cost, in the unit of the budget.
    ///
    /// # Panics
    /// When the cost is negative or not finite: a bug of the objective.
    pub fn charge(&self, cost: f64) {
        lock(self.study)
            .charge(self.trial.id, cost)
            .expect("a running trial costs a number from 0");
    }
}

impl Study {
    /// Asks, runs and tells until the budget or the deadline ends it.
    ///
    /// Trials still running in the study, left by a process that died, are run first and from their
    /// start. A trial under way at the deadline is brought to its end, or ends itself by
    /// [`Evaluation::context`]; one that fails then stays running, to be run again, as it may have
    /// failed for want of time. With one thread the result depends on the seed only.
    ///
    /// # Errors
    /// [`LearnError::Cancelled`]; every outcome told so far stays in the study, and the trial that was
    /// interrupted stays running, to be run again.
    ///
    /// # Panics
    /// When the objective panics.
    pub fn optimize(
        &mut self,
        context: &Context<'_>,
        objective: impl Fn(&Evaluation<'_>) -> Outcome + Sync,
    ) -> Result<Ended, LearnError> {
        self.optimize_telling(&(), context, objective)
    }

    /// As [`optimize`](Self::optimize), and tells a run of each trial when it begins and when it ends,
    /// and after each end of the whole study, from which it goes on after a crash.
    ///
    /// # Errors
    /// # Panics
    /// Those of [`optimize`](Self::optimize).
    pub fn optimize_telling(
        &mut self,
        run: &dyn RunSink,
        context: &Context<'_>,
        objective: impl Fn(&Evaluation<'_>) -> Outcome + Sync,
    ) -> Result<Ended, LearnError> {
        let left_over: Vec<u64> = self.running().map(|trial| trial.id).collect();
        let left_over = Mutex::new(left_over.into_iter());
        let n_trials = self.params().budget.n_trials;
        let study = Mutex::new(self);
        let workers = map_parts(context.threads, 0..context.threads.get(), |_| {
            loop {
                context.proceed()?;
                let Some(trial) = next(&left_over, &study) else {
                    return Ok(());
                };
                run.tell(Told::Trial(&trial));
                let evaluation = Evaluation {
                    context: of_trial(context, &trial),
                    trial,
                    study: &study,
                };
                let outcome = objective(&evaluation);
                // What an objective answers while it is being cancelled says nothing of the values.
                if context.cancel.is_cancelled() {
                    return Err(LearnError::Cancelled);
                }
                // Nor does a failure once time is up.
                if matches!(outcome, Outcome::Failed(_)) {
                    context.proceed()?;
                }
                let id = evaluation.trial.id;
                let mut study = lock(&study);
                study
                    .tell(id, outcome)
                    .expect("a trial that was asked for is told once");
                run.tell(Told::Trial(&study.trials()[id as usize]));
                run.tell(Told::Study(&study));
                drop(study);
                context.progress.report("trials", id + 1, n_trials);
            }
        });
        match workers.into_iter().find_map(Result::err) {
            None => Ok(Ended::Budget),
            Some(LearnError::DeadlineExceeded) => Ok(Ended::Deadline),
            Some(error) => Err(error),
        }
    }
}

fn next(left_over: &Mutex<impl Iterator<Item = u64>>, study: &Mutex<&mut Study>) -> Option<Trial> {
    let left_over = lock(left_over).next();
    let mut study = lock(study);
    match left_over {
        Some(id) => Some(study.restart(id).expect("a trial left over is running")),
        None => study.ask(),
    }
}

fn of_trial<'a>(context: &Context<'a>, trial: &Trial) -> Context<'a> {
    context
        .with_threads(std::num::NonZeroUsize::MIN)
        .with_seed(context.seed.wrapping_add(trial.id))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
