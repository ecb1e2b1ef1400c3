//! The modes of one column of numbers.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::encoder::ModeEncoderParams;
use super::mixture::{Component, Tally, fit_mixture, softmax};
use crate::table::TableError;

/// How many standard deviations of its mode a value may lie from the middle to stay within 1.
const REACH: f64 = 4.0;
/// How many times more rows than the typical value of the column a value needs to be an atom.
const ATOM_RATIO: f64 = 5.0;
/// Decimals beyond which a column counts as continuous.
const MAX_DECIMALS: i32 = 6;

/// What was fitted of one column of numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct NumberModes {
    /// Values that are modes of their own, ascending.
    atoms: Vec<f64>,
    /// Normal distributions of all other values; empty when there are none.
    components: Vec<Component>,
    lowest: f64,
    highest: f64,
    /// Digits after the point; `None` for a continuous column.
    n_decimals: Option<i32>,
}

impl NumberModes {
    /// Fits the modes of a column.
    pub(super) fn fit(
        name: &str,
        values: &[f64],
        params: &ModeEncoderParams,
    ) -> Result<Self, TableError> {
        if let Some(row) = values.iter().position(|value| !value.is_finite()) {
            return Err(TableError::NotFinite {
                name: name.to_owned(),
                row,
            });
        }
        let tallies = tally(values);
        let (Some(first), Some(last)) = (tallies.first(), tallies.last()) else {
            return Err(TableError::Empty);
        };
        if tallies.len() == 1 {
            return Err(TableError::SingleValue {
                name: name.to_owned(),
                value: first.value.to_string(),
            });
        }
        let (atoms, rest) = split_atoms(&tallies, params);
        Ok(Self {
            atoms,
            components: match rest.len() {
                0 => Vec::new(),
                _ => fit_mixture(&rest, params.max_modes, params.least_weight),
            },
            lowest: first.value,
            highest: last.value,
            n_decimals: n_decimals(&tallies),
        })
    }

    /// Number of modes.
    pub(super) fn n_modes(&self) -> usize {
        self.atoms.len() + self.components.len()
    }

    /// Whether a value is more than its mode.
    pub(super) fn has_position(&self) -> bool {
        !self.components.is_empty()
    }

    /// The mode of a value, drawn by how likely each is, and where in it the value lies, within -1
    /// and 1.
    pub(super) fn encode(&self, value: f64, rng: &mut ChaCha8Rng) -> (usize, f64) {
        if let Some(atom) = self.atoms.iter().position(|atom| *atom == value) {
            return (atom, 0.0);
        }
        if self.components.is_empty() {
            return (nearest(&self.atoms, value), 0.0);
        }
        let mut shares: Vec<f64> = self.components.iter().map(|c| c.ln_share(value)).collect();
        softmax(&mut shares);
        let mut left = rng.random::<f64>();
        let drawn = shares.iter().position(|share| {
            left -= share;
            left < 0.0
        });
        // Rounding may leave a rest after the last share.
        let drawn = drawn.unwrap_or(shares.len() - 1);
        let Component {
            mean, deviation, ..
        } = self.components[drawn];
        let position = (value - mean) / (REACH * deviation);
        (self.atoms.len() + drawn, position.clamp(-1.0, 1.0))
    }

    /// The value at a place of a mode, with the column's decimals and within its range.
    pub(super) fn decode(&self, mode: usize, position: f64) -> f64 {
        if let Some(atom) = self.atoms.get(mode) {
            return *atom;
        }
        let Component {
            mean, deviation, ..
        } = self.components[mode - self.atoms.len()];
        let value = mean + REACH * deviation * position.clamp(-1.0, 1.0);
        let value = match self.n_decimals {
            Some(decimals) => round(value, decimals),
            None => value,
        };
        value.clamp(self.lowest, self.highest)
    }
}

/// Distinct values, ascending, with their numbers of rows.
fn tally(values: &[f64]) -> Vec<Tally> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
        .chunk_by(|a, b| a == b)
        .map(|same| Tally {
            value: same[0],
            count: same.len() as f64,
        })
        .collect()
}

/// Values that so many rows share that they are modes of their own, and all others.
///
/// A column with few values is all atoms. Otherwise an atom is a spike: it has the share of rows
/// asked for, and many times the rows of the typical value, so that whole years of age are none.
fn split_atoms(tallies: &[Tally], params: &ModeEncoderParams) -> (Vec<f64>, Vec<Tally>) {
    let n: f64 = tallies.iter().map(|tally| tally.count).sum();
    let mut counts: Vec<f64> = tallies.iter().map(|tally| tally.count).collect();
    let typical = crate::stats::median(&mut counts).unwrap_or(0.0);
    let least = (params.atom_share * n).max(ATOM_RATIO * typical);
    let all = tallies.len() <= params.max_modes;
    let (atoms, rest): (Vec<Tally>, Vec<Tally>) = tallies
        .iter()
        .partition(|tally| all || tally.count >= least);
    let mut atoms: Vec<f64> = atoms.iter().map(|atom| atom.value).collect();
    // One value is no distribution.
    if let [last] = rest[..] {
        atoms.push(last.value);
        atoms.sort_unstable_by(f64::total_cmp);
        return (atoms, Vec::new());
    }
    (atoms, rest)
}

/// The fewest digits after the point that all values need.
fn n_decimals(tallies: &[Tally]) -> Option<i32> {
    (0..=MAX_DECIMALS).find(|decimals| {
        tallies
            .iter()
            .all(|tally| round(tally.value, *decimals) == tally.value)
    })
}

fn round(value: f64, decimals: i32) -> f64 {
    let unit = 10_f64.powi(decimals);
    (value * unit).round() / unit
}

fn nearest(atoms: &[f64], value: f64) -> usize {
    let distance = |atom: &f64| (atom - value).abs();
    let order = |a: &usize, b: &usize| distance(&atoms[*a]).total_cmp(&distance(&atoms[*b]));
    (0..atoms.len()).min_by(order).unwrap_or(0)
}
