//! Recurrent layers over whole sequences: LSTM, GRU and the plain (Elman) cell.
//!
//! A worker owns a slab of rows of the batch for the whole sequence, so that no step waits for
//! another worker. The inputs' share of all gates is one product before the first step; the weights'
//! gradients are one product after the last.

mod cell;
mod elman;
mod gru;
mod lstm;
mod sequence;
#[cfg(test)]
mod tests;

pub use elman::Elman;
pub use gru::Gru;
pub use lstm::Lstm;
pub use sequence::{Direction, Gradients, Run, Saved, Shape, Weights, backward, forward};

pub use cell::Cell;
