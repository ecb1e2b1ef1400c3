//! An encoder in the shape of BERT that only infers: all layers of a few texts by one worker, so that
//! what it computes stays in its cache and no worker waits for another.
//!
//! Weights are packed once. Padding is left out of every product, not only of attention.
//!
//! Source: Devlin et al. (2019), "BERT", with its norms after the residuals.

use std::ops::Range;

use rayon::prelude::*;

use crate::attention::{self, Shape};
use crate::buffer::{Blank, as_blank, blank, copy, written};
use crate::product::Mat;
use crate::product::panels::Panels;
use crate::product::tile::{Start, Target, multiply};
use crate::{gelu, norm};

/// Steps that a worker takes together: enough to use each weight often, few enough that what is
/// computed of them stays near.
const STEPS_PER_TASK: usize = 128;

/// Numbers of the feed-forward part's middle that are computed before they are used.
const MIDDLE: usize = 384;

/// Sizes of an encoder.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sizes {
    /// Numbers per step, a multiple of the heads.
    pub d_model: usize,
    /// Heads of attention.
    pub n_heads: usize,
    /// Numbers in the middle of the feed-forward part.
    pub d_feed_forward: usize,
    /// Added to variances in norms.
    pub epsilon: f32,
}

/// The weights of one layer; those of linear parts are `(n_inputs, n_outputs)`.
#[derive(Debug, Clone, Copy)]
pub struct LayerWeights<'a> {
    /// Queries, keys and values of all heads: weights and biases.
    pub qkv: (&'a [f32], &'a [f32]),
    /// After attention: weights and biases.
    pub output: (&'a [f32], &'a [f32]),
    /// Of the norm after attention: gains and biases.
    pub attention_norm: (&'a [f32], &'a [f32]),
    /// Into the middle of the feed-forward part: weights and biases.
    pub middle: (&'a [f32], &'a [f32]),
    /// Out of the middle: weights and biases.
    pub last: (&'a [f32], &'a [f32]),
    /// Of the norm at the end: gains and biases.
    pub last_norm: (&'a [f32], &'a [f32]),
}

/// A linear part with its weights packed.
#[derive(Debug, Clone)]
struct Linear {
    weight: Panels,
    bias: Vec<f32>,
}

impl Linear {
    fn new((weight, bias): (&[f32], &[f32]), n_inputs: usize, n_outputs: usize) -> Self {
        assert_eq!(
            weight.len(),
            n_inputs * n_outputs,
            "weights of a linear part"
        );
        assert_eq!(bias.len(), n_outputs, "biases of a linear part");
        Self {
            weight: Panels::of_large(Mat::new(weight, n_inputs, n_outputs)),
            bias: bias.to_vec(),
        }
    }

    /// `x W + b` of `n` rows.
    fn forward(&self, x: &[f32], n: usize, y: &mut Vec<f32>) {
        let (n_inputs, n_outputs) = (self.weight.all().n_rows(), self.bias.len());
        y.resize(n * n_outputs, 0.0);
        let mut y = Target::new(as_blank(y), n_outputs, n, n_outputs);
        let x = Mat::new(x, n, n_inputs);
        multiply(&mut y, x, self.weight.all(), Start::Bias(&self.bias));
    }
}

/// Gains and biases of a norm.
#[derive(Debug, Clone)]
struct Norm {
    gain: Vec<f32>,
    bias: Vec<f32>,
}

impl Norm {
    fn new((gain, bias): (&[f32], &[f32]), d_model: usize) -> Self {
        assert_eq!(gain.len(), d_model, "gains of a norm");
        assert_eq!(bias.len(), d_model, "biases of a norm");
        Self {
            gain: gain.to_vec(),
            bias: bias.to_vec(),
        }
    }
}

#[derive(Debug, Clone)]
struct Layer {
    qkv: Linear,
    output: Linear,
    attention_norm: Norm,
    middle: Linear,
    last: Linear,
    last_norm: Norm,
}

impl Layer {
    fn new(sizes: &Sizes, weights: &LayerWeights<'_>) -> Self {
        let (d, d_middle) = (sizes.d_model, sizes.d_feed_forward);
        Self {
            qkv: Linear::new(weights.qkv, d, 3 * d),
            output: Linear::new(weights.output, d, d),
            attention_norm: Norm::new(weights.attention_norm, d),
            middle: Linear::new(weights.middle, d, d_middle),
            last: Linear::new(weights.last, d_middle, d),
            last_norm: Norm::new(weights.last_norm, d),
        }
    }

    /// Takes the steps of some texts, one after the other in `room.x`, through the layer.
    fn forward(&self, sizes: &Sizes, lengths: &[usize], room: &mut Room) {
        let d = sizes.d_model;
        let n = room.x.len() / d;
        self.qkv.forward(&room.x, n, &mut room.qkv);
        attend(sizes, lengths, room);
        self.output.forward(&room.attended, n, &mut room.added);
        let Norm { gain, bias } = &self.attention_norm;
        norm::add_in_place(&mut room.x, &room.added, gain, bias, sizes.epsilon);
        self.feed_forward(n, sizes, room);
        let Norm { gain, bias } = &self.last_norm;
        norm::add_in_place(&mut room.x, &room.added, gain, bias, sizes.epsilon);
    }

    /// The feed-forward part of `room.x`, to `room.added`.
    fn feed_forward(&self, n: usize, sizes: &Sizes, room: &mut Room) {
        let d = sizes.d_model;
        let x = Mat::new(&room.x, n, d);
        room.added.resize(n * d, 0.0);
        for from in (0..sizes.d_feed_forward).step_by(MIDDLE) {
            let part = from..(from + MIDDLE).min(sizes.d_feed_forward);
            let width = part.len();
            room.middle.resize(n * width, 0.0);
            let mut middle = Target::new(as_blank(&mut room.middle), width, n, width);
            let bias = Start::Bias(&self.middle.bias[part.clone()]);
            let weight = self.middle.weight.all().columns(part.clone());
            multiply(&mut middle, x, weight, bias);
            gelu::in_place(&mut room.middle);
            let start = if from == 0 {
                Start::Bias(&self.last.bias)
            } else {
                Start::There
            };
            let middle = Mat::new(&room.middle, n, width);
            let mut added = Target::new(as_blank(&mut room.added), d, n, d);
            multiply(&mut added, middle, self.last.weight.all().rows(part), start);
        }
    }
}

/// Attention of each text's steps among themselves, from `room.qkv` to `room.attended`.
fn attend(sizes: &Sizes, lengths: &[usize], room: &mut Room) {
    let d = sizes.d_model;
    room.attended.resize(room.x.len(), 0.0);
    let mut from = 0;
    for &n in lengths.iter().filter(|n| **n > 0) {
        let shape = Shape {
            n_batch: 1,
            n_steps: n,
            n_heads: sizes.n_heads,
            n_kv_heads: sizes.n_heads,
            d_head: d / sizes.n_heads,
        };
        room.log_sums.resize(sizes.n_heads * n, 0.0);
        attention::forward_text(
            &room.qkv[from * 3 * d..(from + n) * 3 * d],
            &shape,
            n,
            false,
            &mut room.attention,
            as_blank(&mut room.attended[from * d..(from + n) * d]),
            as_blank(&mut room.log_sums),
        );
        from += n;
    }
}

/// What one worker computes of some texts: rows without padding, used again for every layer.
#[derive(Default)]
struct Room {
    /// `(n, d_model)`
    x: Vec<f32>,
    /// `(n, 3 * d_model)`
    qkv: Vec<f32>,
    /// `(n, d_model)`
    attended: Vec<f32>,
    /// `(n, d_model)`
    added: Vec<f32>,
    /// `(n, MIDDLE)`
    middle: Vec<f32>,
    log_sums: Vec<f32>,
    attention: attention::Scratch,
}

/// An encoder with its weights packed.
#[derive(Debug, Clone)]
pub struct Encoder {
    sizes: Sizes,
    layers: Vec<Layer>,
}

impl Encoder {
    /// Packs the weights.
    ///
    /// # Panics
    /// When the weights are not of these sizes, or the heads do not divide the model.
    pub fn new(sizes: Sizes, layers: &[LayerWeights<'_>]) -> Self {
        assert!(
            sizes.n_heads > 0 && sizes.d_model > 0 && sizes.d_model.is_multiple_of(sizes.n_heads),
            "heads divide the model evenly"
        );
        let layers = layers.iter().map(|weights| Layer::new(&sizes, weights));
        Self {
            sizes,
            layers: layers.collect(),
        }
    }

    /// The steps of texts after the last layer, from those before the first.
    ///
    /// - `x`: `(n_batch, n_steps, d_model)`; `lengths`: `(n_batch,)`, the steps of each text that are
    ///   no padding.
    /// - returns the same shape; padding is zero.
    ///
    /// # Panics
    /// When sizes or lengths do not agree.
    pub fn forward(&self, x: &[f32], lengths: &[usize]) -> Vec<f32> {
        if lengths.is_empty() {
            assert!(x.is_empty(), "steps belong to texts");
            return Vec::new();
        }
        let text_len = x.len() / lengths.len();
        let n_steps = text_len / self.sizes.d_model;
        assert_eq!(
            x.len(),
            lengths.len() * n_steps * self.sizes.d_model,
            "texts are whole steps"
        );
        let within = lengths.iter().all(|length| *length <= n_steps);
        assert!(within, "a text is no longer than its steps");
        let mut y = blank(x.len());
        let mut rest = y.as_mut_slice();
        let mut tasks = Vec::new();
        for texts in tasks_of(lengths) {
            let (part, after) = rest.split_at_mut(texts.len() * text_len);
            let x = &x[texts.start * text_len..texts.end * text_len];
            tasks.push((x, part, &lengths[texts]));
            rest = after;
        }
        tasks
            .into_par_iter()
            .for_each_init(Room::default, |room, (x, y, lengths)| {
                self.forward_texts(x, lengths, text_len, room, y);
            });
        // SAFETY: the tasks cover `y`, and each writes steps and padding of all of its texts.
        unsafe { written(y) }
    }

    fn forward_texts(
        &self,
        x: &[f32],
        lengths: &[usize],
        text_len: usize,
        room: &mut Room,
        y: &mut [Blank],
    ) {
        let d = self.sizes.d_model;
        room.x.clear();
        for (text, length) in x.chunks(text_len.max(1)).zip(lengths) {
            room.x.extend_from_slice(&text[..length * d]);
        }
        if !room.x.is_empty() {
            for layer in &self.layers {
                layer.forward(&self.sizes, lengths, room);
            }
        }
        let mut from = 0;
        for (text, length) in y.chunks_mut(text_len.max(1)).zip(lengths) {
            let (steps, padding) = text.split_at_mut(length * d);
            copy(&room.x[from..from + steps.len()], steps);
            padding.fill(Blank::new(0.0));
            from += steps.len();
        }
    }
}

/// Texts in a row that are computed together: about as many steps each, and as many tasks as workers
/// or a multiple of that. How texts are shared out changes no number of theirs.
fn tasks_of(lengths: &[usize]) -> Vec<Range<usize>> {
    let n_steps: usize = lengths.iter().sum();
    let n_workers = rayon::current_num_threads();
    let n_tasks = n_steps.div_ceil(STEPS_PER_TASK).next_multiple_of(n_workers);
    let wanted = n_steps.div_ceil(n_tasks.max(1));
    let mut tasks = Vec::new();
    let (mut start, mut taken) = (0, 0);
    for (text, length) in lengths.iter().enumerate() {
        taken += length;
        if taken >= wanted {
            tasks.push(start..text + 1);
            (start, taken) = (text + 1, 0);
        }
    }
    if start < lengths.len() {
        tasks.push(start..lengths.len());
    }
    tasks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attention::Mask;
    use crate::linear;
    use crate::norm::Center;
    use crate::testing::{assert_close, numbers};

    const SIZES: Sizes = Sizes {
        d_model: 12,
        n_heads: 3,
        d_feed_forward: 400,
        epsilon: 1e-6,
    };

    /// Numbers of one layer's weights, in the order of [`LayerWeights`].
    fn weights(seed: u64) -> [Vec<f32>; 12] {
        let (d, d_middle) = (SIZES.d_model, SIZES.d_feed_forward);
        let sizes = [
            d * 3 * d,
            3 * d,
            d * d,
            d,
            d,
            d,
            d * d_middle,
            d_middle,
            d_middle * d,
            d,
            d,
            d,
        ];
        let mut seed = seed * 100;
        sizes.map(|n| {
            seed += 1;
            numbers(seed, n).iter().map(|x| 0.3 * x).collect()
        })
    }

    fn layer(w: &[Vec<f32>; 12]) -> LayerWeights<'_> {
        LayerWeights {
            qkv: (&w[0], &w[1]),
            output: (&w[2], &w[3]),
            attention_norm: (&w[4], &w[5]),
            middle: (&w[6], &w[7]),
            last: (&w[8], &w[9]),
            last_norm: (&w[10], &w[11]),
        }
    }

    /// A layer from its parts, padding and all.
    fn by_parts(x: &[f32], w: &[Vec<f32>; 12], lengths: &[usize], n_steps: usize) -> Vec<f32> {
        let shape = Shape {
            n_batch: lengths.len(),
            n_steps,
            n_heads: SIZES.n_heads,
            n_kv_heads: SIZES.n_heads,
            d_head: SIZES.d_model / SIZES.n_heads,
        };
        let mask = Mask {
            lengths: Some(lengths),
            causal: false,
        };
        let normed = |x: &[f32], added: &[f32], gain: &[f32], bias: &[f32]| {
            let sum: Vec<f32> = x.iter().zip(added).map(|(x, added)| x + added).collect();
            norm::forward(&sum, gain, bias, SIZES.epsilon, Center::Mean).y
        };
        let qkv = linear::forward(x, &w[0], &w[1]);
        let attended = attention::forward(&qkv, &shape, mask).y;
        let x = normed(x, &linear::forward(&attended, &w[2], &w[3]), &w[4], &w[5]);
        let middle = gelu::forward(&linear::forward(&x, &w[6], &w[7]));
        normed(&x, &linear::forward(&middle, &w[8], &w[9]), &w[10], &w[11])
    }

    #[test]
    fn it_gives_what_its_parts_give_and_zero_for_padding() {
        let n_steps = 9;
        for lengths in [vec![9], vec![4, 9, 0, 1], vec![9; 40], vec![0, 0]] {
            let x = numbers(7, lengths.len() * n_steps * SIZES.d_model);
            let (first, second) = (weights(1), weights(2));
            let encoder = Encoder::new(SIZES, &[layer(&first), layer(&second)]);

            let y = encoder.forward(&x, &lengths);

            let expected = by_parts(&x, &first, &lengths, n_steps);
            let expected = by_parts(&expected, &second, &lengths, n_steps);
            let text_len = n_steps * SIZES.d_model;
            let texts = y.chunks(text_len).zip(expected.chunks(text_len));
            for ((y, expected), length) in texts.zip(&lengths) {
                let (steps, padding) = y.split_at(length * SIZES.d_model);
                assert_close(steps, &expected[..steps.len()], 1e-4);
                assert!(padding.iter().all(|y| *y == 0.0));
            }
        }
    }

    #[test]
    fn no_texts_give_nothing() {
        let encoder = Encoder::new(SIZES, &[layer(&weights(1))]);
        assert!(encoder.forward(&[], &[]).is_empty());
    }

    #[test]
    fn every_text_is_in_one_task() {
        for lengths in [vec![64; 32], vec![1, 500, 3, 0, 0], vec![0], vec![7; 1000]] {
            let tasks = tasks_of(&lengths);

            let mut next = 0;
            for task in &tasks {
                assert_eq!(task.start, next);
                next = task.end;
            }
            assert_eq!(next, lengths.len());
        }
    }
}
