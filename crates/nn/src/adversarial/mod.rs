//! Attacks, training against them, and how much a model bears.

mod push;
mod text;

pub use push::{Attack, Limits, attack, hardened_loss};
pub use text::{TextAttack, attack_text};
