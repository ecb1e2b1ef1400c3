//! A generative adversarial network for series: makes histories of numbers, step by step, that move
//! like those it was fitted on.
//!
//! Generator and discriminator are recurrent. The discriminator judges every step with all that
//! stands before and after it, and its judgement of a history is the mean, so that no part of a
//! history is let off. The loss is that of least squares, which still pulls at made histories that
//! are judged rightly; noise on what the discriminator sees keeps it from knowing histories by
//! heart. It learns how steps follow each other (autocorrelation, seasons, levels); rare events and
//! long memory want more histories than most tables have.
//!
//! Sources: Esteban, Hyland & Rätsch (2017), "Real-valued (Medical) Time Series Generation with
//! Recurrent Conditional GANs"; Yoon, Jarrett & van der Schaar (2019), "Time-series Generative
//! Adversarial Networks", of which this is the adversarial part alone; Mao et al. (2017), "Least
//! Squares Generative Adversarial Networks"; Sønderby et al. (2017), "Amortised MAP Inference", for
//! the noise.

mod discriminator;
mod fit;
mod generator;
mod model;
mod params;
mod scale;

pub use discriminator::{SeriesDiscriminator, SeriesDiscriminatorConfig};
pub use generator::{SeriesGenerator, SeriesGeneratorConfig};
pub use model::SeriesGan;
pub use params::{SeriesGanParams, ValidSeriesGanParams};
