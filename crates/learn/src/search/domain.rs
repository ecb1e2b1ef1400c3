//! What values one parameter takes, and where they lie on the unit interval.

use serde::{Deserialize, Serialize};

/// The widest range of integers: wider ones could not be told apart on the unit interval.
const N_INTEGERS_MAX: u64 = 1 << 50;

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Of a real or log-real parameter.
    Real(f64),
    /// Of an integer or log-integer parameter.
    Integer(i64),
    /// Of a category.
    Category(String),
}

/// The values that a parameter takes. Ranges include both ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Domain {
    /// Any number of a range, evenly.
    Real {
        /// The least.
        low: f64,
        /// The most.
        high: f64,
    },
    /// Any number of a range above 0, evenly in the logarithm: learning rates, penalties.
    LogReal {
        /// The least.
        low: f64,
        /// The most.
        high: f64,
    },
    /// Any whole number of a range, evenly.
    Integer {
        /// The least.
        low: i64,
        /// The most.
        high: i64,
    },
    /// Any whole number of a range from 1 up, evenly in the logarithm: numbers of trees.
    LogInteger {
        /// The least.
        low: i64,
        /// The most.
        high: i64,
    },
    /// One of several names without an order.
    Category {
        /// The names.
        choices: Vec<String>,
    },
}

impl Domain {
    /// What is wrong with the range, if anything.
    pub(super) fn complaint(&self) -> Option<&'static str> {
        match self {
            Self::Real { low, high } => {
                let is_fine = low < high && (high - low).is_finite();
                (!is_fine).then_some("give a finite low below a finite high")
            }
            Self::LogReal { low, high } => {
                let is_fine = 0.0 < *low && low < high && high.is_finite();
                (!is_fine).then_some("give a low above 0 and below a finite high")
            }
            Self::Integer { low, high } => {
                let is_fine = low <= high && high.abs_diff(*low) < N_INTEGERS_MAX;
                (!is_fine).then_some("give a low of at most high, less than 2^50 apart")
            }
            Self::LogInteger { low, high } => {
                let is_fine = 1 <= *low && low <= high && high.abs_diff(*low) < N_INTEGERS_MAX;
                (!is_fine).then_some("give a low from 1 and of at most high, less than 2^50 apart")
            }
            Self::Category { choices } => {
                let is_repeated = |(idx, name)| choices[..idx].contains(name);
                let is_fine = !choices.is_empty() && !choices.iter().enumerate().any(is_repeated);
                (!is_fine).then_some("name at least one choice and none twice")
            }
        }
    }

    /// Number of choices of a category; `None` for numbers.
    pub(super) fn n_choices(&self) -> Option<usize> {
        match self {
            Self::Category { choices } => Some(choices.len()),
            _ => None,
        }
    }

    /// The value at a place of the unit interval.
    pub(super) fn value_at(&self, unit: f64) -> Value {
        match self {
            Self::Real { low, high } => Value::Real((low + unit * (high - low)).clamp(*low, *high)),
            Self::LogReal { low, high } => {
                let ln = low.ln() + unit * (high.ln() - low.ln());
                Value::Real(ln.exp().clamp(*low, *high))
            }
            Self::Integer { low, high } => {
                let n = (high - low + 1) as f64;
                Value::Integer((low + (unit * n).floor() as i64).clamp(*low, *high))
            }
            Self::LogInteger { low, high } => {
                let (from, to) = log_ends(*low, *high);
                let nearest = (from + unit * (to - from)).exp().round() as i64;
                Value::Integer(nearest.clamp(*low, *high))
            }
            Self::Category { choices } => {
                Value::Category(choices[choice_at(unit, choices.len())].clone())
            }
        }
    }

    /// Where a value lies on the unit interval: the middle of its cell if it has one. `None` for a
    /// value of another kind.
    pub(super) fn unit_of(&self, value: &Value) -> Option<f64> {
        match (self, value) {
            (Self::Real { low, high }, Value::Real(value)) => Some((value - low) / (high - low)),
            (Self::LogReal { low, high }, Value::Real(value)) => {
                Some((value.ln() - low.ln()) / (high.ln() - low.ln()))
            }
            (Self::Integer { low, high }, Value::Integer(value)) => {
                Some(((value - low) as f64 + 0.5) / (high - low + 1) as f64)
            }
            (Self::LogInteger { low, high }, Value::Integer(value)) => {
                let (from, to) = log_ends(*low, *high);
                Some(((*value as f64).ln() - from) / (to - from))
            }
            (Self::Category { choices }, Value::Category(value)) => {
                let idx = choices.iter().position(|choice| choice == value)?;
                Some((idx as f64 + 0.5) / choices.len() as f64)
            }
            _ => None,
        }
    }

    /// The part of the unit interval that stands for the same whole number; `None` for real numbers,
    /// where each place is its own value, and for categories.
    pub(super) fn cell_of(&self, unit: f64) -> Option<(f64, f64)> {
        let Value::Integer(value) = self.value_at(unit) else {
            return None;
        };
        match self {
            Self::Integer { low, high } => {
                let n = (high - low + 1) as f64;
                let idx = (value - low) as f64;
                Some((idx / n, (idx + 1.0) / n))
            }
            Self::LogInteger { low, high } => {
                let (from, to) = log_ends(*low, *high);
                let edge = |value: f64| (value.ln() - from) / (to - from);
                Some((edge(value as f64 - 0.5), edge(value as f64 + 0.5)))
            }
            _ => None,
        }
    }
}

/// Which of `n` choices lies at a place of the unit interval.
pub(super) fn choice_at(unit: f64, n: usize) -> usize {
    ((unit * n as f64) as usize).min(n - 1)
}

/// Half a number is added at either end, so that the end numbers have whole cells.
fn log_ends(low: i64, high: i64) -> (f64, f64) {
    ((low as f64 - 0.5).ln(), (high as f64 + 0.5).ln())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domains() -> [Domain; 5] {
        [
            Domain::Real {
                low: -2.0,
                high: 3.0,
            },
            Domain::LogReal {
                low: 1e-5,
                high: 10.0,
            },
            Domain::Integer { low: -3, high: 12 },
            Domain::LogInteger { low: 1, high: 1000 },
            Domain::Category {
                choices: vec!["a".into(), "b".into(), "c".into()],
            },
        ]
    }

    #[test]
    fn a_value_is_found_where_it_lies() {
        for domain in domains() {
            for step in 0..=1000 {
                let value = domain.value_at(f64::from(step) / 1000.0);
                let unit = domain.unit_of(&value).unwrap();

                assert!((-1e-12..=1.0 + 1e-12).contains(&unit));
                match (&value, domain.value_at(unit)) {
                    (Value::Real(a), Value::Real(b)) => assert!((a - b).abs() < 1e-9),
                    (a, b) => assert_eq!(*a, b),
                }
            }
        }
    }

    #[test]
    fn both_ends_are_within_reach() {
        let [_, _, integer, log_integer, category] = domains();

        assert_eq!(integer.value_at(0.0), Value::Integer(-3));
        assert_eq!(integer.value_at(1.0), Value::Integer(12));
        assert_eq!(log_integer.value_at(0.0), Value::Integer(1));
        assert_eq!(log_integer.value_at(1.0), Value::Integer(1000));
        assert_eq!(category.value_at(1.0), Value::Category("c".into()));
    }

    #[test]
    fn cells_of_whole_numbers_cover_the_unit_interval() {
        for domain in [
            Domain::Integer { low: 0, high: 9 },
            Domain::LogInteger { low: 2, high: 30 },
        ] {
            let mut at = 0.0;
            while at < 1.0 - 1e-9 {
                let (low, high) = domain.cell_of(at + 1e-9).unwrap();
                assert!((low - at).abs() < 1e-12);
                at = high;
            }
            assert!((at - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_value_of_another_kind_lies_nowhere() {
        let [real, _, integer, _, category] = domains();

        assert_eq!(real.unit_of(&Value::Integer(1)), None);
        assert_eq!(integer.unit_of(&Value::Real(1.0)), None);
        assert_eq!(category.unit_of(&Value::Category("d".into())), None);
    }

    #[test]
    fn ranges_without_values_are_refused() {
        for domain in [
            Domain::Real {
                low: 1.0,
                high: 1.0,
            },
            Domain::Real {
                low: f64::NAN,
                high: 1.0,
            },
            Domain::LogReal {
                low: 0.0,
                high: 1.0,
            },
            Domain::Integer { low: 2, high: 1 },
            Domain::Integer {
                low: i64::MIN,
                high: i64::MAX,
            },
            Domain::LogInteger { low: 0, high: 1 },
            Domain::Category { choices: vec![] },
            Domain::Category {
                choices: vec!["a".into(), "a".into()],
            },
        ] {
            assert!(domain.complaint().is_some(), "{domain:?}");
        }
        assert!(domains().iter().all(|domain| domain.complaint().is_none()));
    }
}
