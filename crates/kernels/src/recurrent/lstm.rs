//! Long short-term memory.
//!
//! Source: Hochreiter & Schmidhuber (1997), with the forget gate of Gers et al. (2000). Gates stand
//! in PyTorch's order: input, forget, candidate, output.

use super::cell::{Arithmetic, Before, Carried, Cell, State};
use crate::buffer::Blank;
use crate::math::{sigmoid, tanh};
use crate::vectorize::vectorized;

/// The LSTM cell.
#[derive(Debug, Clone, Copy)]
pub struct Lstm;

impl Cell for Lstm {}

impl Arithmetic for Lstm {
    const N_GATES: usize = 4;
    /// The memory and its hyperbolic tangent.
    const N_KEPT: usize = 2;
    const IS_SUM: bool = true;

    fn forward(gates: &mut [f32], from_hidden: &[f32], state: State<'_>, kept: &mut [Blank]) {
        forward_row(gates, from_hidden, state.hidden, state.memory, kept);
    }

    fn backward(
        gates: &mut [f32],
        _by_hidden: &mut [f32],
        kept: &[f32],
        before: &Before<'_>,
        carried: Carried<'_>,
    ) {
        let memory_before = &before.kept[..before.hidden.len()];
        backward_row(gates, kept, memory_before, carried.hidden, carried.memory);
    }
}

vectorized! {
    // i, f, o = σ(·), g = tanh(·);  c' = f c + i g;  h' = o tanh(c')
    fn forward_row(
        gates: &mut [f32], from_hidden: &[f32], hidden: &mut [f32], memory: &mut [f32],
        kept: &mut [Blank],
    ) {
        let n = hidden.len();
        let (i, gates) = gates.split_at_mut(n);
        let (f, gates) = gates.split_at_mut(n);
        let (g, o) = gates.split_at_mut(n);
        let (ui, from_hidden) = from_hidden.split_at(n);
        let (uf, from_hidden) = from_hidden.split_at(n);
        let (ug, uo) = from_hidden.split_at(n);
        let (kept_memory, kept_tanh) = kept.split_at_mut(n);
        let (o, uo, memory) = (&mut o[..n], &uo[..n], &mut memory[..n]);
        let kept_tanh = &mut kept_tanh[..n];
        for k in 0..n {
            i[k] = sigmoid(i[k] + ui[k]);
            f[k] = sigmoid(f[k] + uf[k]);
            g[k] = tanh(g[k] + ug[k]);
            o[k] = sigmoid(o[k] + uo[k]);
            let c = f[k].mul_add(memory[k], i[k] * g[k]);
            let squashed = tanh(c);
            memory[k] = c;
            hidden[k] = o[k] * squashed;
            kept_memory[k].write(c);
            kept_tanh[k].write(squashed);
        }
    }

    fn backward_row(
        gates: &mut [f32], kept: &[f32], memory_before: &[f32], dhidden: &mut [f32],
        dmemory: &mut [f32],
    ) {
        let n = dhidden.len();
        let (i, gates) = gates.split_at_mut(n);
        let (f, gates) = gates.split_at_mut(n);
        let (g, o) = gates.split_at_mut(n);
        let (o, squashed) = (&mut o[..n], &kept[n..2 * n]);
        let (memory_before, dmemory) = (&memory_before[..n], &mut dmemory[..n]);
        for k in 0..n {
            let (iv, fv, gv, ov, t) = (i[k], f[k], g[k], o[k], squashed[k]);
            let dc = dmemory[k] + dhidden[k] * ov * (1.0 - t * t);
            o[k] = dhidden[k] * t * ov * (1.0 - ov);
            i[k] = dc * gv * iv * (1.0 - iv);
            f[k] = dc * memory_before[k] * fv * (1.0 - fv);
            g[k] = dc * iv * (1.0 - gv * gv);
            dmemory[k] = dc * fv;
            dhidden[k] = 0.0;
        }
    }
}
