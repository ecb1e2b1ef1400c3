//! Which inputs a score came from: integrated gradients.
//!
//! Source: Sundararajan, Taly & Yan (2017), "Axiomatic Attribution for Deep Networks". Attention
//! weights are not shown as reasons: a text can often be read with quite other weights and the same
//! result (Jain & Wallace 2019, "Attention is not Explanation").

use burn::tensor::{Tensor, TensorData};

/// What each input number adds to the score.
#[derive(Debug, Clone)]
pub struct Attribution<const D: usize> {
    /// In the shape of the input; for each example they add up to its score less the baseline's.
    pub shares: Tensor<D>,
    /// How far they are from adding up, as a share of the difference of the scores: the worst
    /// example's. NaN where a score or a share is no number.
    pub completeness_error: f64,
}

/// The gradient of the score along the straight line from the baseline to the input, integrated.
///
/// - `x`, `baseline`: the same shape, examples first; the baseline is what says nothing (mean
///   numbers, padding).
/// - `score_of` gives one score per example, `[n_examples]`.
/// - `n_steps` points of the line, midpoints of equal parts.
pub fn integrated_gradients<const D: usize>(
    x: Tensor<D>,
    baseline: Tensor<D>,
    n_steps: usize,
    score_of: impl Fn(Tensor<D>) -> Tensor<1>,
) -> Attribution<D> {
    let difference = x.clone().detach() - baseline.clone().detach();
    let mut sum: Option<Tensor<D>> = None;
    for step in 0..n_steps {
        let at = (step as f64 + 0.5) / n_steps as f64;
        let point = (baseline.clone() + difference.clone() * at)
            .detach()
            .require_grad();
        let gradients = score_of(point.clone()).sum().backward();
        if let Some(gradient) = point.grad(&gradients) {
            sum = Some(match sum {
                Some(sum) => sum + gradient,
                None => gradient,
            });
        }
    }
    let difference = difference.inner();
    let shares = match sum {
        Some(sum) => difference * sum / n_steps as f64,
        None => difference * 0.0,
    };
    let scores = numbers(score_of(x).inner());
    let from = numbers(score_of(baseline).inner());
    let n_examples = scores.len();
    let sums: Tensor<2> = shares.clone().reshape([n_examples as i64, -1]).sum_dim(1);
    let sums = numbers(sums.reshape([n_examples]));
    let errors = sums
        .iter()
        .zip(scores.iter().zip(&from))
        .map(|(sum, (score, from))| {
            let whole = score - from;
            // Where nothing is to be explained, a share of it says nothing: the error itself does.
            (sum - whole).abs() / whole.abs().max(1e-3)
        });
    Attribution {
        completeness_error: errors.fold(0.0, worse),
        shares,
    }
}

/// The larger of two errors, and NaN where one is: `f64::max` would drop it.
fn worse(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}

fn numbers(tensor: Tensor<1>) -> Vec<f64> {
    let data: TensorData = tensor.into_data();
    data.iter::<f64>().collect()
}

#[cfg(test)]
mod tests {
    use burn::tensor::activation::sigmoid;

    use super::*;
    use crate::ops::testing::values;

    fn rows(numbers: [[f32; 3]; 2]) -> Tensor<2> {
        Tensor::from_floats(numbers, &crate::device::of_tests().autodiff())
    }

    #[test]
    fn of_a_sum_each_part_gets_its_own() {
        let score = |x: Tensor<2>| {
            let weights = Tensor::<2>::from_floats([[1.0, -2.0, 0.0]], &x.device());
            (x * weights).sum_dim(1).flatten(0, 1)
        };

        let found = integrated_gradients(
            rows([[3.0, 1.0, 9.0], [0.0, 0.5, 1.0]]),
            rows([[0.0; 3]; 2]),
            1,
            score,
        );

        assert_eq!(values(found.shares), [3.0, -2.0, 0.0, 0.0, -1.0, 0.0]);
        assert!(found.completeness_error < 1e-6);
    }

    #[test]
    fn an_input_that_is_no_number_is_not_called_complete() {
        let score = |x: Tensor<2>| x.sum_dim(1).flatten(0, 1);

        for rows_in_turn in [
            [[f32::NAN, 1.0, 2.0], [1.0; 3]],
            [[1.0; 3], [f32::NAN, 1.0, 2.0]],
        ] {
            let found = integrated_gradients(rows(rows_in_turn), rows([[0.0; 3]; 2]), 1, score);

            assert!(found.completeness_error.is_nan());
        }
    }

    #[test]
    fn of_a_curved_score_fifty_steps_are_complete_within_one_percent() {
        let score = |x: Tensor<2>| {
            let product = x.clone().slice([0..2, 0..1]) * x.clone().slice([0..2, 1..2]);
            sigmoid(product * 3.0 + x.slice([0..2, 2..3])).flatten(0, 1)
        };
        let x = rows([[1.5, 2.0, -1.0], [-1.0, 2.0, 0.3]]);

        let found = integrated_gradients(x, rows([[0.0; 3]; 2]), 50, score);

        assert!(
            found.completeness_error < 0.01,
            "{}",
            found.completeness_error
        );
    }
}
