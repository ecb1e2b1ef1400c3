//! Attacks along the gradient: on the numbers of tokens, and on the numbers of a table.
//!
//! Sources: Goodfellow, Shlens & Szegedy (2015), "Explaining and Harnessing Adversarial Examples"
//! (FGSM); Miyato, Dai & Goodfellow (2017), "Adversarial Training Methods for Semi-Supervised Text
//! Classification" (FGM); Madry et al. (2018), "Towards Deep Learning Models Resistant to Adversarial
//! Attacks" (PGD).

use burn::tensor::Tensor;
use rapport_learn::Check;
use serde::{Deserialize, Serialize};

use crate::NnError;

/// How inputs are pushed to where the loss is higher.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attack {
    /// Each example once along its gradient, this far in Euclidean length.
    Fgm {
        /// How far.
        epsilon: f64,
    },
    /// Each number once by its gradient's sign, this far.
    Fgsm {
        /// How far.
        epsilon: f64,
    },
    /// Each number several times by its gradient's sign, never further than `epsilon` from where it
    /// was.
    Pgd {
        /// How far in all.
        epsilon: f64,
        /// How far at once.
        step: f64,
        /// How many times.
        n_steps: usize,
    },
}

impl Check for Attack {
    type Valid = Self;
    type Error = NnError;

    fn check(self) -> Result<Self, NnError> {
        let (epsilon, step, n_steps) = match self {
            Self::Fgm { epsilon } | Self::Fgsm { epsilon } => (epsilon, epsilon, 1),
            Self::Pgd {
                epsilon,
                step,
                n_steps,
            } => (epsilon, step, n_steps),
        };
        NnError::require(epsilon > 0.0 && epsilon.is_finite(), "epsilon is positive")?;
        NnError::require(step > 0.0 && step.is_finite(), "step is positive")?;
        NnError::require(n_steps > 0, "n_steps is positive")?;
        Ok(self)
    }
}

/// What a push may not leave: numbers that a customer could have.
#[derive(Debug, Clone)]
pub struct Limits<const D: usize> {
    /// The least that each number may be; broadcast over rows.
    pub least: Tensor<D>,
    /// The most.
    pub most: Tensor<D>,
    /// One where a number may change, zero where it may not (age, birthplace).
    pub may_change: Tensor<D>,
}

/// The inputs, pushed to where `loss_of` them is higher. Untracked.
///
/// `loss_of` gives the loss of each example or their mean; the first dimension is the examples'.
pub fn attack<const D: usize>(
    x: Tensor<D>,
    attack: Attack,
    limits: Option<&Limits<D>>,
    loss_of: impl Fn(Tensor<D>) -> Tensor<1>,
) -> Tensor<D> {
    let start = x.detach();
    let gradient_at = |x: Tensor<D>| {
        let x = x.detach().require_grad();
        let gradients = loss_of(x.clone()).sum().backward();
        x.grad(&gradients).map(Tensor::from_inner)
    };
    match attack {
        Attack::Fgm { epsilon } => match gradient_at(start.clone()) {
            Some(gradient) => within(
                start.clone() + unit_length(gradient) * epsilon,
                start,
                limits,
            ),
            None => start,
        },
        Attack::Fgsm { epsilon } => push(start, epsilon, epsilon, 1, limits, gradient_at),
        Attack::Pgd {
            epsilon,
            step,
            n_steps,
        } => push(start, epsilon, step, n_steps, limits, gradient_at),
    }
}

/// The mean of the losses of the inputs as they are and of the inputs pushed.
///
/// Both are tracked, so that a network learns from both; the push itself is not.
pub fn hardened_loss<const D: usize>(
    x: Tensor<D>,
    how: Attack,
    limits: Option<&Limits<D>>,
    loss_of: impl Fn(Tensor<D>) -> Tensor<1>,
) -> Tensor<1> {
    let pushed = attack(x.clone(), how, limits, &loss_of);
    // Added as a constant, so that the pushed inputs still depend on what made the inputs.
    let moved = pushed - x.clone().detach();
    (loss_of(x.clone()) + loss_of(x + moved)) * 0.5
}

fn push<const D: usize>(
    start: Tensor<D>,
    epsilon: f64,
    step: f64,
    n_steps: usize,
    limits: Option<&Limits<D>>,
    gradient_at: impl Fn(Tensor<D>) -> Option<Tensor<D>>,
) -> Tensor<D> {
    let mut x = start.clone();
    for _ in 0..n_steps {
        let Some(gradient) = gradient_at(x.clone()) else {
            return x;
        };
        let moved = x + gradient.sign() * step;
        let far = (moved - start.clone()).clamp(-epsilon, epsilon);
        x = within(start.clone() + far, start.clone(), limits);
    }
    x
}

fn within<const D: usize>(x: Tensor<D>, start: Tensor<D>, limits: Option<&Limits<D>>) -> Tensor<D> {
    let Some(Limits {
        least,
        most,
        may_change,
    }) = limits
    else {
        return x;
    };
    let inside = x.max_pair(least.clone()).min_pair(most.clone());
    start.clone() + (inside - start) * may_change.clone()
}

/// Each example divided by its Euclidean length; an example of zeros stays so.
fn unit_length<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let sizes = x.dims();
    let n_examples = sizes[0];
    let rows: Tensor<2> = x.reshape([n_examples as i64, -1]);
    let lengths = (rows.clone().square().sum_dim(1) + 1e-24).sqrt();
    (rows / lengths).reshape(sizes)
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::ops::testing::values;

    fn point(numbers: [f32; 4]) -> Tensor<2> {
        let flat = Tensor::<1>::from_floats(numbers, &crate::device::of_tests().autodiff());
        flat.reshape([2, 2])
    }

    /// Grows with the first number, falls with the second, three times as fast.
    fn slope(x: Tensor<2>) -> Tensor<1> {
        let weights = Tensor::<2>::from_floats([[1.0, -3.0]], &x.device());
        (x * weights).sum_dim(1).flatten(0, 1)
    }

    #[test]
    fn a_push_by_signs_moves_every_number_by_epsilon() {
        let pushed = attack(point([0.0; 4]), Attack::Fgsm { epsilon: 0.1 }, None, slope);
        assert_eq!(values(pushed.inner()), [0.1, -0.1, 0.1, -0.1]);
    }

    #[test]
    fn a_push_along_the_gradient_has_the_length_epsilon() {
        let pushed =
            values(attack(point([0.0; 4]), Attack::Fgm { epsilon: 2.0 }, None, slope).inner());
        let length = pushed[0].hypot(pushed[1]);
        assert!((length - 2.0).abs() < 1e-5, "length {length}");
        assert!(
            (pushed[1] / pushed[0] + 3.0).abs() < 1e-4,
            "along the gradient"
        );
    }

    #[test]
    fn many_small_pushes_stay_within_epsilon() {
        let attack_params = Attack::Pgd {
            epsilon: 0.25,
            step: 0.1,
            n_steps: 10,
        };
        let pushed = attack(point([0.0; 4]), attack_params, None, slope);
        assert_eq!(values(pushed.inner()), [0.25, -0.25, 0.25, -0.25]);
    }

    #[test]
    fn limits_hold_and_what_may_not_change_does_not() {
        let like = |numbers: [f32; 2]| {
            Tensor::<1>::from_floats(numbers, &crate::device::of_tests().autodiff()).reshape([1, 2])
        };
        let limits = Limits {
            least: like([-1.0, 0.0]),
            most: like([0.05, 1.0]),
            may_change: like([1.0, 0.0]),
        };

        let pushed = attack(
            point([0.0, 0.5, 0.0, 0.5]),
            Attack::Fgsm { epsilon: 0.1 },
            Some(&limits),
            slope,
        );

        assert_eq!(values(pushed.inner()), [0.05, 0.5, 0.05, 0.5]);
    }

    #[test]
    fn a_hardened_loss_is_no_lower_than_the_clean_one() {
        let x = point([0.3, 0.1, -0.2, 0.4]);
        let clean = values(slope(x.clone()).mean().inner())[0];
        let hardened = hardened_loss(x, Attack::Fgm { epsilon: 0.5 }, None, |x| slope(x).mean());
        assert!(values(hardened.inner())[0] > clean);
    }

    #[test]
    fn a_push_of_nothing_is_refused() {
        let error = Attack::Fgsm { epsilon: 0.0 }.check().unwrap_err();
        assert_eq!(error.to_string(), "epsilon is positive");
    }
}
