//! Steps: AdamW and gradient descent with momentum, over all weights of a network.
//!
//! The tensor crate's optimizers are not used: theirs clip each tensor for itself, take ten passes
//! over memory per step, and keep their state by random identities.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use crate::NnError;
use crate::ops::{AdamWStep, adamw_step};

/// How steps are made.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptimizerParams {
    /// AdamW.
    AdamW(AdamWParams),
    /// Gradient descent with momentum.
    Sgd(SgdParams),
}

impl Default for OptimizerParams {
    fn default() -> Self {
        Self::AdamW(AdamWParams::default())
    }
}

/// Parameters of AdamW, with PyTorch's defaults.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AdamWParams {
    /// How much of the first moment stays.
    pub beta_1: f64,
    /// How much of the second moment stays.
    pub beta_2: f64,
    /// Added to the root of the second moment.
    pub epsilon: f64,
    /// Share of the weights taken away per unit of learning rate; not of biases and gains.
    pub weight_decay: f64,
}

impl Default for AdamWParams {
    fn default() -> Self {
        Self {
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-8,
            weight_decay: 0.01,
        }
    }
}

/// Parameters of gradient descent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SgdParams {
    /// How much of the last step's direction stays.
    pub momentum: f64,
    /// Share of the weights taken away per unit of learning rate; not of biases and gains.
    pub weight_decay: f64,
}

impl OptimizerParams {
    pub(super) fn check(&self) -> Result<(), NnError> {
        let share = |value: f64| (0.0..1.0).contains(&value);
        match self {
            Self::AdamW(params) => {
                NnError::require(share(params.beta_1), "beta_1 is in [0, 1)")?;
                NnError::require(share(params.beta_2), "beta_2 is in [0, 1)")?;
                NnError::require(params.epsilon > 0.0, "epsilon is positive")?;
                NnError::require(params.weight_decay >= 0.0, "weight_decay is not negative")
            }
            Self::Sgd(params) => {
                NnError::require(share(params.momentum), "momentum is in [0, 1)")?;
                NnError::require(params.weight_decay >= 0.0, "weight_decay is not negative")
            }
        }
    }
}

/// What an optimizer remembers of each weight, in the order in which the network visits them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Optimizer {
    /// Steps made.
    pub(super) time: usize,
    /// Per weight tensor its moments, flat: two for AdamW, one for gradient descent.
    pub(super) moments: Vec<Vec<Tensor<1>>>,
}

impl Optimizer {
    /// Makes one step against the gradients, which are multiplied with `scale` first.
    pub(crate) fn step<M: Module>(
        &mut self,
        params: &OptimizerParams,
        learning_rate: f64,
        network: M,
        gradients: GradientsParams,
        scale: f64,
    ) -> M {
        self.time += 1;
        network.map(&mut Stepper {
            optimizer: self,
            params,
            learning_rate,
            gradients,
            scale,
            idx: 0,
        })
    }
}

struct Stepper<'a> {
    optimizer: &'a mut Optimizer,
    params: &'a OptimizerParams,
    learning_rate: f64,
    gradients: GradientsParams,
    scale: f64,
    idx: usize,
}

impl ModuleMapper for Stepper<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let idx = self.idx;
        self.idx += 1;
        if self.optimizer.moments.len() <= idx {
            self.optimizer.moments.push(Vec::new());
        }
        let Some(gradient) = self.gradients.remove::<D>(param.id) else {
            return param;
        };
        let (id, weights, mapper) = param.consume();
        let sizes = weights.dims();
        let n = sizes.iter().product::<usize>();
        let weights = weights.inner().reshape([n]);
        let mut gradient = gradient.reshape([n]);
        if self.scale != 1.0 {
            gradient = gradient * self.scale;
        }
        // Biases and gains have one dimension; taking from them would move what they center.
        let moved = self.update(idx, weights, gradient, D > 1);
        let moved = Tensor::from_inner(moved.reshape(sizes)).require_grad();
        Param::from_mapped_value(id, moved, mapper)
    }
}

impl Stepper<'_> {
    fn update(
        &mut self,
        idx: usize,
        weights: Tensor<1>,
        gradient: Tensor<1>,
        decays: bool,
    ) -> Tensor<1> {
        let mut moments = std::mem::take(&mut self.optimizer.moments[idx]);
        let zeros = || Tensor::zeros(weights.dims(), &weights.device());
        let (weights, moments) = match self.params {
            OptimizerParams::AdamW(params) => {
                moments.resize_with(2, zeros);
                let step = AdamWStep {
                    time: self.optimizer.time as u32,
                    learning_rate: self.learning_rate as f32,
                    beta_1: params.beta_1 as f32,
                    beta_2: params.beta_2 as f32,
                    epsilon: params.epsilon as f32,
                    weight_decay: if decays {
                        params.weight_decay as f32
                    } else {
                        0.0
                    },
                };
                let second = moments.pop().expect("two moments were just made sure of");
                let first = moments.pop().expect("two moments were just made sure of");
                let (weights, moments) = adamw_step(weights, gradient, [first, second], &step);
                (weights, moments.to_vec())
            }
            OptimizerParams::Sgd(params) => {
                moments.resize_with(1, zeros);
                let last = moments.pop().expect("a moment was just made sure of");
                let direction = last * params.momentum + gradient;
                let decay = if decays { params.weight_decay } else { 0.0 };
                let kept = weights * (1.0 - self.learning_rate * decay);
                (
                    kept - direction.clone() * self.learning_rate,
                    vec![direction],
                )
            }
        };
        self.optimizer.moments[idx] = moments;
        weights
    }
}

/// The length of the gradient over all weights together.
pub(super) fn gradient_norm<M: Module>(network: &M, gradients: &GradientsParams) -> f64 {
    struct Squares<'a> {
        gradients: &'a GradientsParams,
        sum: f64,
    }

    impl ModuleVisitor for Squares<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if let Some(gradient) = self.gradients.get::<D>(param.id) {
                self.sum += f64::from(crate::ops::sum_of_squares(gradient));
            }
        }
    }

    let mut squares = Squares {
        gradients,
        sum: 0.0,
    };
    network.visit(&mut squares);
    squares.sum.sqrt()
}

/// The length of all weights together, outside of any graph.
pub(super) fn weight_norm<M: Module>(network: &M) -> f64 {
    struct Squares(f64);

    impl ModuleVisitor for Squares {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0 += f64::from(crate::ops::sum_of_squares(param.val()));
        }
    }

    let mut squares = Squares(0.0);
    network.visit(&mut squares);
    squares.0.sqrt()
}
