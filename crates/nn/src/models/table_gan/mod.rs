//! A generative adversarial network for tables: makes rows that look like those of a table, as many
//! as wanted, with columns of the same kinds, decimals and ranges.
//!
//! Rows are learned in modes ([`ModeEncoder`](rapport_learn::transform::ModeEncoder)). The
//! generator is told a category that the row is to have, and training shows rare categories more
//! often than their share, so that they are learned too. The discriminator judges several rows at
//! once, so that rows all alike give themselves away.
//!
//! When not to use it: on a few thousand rows, or where seconds count, resampled columns or a
//! copula are as good and train at once. What it makes is no anonymous data by itself: measure how
//! close made rows come to real ones before they leave the house.
//!
//! Sources: Xu, Skoularidou, Cuesta-Infante & Veeramachaneni (2019), "Modeling Tabular Data using
//! Conditional GAN"; Lin, Khetan, Fanti & Oh (2018), "PacGAN"; Gulrajani et al. (2017), "Improved
//! Training of Wasserstein GANs"; Miyato, Kataoka, Koyama & Yoshida (2018), "Spectral Normalization
//! for Generative Adversarial Networks".

mod conditions;
mod discriminator;
mod fit;
mod generator;
mod guide;
mod model;
mod params;

pub use discriminator::{Discriminator, DiscriminatorConfig};
pub use generator::{Generator, GeneratorConfig};
pub use model::TableGan;
pub use params::{ConditionOn, Lipschitz, TableGanParams, ValidTableGanParams};
