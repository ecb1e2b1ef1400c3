//! What tells one recurrent cell from another: the arithmetic of one row at one step.

use crate::buffer::Blank;

/// The state of one row between two steps.
#[derive(Debug)]
pub struct State<'a> {
    /// What the layer gives out, `(n_hidden,)`.
    pub hidden: &'a mut [f32],
    /// What it remembers besides, `(n_hidden,)`; only the LSTM does.
    pub memory: &'a mut [f32],
}

/// The gradients that one row carries from a step to the one before.
#[derive(Debug)]
pub struct Carried<'a> {
    /// By the hidden state: on the way in of this step, on the way out the part of the step before
    /// that does not pass through the hidden weights.
    pub hidden: &'a mut [f32],
    /// By the memory, likewise.
    pub memory: &'a mut [f32],
}

/// What the step before left in one row; zeros before the first.
#[derive(Debug)]
pub struct Before<'a> {
    /// The hidden state, `(n_hidden,)`.
    pub hidden: &'a [f32],
    /// What the cell kept besides, `(N_KEPT * n_hidden,)`.
    pub kept: &'a [f32],
}

/// A recurrent cell; only those of this crate are ones.
///
/// The gates of a row are `n_gates * n_hidden` numbers. They hold the inputs' share (with its bias)
/// before `forward`, what the way back needs of them after it, and the
/// gradients by the inputs' share after `backward`.
pub trait Cell: Arithmetic {}

/// The arithmetic behind [`Cell`], closed to other crates.
pub trait Arithmetic: 'static {
    /// Gates per hidden number.
    const N_GATES: usize;
    /// Numbers kept per hidden number and step for the way back, besides gates and output.
    const N_KEPT: usize;
    /// Whether the hidden state's share enters the gates just as the inputs' share does, so that
    /// their gradients are the same numbers.
    const IS_SUM: bool;

    /// One row, one step. `from_hidden` is the hidden state's share of the gates.
    fn forward(gates: &mut [f32], from_hidden: &[f32], state: State<'_>, kept: &mut [Blank]);

    /// The way back of the same. `by_hidden` receives the gradients by the hidden state's share,
    /// and is empty where [`IS_SUM`](Self::IS_SUM).
    fn backward(
        gates: &mut [f32],
        by_hidden: &mut [f32],
        kept: &[f32],
        before: &Before<'_>,
        carried: Carried<'_>,
    );
}
