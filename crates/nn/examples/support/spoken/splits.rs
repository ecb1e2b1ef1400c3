//! What is learned from and what is tested on.

use std::collections::BTreeSet;
use std::error::Error;

use rapport_learn::split::holdout;

use super::Recording;

/// Recordings by their places in the list of all.
pub(crate) struct Parts {
    /// To learn from.
    pub(crate) train: Vec<usize>,
    /// Of the same people and takes as those, to stop by.
    pub(crate) held_back: Vec<usize>,
    /// To test on.
    pub(crate) test: Vec<usize>,
}

impl Parts {
    fn new(
        recordings: &[Recording],
        is_known: impl Fn(&Recording) -> bool,
        is_test: impl Fn(&Recording) -> bool,
        seed: u64,
    ) -> Result<Self, Box<dyn Error>> {
        let places = |chosen: &dyn Fn(&Recording) -> bool| -> Vec<usize> {
            let all = recordings.iter().enumerate();
            all.filter(|(_, recording)| chosen(recording))
                .map(|(at, _)| at)
                .collect()
        };
        let known = places(&is_known);
        let parts = holdout(known.len(), 0.1, seed)?;
        let pick = |part: Vec<usize>| part.into_iter().map(|at| known[at]).collect();
        Ok(Self {
            train: pick(parts.train),
            held_back: pick(parts.test),
            test: places(&is_test),
        })
    }
}

/// The last fifth of each speaker's recordings of each digit to test on; with `is_inner` the fifth
/// before, the last being left alone.
pub(crate) fn unseen_recordings(
    recordings: &[Recording],
    is_inner: bool,
    seed: u64,
) -> Result<Parts, Box<dyn Error>> {
    let takes: BTreeSet<usize> = recordings.iter().map(|recording| recording.idx).collect();
    let takes: Vec<usize> = takes.into_iter().collect();
    let fifth = (takes.len() / 5).max(1);
    let end = takes.len() - if is_inner { fifth } else { 0 };
    if end < fifth + 1 {
        return Err("there are too few recordings of each digit to hold some back".into());
    }
    let (known, test) = takes[..end].split_at(end - fifth);
    Parts::new(
        recordings,
        |recording| known.contains(&recording.idx),
        |recording| test.contains(&recording.idx),
        seed,
    )
}

/// One speaker to test on, the others to learn from; with `is_inner` the speaker is left alone and
/// the next one tested on.
pub(crate) fn unseen_speaker(
    recordings: &[Recording],
    speakers: &[&str],
    speaker: usize,
    is_inner: bool,
    seed: u64,
) -> Result<Parts, Box<dyn Error>> {
    let left_out = speakers[speaker];
    let test = if is_inner {
        speakers[(speaker + 1) % speakers.len()]
    } else {
        left_out
    };
    Parts::new(
        recordings,
        |recording| ![left_out, test].contains(&recording.speaker.as_str()),
        |recording| recording.speaker == test,
        seed,
    )
}
