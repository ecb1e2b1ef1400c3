//! The learning rate over the steps of a training.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

/// What the learning rate is multiplied with at each step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// Always the same.
    #[default]
    Constant,
    /// Up in a straight line, then down in a straight line to zero.
    Linear {
        /// Share of all steps that go up.
        warm_up: f64,
    },
    /// Up in a straight line, then down along half a cosine.
    ///
    /// Source: Loshchilov & Hutter (2017), "SGDR", without restarts.
    Cosine {
        /// Share of all steps that go up.
        warm_up: f64,
        /// Where the cosine ends, as a share of the top.
        end: f64,
    },
}

impl Schedule {
    /// The factor at a step, from 0, of `n_steps`; in `[0, 1]`.
    pub fn factor(self, step: usize, n_steps: usize) -> f64 {
        let (warm_up, down): (f64, fn(f64, f64) -> f64) = match self {
            Self::Constant => return 1.0,
            Self::Linear { warm_up } => (warm_up, |rest, _| rest),
            Self::Cosine { warm_up, .. } => (warm_up, |rest, end| {
                end + (1.0 - end) * 0.5 * (1.0 - (PI * rest).cos())
            }),
        };
        let end = if let Self::Cosine { end, .. } = self {
            end
        } else {
            0.0
        };
        let n_up = (warm_up * n_steps as f64).round();
        let step = step as f64;
        if step < n_up {
            return (step + 1.0) / n_up;
        }
        let n_down = (n_steps as f64 - n_up).max(1.0);
        down((1.0 - (step - n_up) / n_down).clamp(0.0, 1.0), end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factors(schedule: Schedule) -> Vec<f64> {
        (0..10)
            .map(|step| (schedule.factor(step, 10) * 1e3).round() / 1e3)
            .collect()
    }

    #[test]
    fn a_line_goes_up_and_down() {
        assert_eq!(
            factors(Schedule::Linear { warm_up: 0.2 }),
            [0.5, 1.0, 1.0, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125]
        );
    }

    #[test]
    fn a_cosine_starts_at_the_top_and_nears_its_end() {
        let factors = factors(Schedule::Cosine {
            warm_up: 0.0,
            end: 0.1,
        });
        assert_eq!(factors[0], 1.0);
        assert_eq!(factors[5], 0.55, "half way down");
        assert!(factors.windows(2).all(|pair| pair[1] < pair[0]));
        assert!(factors[9] > 0.1 && factors[9] < 0.13, "{}", factors[9]);
    }

    #[test]
    fn a_constant_is_constant_even_beyond_the_end() {
        assert_eq!(Schedule::Constant.factor(1000, 10), 1.0);
        assert_eq!(Schedule::Linear { warm_up: 0.0 }.factor(1000, 10), 0.0);
    }
}
