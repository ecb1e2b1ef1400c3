//! Minimizing a smooth function of many variables from its gradient.
//!
//! # Source
//! Nocedal & Wright (2006), "Numerical Optimization", algorithms 7.4, 7.5 (limited-memory BFGS),
//! 3.5 and 3.6 (line search for the strong Wolfe conditions); the acceptance near the optimum is
//! that of Hager & Zhang (2005), "A new conjugate gradient method with guaranteed descent and an
//! efficient line search", section 4.

use std::collections::VecDeque;

use super::Convergence;
use crate::LearnError;

/// Steps that are remembered.
const MEMORY: usize = 10;
/// Share of the promised decrease that a step must bring (Wolfe's first condition).
const DECREASE: f64 = 1e-4;
/// Share of the slope that may be left (Wolfe's second condition).
const SLOPE: f64 = 0.9;
/// Trials of one line search.
const MAX_TRIALS: usize = 40;
/// Values that differ by less than this share are equal up to rounding; slopes decide then.
const ROUNDING: f64 = 1e-12;

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Largest entry of the gradient that counts as zero.
    pub(super) gradient: f64,
    pub(super) max_iterations: usize,
}

/// A point with the function's value and gradient there.
#[derive(Debug, Clone)]
struct At {
    point: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
}

/// A remembered step and the change of the gradient along it.
#[derive(Debug)]
struct Pair {
    step: Vec<f64>,
    change: Vec<f64>,
    /// `1 / (step . change)`.
    rho: f64,
}

/// Minimizes a convex function that `evaluate` tells, writing the gradient into its second
/// argument.
///
/// # Errors
/// Those of `evaluate`.
pub(super) fn minimize(
    start: Vec<f64>,
    limits: Limits,
    mut evaluate: impl FnMut(&[f64], &mut [f64]) -> Result<f64, LearnError>,
) -> Result<(Vec<f64>, Convergence), LearnError> {
    let mut gradient = vec![0.0; start.len()];
    let value = evaluate(&start, &mut gradient)?;
    let mut at = At {
        point: start,
        value,
        gradient,
    };
    let mut memory: VecDeque<Pair> = VecDeque::with_capacity(MEMORY);
    let mut n_iterations = 0;
    while largest(&at.gradient) > limits.gradient && n_iterations < limits.max_iterations {
        n_iterations += 1;
        let direction = direction(&at.gradient, &memory);
        let first = if memory.is_empty() {
            // Nothing is known of the curvature yet: a step of length 1 at most.
            1.0 / dot(&direction, &direction).sqrt().max(1.0)
        } else {
            1.0
        };
        let found = LineSearch {
            from: &at,
            direction: &direction,
        }
        .find(first, &mut evaluate)?;
        let Some(next) = found else {
            if memory.is_empty() {
                break;
            }
            // What is remembered misleads; start over from steepest descent.
            memory.clear();
            continue;
        };
        remember(&mut memory, &at, &next);
        at = next;
    }
    let violation = largest(&at.gradient);
    let convergence = Convergence {
        n_iterations,
        converged: violation <= limits.gradient,
        violation,
    };
    Ok((at.point, convergence))
}

/// The two-loop recursion: minus the approximate inverse Hessian times the gradient.
fn direction(gradient: &[f64], memory: &VecDeque<Pair>) -> Vec<f64> {
    let mut direction: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
    let mut factors = Vec::with_capacity(memory.len());
    for pair in memory.iter().rev() {
        let factor = pair.rho * dot(&pair.step, &direction);
        add(&mut direction, -factor, &pair.change);
        factors.push(factor);
    }
    if let Some(last) = memory.back() {
        let scale = 1.0 / (last.rho * dot(&last.change, &last.change));
        for value in &mut direction {
            *value *= scale;
        }
    }
    for (pair, factor) in memory.iter().zip(factors.into_iter().rev()) {
        let back = pair.rho * dot(&pair.change, &direction);
        add(&mut direction, factor - back, &pair.step);
    }
    direction
}

fn remember(memory: &mut VecDeque<Pair>, from: &At, to: &At) {
    let difference = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect();
    let step: Vec<f64> = difference(&to.point, &from.point);
    let change: Vec<f64> = difference(&to.gradient, &from.gradient);
    let product = dot(&step, &change);
    // Along a step without curvature the approximation would lose its positive definiteness.
    if product <= f64::EPSILON * dot(&change, &change) {
        return;
    }
    if memory.len() == MEMORY {
        memory.pop_front();
    }
    memory.push_back(Pair {
        step,
        change,
        rho: 1.0 / product,
    });
}

/// A search along one direction from one point.
struct LineSearch<'a> {
    from: &'a At,
    direction: &'a [f64],
}

/// A length along the direction, with value and slope there.
#[derive(Clone, Copy)]
struct Trial {
    length: f64,
    value: f64,
    slope: f64,
}

impl LineSearch<'_> {
    /// A point that satisfies the strong Wolfe conditions; none when rounding hides every descent.
    ///
    /// Keeps the best point seen as the lower end, a point too far as the upper one, and narrows.
    fn find(
        &self,
        first: f64,
        evaluate: &mut impl FnMut(&[f64], &mut [f64]) -> Result<f64, LearnError>,
    ) -> Result<Option<At>, LearnError> {
        let start = Trial {
            length: 0.0,
            value: self.from.value,
            slope: dot(&self.from.gradient, self.direction),
        };
        if start.slope >= 0.0 {
            return Ok(None);
        }
        let mut low = start;
        let mut high: Option<Trial> = None;
        let mut length = first;
        for _ in 0..MAX_TRIALS {
            let at = self.at(length, evaluate)?;
            let trial = Trial {
                length,
                value: at.value,
                slope: dot(&at.gradient, self.direction),
            };
            if accepts(start, trial) {
                return Ok(Some(at));
            }
            let too_far = !trial.value.is_finite()
                || trial.value > start.value + DECREASE * length * start.slope
                || trial.value >= low.value && low.length > 0.0
                || trial.slope >= 0.0;
            if too_far {
                high = Some(trial);
            } else {
                low = trial;
            }
            length = match high {
                None => 2.0 * length,
                Some(high) => between(low, high),
            };
        }
        Ok(None)
    }

    fn at(
        &self,
        length: f64,
        evaluate: &mut impl FnMut(&[f64], &mut [f64]) -> Result<f64, LearnError>,
    ) -> Result<At, LearnError> {
        let mut point = self.from.point.clone();
        add(&mut point, length, self.direction);
        let mut gradient = vec![0.0; point.len()];
        let value = evaluate(&point, &mut gradient)?;
        Ok(At {
            point,
            value,
            gradient,
        })
    }
}

/// Wolfe's strong conditions, or, where the values are equal up to rounding, those on slopes alone.
fn accepts(start: Trial, trial: Trial) -> bool {
    let flat = trial.slope.abs() <= SLOPE * start.slope.abs();
    let decreased = trial.value <= start.value + DECREASE * trial.length * start.slope;
    let equal = trial.value <= start.value + ROUNDING * start.value.abs();
    let slope_decreased = trial.slope <= (2.0 * DECREASE - 1.0) * start.slope;
    flat && (decreased || equal && slope_decreased)
}

/// Where the cubic through both ends has its minimum, kept away from the ends.
fn between(low: Trial, high: Trial) -> f64 {
    let width = high.length - low.length;
    let middle = low.length + 0.5 * width;
    if !high.value.is_finite() {
        return low.length + 0.1 * width;
    }
    let d1 = low.slope + high.slope - 3.0 * (low.value - high.value) / -width;
    let root = (d1 * d1 - low.slope * high.slope).sqrt();
    let minimum =
        high.length - width * (high.slope + root - d1) / (high.slope - low.slope + 2.0 * root);
    let (nearest, furthest) = (low.length + 0.1 * width, low.length + 0.9 * width);
    if minimum.is_finite() {
        minimum.clamp(nearest, furthest)
    } else {
        middle
    }
}

fn largest(gradient: &[f64]) -> f64 {
    gradient
        .iter()
        .fold(0.0, |largest, slope| slope.abs().max(largest))
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], factor: f64, values: &[f64]) {
    for (to, value) in to.iter_mut().zip(values) {
        *to += factor * value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        gradient: 1e-10,
        max_iterations: 500,
    };

    #[test]
    fn a_stretched_bowl_is_descended_to_its_bottom() {
        let bottom = [1.0, -2.0, 3.0, 0.5];
        let stretch = [1.0, 10.0, 100.0, 1e4];

        let (found, convergence) = minimize(vec![0.0; 4], LIMITS, |point, gradient| {
            let mut value = 7.0;
            for i in 0..4 {
                gradient[i] = stretch[i] * (point[i] - bottom[i]);
                value += 0.5 * gradient[i] * (point[i] - bottom[i]);
            }
            Ok(value)
        })
        .unwrap();

        assert!(convergence.converged, "{convergence:?}");
        for (f, b) in found.iter().zip(bottom) {
            assert!((f - b).abs() < 1e-9);
        }
    }

    /// Rosenbrock (1960): the valley's bottom is (1, 1).
    #[test]
    fn a_bent_valley_is_followed() {
        let (found, convergence) = minimize(vec![-1.2, 1.0], LIMITS, |point, gradient| {
            let (x, y) = (point[0], point[1]);
            gradient[0] = -400.0 * x * (y - x * x) - 2.0 * (1.0 - x);
            gradient[1] = 200.0 * (y - x * x);
            Ok(100.0 * (y - x * x).powi(2) + (1.0 - x).powi(2))
        })
        .unwrap();

        assert!(convergence.converged, "{convergence:?}");
        assert!(convergence.n_iterations < 100);
        assert!((found[0] - 1.0).abs() < 1e-8 && (found[1] - 1.0).abs() < 1e-8);
    }

    #[test]
    fn too_few_iterations_are_reported() {
        let limits = Limits {
            max_iterations: 1,
            ..LIMITS
        };

        let (_, convergence) = minimize(vec![3.0, 1.0], limits, |point, gradient| {
            gradient[0] = 2.0 * point[0];
            gradient[1] = 60.0 * point[1];
            Ok(point[0] * point[0] + 30.0 * point[1] * point[1])
        })
        .unwrap();

        assert!(!convergence.converged);
        assert!(convergence.violation > 0.0);
    }
}
