//! Where the lengths of single examples' gradients are read off a single way back.
//!
//! The gradient of one example by a weight of a linear layer is a product of what came in and of the
//! loss's slope by what went out, so its length follows from the two and is never written out. A
//! probe is a tensor of zeros added to what goes out: its gradient is that slope.
//!
//! Source: Goodfellow (2015), "Efficient Per-Example Gradient Computations"; Li et al. (2022), "Large
//! Language Models Can Be Strong Differentially Private Learners", for layers that see several rows
//! of one example.

use burn::tensor::{Gradients, Tensor};

/// The probes of one way forward.
///
/// Networks that take them put one at each layer with weights. Examples must not meet inside of the
/// network: a loss of one may not depend on another.
#[derive(Debug)]
pub struct Probes {
    n_examples: usize,
    n_weights: usize,
    places: Vec<Place>,
}

/// A layer and its probe.
#[derive(Debug)]
enum Place {
    /// `x W + b` over rows; all rows of an example stand together.
    Linear { x: Tensor<2>, probe: Tensor<2> },
    /// `x w`, number by number: `[n_examples, ..]`, or of size 1 where it is spread.
    Product { x: Tensor<3>, probe: Tensor<3> },
    /// One row of a table for each example.
    Row { probe: Tensor<2> },
}

impl Probes {
    /// No probes yet, for so many examples.
    pub fn new(n_examples: usize) -> Self {
        Self {
            n_examples,
            n_weights: 0,
            places: Vec::new(),
        }
    }

    /// Number of weight tensors that are probed.
    pub(crate) fn n_weights(&self) -> usize {
        self.n_weights
    }

    /// What goes out of a linear layer with a bias, probed: `x` `[n_rows, n_inputs]` came in, `y`
    /// `[n_rows, n_outputs]` goes out. Each example has the same number of rows.
    pub(crate) fn linear(&mut self, x: &Tensor<2>, y: Tensor<2>) -> Tensor<2> {
        let probe = zeros_like(&y);
        self.n_weights += 2;
        self.places.push(Place::Linear {
            x: x.clone().detach().inner(),
            probe: probe.clone(),
        });
        y + probe
    }

    /// A product `x w` of numbers with weights that all examples share, probed.
    pub(crate) fn product(&mut self, x: &Tensor<3>, y: Tensor<3>) -> Tensor<3> {
        let probe = zeros_like(&y);
        self.n_weights += 1;
        self.places.push(Place::Product {
            x: x.clone().detach().inner(),
            probe: probe.clone(),
        });
        y + probe
    }

    /// Rows taken from a table, one per example, probed.
    pub(crate) fn row(&mut self, y: Tensor<2>) -> Tensor<2> {
        let probe = zeros_like(&y);
        self.n_weights += 1;
        self.places.push(Place::Row {
            probe: probe.clone(),
        });
        y + probe
    }

    /// The length of each example's gradient over all probed weights together, `(n_examples,)`, from
    /// the gradients of the sum of all examples' losses.
    pub(crate) fn norms(&self, gradients: &Gradients) -> Vec<f64> {
        let mut squares = vec![0.0; self.n_examples];
        for place in &self.places {
            let Some(found) = place.squares(self.n_examples, gradients) else {
                continue;
            };
            let found = found
                .into_data()
                .try_to_vec::<f32>()
                .expect("gradients are single-precision numbers");
            for (sum, square) in squares.iter_mut().zip(found) {
                *sum += f64::from(square);
            }
        }
        // A sum of products may come out a little below zero. One that is no number stays that, and must
        // not pass for a short gradient.
        let length = |square: f64| if square < 0.0 { 0.0 } else { square.sqrt() };
        squares.into_iter().map(length).collect()
    }
}

impl Place {
    /// The squared length of each example's gradient by the weights here; `None` where the loss does
    /// not depend on them.
    fn squares(&self, n_examples: usize, gradients: &Gradients) -> Option<Tensor<1>> {
        let rows = [n_examples as i64, -1];
        Some(match self {
            Self::Linear { x, probe } => {
                let dy = probe.grad(gradients)?;
                linear_squares(x.clone(), dy, n_examples)
            }
            Self::Product { x, probe } => {
                let dw = probe.grad(gradients)? * x.clone();
                dw.square().reshape(rows).sum_dim(1).flatten::<1>(0, 1)
            }
            Self::Row { probe } => {
                let dw = probe.grad(gradients)?;
                dw.square().reshape(rows).sum_dim(1).flatten::<1>(0, 1)
            }
        })
    }
}

/// `|Σ_t x_t dy_tᵀ|² = Σ_tu (x_t · x_u)(dy_t · dy_u)`, the bias as an input that is always 1.
fn linear_squares(x: Tensor<2>, dy: Tensor<2>, n_examples: usize) -> Tensor<1> {
    let n_steps = x.dims()[0] / n_examples;
    if n_steps == 1 {
        let of_x = x.square().sum_dim(1) + 1.0; // [n_examples, 1]
        return (of_x * dy.square().sum_dim(1)).flatten::<1>(0, 1);
    }
    let products = |rows: Tensor<2>| {
        let rows: Tensor<3> = rows.reshape([n_examples as i64, n_steps as i64, -1]);
        rows.clone().matmul(rows.transpose()) // [n_examples, n_steps, n_steps]
    };
    let all: Tensor<2> = ((products(x) + 1.0) * products(dy)).reshape([n_examples as i64, -1]);
    all.sum_dim(1).flatten::<1>(0, 1)
}

fn zeros_like<const D: usize>(y: &Tensor<D>) -> Tensor<D> {
    Tensor::zeros(y.dims(), &y.device()).require_grad()
}
