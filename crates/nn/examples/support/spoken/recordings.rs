//! The Free Spoken Digit Dataset: a tar file of wav files named `digit_speaker_index.wav`.

use std::error::Error;
use std::io::{Cursor, Read};
use std::path::Path;

use crate::demo::open_gzip;

/// Samples per second of every recording.
pub(crate) const RATE: u32 = 8_000;

/// Somebody saying a digit.
pub(crate) struct Recording {
    pub(crate) digit: usize,
    pub(crate) speaker: String,
    /// Which of the speaker's recordings of this digit.
    pub(crate) idx: usize,
    /// Within -1 and 1, [`RATE`] per second.
    pub(crate) samples: Vec<f32>,
}

/// All recordings of a file, by name.
///
/// # Errors
/// A file that cannot be read, is named otherwise, or holds something else than one channel of
/// 16 bits at [`RATE`].
pub(crate) fn read(path: &Path) -> Result<Vec<Recording>, Box<dyn Error>> {
    let mut archive = tar::Archive::new(open_gzip(path)?);
    let mut recordings = Vec::new();
    for entry in archive.entries()? {
        let mut entry = entry.map_err(|error| format!("{}: {error}", path.display()))?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = entry.path()?.to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        let samples = samples(bytes).map_err(|error| format!("{name}: {error}"))?;
        let recording = named(&name, samples)
            .ok_or_else(|| format!("{name}: not named digit_speaker_index.wav"))?;
        recordings.push(recording);
    }
    if recordings.is_empty() {
        return Err(format!("{}: there are no recordings in it", path.display()).into());
    }
    recordings.sort_by(|a, b| (a.digit, &a.speaker, a.idx).cmp(&(b.digit, &b.speaker, b.idx)));
    Ok(recordings)
}

fn samples(bytes: Vec<u8>) -> Result<Vec<f32>, Box<dyn Error>> {
    let mut reader = hound::WavReader::new(Cursor::new(bytes))?;
    let form = reader.spec();
    if (form.channels, form.sample_rate, form.bits_per_sample) != (1, RATE, 16) {
        return Err("not one channel of 16 bits at 8,000 samples a second".into());
    }
    let samples = reader.samples::<i16>();
    Ok(samples
        .map(|sample| Ok(f32::from(sample?) / 32_768.0))
        .collect::<Result<_, hound::Error>>()?)
}

fn named(name: &str, samples: Vec<f32>) -> Option<Recording> {
    let stem = Path::new(name)
        .file_name()?
        .to_str()?
        .strip_suffix(".wav")?;
    let mut parts = stem.split('_');
    let digit = parts.next()?.parse().ok().filter(|digit| *digit < 10)?;
    let speaker = parts.next()?.to_owned();
    let idx = parts.next()?.parse().ok()?;
    Some(Recording {
        digit,
        speaker,
        idx,
        samples,
    })
}
