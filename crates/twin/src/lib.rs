#![doc = include_str!("../README.md")]

mod calendar;
mod catalog;
mod chance;
mod error;
mod history;
mod output;
mod params;
mod people;
mod permutation;
mod records;
mod season;
mod segment;
mod sources;
#[cfg(test)]
mod tests;
mod twin;
mod words;

pub use error::TwinError;
pub use output::{DirectorySink, FileCount, Sink, TwinCounts};
pub use params::{CAMPAIGN_WINDOW_DAYS, CultureMix, N_CUSTOMERS_MAX, TwinParams};
pub use people::Culture;
pub use segment::TrueSegment;
pub use sources::{SourceFile, sources};
pub use twin::Twin;
