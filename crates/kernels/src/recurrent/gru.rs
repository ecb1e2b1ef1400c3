//! Gated recurrent unit.
//!
//! Source: Cho et al. (2014), in the variant of PyTorch and cuDNN, where the reset gate acts after the
//! hidden weights. Gates stand in the order reset, update, candidate.

use super::cell::{Arithmetic, Before, Carried, Cell, State};
use crate::buffer::Blank;
use crate::math::{sigmoid, tanh};
use crate::vectorize::vectorized;

/// The GRU cell.
#[derive(Debug, Clone, Copy)]
pub struct Gru;

impl Cell for Gru {}

impl Arithmetic for Gru {
    const N_GATES: usize = 3;
    /// The hidden state's share of the candidate, before the reset gate.
    const N_KEPT: usize = 1;
    const IS_SUM: bool = false;

    fn forward(gates: &mut [f32], from_hidden: &[f32], state: State<'_>, kept: &mut [Blank]) {
        forward_row(gates, from_hidden, state.hidden, kept);
    }

    fn backward(
        gates: &mut [f32],
        by_hidden: &mut [f32],
        kept: &[f32],
        before: &Before<'_>,
        carried: Carried<'_>,
    ) {
        backward_row(gates, by_hidden, kept, before.hidden, carried.hidden);
    }
}

vectorized! {
    // r, z = σ(·), u = U h;  n = tanh(· + r u);  h' = (1 - z) n + z h
    fn forward_row(gates: &mut [f32], from_hidden: &[f32], hidden: &mut [f32], kept: &mut [Blank]) {
        let n = hidden.len();
        let (r, gates) = gates.split_at_mut(n);
        let (z, c) = gates.split_at_mut(n);
        let (ur, from_hidden) = from_hidden.split_at(n);
        let (uz, uc) = from_hidden.split_at(n);
        let (c, uc, kept) = (&mut c[..n], &uc[..n], &mut kept[..n]);
        for k in 0..n {
            r[k] = sigmoid(r[k] + ur[k]);
            z[k] = sigmoid(z[k] + uz[k]);
            c[k] = tanh(r[k].mul_add(uc[k], c[k]));
            hidden[k] = z[k].mul_add(hidden[k] - c[k], c[k]);
            kept[k].write(uc[k]);
        }
    }

    fn backward_row(
        gates: &mut [f32], by_hidden: &mut [f32], kept: &[f32], hidden_before: &[f32],
        dhidden: &mut [f32],
    ) {
        let n = dhidden.len();
        let (r, gates) = gates.split_at_mut(n);
        let (z, c) = gates.split_at_mut(n);
        let (ur, by_hidden) = by_hidden.split_at_mut(n);
        let (uz, uc) = by_hidden.split_at_mut(n);
        let (c, uc, kept) = (&mut c[..n], &mut uc[..n], &kept[..n]);
        let hidden_before = &hidden_before[..n];
        for k in 0..n {
            let (rv, zv, cv, dh) = (r[k], z[k], c[k], dhidden[k]);
            let dc = dh * (1.0 - zv) * (1.0 - cv * cv);
            let dz = dh * (hidden_before[k] - cv) * zv * (1.0 - zv);
            let dr = dc * kept[k] * rv * (1.0 - rv);
            r[k] = dr;
            z[k] = dz;
            c[k] = dc;
            ur[k] = dr;
            uz[k] = dz;
            uc[k] = dc * rv;
            dhidden[k] = dh * zv;
        }
    }
}
