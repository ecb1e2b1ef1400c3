//! One layer of a decoder: attention, then a feed-forward part, each on normalized rows and added to
//! what came in.

use std::sync::Arc;

use burn::module::Module;
use burn::tensor::activation::{relu, silu};
use burn::tensor::{Device, Tensor, TensorData};

use super::{DecoderConfig, FeedForward, Norm};
use crate::Draws;
use crate::layers::{LayerNorm, Linear, LinearConfig, RmsNorm, dropout};
use crate::ops::{self, AttentionShape};

/// Either norm.
#[derive(Module, Debug)]
pub(super) enum AnyNorm {
    Layer(LayerNorm),
    RootMeanSquare(RmsNorm),
}

impl AnyNorm {
    pub(super) fn init(config: &DecoderConfig, device: &Device) -> Self {
        let (n, epsilon) = (config.d_model, config.epsilon);
        match config.norm {
            Norm::Layer => Self::Layer(LayerNorm::init(n, epsilon, device)),
            Norm::RootMeanSquare => Self::RootMeanSquare(RmsNorm::init(n, epsilon, device)),
        }
    }

    pub(super) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Layer(norm) => norm.forward(x),
            Self::RootMeanSquare(norm) => norm.forward(x),
        }
    }
}

/// One layer.
#[derive(Module, Debug)]
pub(super) struct Layer {
    pub(super) attention_norm: AnyNorm,
    pub(super) qkv: Linear,
    pub(super) attention_output: Linear,
    pub(super) feed_forward_norm: AnyNorm,
    pub(super) up: Linear,
    pub(super) gate: Option<Linear>,
    pub(super) down: Linear,
    #[module(skip)]
    pub(super) feed_forward: FeedForward,
    pub(super) dropout: f64,
    pub(super) n_heads: usize,
    pub(super) n_kv_heads: usize,
}

impl Layer {
    /// First weights, for sizes that were checked.
    pub(super) fn init(config: &DecoderConfig, device: &Device, draws: &mut Draws) -> Self {
        let DecoderConfig {
            d_model,
            n_heads,
            n_kv_heads,
            d_feed_forward,
            ..
        } = *config;
        let n_qkv = (n_heads + 2 * n_kv_heads) * config.d_head();
        let mut linear = |n_in, n_out| LinearConfig::new(n_in, n_out).init(device, draws);
        Self {
            attention_norm: AnyNorm::init(config, device),
            qkv: linear(d_model, n_qkv),
            attention_output: linear(d_model, d_model),
            feed_forward_norm: AnyNorm::init(config, device),
            up: linear(d_model, d_feed_forward),
            gate: (config.feed_forward == FeedForward::SwiGlu)
                .then(|| linear(d_model, d_feed_forward)),
            down: linear(d_feed_forward, d_model),
            feed_forward: config.feed_forward,
            dropout: config.dropout,
            n_heads,
            n_kv_heads,
        }
    }

    /// `[n_batch * n_steps, d_model]` to the same.
    pub(super) fn forward(
        &self,
        x: Tensor<2>,
        lengths: &Arc<[usize]>,
        rotation: Option<&Rotation>,
        chance: &mut Option<Draws>,
    ) -> Tensor<2> {
        let shape = AttentionShape {
            n_heads: self.n_heads,
            n_kv_heads: self.n_kv_heads,
            lengths: lengths.clone(),
            causal: true,
        };
        let attended = ops::self_attention(self.queries_keys_values(&x, rotation), &shape);
        let attended = self.attention_output.forward(attended);
        let x = x + dropout(attended, self.dropout, chance);
        let fed = self.feed(x.clone());
        x + dropout(fed, self.dropout, chance)
    }

    /// `[n_rows, (n_heads + 2 n_kv_heads) * d_head]`, queries and keys turned.
    pub(super) fn queries_keys_values(
        &self,
        x: &Tensor<2>,
        rotation: Option<&Rotation>,
    ) -> Tensor<2> {
        let qkv = self.qkv.forward(self.attention_norm.forward(x.clone()));
        match rotation {
            Some(rotation) => rotation.turn(qkv, self.n_heads + self.n_kv_heads),
            None => qkv,
        }
    }

    /// The feed-forward part of each row, `[n_rows, d_model]`.
    pub(super) fn feed(&self, x: Tensor<2>) -> Tensor<2> {
        let x = self.feed_forward_norm.forward(x);
        let middle = match (&self.gate, self.feed_forward) {
            (Some(gate), _) => silu(gate.forward(x.clone())) * self.up.forward(x),
            (None, FeedForward::Relu) => relu(self.up.forward(x)),
            (None, FeedForward::GeluByTanh) => ops::gelu_by_tanh(self.up.forward(x)),
            (None, _) => ops::gelu(self.up.forward(x)),
        };
        self.down.forward(middle)
    }
}

/// The angles by which queries and keys are turned, row by row.
pub(super) struct Rotation {
    /// `[n_rows, 1, d_head / 2]`
    cosines: Tensor<3>,
    /// `[n_rows, 1, d_head / 2]`
    sines: Tensor<3>,
}

impl Rotation {
    /// Rows at these steps.
    pub(super) fn new(steps: &[usize], d_head: usize, base: f64, device: &Device) -> Self {
        let half = d_head / 2;
        let angles: Vec<f64> = steps
            .iter()
            .flat_map(|step| {
                (0..half).map(move |i| *step as f64 / base.powf(2.0 * i as f64 / d_head as f64))
            })
            .collect();
        let tensor = |function: fn(f64) -> f64| {
            let numbers: Vec<f32> = angles.iter().map(|angle| function(*angle) as f32).collect();
            Tensor::from_data(TensorData::new(numbers, [steps.len(), 1, half]), device)
        };
        Self {
            cosines: tensor(f64::cos),
            sines: tensor(f64::sin),
        }
    }

    /// Turns the first `n_heads` heads of each row; the first half of a head's numbers pairs with the
    /// second.
    fn turn(&self, rows: Tensor<2>, n_heads: usize) -> Tensor<2> {
        let [n_rows, n_columns] = rows.dims();
        let half = self.cosines.dims()[2];
        let n_turned = n_heads * 2 * half;
        let heads = rows.clone().slice([0..n_rows, 0..n_turned]);
        let heads = heads.reshape([n_rows, n_heads, 2 * half]);
        let first = heads.clone().slice([0..n_rows, 0..n_heads, 0..half]);
        let second = heads.slice([0..n_rows, 0..n_heads, half..2 * half]);
        let (cosines, sines) = (self.cosines.clone(), self.sines.clone());
        let turned_first = first.clone() * cosines.clone() - second.clone() * sines.clone();
        let turned_second = second * cosines + first * sines;
        let turned = Tensor::cat(vec![turned_first, turned_second], 2);
        let rest = rows.slice([0..n_rows, n_turned..n_columns]);
        Tensor::cat(vec![turned.reshape([n_rows, n_turned]), rest], 1)
    }
}
