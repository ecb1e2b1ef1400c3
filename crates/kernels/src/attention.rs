//! Scaled dot-product self-attention of many heads, without transposing anything in memory.
//!
//! Source: Vaswani et al. (2017), "Attention Is All You Need", 3.2; grouped keys and values from
//! Ainslie et al. (2023), "GQA". The way back computes the attention weights once more from the
//! kept row sums instead of keeping `n_heads * n_steps^2` numbers per text, as in Dao et al. (2022),
//! "FlashAttention".

use rayon::prelude::*;

use crate::buffer::{Blank, as_blank, blank, written};
use crate::math::exp;
use crate::product::Mat;
use crate::product::panels::Panels;
use crate::product::tile::{Start, Target, multiply};
use crate::softmax::{LANES, dot, maximum};
use crate::vectorize::vectorized;

/// Sizes of one attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Texts.
    pub n_batch: usize,
    /// Steps of each text, padding included.
    pub n_steps: usize,
    /// Heads of queries.
    pub n_heads: usize,
    /// Heads of keys and values; each serves `n_heads / n_kv_heads` heads of queries.
    pub n_kv_heads: usize,
    /// Numbers per head.
    pub d_head: usize,
}

impl Shape {
    /// Numbers of one step of the output: all heads one after the other.
    pub fn d_model(&self) -> usize {
        self.n_heads * self.d_head
    }

    /// Numbers of one step of the input: queries, then keys, then values of all their heads.
    pub fn d_input(&self) -> usize {
        (self.n_heads + 2 * self.n_kv_heads) * self.d_head
    }

    fn scale(&self) -> f32 {
        1.0 / (self.d_head as f32).sqrt()
    }

    /// Where the keys of a head of keys begin in a step, and where its values do.
    fn keys_and_values(&self, kv_head: usize) -> (usize, usize) {
        let keys = (self.n_heads + kv_head) * self.d_head;
        (keys, keys + self.n_kv_heads * self.d_head)
    }

    fn heads_of(&self, kv_head: usize) -> std::ops::Range<usize> {
        let per_group = self.n_heads / self.n_kv_heads;
        kv_head * per_group..(kv_head + 1) * per_group
    }
}

/// Which steps may look at which.
#[derive(Debug, Clone, Copy)]
pub struct Mask<'a> {
    /// Steps of each text that are no padding, `(n_batch,)`; all of them when absent. Padding is
    /// neither looked at nor looks: its output is zero.
    pub lengths: Option<&'a [usize]>,
    /// Whether a step sees itself and earlier ones only.
    pub causal: bool,
}

impl Mask<'_> {
    fn length(&self, text: usize, n_steps: usize) -> usize {
        self.lengths.map_or(n_steps, |lengths| lengths[text])
    }
}

/// The attended values and what the way back needs.
#[derive(Debug, Clone)]
pub struct Attended {
    /// `(n_batch, n_steps, n_heads * d_head)`
    pub y: Vec<f32>,
    /// Logarithm of each row's sum of exponentials, `(n_batch, n_heads, n_steps)`.
    pub log_sums: Vec<f32>,
}

/// `softmax(Q K' / sqrt(d_head)) V` for every head.
///
/// - `qkv`: `(n_batch, n_steps, (n_heads + 2 n_kv_heads) * d_head)`, see [`Shape::d_input`].
///
/// # Panics
/// When sizes or lengths do not agree.
pub fn forward(qkv: &[f32], shape: &Shape, mask: Mask<'_>) -> Attended {
    assert_shape(qkv, shape, mask);
    let (t, d) = (shape.n_steps, shape.d_model());
    let mut y = blank(shape.n_batch * t * d);
    let mut log_sums = blank(shape.n_batch * shape.n_heads * t);
    y.par_chunks_mut(t * d)
        .zip(log_sums.par_chunks_mut(shape.n_heads * t))
        .zip(qkv.par_chunks(t * shape.d_input()))
        .enumerate()
        .for_each_init(Scratch::default, |scratch, (text, ((y, log_sums), qkv))| {
            let n = mask.length(text, t);
            y[n * d..].fill(Blank::new(0.0));
            log_sums.fill(Blank::new(0.0));
            if n > 0 {
                forward_text(qkv, shape, n, mask.causal, scratch, y, log_sums);
            }
        });
    // SAFETY: the parts cover both. Of `y` each part writes padding and, in `forward_text`, every
    // head of every other step; `log_sums` was filled.
    unsafe {
        Attended {
            y: written(y),
            log_sums: written(log_sums),
        }
    }
}

/// Room that one worker uses again and again. Products read their right sides in panels.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// `(n, n)`
    weights: Vec<f32>,
    /// `(n, n)`
    dweights: Vec<f32>,
    /// `(d_head, n)`
    keys_across: Panels,
    /// `(d_head, n)`
    values_across: Panels,
    /// `(n, d_head)`: values on the way forward, keys on the way back.
    down: Panels,
    /// `(n, d_head)`
    queries: Panels,
    /// `(n, d_head)`
    dy: Panels,
}

/// One text of `n` steps that are no padding.
pub(crate) fn forward_text(
    qkv: &[f32],
    shape: &Shape,
    n: usize,
    causal: bool,
    scratch: &mut Scratch,
    y: &mut [Blank],
    log_sums: &mut [Blank],
) {
    let (d, d_head, d_input) = (shape.d_model(), shape.d_head, shape.d_input());
    let part = |at: usize| Mat::strided(&qkv[at..], n, d_head, d_input);
    let Scratch {
        weights,
        keys_across,
        down: values,
        ..
    } = scratch;
    weights.resize(n * n, 0.0);
    for kv_head in 0..shape.n_kv_heads {
        let (keys_at, values_at) = shape.keys_and_values(kv_head);
        keys_across.pack(part(keys_at).transposed());
        values.pack(part(values_at));
        for head in shape.heads_of(kv_head) {
            let at = head * d_head;
            let mut scores = Target::new(as_blank(weights), n, n, n);
            multiply(&mut scores, part(at), keys_across.all(), Start::Zero);
            let log_sums = &mut log_sums[head * shape.n_steps..][..n];
            weigh(weights, shape.scale(), causal, log_sums);
            let mut y = Target::new(&mut y[at..], d, n, d_head);
            multiply(&mut y, Mat::new(weights, n, n), values.all(), Start::Zero);
        }
    }
}

/// The gradient by `qkv`, of the gradient `dy` by the output.
///
/// # Panics
/// When sizes or lengths do not agree with those of the way forward.
pub fn backward(
    qkv: &[f32],
    y: &[f32],
    log_sums: &[f32],
    dy: &[f32],
    shape: &Shape,
    mask: Mask<'_>,
) -> Vec<f32> {
    assert_shape(qkv, shape, mask);
    let (t, d, d_input) = (shape.n_steps, shape.d_model(), shape.d_input());
    assert_eq!(
        y.len(),
        shape.n_batch * t * d,
        "the output of the way forward"
    );
    assert_eq!(
        log_sums.len(),
        shape.n_batch * shape.n_heads * t,
        "the sums of the way forward"
    );
    assert_eq!(dy.len(), y.len(), "one gradient per output");
    let mut dqkv = blank(qkv.len());
    dqkv.par_chunks_mut(t * d_input)
        .zip(qkv.par_chunks(t * d_input))
        .zip(y.par_chunks(t * d))
        .zip(log_sums.par_chunks(shape.n_heads * t))
        .zip(dy.par_chunks(t * d))
        .enumerate()
        .for_each_init(
            Scratch::default,
            |scratch, (text, ((((dqkv, qkv), y), log_sums), dy))| {
                let n = mask.length(text, t);
                dqkv[n * d_input..].fill(Blank::new(0.0));
                if n > 0 {
                    let text = Text {
                        qkv,
                        y,
                        log_sums,
                        dy,
                        n,
                        causal: mask.causal,
                    };
                    backward_text(&text, shape, scratch, dqkv);
                }
            },
        );
    // SAFETY: the parts cover `dqkv`; each writes padding and, in `backward_text`, queries, keys and
    // values of every head of every other step.
    unsafe { written(dqkv) }
}

/// What the way back of one text reads.
struct Text<'a> {
    qkv: &'a [f32],
    y: &'a [f32],
    log_sums: &'a [f32],
    dy: &'a [f32],
    n: usize,
    causal: bool,
}

fn backward_text(text: &Text<'_>, shape: &Shape, scratch: &mut Scratch, dqkv: &mut [Blank]) {
    let (n, d, d_head, d_input) = (text.n, shape.d_model(), shape.d_head, shape.d_input());
    let part = |at: usize| Mat::strided(&text.qkv[at..], n, d_head, d_input);
    let Scratch {
        weights,
        dweights,
        keys_across,
        values_across,
        down: keys,
        queries,
        dy: dy_panels,
    } = scratch;
    weights.resize(n * n, 0.0);
    dweights.resize(n * n, 0.0);
    for kv_head in 0..shape.n_kv_heads {
        let (keys_at, values_at) = shape.keys_and_values(kv_head);
        keys_across.pack(part(keys_at).transposed());
        values_across.pack(part(values_at).transposed());
        keys.pack(part(keys_at));
        // The first head of a group writes the gradients of its keys and values, the others add.
        let mut start = Start::Zero;
        for head in shape.heads_of(kv_head) {
            let at = head * d_head;
            let dy = Mat::strided(&text.dy[at..], n, d_head, d);
            queries.pack(part(at));
            dy_panels.pack(dy);

            let mut scores = Target::new(as_blank(weights), n, n, n);
            multiply(&mut scores, part(at), keys_across.all(), Start::Zero);
            let log_sums = &text.log_sums[head * shape.n_steps..][..n];
            weigh_again(weights, log_sums, shape.scale(), text.causal);
            let by_weights = Mat::new(weights, n, n).transposed();
            let mut dvalues = Target::new(&mut dqkv[values_at..], d_input, n, d_head);
            multiply(&mut dvalues, by_weights, dy_panels.all(), start);

            let mut by_weight = Target::new(as_blank(dweights), n, n, n);
            multiply(&mut by_weight, dy, values_across.all(), Start::Zero);
            let (y, dy) = (&text.y[at..], &text.dy[at..]);
            by_scores(weights, dweights, n, y, dy, d, d_head, shape.scale());
            let dscores = Mat::new(dweights, n, n);
            let mut dqueries = Target::new(&mut dqkv[at..], d_input, n, d_head);
            multiply(&mut dqueries, dscores, keys.all(), Start::Zero);
            let mut dkeys = Target::new(&mut dqkv[keys_at..], d_input, n, d_head);
            multiply(&mut dkeys, dscores.transposed(), queries.all(), start);
            start = Start::There;
        }
    }
}

vectorized! {
    /// Turns scores into weights, row by row, and gives each row's logarithmic sum.
    fn weigh(scores: &mut [f32], scale: f32, causal: bool, log_sums: &mut [Blank]) {
        let n = log_sums.len();
        for (i, (row, log_sum)) in scores.chunks_exact_mut(n).zip(log_sums).enumerate() {
            let (seen, unseen) = row.split_at_mut(if causal { i + 1 } else { n });
            unseen.fill(0.0);
            let top = maximum(seen);
            let sum = exponentials(seen, scale, top * scale);
            let normalize = 1.0 / sum;
            seen.iter_mut().for_each(|weight| *weight *= normalize);
            log_sum.write(top * scale + sum.ln());
        }
    }

    /// The same weights from the same scores and the logarithmic sums of the first time.
    fn weigh_again(scores: &mut [f32], log_sums: &[f32], scale: f32, causal: bool) {
        let n = log_sums.len();
        for (i, (row, &log_sum)) in scores.chunks_exact_mut(n).zip(log_sums).enumerate() {
            let (seen, unseen) = row.split_at_mut(if causal { i + 1 } else { n });
            unseen.fill(0.0);
            for weight in seen {
                *weight = exp(weight.mul_add(scale, -log_sum));
            }
        }
    }

    /// Turns gradients by weights into gradients by scores: `w * (dw - sum(w dw)) * scale`, where the
    /// sum of a row equals the product of its output with its output's gradient.
    fn by_scores(
        weights: &[f32], dweights: &mut [f32], n: usize, y: &[f32], dy: &[f32], d: usize,
        d_head: usize, scale: f32,
    ) {
        let weights = weights.chunks_exact(n).zip(dweights.chunks_exact_mut(n));
        for ((y, dy), (weights, dweights)) in y.chunks(d).zip(dy.chunks(d)).zip(weights) {
            let inner = dot(&y[..d_head], &dy[..d_head]);
            for (dw, &w) in dweights.iter_mut().zip(weights) {
                *dw = w * (*dw - inner) * scale;
            }
        }
    }
}

/// Replaces scores by `e^(score * scale - top)`; gives their sum.
#[inline(always)]
fn exponentials(scores: &mut [f32], scale: f32, top: f32) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let mut chunks = scores.chunks_exact_mut(LANES);
    for chunk in &mut chunks {
        for k in 0..LANES {
            chunk[k] = exp(chunk[k].mul_add(scale, -top));
            sums[k] += chunk[k];
        }
    }
    let mut sum: f32 = sums.iter().sum();
    for score in chunks.into_remainder() {
        *score = exp(score.mul_add(scale, -top));
        sum += *score;
    }
    sum
}

fn assert_shape(qkv: &[f32], shape: &Shape, mask: Mask<'_>) {
    assert!(
        shape.n_kv_heads > 0 && shape.n_heads.is_multiple_of(shape.n_kv_heads),
        "heads of queries share heads of keys evenly"
    );
    assert!(
        shape.d_head > 0 && shape.n_steps > 0,
        "an attention has steps and numbers"
    );
    assert_eq!(
        qkv.len(),
        shape.n_batch * shape.n_steps * shape.d_input(),
        "queries, keys and values of all steps"
    );
    if let Some(lengths) = mask.lengths {
        assert_eq!(lengths.len(), shape.n_batch, "one length per text");
        let within = lengths.iter().all(|length| *length <= shape.n_steps);
        assert!(within, "a text is no longer than its steps");
    }
}

#[cfg(test)]
mod tests;
