#![doc = include_str!("../README.md")]

mod buffer;
mod math;
mod product;
#[cfg(test)]
mod testing;
mod vectorize;

pub mod adamw;
pub mod attention;
pub mod batch_norm;
pub mod blocks;
pub mod convolution;
pub mod embedding;
pub mod encoder;
pub mod gelu;
pub mod linear;
pub mod nearest;
pub mod norm;
pub mod recurrent;
pub mod softmax;
