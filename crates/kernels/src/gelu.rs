//! The Gaussian error linear unit, `x Φ(x)`.
//!
//! Source: Hendrycks & Gimpel (2016), "Gaussian Error Linear Units", in its exact form.

use rayon::prelude::*;

use crate::buffer::{Blank, blank, written};
use crate::math::{normal_cdf, normal_density};
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

/// The gradient by `x`, of the gradient `dy` by `forward(x)`.
///
/// # Panics
/// When the lengths differ.
pub fn backward(x: &[f32], dy: &[f32]) -> Vec<f32> {
    assert_eq!(x.len(), dy.len(), "one gradient per number");
    let mut dx = blank(x.len());
    dx.par_chunks_mut(PART)
        .zip(x.par_chunks(PART))
        .zip(dy.par_chunks(PART))
        .for_each(|((dx, x), dy)| backward_part(x, dy, dx));
    // SAFETY: the parts cover `dx`, and each writes all of its places.
    unsafe { written(dx) }
}

vectorized! {
    fn forward_part(x: &[f32], y: &mut [Blank]) {
        for (y, &x) in y.iter_mut().zip(x) {
            y.write(x * normal_cdf(x));
        }
    }

    fn backward_part(x: &[f32], dy: &[f32], dx: &mut [Blank]) {
        for ((dx, &x), &dy) in dx.iter_mut().zip(x).zip(dy) {
            dx.write(dy * (normal_cdf(x) + x * normal_density(x)));
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

        let dx = backward(&x, &w);

        assert_gradient(&dx, &x, |x| weighted(&forward(x), &w));
    }

    #[test]
    fn nothing_in_gives_nothing_out() {
        assert!(forward(&[]).is_empty());
        assert!(backward(&[], &[]).is_empty());
    }
}
