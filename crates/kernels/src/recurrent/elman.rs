//! The plain recurrent cell, `h' = tanh(W x + U h + b)`.
//!
//! Source: Elman (1990), "Finding Structure in Time".

use super::cell::{Arithmetic, Before, Carried, Cell, State};
use crate::buffer::Blank;
use crate::math::tanh;
use crate::vectorize::vectorized;

/// The plain recurrent cell.
#[derive(Debug, Clone, Copy)]
pub struct Elman;

impl Cell for Elman {}

impl Arithmetic for Elman {
    const N_GATES: usize = 1;
    const N_KEPT: usize = 0;
    const IS_SUM: bool = true;

    fn forward(gates: &mut [f32], from_hidden: &[f32], state: State<'_>, _kept: &mut [Blank]) {
        forward_row(gates, from_hidden, state.hidden);
    }

    fn backward(
        gates: &mut [f32],
        _by_hidden: &mut [f32],
        _kept: &[f32],
        _before: &Before<'_>,
        carried: Carried<'_>,
    ) {
        backward_row(gates, carried.hidden);
    }
}

vectorized! {
    fn forward_row(gates: &mut [f32], from_hidden: &[f32], hidden: &mut [f32]) {
        for ((gate, hidden), from) in gates.iter_mut().zip(hidden).zip(from_hidden) {
            *hidden = tanh(*gate + from);
            *gate = *hidden;
        }
    }

    fn backward_row(gates: &mut [f32], dhidden: &mut [f32]) {
        for (gate, dhidden) in gates.iter_mut().zip(dhidden) {
            *gate = *dhidden * (1.0 - *gate * *gate);
            *dhidden = 0.0;
        }
    }
}
