//! Climbing a smooth function within bounds, by the signs of its slopes.

/// Factors by which a step grows while its slope keeps its sign, and shrinks when it turns.
const GROWTH: f64 = 1.5;
const SHRINKAGE: f64 = 0.5;

/// Resilient propagation: each coordinate has a step of its own, which only the sign of the slope
/// moves. It needs no line search and does not mind badly scaled coordinates.
///
/// # Source
/// Igel & Hüsken (2000), "Improving the Rprop Learning Algorithm" (iRprop-); Blum & Riedmiller
/// (2013), "Optimization of Gaussian Process Hyperparameters using Rprop".
#[derive(Debug)]
pub(super) struct Ascent {
    pub(super) n_steps: usize,
    pub(super) first_step: f64,
    pub(super) longest_step: f64,
    /// One pair per coordinate.
    pub(super) bounds: Vec<(f64, f64)>,
}

impl Ascent {
    /// The highest value seen and where; the start's if nothing was higher. A value that is not
    /// finite ends the climb.
    pub(super) fn maximize(
        &self,
        start: Vec<f64>,
        mut function: impl FnMut(&[f64]) -> (f64, Vec<f64>),
    ) -> (f64, Vec<f64>) {
        let mut at = start;
        let mut best = (f64::NEG_INFINITY, at.clone());
        let mut steps = vec![self.first_step; at.len()];
        let mut slopes_before = vec![0.0; at.len()];
        for _ in 0..=self.n_steps {
            let (value, mut slopes) = function(&at);
            if !value.is_finite() || slopes.iter().any(|slope| !slope.is_finite()) {
                break;
            }
            if value > best.0 {
                best = (value, at.clone());
            }
            for (idx, slope) in slopes.iter_mut().enumerate() {
                let turn = *slope * slopes_before[idx];
                if turn > 0.0 {
                    steps[idx] = (steps[idx] * GROWTH).min(self.longest_step);
                } else if turn < 0.0 {
                    steps[idx] *= SHRINKAGE;
                    // The next step must not shrink again for the same turn.
                    *slope = 0.0;
                }
                if *slope != 0.0 {
                    let (low, high) = self.bounds[idx];
                    at[idx] = (at[idx] + slope.signum() * steps[idx]).clamp(low, high);
                }
            }
            slopes_before = slopes;
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ascent(bounds: (f64, f64)) -> Ascent {
        Ascent {
            n_steps: 100,
            first_step: 0.1,
            longest_step: 1.0,
            bounds: vec![bounds; 2],
        }
    }

    /// A hill at (1, -2) that is a thousand times steeper in one direction.
    fn hill(at: &[f64]) -> (f64, Vec<f64>) {
        let (x, y) = (at[0] - 1.0, at[1] + 2.0);
        (-x * x - 1000.0 * y * y, vec![-2.0 * x, -2000.0 * y])
    }

    #[test]
    fn the_top_is_found_however_the_slopes_are_scaled() {
        let (value, at) = ascent((-5.0, 5.0)).maximize(vec![4.0, 4.0], hill);

        assert!(value > -1e-6, "{value}");
        assert!((at[0] - 1.0).abs() < 1e-2 && (at[1] + 2.0).abs() < 1e-3);
    }

    #[test]
    fn bounds_hold() {
        let (_, at) = ascent((-1.0, 0.5)).maximize(vec![0.0, 0.0], hill);

        assert_eq!(at, [0.5, -1.0]);
    }

    #[test]
    fn a_function_without_values_leaves_the_start() {
        let (value, at) = ascent((0.0, 1.0)).maximize(vec![0.3, 0.3], |_| (f64::NAN, vec![0.0; 2]));

        assert_eq!((value, at), (f64::NEG_INFINITY, vec![0.3, 0.3]));
    }
}
