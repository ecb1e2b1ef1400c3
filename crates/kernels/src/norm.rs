//! Normalization of rows: layer norm and root-mean-square norm.
//!
//! Sources: Ba, Kiros & Hinton (2016), "Layer Normalization"; Zhang & Sennrich (2019), "Root Mean
//! Square Layer Normalization".

use rayon::prelude::*;

use crate::buffer::{Blank, blank, written};
use crate::linear::add_rows;
use crate::softmax::{LANES, dot};
use crate::vectorize::vectorized;

/// Rows per part; fixed, so that the sums of gradients do not depend on the threads.
const ROWS: usize = 64;

/// What a row is divided by, and whether its mean is taken away first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Center {
    /// Layer norm: the mean is taken away, the row is divided by its standard deviation.
    Mean,
    /// Root-mean-square norm: the row is divided by its root mean square.
    Origin,
}

/// Normalized rows and what the way back needs.
#[derive(Debug, Clone)]
pub struct Normed {
    /// `(n_rows, n_columns)`
    pub y: Vec<f32>,
    /// Per row what was taken away and what it was multiplied with: `(n_rows, 2)`.
    pub moments: Vec<f32>,
}

/// `(x - center) / spread * gain + bias` for each row.
///
/// - `x`: `(n_rows, n_columns)`; `gain` and `bias`: `(n_columns,)`
/// - `epsilon` is added to the mean square before its root.
///
/// # Panics
/// When the lengths do not agree.
pub fn forward(x: &[f32], gain: &[f32], bias: &[f32], epsilon: f32, center: Center) -> Normed {
    let n_columns = gain.len();
    let n_rows = rows_of(x, gain, bias);
    let mut y = blank(x.len());
    let mut moments = blank(n_rows * 2);
    y.par_chunks_mut(ROWS * n_columns)
        .zip(moments.par_chunks_mut(ROWS * 2))
        .zip(x.par_chunks(ROWS * n_columns))
        .for_each(|((y, moments), x)| match center {
            Center::Mean => forward_centered(x, gain, bias, epsilon, y, moments),
            Center::Origin => forward_uncentered(x, gain, bias, epsilon, y, moments),
        });
    // SAFETY: the parts cover both, and each writes all of its rows.
    unsafe {
        Normed {
            y: written(y),
            moments: written(moments),
        }
    }
}

/// The sum of two inputs, normalized, and what the way back needs.
#[derive(Debug, Clone)]
pub struct Added {
    /// `x + added`, `(n_rows, n_columns)`: the input of the norm.
    pub sum: Vec<f32>,
    /// As in [`Normed`].
    pub y: Vec<f32>,
    /// As in [`Normed`].
    pub moments: Vec<f32>,
}

/// The layer norm of `x + added`, in one pass. Its way back is that of the norm of the sum, whose
/// gradient is that by `x` and by `added` alike.
///
/// # Panics
/// When the lengths do not agree.
pub fn forward_added(x: &[f32], added: &[f32], gain: &[f32], bias: &[f32], epsilon: f32) -> Added {
    let n_columns = gain.len();
    let n_rows = rows_of(x, gain, bias);
    assert_eq!(x.len(), added.len(), "as many numbers are added");
    let (mut sum, mut y, mut moments) = (blank(x.len()), blank(x.len()), blank(n_rows * 2));
    sum.par_chunks_mut(ROWS * n_columns)
        .zip(y.par_chunks_mut(ROWS * n_columns))
        .zip(moments.par_chunks_mut(ROWS * 2))
        .zip(x.par_chunks(ROWS * n_columns))
        .zip(added.par_chunks(ROWS * n_columns))
        .for_each(|((((sum, y), moments), x), added)| {
            add_rows_together(x, added, sum);
            // SAFETY: every place of this part was just written.
            let sum = unsafe { sum.assume_init_ref() };
            forward_centered(sum, gain, bias, epsilon, y, moments);
        });
    // SAFETY: the parts cover all three, and each writes all of its rows.
    unsafe {
        Added {
            sum: written(sum),
            y: written(y),
            moments: written(moments),
        }
    }
}

/// Gradients of a norm.
#[derive(Debug, Clone)]
pub struct Gradients {
    /// By the rows, `(n_rows, n_columns)`.
    pub x: Vec<f32>,
    /// By the gains, `(n_columns,)`.
    pub gain: Vec<f32>,
    /// By the biases, `(n_columns,)`.
    pub bias: Vec<f32>,
}

/// The gradients, of the gradient `dy` by the normalized rows.
///
/// # Panics
/// When the lengths do not agree.
pub fn backward(x: &[f32], gain: &[f32], moments: &[f32], dy: &[f32], center: Center) -> Gradients {
    let n_columns = gain.len();
    let n_rows = rows_of(x, gain, gain);
    assert_eq!(moments.len(), n_rows * 2, "two moments per row");
    assert_eq!(dy.len(), x.len(), "one gradient per number");
    let mut dx = blank(x.len());
    let parts: Vec<Vec<f32>> = dx
        .par_chunks_mut(ROWS * n_columns)
        .zip(x.par_chunks(ROWS * n_columns))
        .zip(dy.par_chunks(ROWS * n_columns))
        .zip(moments.par_chunks(ROWS * 2))
        .map(|(((dx, x), dy), moments)| {
            // Gains first, biases after them.
            let mut sums = vec![0.0; 2 * n_columns];
            let centered = center == Center::Mean;
            backward_rows(x, gain, moments, dy, centered, dx, &mut sums);
            sums
        })
        .collect();
    let mut sums = vec![0.0; 2 * n_columns];
    parts.iter().for_each(|part| add_rows(part, &mut sums));
    let bias = sums.split_off(n_columns);
    Gradients {
        // SAFETY: the parts cover `dx`, and each writes all of its rows.
        x: unsafe { written(dx) },
        gain: sums,
        bias,
    }
}

vectorized! {
    fn add_rows_together(x: &[f32], added: &[f32], sum: &mut [Blank]) {
        for ((sum, x), added) in sum.iter_mut().zip(x).zip(added) {
            sum.write(x + added);
        }
    }

    /// The layer norm of `x + added` in the place of `x`, by the caller alone.
    pub(crate) fn add_in_place(
        x: &mut [f32], added: &[f32], gain: &[f32], bias: &[f32], epsilon: f32,
    ) {
        let n = gain.len();
        for (x, added) in x.chunks_exact_mut(n).zip(added.chunks_exact(n)) {
            for (x, added) in x.iter_mut().zip(added) {
                *x += added;
            }
            let mean = sum(x) / n as f32;
            let scale = 1.0 / (squares_around(x, mean) / n as f32 + epsilon).sqrt();
            for ((x, gain), bias) in x.iter_mut().zip(gain).zip(bias) {
                *x = ((*x - mean) * scale).mul_add(*gain, *bias);
            }
        }
    }

    fn forward_centered(
        x: &[f32], gain: &[f32], bias: &[f32], epsilon: f32, y: &mut [Blank], moments: &mut [Blank],
    ) {
        let n = gain.len();
        for ((x, y), m) in x.chunks_exact(n).zip(y.chunks_exact_mut(n)).zip(moments.chunks_exact_mut(2)) {
            let mean = sum(x) / n as f32;
            let scale = 1.0 / (squares_around(x, mean) / n as f32 + epsilon).sqrt();
            m[0].write(mean);
            m[1].write(scale);
            normalize(x, mean, scale, gain, bias, y);
        }
    }

    fn forward_uncentered(
        x: &[f32], gain: &[f32], bias: &[f32], epsilon: f32, y: &mut [Blank], moments: &mut [Blank],
    ) {
        let n = gain.len();
        for ((x, y), m) in x.chunks_exact(n).zip(y.chunks_exact_mut(n)).zip(moments.chunks_exact_mut(2)) {
            let scale = 1.0 / (dot(x, x) / n as f32 + epsilon).sqrt();
            m[0].write(0.0);
            m[1].write(scale);
            normalize(x, 0.0, scale, gain, bias, y);
        }
    }

    fn backward_rows(
        x: &[f32], gain: &[f32], moments: &[f32], dy: &[f32], centered: bool, dx: &mut [Blank],
        sums: &mut [f32],
    ) {
        let n = gain.len();
        let (dgain, dbias) = sums.split_at_mut(n);
        let rows = x.chunks_exact(n).zip(dy.chunks_exact(n)).zip(moments.chunks_exact(2));
        for (((x, dy), m), dx) in rows.zip(dx.chunks_exact_mut(n)) {
            let (mean, scale) = (m[0], m[1]);
            // With z the normalized row and g = dy * gain:
            // dx = scale * (g - mean(g) - z mean(g z)); without a center mean(g) stays.
            let (of_g, of_gz) = gradient_sums(x, dy, gain, mean, scale);
            let of_g = if centered { of_g / n as f32 } else { 0.0 };
            let of_gz = of_gz / n as f32;
            for k in 0..n {
                let z = (x[k] - mean) * scale;
                dx[k].write(scale * (dy[k] * gain[k] - of_g - z * of_gz));
                dgain[k] += dy[k] * z;
                dbias[k] += dy[k];
            }
        }
    }
}

#[inline(always)]
fn normalize(x: &[f32], mean: f32, scale: f32, gain: &[f32], bias: &[f32], y: &mut [Blank]) {
    for (((y, x), gain), bias) in y.iter_mut().zip(x).zip(gain).zip(bias) {
        y.write(((x - mean) * scale).mul_add(*gain, *bias));
    }
}

#[inline(always)]
fn sum(x: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let chunks = x.chunks_exact(LANES);
    let rest: f32 = chunks.remainder().iter().sum();
    for x in chunks {
        for k in 0..LANES {
            sums[k] += x[k];
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[inline(always)]
fn squares_around(x: &[f32], mean: f32) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let chunks = x.chunks_exact(LANES);
    let rest: f32 = chunks
        .remainder()
        .iter()
        .map(|x| (x - mean) * (x - mean))
        .sum();
    for x in chunks {
        for k in 0..LANES {
            let d = x[k] - mean;
            sums[k] = d.mul_add(d, sums[k]);
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// The sums of `dy * gain` and of `dy * gain * z`.
#[inline(always)]
fn gradient_sums(x: &[f32], dy: &[f32], gain: &[f32], mean: f32, scale: f32) -> (f32, f32) {
    let (mut of_g, mut of_gz) = ([0.0_f32; LANES], [0.0_f32; LANES]);
    let whole = x.len() - x.len() % LANES;
    for at in (0..whole).step_by(LANES) {
        let (x, dy, gain) = (
            &x[at..at + LANES],
            &dy[at..at + LANES],
            &gain[at..at + LANES],
        );
        for k in 0..LANES {
            let g = dy[k] * gain[k];
            of_g[k] += g;
            of_gz[k] = g.mul_add((x[k] - mean) * scale, of_gz[k]);
        }
    }
    let (mut g_sum, mut gz_sum) = (of_g.iter().sum::<f32>(), of_gz.iter().sum::<f32>());
    for k in whole..x.len() {
        let g = dy[k] * gain[k];
        g_sum += g;
        gz_sum += g * (x[k] - mean) * scale;
    }
    (g_sum, gz_sum)
}

fn rows_of(x: &[f32], gain: &[f32], bias: &[f32]) -> usize {
    assert!(!gain.is_empty(), "a row has columns");
    assert_eq!(gain.len(), bias.len(), "one bias per gain");
    assert_eq!(
        x.len() % gain.len(),
        0,
        "numbers are whole rows of {}",
        gain.len()
    );
    x.len() / gain.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_close, assert_gradient, numbers, weighted};

    #[test]
    fn a_row_by_hand() {
        // Mean 2, variance 2/3.
        let normed = forward(&[1.0, 2.0, 3.0], &[1.0; 3], &[0.0; 3], 0.0, Center::Mean);
        let z = 1.5_f32.sqrt();
        assert_close(&normed.y, &[-z, 0.0, z], 1e-6);

        // Mean square 12.5.
        let normed = forward(&[3.0, 4.0], &[1.0, 2.0], &[0.0, 1.0], 0.0, Center::Origin);
        let scale = 1.0 / 12.5_f32.sqrt();
        assert_close(&normed.y, &[3.0 * scale, 8.0 * scale + 1.0], 1e-6);
    }

    #[test]
    fn the_gradients_agree_with_differences() {
        for center in [Center::Mean, Center::Origin] {
            for n in [5, 16, 37] {
                let x = numbers(1, 3 * n);
                let gain = numbers(2, n);
                let bias = numbers(3, n);
                let w = numbers(4, 3 * n);
                let y = |x: &[f32], gain: &[f32], bias: &[f32]| {
                    weighted(&forward(x, gain, bias, 1e-5, center).y, &w)
                };

                let moments = forward(&x, &gain, &bias, 1e-5, center).moments;
                let gradients = backward(&x, &gain, &moments, &w, center);

                assert_gradient(&gradients.x, &x, |x| y(x, &gain, &bias));
                assert_gradient(&gradients.gain, &gain, |gain| y(&x, gain, &bias));
                assert_gradient(&gradients.bias, &bias, |bias| y(&x, &gain, bias));
            }
        }
    }

    #[test]
    fn a_constant_row_is_no_division_by_zero() {
        let normed = forward(&[7.0; 4], &[1.0; 4], &[0.5; 4], 1e-12, Center::Mean);
        assert_eq!(normed.y, [0.5; 4]);
    }

    #[test]
    fn a_sum_is_normalized_as_if_it_had_been_added_before() {
        let n = 37;
        let (x, added) = (numbers(1, 3 * n), numbers(2, 3 * n));
        let (gain, bias) = (numbers(3, n), numbers(4, n));
        let sum: Vec<f32> = x.iter().zip(&added).map(|(x, added)| x + added).collect();
        let expected = forward(&sum, &gain, &bias, 1e-5, Center::Mean);

        let found = forward_added(&x, &added, &gain, &bias, 1e-5);
        let mut in_place = x;
        add_in_place(&mut in_place, &added, &gain, &bias, 1e-5);

        assert_eq!(found.sum, sum);
        assert_eq!((&found.y, &found.moments), (&expected.y, &expected.moments));
        assert_close(&in_place, &expected.y, 1e-6);
    }
}
