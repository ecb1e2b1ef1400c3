//! Tables as rows of small numbers and ones among zeros, and back: what generators of tables learn
//! from and give out.
//!
//! A category becomes a block of zeros with a one. A number becomes the *mode* it belongs to, also a
//! block of zeros with a one, and how far it lies from the middle of that mode, between -1 and 1:
//! columns with several peaks, long tails or a value that half of the rows share stay learnable.
//! [`ModeEncoder::decode`] brings back columns of the kinds, decimals and ranges of the table that
//! was fitted.
//!
//! Source: Xu, Skoularidou, Cuesta-Infante & Veeramachaneni (2019), "Modeling Tabular Data using
//! Conditional GAN", section 4.2; single values as modes of their own: Zhao, Kunar, Birke & Chen
//! (2021), "CTAB-GAN: Effective Table Data Synthesizing".

mod encoder;
mod mixture;
mod number;

pub use encoder::{Block, BlockKind, ModeEncoder, ModeEncoderParams, ValidModeEncoderParams};

#[cfg(test)]
mod tests;
