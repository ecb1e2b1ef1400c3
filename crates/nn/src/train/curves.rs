//! Learning curves.

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
