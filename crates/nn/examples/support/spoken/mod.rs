//! Spoken digits: recordings, what a network hears of them, and how training varies them.

mod augment;
mod mel;
mod recordings;
mod splits;

pub(crate) use augment::Augment;
pub(crate) use mel::{Frame, LogMel, N_BANDS, N_FRAMES, grid};
pub(crate) use recordings::{Recording, read};
pub(crate) use splits::{Parts, unseen_recordings, unseen_speaker};
