//! A recurrent layer over the steps of a batch, and its back-propagation through time.

use rayon::prelude::*;

use super::cell::{Before, Carried, Cell, State};
use crate::buffer::{Blank, as_blank, blank, copy, written};
use crate::linear::add_rows;
use crate::product::{self, Mat, Threads};

/// Sizes of one layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Sequences.
    pub n_batch: usize,
    /// Steps of each, padding included.
    pub n_steps: usize,
    /// Numbers that come in per step.
    pub n_inputs: usize,
    /// Numbers that go out per step.
    pub n_hidden: usize,
}

/// Which end of the sequences the layer begins at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the first step to the last.
    Forward,
    /// From the last step to the first.
    Backward,
}

/// How a layer runs.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// Which end comes first.
    pub direction: Direction,
    /// Steps of each sequence that are no padding, `(n_batch,)`; all when absent. Padding gives out
    /// zeros and changes no state.
    pub lengths: Option<&'a [usize]>,
}

/// The weights of a layer, with `g` gates per hidden number.
#[derive(Debug, Clone, Copy)]
pub struct Weights<'a> {
    /// Of the inputs, `(n_inputs, g * n_hidden)`.
    pub input: &'a [f32],
    /// Of the hidden state, `(n_hidden, g * n_hidden)`.
    pub hidden: &'a [f32],
    /// Added to the inputs' share, `(g * n_hidden,)`.
    pub input_bias: &'a [f32],
    /// Added to the hidden state's share, `(g * n_hidden,)`; empty for none, which loses nothing in
    /// cells that only add the two.
    pub hidden_bias: &'a [f32],
}

/// What a layer gave out, and what its way back needs.
#[derive(Debug, Clone)]
pub struct Saved {
    /// The hidden state after every step, `(n_batch, n_steps, n_hidden)`.
    pub hidden: Vec<f32>,
    gates: Vec<f32>,
    kept: Vec<f32>,
}

/// Gradients of a layer, in the shapes of what they belong to.
#[derive(Debug, Clone)]
pub struct Gradients {
    /// By the inputs, `(n_batch, n_steps, n_inputs)`.
    pub x: Vec<f32>,
    /// By the weights of the inputs.
    pub input: Vec<f32>,
    /// By the weights of the hidden state.
    pub hidden: Vec<f32>,
    /// By the bias of the inputs' share.
    pub input_bias: Vec<f32>,
    /// By the bias of the hidden state's share.
    pub hidden_bias: Vec<f32>,
}

/// Runs a layer over `x`, `(n_batch, n_steps, n_inputs)`.
///
/// # Panics
/// When sizes do not agree.
pub fn forward<C: Cell>(x: &[f32], weights: &Weights<'_>, shape: &Shape, run: Run<'_>) -> Saved {
    let plan = Plan::of::<C>(x, weights, shape, run);
    let n_rows = shape.n_batch * shape.n_steps;
    let mut hidden = blank(n_rows * shape.n_hidden);
    let mut gates = blank(n_rows * plan.n_gates);
    let mut kept = blank(n_rows * plan.n_kept);
    // A chunk of nothing is no chunk: cells that keep nothing get empty ends instead.
    let kept_chunks = chunks_of(
        &mut kept,
        plan.slab * shape.n_steps * plan.n_kept,
        plan.n_slabs(),
    );
    gates
        .par_chunks_mut(plan.slab * shape.n_steps * plan.n_gates)
        .zip(hidden.par_chunks_mut(plan.slab * shape.n_steps * shape.n_hidden))
        .zip(kept_chunks)
        .zip(x.par_chunks(plan.slab * shape.n_steps * shape.n_inputs))
        .enumerate()
        .for_each(|(slab, (((gates, hidden), kept), x))| {
            plan.forward_slab::<C>(slab, x, weights, gates, hidden, kept);
        });
    // SAFETY: the slabs cover all three, and `forward_slab` writes every row and step of them.
    unsafe {
        Saved {
            hidden: written(hidden),
            gates: written(gates),
            kept: written(kept),
        }
    }
}

/// The gradients, of the gradient `dy` by the hidden states, `(n_batch, n_steps, n_hidden)`.
///
/// Takes what the way forward saved, because it works in its place. `hidden` are the states that
/// the way forward gave out.
///
/// # Panics
/// When sizes do not agree.
pub fn backward<C: Cell>(
    x: &[f32],
    weights: &Weights<'_>,
    mut saved: Saved,
    dy: &[f32],
    shape: &Shape,
    run: Run<'_>,
) -> Gradients {
    let plan = Plan::of::<C>(x, weights, shape, run);
    assert_eq!(
        dy.len(),
        saved.hidden.len(),
        "one gradient per hidden state"
    );
    let t = shape.n_steps;
    let mut dx = blank(x.len());
    let kept = &saved.kept;
    let hidden = &saved.hidden;
    let parts: Vec<Parts> = saved
        .gates
        .par_chunks_mut(plan.slab * t * plan.n_gates)
        .zip(dx.par_chunks_mut(plan.slab * t * shape.n_inputs))
        .zip(x.par_chunks(plan.slab * t * shape.n_inputs))
        .zip(dy.par_chunks(plan.slab * t * shape.n_hidden))
        .zip(hidden.par_chunks(plan.slab * t * shape.n_hidden))
        .enumerate()
        .map(|(slab, ((((gates, dx), x), dy), hidden))| {
            let from = slab * plan.slab * t * plan.n_kept;
            let n_rows = hidden.len() / shape.n_hidden;
            let kept = &kept[from..from + n_rows * plan.n_kept];
            let forth = Forth {
                x,
                hidden,
                kept,
                dy,
            };
            plan.backward_slab::<C>(slab, &forth, weights, gates, dx)
        })
        .collect();
    let sum = parts
        .into_iter()
        .reduce(Parts::plus)
        .unwrap_or_else(|| plan.no_parts());
    Gradients {
        // SAFETY: the slabs cover `dx`, and each writes all of its rows.
        x: unsafe { written(dx) },
        input: sum.input,
        hidden: sum.hidden,
        input_bias: sum.input_bias,
        hidden_bias: sum.hidden_bias,
    }
}

/// `n` mutable parts of a buffer, empty ones when there is nothing to cut.
fn chunks_of(buffer: &mut [Blank], size: usize, n: usize) -> Vec<&mut [Blank]> {
    if size == 0 {
        return (0..n).map(|_| Default::default()).collect();
    }
    buffer.chunks_mut(size).collect()
}

/// How the work is cut, and the sizes that follow from the cell.
struct Plan<'a> {
    shape: Shape,
    run: Run<'a>,
    /// Rows of the batch per slab.
    slab: usize,
    /// Numbers of gates per row and step.
    n_gates: usize,
    /// Numbers kept per row and step.
    n_kept: usize,
}

/// What the way back of one slab reads.
struct Forth<'a> {
    x: &'a [f32],
    hidden: &'a [f32],
    kept: &'a [f32],
    dy: &'a [f32],
}

/// The gradients by the weights that one slab found.
struct Parts {
    input: Vec<f32>,
    hidden: Vec<f32>,
    input_bias: Vec<f32>,
    hidden_bias: Vec<f32>,
}

impl Parts {
    fn plus(mut self, other: Self) -> Self {
        add_rows(&other.input, &mut self.input);
        add_rows(&other.hidden, &mut self.hidden);
        add_rows(&other.input_bias, &mut self.input_bias);
        add_rows(&other.hidden_bias, &mut self.hidden_bias);
        self
    }
}

impl<'a> Plan<'a> {
    fn of<C: Cell>(x: &[f32], weights: &Weights<'_>, shape: &Shape, run: Run<'a>) -> Self {
        let n_gates = C::N_GATES * shape.n_hidden;
        assert!(
            shape.n_steps > 0 && shape.n_inputs > 0 && shape.n_hidden > 0,
            "a recurrent layer has steps, inputs and hidden numbers"
        );
        assert_eq!(
            x.len(),
            shape.n_batch * shape.n_steps * shape.n_inputs,
            "inputs"
        );
        assert_eq!(
            weights.input.len(),
            shape.n_inputs * n_gates,
            "weights of the inputs"
        );
        assert_eq!(
            weights.hidden.len(),
            shape.n_hidden * n_gates,
            "weights of the hidden state"
        );
        assert_eq!(
            weights.input_bias.len(),
            n_gates,
            "bias of the inputs' share"
        );
        assert!(
            weights.hidden_bias.is_empty() || weights.hidden_bias.len() == n_gates,
            "bias of the hidden state's share"
        );
        if let Some(lengths) = run.lengths {
            assert_eq!(lengths.len(), shape.n_batch, "one length per sequence");
        }
        Self {
            shape: *shape,
            run,
            // By the shape alone: wide enough for an efficient product, and at least four slabs for
            // the workers of a small machine where the batch allows it.
            slab: shape.n_batch.div_ceil(4).clamp(8, 64),
            n_gates,
            n_kept: C::N_KEPT * shape.n_hidden,
        }
    }

    fn n_slabs(&self) -> usize {
        self.shape.n_batch.div_ceil(self.slab)
    }

    /// The step that is taken `nth`.
    fn step(&self, nth: usize) -> usize {
        match self.run.direction {
            Direction::Forward => nth,
            Direction::Backward => self.shape.n_steps - 1 - nth,
        }
    }

    /// Steps of a row of a slab that are no padding.
    fn length(&self, slab: usize, row: usize) -> usize {
        let row = slab * self.slab + row;
        self.run
            .lengths
            .map_or(self.shape.n_steps, |lengths| lengths[row])
    }

    fn forward_slab<C: Cell>(
        &self,
        slab: usize,
        x: &[f32],
        weights: &Weights<'_>,
        gates: &mut [Blank],
        hidden: &mut [Blank],
        kept: &mut [Blank],
    ) {
        let (t, h, g) = (self.shape.n_steps, self.shape.n_hidden, self.n_gates);
        let n = x.len() / (t * self.shape.n_inputs);
        gates
            .chunks_exact_mut(g)
            .for_each(|row| copy(weights.input_bias, row));
        // SAFETY: the line above wrote every row.
        let gates = unsafe { gates.assume_init_mut() };
        let inputs = Mat::new(x, n * t, self.shape.n_inputs);
        let weights_in = Mat::new(weights.input, self.shape.n_inputs, g);
        product::add(gates, g, inputs, weights_in, Threads::One);

        let mut states = vec![0.0; n * h];
        let mut memories = vec![0.0; n * h];
        let mut from_hidden = vec![0.0; n * g];
        for nth in 0..t {
            let step = self.step(nth);
            self.shares_of_hidden(&states, weights, nth, &mut from_hidden);
            for row in 0..n {
                let at = row * t + step;
                let gates = &mut gates[at * g..][..g];
                let kept = &mut kept[at * self.n_kept..][..self.n_kept];
                let out = &mut hidden[at * h..][..h];
                if step >= self.length(slab, row) {
                    gates.fill(0.0);
                    kept.fill(Blank::new(0.0));
                    out.fill(Blank::new(0.0));
                    continue;
                }
                let state = State {
                    hidden: &mut states[row * h..][..h],
                    memory: &mut memories[row * h..][..h],
                };
                C::forward(gates, &from_hidden[row * g..][..g], state, kept);
                copy(&states[row * h..][..h], out);
            }
        }
    }

    /// The hidden states' share of the gates of one step.
    fn shares_of_hidden(&self, states: &[f32], weights: &Weights<'_>, nth: usize, to: &mut [f32]) {
        let (h, g) = (self.shape.n_hidden, self.n_gates);
        let n = states.len() / h;
        if weights.hidden_bias.is_empty() {
            to.fill(0.0);
        } else {
            to.chunks_exact_mut(g)
                .for_each(|row| row.copy_from_slice(weights.hidden_bias));
        }
        // Before the first step the state is zero.
        if nth > 0 {
            let states = Mat::new(states, n, h);
            product::add(to, g, states, Mat::new(weights.hidden, h, g), Threads::One);
        }
    }

    fn backward_slab<C: Cell>(
        &self,
        slab: usize,
        forth: &Forth<'_>,
        weights: &Weights<'_>,
        gates: &mut [f32],
        dx: &mut [Blank],
    ) -> Parts {
        let (t, h, g) = (self.shape.n_steps, self.shape.n_hidden, self.n_gates);
        let n = forth.hidden.len() / (t * h);
        let n_apart = if C::IS_SUM { 0 } else { g };
        let mut apart = vec![0.0; n * t * n_apart];
        let mut dhidden = vec![0.0; n * h];
        let mut dmemory = vec![0.0; n * h];
        let nothing = vec![0.0; h.max(self.n_kept)];
        for nth in (0..t).rev() {
            let step = self.step(nth);
            let step_before = nth.checked_sub(1).map(|nth| self.step(nth));
            for row in 0..n {
                let at = row * t + step;
                let carried = Carried {
                    hidden: &mut dhidden[row * h..][..h],
                    memory: &mut dmemory[row * h..][..h],
                };
                let gates = &mut gates[at * g..][..g];
                if step >= self.length(slab, row) {
                    carried.hidden.fill(0.0);
                    carried.memory.fill(0.0);
                    gates.fill(0.0);
                    continue;
                }
                add_rows(&forth.dy[at * h..][..h], carried.hidden);
                let before = step_before.map(|step| row * t + step);
                let before = Before {
                    hidden: before.map_or(&nothing[..h], |at| &forth.hidden[at * h..][..h]),
                    kept: before.map_or(&nothing[..self.n_kept], |at| {
                        &forth.kept[at * self.n_kept..][..self.n_kept]
                    }),
                };
                let by_hidden = &mut apart[at * n_apart..][..n_apart];
                let kept = &forth.kept[at * self.n_kept..][..self.n_kept];
                C::backward(gates, by_hidden, kept, &before, carried);
            }
            if nth > 0 {
                let by_hidden: &[f32] = if C::IS_SUM { gates } else { &apart };
                let by_hidden = Mat::strided(&by_hidden[step * g..], n, g, t * g);
                let weights = Mat::new(weights.hidden, h, g).transposed();
                product::add(&mut dhidden, h, by_hidden, weights, Threads::One);
            }
        }
        let by_hidden: &[f32] = if C::IS_SUM { gates } else { &apart };
        self.parts(forth, weights, gates, by_hidden, dx)
    }

    /// The gradients by inputs and weights, of the gradients by both shares of all gates.
    fn parts(
        &self,
        forth: &Forth<'_>,
        weights: &Weights<'_>,
        by_input: &[f32],
        by_hidden: &[f32],
        dx: &mut [Blank],
    ) -> Parts {
        let (h, g, n_inputs) = (self.shape.n_hidden, self.n_gates, self.shape.n_inputs);
        let n_rows = by_input.len() / g;
        let by_input_rows = Mat::new(by_input, n_rows, g);
        let weights_in = Mat::new(weights.input, n_inputs, g).transposed();
        product::write(dx, n_inputs, by_input_rows, weights_in, Threads::One);

        let mut parts = self.no_parts();
        let x = Mat::new(forth.x, n_rows, n_inputs).transposed();
        product::write(
            as_blank(&mut parts.input),
            g,
            x,
            by_input_rows,
            Threads::One,
        );
        let before = self.hidden_before(forth.hidden);
        let before = Mat::new(&before, n_rows, h).transposed();
        let by_hidden_rows = Mat::new(by_hidden, n_rows, g);
        product::write(
            as_blank(&mut parts.hidden),
            g,
            before,
            by_hidden_rows,
            Threads::One,
        );
        add_rows(by_input, &mut parts.input_bias);
        if !weights.hidden_bias.is_empty() {
            add_rows(by_hidden, &mut parts.hidden_bias);
        }
        parts
    }

    /// The hidden state that each row and step began with.
    fn hidden_before(&self, hidden: &[f32]) -> Vec<f32> {
        let h = self.shape.n_hidden;
        let mut before = blank(hidden.len());
        let n_sequence = self.shape.n_steps * h;
        let sequences = before
            .chunks_exact_mut(n_sequence)
            .zip(hidden.chunks_exact(n_sequence));
        for (before, hidden) in sequences {
            match self.run.direction {
                Direction::Forward => {
                    before[..h].fill(Blank::new(0.0));
                    copy(&hidden[..n_sequence - h], &mut before[h..]);
                }
                Direction::Backward => {
                    before[n_sequence - h..].fill(Blank::new(0.0));
                    copy(&hidden[h..], &mut before[..n_sequence - h]);
                }
            }
        }
        // SAFETY: every sequence was written, its edge and the rest.
        unsafe { written(before) }
    }

    fn no_parts(&self) -> Parts {
        let (h, g) = (self.shape.n_hidden, self.n_gates);
        Parts {
            input: vec![0.0; self.shape.n_inputs * g],
            hidden: vec![0.0; h * g],
            input_bias: vec![0.0; g],
            hidden_bias: vec![0.0; g],
        }
    }
}
