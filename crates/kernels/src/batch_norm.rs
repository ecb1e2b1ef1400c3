//! Normalization of columns over the rows of a batch.
//!
//! Source: Ioffe & Szegedy (2015), "Batch Normalization".

use crate::norm::Gradients;
use crate::vectorize::vectorized;

/// Normalized rows and what the way back needs.
#[derive(Debug, Clone)]
pub struct Normed {
    /// `(n_rows, n_columns)`
    pub y: Vec<f32>,
    /// Means of the columns, then what each was multiplied with: `(2, n_columns)`.
    pub moments: Vec<f32>,
}

/// `(x - mean) / sqrt(variance + epsilon) * gain + bias` for each column.
///
/// - `x`: `(n_rows, n_columns)`; `gain` and `bias`: `(n_columns,)`
/// - the variance is over `n_rows`, not `n_rows - 1`.
///
/// # Panics
/// When the lengths do not agree.
pub fn forward(x: &[f32], gain: &[f32], bias: &[f32], epsilon: f32) -> Normed {
    require_rows(x, gain, bias);
    let mut y = vec![0.0; x.len()];
    let mut moments = vec![0.0; 2 * gain.len()];
    normalize(x, gain, bias, epsilon, &mut y, &mut moments);
    Normed { y, moments }
}

/// The gradients, of the gradient `dy` by the normalized rows.
///
/// # Panics
/// When the lengths do not agree.
pub fn backward(x: &[f32], gain: &[f32], moments: &[f32], dy: &[f32]) -> Gradients {
    require_rows(x, gain, gain);
    assert_eq!(moments.len(), 2 * gain.len(), "two moments per column");
    assert_eq!(dy.len(), x.len(), "one gradient per number");
    let mut gradients = Gradients {
        x: vec![0.0; x.len()],
        gain: vec![0.0; gain.len()],
        bias: vec![0.0; gain.len()],
    };
    let Gradients {
        x: dx,
        gain: dgain,
        bias: dbias,
    } = &mut gradients;
    differentiate(x, gain, moments, dy, dx, dgain, dbias);
    gradients
}

vectorized! {
    fn normalize(
        x: &[f32], gain: &[f32], bias: &[f32], epsilon: f32, y: &mut [f32], moments: &mut [f32],
    ) {
        let n = gain.len();
        let n_rows = (x.len() / n) as f32;
        let (means, scales) = moments.split_at_mut(n);
        for x in x.chunks_exact(n) {
            for k in 0..n {
                means[k] += x[k];
            }
        }
        for mean in means.iter_mut() {
            *mean /= n_rows;
        }
        for x in x.chunks_exact(n) {
            for k in 0..n {
                let d = x[k] - means[k];
                scales[k] = d.mul_add(d, scales[k]);
            }
        }
        for scale in scales.iter_mut() {
            *scale = 1.0 / (*scale / n_rows + epsilon).sqrt();
        }
        for (x, y) in x.chunks_exact(n).zip(y.chunks_exact_mut(n)) {
            for k in 0..n {
                y[k] = ((x[k] - means[k]) * scales[k]).mul_add(gain[k], bias[k]);
            }
        }
    }

    fn differentiate(
        x: &[f32], gain: &[f32], moments: &[f32], dy: &[f32], dx: &mut [f32], dgain: &mut [f32],
        dbias: &mut [f32],
    ) {
        let n = gain.len();
        let n_rows = (x.len() / n) as f32;
        let (means, scales) = moments.split_at(n);
        for (x, dy) in x.chunks_exact(n).zip(dy.chunks_exact(n)) {
            for k in 0..n {
                dgain[k] = dy[k].mul_add((x[k] - means[k]) * scales[k], dgain[k]);
                dbias[k] += dy[k];
            }
        }
        // With z the normalized number: dx = scale * gain * (dy - mean(dy) - z mean(dy z)).
        for ((x, dy), dx) in x.chunks_exact(n).zip(dy.chunks_exact(n)).zip(dx.chunks_exact_mut(n)) {
            for k in 0..n {
                let z = (x[k] - means[k]) * scales[k];
                let inner = dy[k] - (dbias[k] + z * dgain[k]) / n_rows;
                dx[k] = scales[k] * gain[k] * inner;
            }
        }
    }
}

fn require_rows(x: &[f32], gain: &[f32], bias: &[f32]) {
    assert!(!gain.is_empty(), "a row has columns");
    assert_eq!(gain.len(), bias.len(), "one bias per gain");
    assert!(
        !x.is_empty() && x.len().is_multiple_of(gain.len()),
        "{} numbers are whole rows of {}",
        x.len(),
        gain.len()
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_close, assert_gradient, numbers, weighted};

    #[test]
    fn columns_by_hand() {
        // Means 2 and 10, variances 1 and 0.
        let normed = forward(&[1.0, 10.0, 3.0, 10.0], &[1.0, 1.0], &[0.0, 0.5], 1e-12);
        assert_close(&normed.y, &[-1.0, 0.5, 1.0, 0.5], 1e-6);
    }

    #[test]
    fn the_gradients_agree_with_differences() {
        let x = numbers(1, 6 * 19);
        let gain = numbers(2, 19);
        let bias = numbers(3, 19);
        let w = numbers(4, 6 * 19);
        let y =
            |x: &[f32], gain: &[f32], bias: &[f32]| weighted(&forward(x, gain, bias, 1e-2).y, &w);

        let moments = forward(&x, &gain, &bias, 1e-2).moments;
        let gradients = backward(&x, &gain, &moments, &w);

        assert_gradient(&gradients.x, &x, |x| y(x, &gain, &bias));
        assert_gradient(&gradients.gain, &gain, |gain| y(&x, gain, &bias));
        assert_gradient(&gradients.bias, &bias, |bias| y(&x, &gain, bias));
    }
}
