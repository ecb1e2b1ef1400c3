//! What else is like a record: two records that are much alike are still not the same where one of them is
//! more like a third.
//!
//! The third ones are the records of the decisions, without what was decided on them.

use serde::{Deserialize, Serialize};

use super::view::{Piece, View};
use crate::hash::{self, HashedMap};

/// The most alike records that are looked at.
const N_CLOSEST: usize = 12;
/// A piece that more records than this share of them have leads to nobody.
const COMMON: f64 = 0.2;
/// But so many may have it where there are few records.
const N_COMMON_MIN: usize = 50;

/// Names of the features, in their order, once for words and once for letters.
pub(super) const NAMES: [&str; 7] = [
    "left, likeness of another",
    "left, ahead of another",
    "left, others more alike",
    "right, likeness of another",
    "right, ahead of another",
    "right, others more alike",
    "least ahead of another",
];

/// Which pieces of a text are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Pieces {
    /// Words.
    Words,
    /// Runs of three letters.
    Letters,
}

impl Pieces {
    pub(super) const ALL: [Self; 2] = [Self::Words, Self::Letters];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Letters => "letters",
        }
    }

    fn of(self, view: &View) -> &[Piece] {
        match self {
            Self::Words => &view.sorted,
            Self::Letters => &view.grams,
        }
    }
}

/// Records of one side, found by their pieces.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Plain", into = "Plain")]
pub(super) struct Known {
    /// `(n_known,)`: hashes of whole texts.
    texts: Vec<u64>,
    /// For each piece who has it, and the piece's share of that text's length.
    places: HashedMap<u64, Vec<(u32, f32)>>,
}

/// The same in a file, in an order that is always the same.
#[derive(Debug, Serialize, Deserialize)]
struct Plain {
    texts: Vec<u64>,
    places: Vec<(u64, Vec<(u32, f32)>)>,
}

/// The most alike known records of one record, the most alike first.
#[derive(Debug, Clone, Default)]
pub(super) struct Closest(Vec<(u64, f64)>);

impl Known {
    /// Learns records, each text once.
    pub(super) fn of(views: &[&View], pieces: Pieces) -> Self {
        let mut known = Self {
            texts: Vec::new(),
            places: HashedMap::default(),
        };
        let mut seen = HashedMap::default();
        for view in views {
            let text = text_of(view);
            if view.is_empty() || seen.insert(text, ()).is_some() {
                continue;
            }
            let at = known.texts.len() as u32;
            known.texts.push(text);
            let length = length(pieces.of(view));
            for piece in pieces.of(view) {
                let share = (piece.idf / length) as f32;
                known
                    .places
                    .entry(piece.hash)
                    .or_default()
                    .push((at, share));
            }
        }
        let most = ((known.texts.len() as f64 * COMMON) as usize).max(N_COMMON_MIN);
        known.places.retain(|_, places| places.len() <= most);
        known
    }

    /// Whether every place is that of a known record.
    pub(super) fn is_whole(&self) -> bool {
        let mut places = self.places.values().flatten();
        places.all(|&(at, share)| (at as usize) < self.texts.len() && share.is_finite())
    }

    /// The known records that are most like a text.
    pub(super) fn closest(&self, view: &View, pieces: Pieces) -> Closest {
        let length = length(pieces.of(view));
        let mut scores: HashedMap<u32, f64> = HashedMap::default();
        for piece in pieces.of(view) {
            for &(at, share) in self.places.get(&piece.hash).into_iter().flatten() {
                *scores.entry(at).or_default() += f64::from(share) * piece.idf / length;
            }
        }
        let mut found: Vec<(u32, f64)> = scores.into_iter().collect();
        found.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        // Two more, since the text itself and the one that it is compared with may be among them.
        found.truncate(N_CLOSEST + 2);
        let with_text = found
            .into_iter()
            .map(|(at, score)| (self.texts[at as usize], score));
        Closest(with_text.collect())
    }
}

/// Adds the features of a pair, given what is closest to either of its records on the other side.
pub(super) fn push(
    (a, b): (&View, &View),
    (to_a, to_b): (&Closest, &Closest),
    pieces: Pieces,
    features: &mut Vec<f64>,
) {
    if a.is_empty() || b.is_empty() {
        features.extend([f64::NAN; NAMES.len()]);
        return;
    }
    let likeness = cosine(pieces.of(a), pieces.of(b));
    let (text_a, text_b) = (text_of(a), text_of(b));
    let others = |closest: &Closest| -> Vec<f64> {
        let others = closest
            .0
            .iter()
            .filter(|(text, _)| *text != text_a && *text != text_b);
        others.map(|&(_, score)| score).take(N_CLOSEST).collect()
    };
    let mut ahead = f64::INFINITY;
    for closest in [to_a, to_b] {
        let others = others(closest);
        let nearest = others.first().copied().unwrap_or(0.0);
        let n_nearer = others.iter().filter(|&&other| other > likeness).count();
        ahead = ahead.min(likeness - nearest);
        features.extend([nearest, likeness - nearest, n_nearer as f64]);
    }
    features.push(ahead);
}

fn text_of(view: &View) -> u64 {
    hash::text(&view.folded)
}

fn length(pieces: &[Piece]) -> f64 {
    let squares: f64 = pieces.iter().map(|piece| piece.idf * piece.idf).sum();
    squares.sqrt().max(f64::MIN_POSITIVE)
}

fn cosine(a: &[Piece], b: &[Piece]) -> f64 {
    super::alike::Overlap::of(a, b).cosine()
}

impl From<Known> for Plain {
    fn from(known: Known) -> Self {
        let mut places: Vec<(u64, Vec<(u32, f32)>)> = known.places.into_iter().collect();
        places.sort_unstable_by_key(|(piece, _)| *piece);
        Self {
            texts: known.texts,
            places,
        }
    }
}

impl From<Plain> for Known {
    fn from(plain: Plain) -> Self {
        Self {
            texts: plain.texts,
            places: plain.places.into_iter().collect(),
        }
    }
}
