//! What the tests of kernels share: seeded numbers and the comparison with finite differences.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Seeded numbers between -1 and 1.
pub(crate) fn numbers(seed: u64, len: usize) -> Vec<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..len).map(|_| rng.random_range(-1.0..1.0)).collect()
}

/// Every number within `tolerance` of what was expected, relative to the larger of 1 and the
/// expected number.
#[track_caller]
pub(crate) fn assert_close(actual: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(actual.len(), expected.len(), "lengths");
    for (i, (a, e)) in actual.iter().zip(expected).enumerate() {
        assert!(
            (a - e).abs() <= tolerance * e.abs().max(1.0),
            "number {i} is {a}, expected {e}"
        );
    }
}

/// `gradient` is the derivative of `loss` by each number of `at`, as central differences see it.
///
/// The loss is summed in double precision by the caller; single precision inside the kernel leaves
/// an error of about 1e-3 with steps of 1e-2.
#[track_caller]
pub(crate) fn assert_gradient(gradient: &[f32], at: &[f32], loss: impl Fn(&[f32]) -> f64) {
    const STEP: f32 = 1e-2;
    assert_eq!(gradient.len(), at.len(), "lengths");
    let mut moved = at.to_vec();
    // A prime stride: enough positions of a large gradient, all of a small one.
    let stride = if at.len() > 200 { 7 } else { 1 };
    for i in (0..at.len()).step_by(stride) {
        moved[i] = at[i] + STEP;
        let above = loss(&moved);
        moved[i] = at[i] - STEP;
        let below = loss(&moved);
        moved[i] = at[i];
        let expected = (above - below) / (2.0 * f64::from(STEP));
        let error = (f64::from(gradient[i]) - expected).abs();
        assert!(
            error <= 3e-3 * expected.abs().max(1.0),
            "derivative by number {i} is {}, differences say {expected}",
            gradient[i]
        );
    }
}

/// A loss with a known gradient: the products of outputs and fixed weights, summed.
pub(crate) fn weighted(outputs: &[f32], weights: &[f32]) -> f64 {
    assert_eq!(outputs.len(), weights.len(), "lengths");
    outputs
        .iter()
        .zip(weights)
        .map(|(o, w)| f64::from(*o) * f64::from(*w))
        .sum()
}
