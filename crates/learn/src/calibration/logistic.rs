//! Logistic regression of a handful of columns by Newton's method, to full precision.

use super::sigmoid;

/// More than any smooth problem of this size takes; Lin, Lin & Weng stop here too.
const N_STEPS_MAX: usize = 100;
/// Halving stops here; what is left of the step no longer changes anything.
const STEP_MIN: f64 = 1e-10;
/// Mean gradient at which the weights have settled.
const GRADIENT_TOLERANCE: f64 = 1e-11;
/// Kept on the diagonal, so that columns that say the same do not break the solution.
const DIAGONAL_FLOOR: f64 = 1e-12;

/// What to learn from: `targets` may be any shares in `[0, 1]`, not only 0 and 1.
pub(super) struct Problem<'a, const P: usize> {
    /// `(n_samples, P)`, a column of ones included where an intercept is wanted.
    pub(super) rows: &'a [[f64; P]],
    /// `(n_samples,)`.
    pub(super) targets: &'a [f64],
    /// Penalty on half the sum of squared weights.
    pub(super) ridge: f64,
}

impl<const P: usize> Problem<'_, P> {
    /// The weights of least cross-entropy between targets and `sigmoid(row . weights)`.
    ///
    /// # Source
    /// Lin, Lin & Weng (2007), "A note on Platt's probabilistic outputs for support vector
    /// machines", algorithm 1, for any number of columns.
    pub(super) fn solve(&self, start: [f64; P]) -> [f64; P] {
        let mut weights = start;
        let mut loss = self.loss(&weights);
        for _ in 0..N_STEPS_MAX {
            let (gradient, curvature) = self.derivatives(&weights);
            let steepest = gradient.iter().fold(0.0, |most: f64, g| most.max(g.abs()));
            if steepest <= GRADIENT_TOLERANCE * self.rows.len() as f64 {
                break;
            }
            let direction = solve_symmetric(curvature, gradient.map(|g| -g));
            let Some((next, next_loss)) = self.walk(&weights, loss, &gradient, &direction) else {
                break;
            };
            (weights, loss) = (next, next_loss);
        }
        weights
    }

    /// Halves the step until the loss falls as much as the gradient promises.
    fn walk(
        &self,
        weights: &[f64; P],
        loss: f64,
        gradient: &[f64; P],
        direction: &[f64; P],
    ) -> Option<([f64; P], f64)> {
        let slope = dot(gradient, direction);
        // Near the end the fall is smaller than the rounding of the sum itself.
        let rounding = 1e-14 * loss;
        let mut step = 1.0;
        while step >= STEP_MIN {
            let next = std::array::from_fn(|idx| weights[idx] + step * direction[idx]);
            let next_loss = self.loss(&next);
            if next_loss <= loss + 1e-4 * step * slope + rounding {
                return Some((next, next_loss));
            }
            step /= 2.0;
        }
        None
    }

    fn loss(&self, weights: &[f64; P]) -> f64 {
        let fit: f64 = self
            .rows
            .iter()
            .zip(self.targets)
            .map(|(row, target)| {
                let z = dot(row, weights);
                // ln(1 + exp(z)) - target * z, without overflow.
                z.max(0.0) + (-z.abs()).exp().ln_1p() - target * z
            })
            .sum();
        fit + self.ridge / 2.0 * dot(weights, weights)
    }

    fn derivatives(&self, weights: &[f64; P]) -> ([f64; P], [[f64; P]; P]) {
        let mut gradient = weights.map(|weight| self.ridge * weight);
        let mut curvature = [[0.0; P]; P];
        for (idx, row) in curvature.iter_mut().enumerate() {
            row[idx] = self.ridge + DIAGONAL_FLOOR;
        }
        for (row, target) in self.rows.iter().zip(self.targets) {
            let probability = sigmoid(dot(row, weights));
            let weight = probability * (1.0 - probability);
            for i in 0..P {
                gradient[i] += (probability - target) * row[i];
                for j in 0..P {
                    curvature[i][j] += weight * row[i] * row[j];
                }
            }
        }
        (gradient, curvature)
    }
}

/// Solves `matrix x = right` for a positive definite matrix by Cholesky's decomposition.
fn solve_symmetric<const P: usize>(mut matrix: [[f64; P]; P], mut right: [f64; P]) -> [f64; P] {
    for column in 0..P {
        let before: f64 = matrix[column][..column].iter().map(|l| l * l).sum();
        // Rounding can push the last pivot of nearly equal columns below zero.
        let pivot = (matrix[column][column] - before).max(DIAGONAL_FLOOR).sqrt();
        matrix[column][column] = pivot;
        for row in column + 1..P {
            let known: f64 = (0..column)
                .map(|idx| matrix[row][idx] * matrix[column][idx])
                .sum();
            matrix[row][column] = (matrix[row][column] - known) / pivot;
        }
    }
    for row in 0..P {
        let known: f64 = (0..row).map(|idx| matrix[row][idx] * right[idx]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    for row in (0..P).rev() {
        let known: f64 = (row + 1..P).map(|idx| matrix[idx][row] * right[idx]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}

fn dot<const P: usize>(left: &[f64; P], right: &[f64; P]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand: the lower triangle is (2, 0, 0), (1, 3, 0), (-2, 1, 2).
    #[test]
    fn a_positive_definite_system_is_solved() {
        let matrix = [[4.0, 2.0, -4.0], [2.0, 10.0, 1.0], [-4.0, 1.0, 9.0]];

        let x = solve_symmetric(matrix, [2.0, 13.0, 6.0]);

        for (found, expected) in x.into_iter().zip([1.0, 1.0, 1.0]) {
            assert!((found - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn the_gradient_is_zero_where_it_stops() {
        let rows: Vec<[f64; 2]> = (0..50).map(|row| [f64::from(row % 10), 1.0]).collect();
        let targets: Vec<f64> = (0..50)
            .map(|row| f64::from(u8::from((row * row) % 10 < row % 10)))
            .collect();
        let problem = Problem {
            rows: &rows,
            targets: &targets,
            ridge: 0.0,
        };

        let weights = problem.solve([0.0; 2]);

        let (gradient, _) = problem.derivatives(&weights);
        assert!(gradient.iter().all(|g| g.abs() < 1e-8), "{gradient:?}");
    }

    #[test]
    fn the_gradient_agrees_with_finite_differences() {
        let rows = [[0.5, 1.0], [-2.0, 1.0], [3.0, 1.0]];
        let problem = Problem {
            rows: &rows,
            targets: &[0.2, 0.0, 1.0],
            ridge: 0.3,
        };
        let at = [0.4, -0.7];

        let (gradient, _) = problem.derivatives(&at);

        for idx in 0..2 {
            let moved = |by: f64| {
                let mut weights = at;
                weights[idx] += by;
                problem.loss(&weights)
            };
            let slope = (moved(1e-6) - moved(-1e-6)) / 2e-6;
            assert!((gradient[idx] - slope).abs() < 1e-8);
        }
    }
}
