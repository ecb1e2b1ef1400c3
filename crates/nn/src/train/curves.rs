//! Learning curves.

use rapport_learn::runs::{RunSink, Told};
use serde::{Deserialize, Serialize};

/// Where a training tells its numbers, step by step.
pub trait Recorder {
    /// A number of this name at this step.
    fn record(&mut self, name: &str, step: usize, value: f64);
}

/// Tells nobody.
impl Recorder for () {
    fn record(&mut self, _name: &str, _step: usize, _value: f64) {}
}

/// Tells a run, whoever listens to it.
pub struct ToRun<'a>(pub &'a dyn RunSink);

impl std::fmt::Debug for ToRun<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ToRun")
    }
}

impl Recorder for ToRun<'_> {
    fn record(&mut self, name: &str, step: usize, value: f64) {
        self.0.tell(Told::Point {
            metric: name,
            step: step as u64,
            value,
        });
    }
}

/// Tells two.
impl<A: Recorder, B: Recorder> Recorder for (A, B) {
    fn record(&mut self, name: &str, step: usize, value: f64) {
        self.0.record(name, step, value);
        self.1.record(name, step, value);
    }
}

/// The curve of each name, in the order of the steps.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Curves(std::collections::BTreeMap<String, Vec<(usize, f64)>>);

impl Curves {
    /// Steps and values of a name.
    pub fn of(&self, name: &str) -> &[(usize, f64)] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl Recorder for Curves {
    fn record(&mut self, name: &str, step: usize, value: f64) {
        self.0
            .entry(name.to_owned())
            .or_default()
            .push((step, value));
    }
}

#[cfg(test)]
mod tests {
    use rapport_learn::runs::RunLog;

    use super::*;

    #[test]
    fn a_run_and_the_curves_are_told_the_same() {
        let log = RunLog::default();
        let mut both = (ToRun(&log), Curves::default());

        for step in 0..3 {
            both.record("loss", step, 1.0 / (step + 1) as f64);
        }

        let told = log.told();
        let told: Vec<(usize, f64)> = told.curves["loss"]
            .iter()
            .map(|&(step, value)| (step as usize, value))
            .collect();
        assert_eq!(told, both.1.of("loss"));
    }
}
