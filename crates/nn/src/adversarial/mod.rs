//! Attacks, training against them, and how much a model bears.

mod hygiene;
mod look_alikes;
mod push;
mod report;
mod text;

pub use hygiene::clean_text;
pub use push::{Attack, Limits, attack, hardened_loss};
pub use report::{Accuracy, Challenge, Resistance, RobustnessReport};
pub use text::{TextAttack, attack_text};
