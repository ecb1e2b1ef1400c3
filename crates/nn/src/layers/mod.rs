//! Building blocks of networks: a configuration, `init`, `forward`.

mod attention;
mod batch_norm;
mod dropout;
mod embedding;
mod linear;
mod norm;
mod probes;
mod recurrent;
mod windows;

pub use attention::{AdditiveAttention, SelfAttention, SelfAttentionConfig};
pub use batch_norm::{BatchNorm, Moments};
pub use dropout::dropout;
pub use embedding::Embedding;
pub use linear::{Linear, LinearConfig};
pub use norm::{InstanceNorm, LayerNorm, RmsNorm};
pub use probes::Probes;
pub use recurrent::{Recurrent, RecurrentConfig};
pub use windows::{Windows, WindowsConfig};
