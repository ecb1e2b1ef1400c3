//! The arguments of a demonstration.

use std::path::{Path, PathBuf};

use clap::Parser;

/// Trains on a public data set and prints every method's figures in one table.
#[derive(Debug, Parser)]
pub(crate) struct Arguments {
    /// Folder of the data set [default: its folder in ../shared/data]
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Where all chance comes from
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Most seconds of all trainings together; then the best networks so far are taken
    #[arg(long, value_parser = seconds)]
    pub(crate) seconds: Option<f64>,
    /// Passes over the training data, instead of what suits the data set
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    epochs: Option<u32>,
    /// A small part of the data and of the work: shows that it runs, not how well it learns
    #[arg(long)]
    pub(crate) quick: bool,
    /// Tests on a part of the training data, which settings may be chosen on
    #[arg(long)]
    pub(crate) held_back: bool,
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 1e6 => Ok(seconds),
        _ => Err("seconds are a number above 0, at most a million".to_owned()),
    }
}

impl Arguments {
    /// The folder of the data set of this name.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
        self.data.clone().unwrap_or_else(|| shared.join(name))
    }

    /// Passes over the data: those that were asked for, else two for a quick look, else `usual`.
    pub(crate) fn n_epochs(&self, usual: usize) -> usize {
        let otherwise = if self.quick { 2 } else { usual };
        self.epochs.map_or(otherwise, |epochs| epochs as usize)
    }
}
