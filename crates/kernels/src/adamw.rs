//! The AdamW step: one pass over parameters, gradients and both moments.
//!
//! Source: Loshchilov & Hutter (2019), "Decoupled Weight Decay Regularization", algorithm 2.

use rayon::prelude::*;

use crate::vectorize::vectorized;

/// Numbers per part of the work.
const PART: usize = 16 * 1024;

/// What a step is made with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The step's number, from 1.
    pub time: u32,
    /// How far to go.
    pub learning_rate: f32,
    /// How much of the first moment stays.
    pub beta_1: f32,
    /// How much of the second moment stays.
    pub beta_2: f32,
    /// Added to the root of the second moment.
    pub epsilon: f32,
    /// Share of the parameters taken away per unit of learning rate.
    pub weight_decay: f32,
}

/// Moves the parameters and both moments by one step.
///
/// # Panics
/// When the lengths differ.
pub fn step(
    parameters: &mut [f32],
    gradients: &[f32],
    first: &mut [f32],
    second: &mut [f32],
    step: &Step,
) {
    let n = parameters.len();
    assert!(
        gradients.len() == n && first.len() == n && second.len() == n,
        "one gradient and two moments per parameter"
    );
    let time = step.time as i32;
    let first_scale = step.learning_rate / (1.0 - step.beta_1.powi(time));
    let second_scale = 1.0 / (1.0 - step.beta_2.powi(time)).sqrt();
    let keep = 1.0 - step.learning_rate * step.weight_decay;
    parameters
        .par_chunks_mut(PART)
        .zip(gradients.par_chunks(PART))
        .zip(first.par_chunks_mut(PART))
        .zip(second.par_chunks_mut(PART))
        .for_each(|(((p, g), m), v)| {
            let (beta_1, beta_2) = (step.beta_1, step.beta_2);
            step_part(
                p,
                g,
                m,
                v,
                beta_1,
                beta_2,
                step.epsilon,
                first_scale,
                second_scale,
                keep,
            );
        });
}

vectorized! {
    fn step_part(
        p: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32], beta_1: f32, beta_2: f32,
        epsilon: f32, first_scale: f32, second_scale: f32, keep: f32,
    ) {
        for (((p, &g), m), v) in p.iter_mut().zip(g).zip(m.iter_mut()).zip(v.iter_mut()) {
            *m = beta_1.mul_add(*m, (1.0 - beta_1) * g);
            *v = beta_2.mul_add(*v, (1.0 - beta_2) * g * g);
            let spread = v.sqrt().mul_add(second_scale, epsilon);
            *p = keep.mul_add(*p, -first_scale * *m / spread);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::assert_close;

    #[test]
    fn two_steps_agree_with_the_algorithm_by_hand() {
        let plan = |time| Step {
            time,
            learning_rate: 0.1,
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-8,
            weight_decay: 0.01,
        };
        let (mut p, mut m, mut v) = ([1.0, -2.0], [0.0; 2], [0.0; 2]);

        step(&mut p, &[0.5, -4.0], &mut m, &mut v, &plan(1));
        // After one step the moments' corrections cancel: the step is the sign of the gradient.
        assert_close(&p, &[1.0 * 0.999 - 0.1, -2.0 * 0.999 + 0.1], 1e-6);

        step(&mut p, &[1.0, 0.0], &mut m, &mut v, &plan(2));
        let by_hand = |p: f64, first: f64, second: f64| {
            let m = 0.9 * (0.1 * first) + 0.1 * second;
            let v = 0.999 * (0.001 * first * first) + 0.001 * second * second;
            let (m, v) = (m / (1.0 - 0.81), v / (1.0 - 0.999_f64.powi(2)));
            (p * 0.999 - 0.1 * m / (v.sqrt() + 1e-8)) as f32
        };
        assert_close(
            &p,
            &[by_hand(0.899, 0.5, 1.0), by_hand(-1.898, -4.0, 0.0)],
            1e-6,
        );
    }

    #[test]
    fn a_gradient_of_zero_only_decays() {
        let (mut p, mut m, mut v) = ([2.0], [0.0], [0.0]);
        let plan = Step {
            time: 1,
            learning_rate: 0.5,
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-8,
            weight_decay: 0.1,
        };

        step(&mut p, &[0.0], &mut m, &mut v, &plan);

        assert_close(&p, &[1.9], 1e-6);
    }
}
