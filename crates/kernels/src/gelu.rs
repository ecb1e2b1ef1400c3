//! The Gaussian error linear unit, `x Φ(x)`.
//!
//! Source: Hendrycks & Gimpel (2016), "Gaussian Error Linear Units", in its exact form.

use rayon::prelude::*;

use crate::buffer::{Blank, blank, written};
use crate::math::{normal_cdf, normal_cdf_and_density};
use crate::softmax::LANES;
use crate::vectorize::vectorized;

/// Numbers per part of the work: large enough to be worth a worker, small enough for its cache.
const PART: usize = 16 * 1024;

/// `x Φ(x)` of every number.
pub fn forward(x: &[f32]) -> Vec<f32> {
    let mut y = blank(x.len());
    y.par_chunks_mut(PART)
        .zip(x.par_chunks(PART))
        .for_each(|(y, x)| forward_part(x, y));
    // SAFETY: the parts cover `y`, and each writes all of its places.
    unsafe { written(y) }
}

/// `x Φ(x)` of every number, and its slope there: what the way back needs, at the price of one
/// exponential for both.
pub fn forward_with_slope(x: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let (mut y, mut slope) = (blank(x.len()), blank(x.len()));
    y.par_chunks_mut(PART)
        .zip(slope.par_chunks_mut(PART))
        .zip(x.par_chunks(PART))
        .for_each(|((y, slope), x)| slope_part(x, y, slope));
    // SAFETY: the parts cover both, and each writes all of its places.
    unsafe { (written(y), written(slope)) }
}

/// The gradient by `x`, of the gradient `dy` by the output and the slopes of the way forward.
///
/// # Panics
/// When the lengths differ.
pub fn backward(slope: &[f32], dy: &[f32]) -> Vec<f32> {
    assert_eq!(slope.len(), dy.len(), "one gradient per number");
    let mut dx = blank(slope.len());
    dx.par_chunks_mut(PART)
        .zip(slope.par_chunks(PART))
        .zip(dy.par_chunks(PART))
        .for_each(|((dx, slope), dy)| backward_part(slope, dy, dx));
    // SAFETY: the parts cover `dx`, and each writes all of its places.
    unsafe { written(dx) }
}

vectorized! {
    /// `x Φ(x)` in the place of every number, by the caller alone.
    pub(crate) fn in_place(x: &mut [f32]) {
        for x in x {
            *x *= normal_cdf(*x);
        }
    }

    fn forward_part(x: &[f32], y: &mut [Blank]) {
        for (y, &x) in y.iter_mut().zip(x) {
            y.write(x * normal_cdf(x));
        }
    }

    fn slope_part(x: &[f32], y: &mut [Blank], slope: &mut [Blank]) {
        // In blocks, because a loop with two results is not made of vectors by itself.
        let (blocks, rest) = x.as_chunks::<LANES>();
        let (y_blocks, y_rest) = y.as_chunks_mut::<LANES>();
        let (slope_blocks, slope_rest) = slope.as_chunks_mut::<LANES>();
        for ((y, slope), x) in y_blocks.iter_mut().zip(slope_blocks).zip(blocks) {
            let (mut values, mut slopes) = ([0.0; LANES], [0.0; LANES]);
            for k in 0..LANES {
                let (cdf, density) = normal_cdf_and_density(x[k]);
                values[k] = x[k] * cdf;
                slopes[k] = x[k].mul_add(density, cdf);
            }
            *y = values.map(Blank::new);
            *slope = slopes.map(Blank::new);
        }
        for ((y, slope), &x) in y_rest.iter_mut().zip(slope_rest).zip(rest) {
            let (cdf, density) = normal_cdf_and_density(x);
            y.write(x * cdf);
            slope.write(x.mul_add(density, cdf));
        }
    }

    fn backward_part(slope: &[f32], dy: &[f32], dx: &mut [Blank]) {
        for ((dx, slope), dy) in dx.iter_mut().zip(slope).zip(dy) {
            dx.write(slope * dy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_close, assert_gradient, numbers, weighted};

    #[test]
    fn values_are_those_of_the_paper_s_formula() {
        // x Φ(x) with Φ from the table of the normal distribution.
        assert_close(
            &forward(&[-1.0, 0.0, 1.0, 3.0]),
            &[-0.158_655_3, 0.0, 0.841_344_7, 2.995_950_3],
            1e-6,
        );
    }

    #[test]
    fn its_gradient_agrees_with_differences() {
        let (x, w) = (numbers(1, 40), numbers(2, 40));

        let (y, slope) = forward_with_slope(&x);
        let dx = backward(&slope, &w);

        assert_close(&y, &forward(&x), 1e-6);
        assert_gradient(&dx, &x, |x| weighted(&forward(x), &w));
    }

    #[test]
    fn nothing_in_gives_nothing_out() {
        assert!(forward(&[]).is_empty());
        assert!(backward(&[], &[]).is_empty());
    }
}
