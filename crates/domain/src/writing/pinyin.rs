//! What Chinese sounds like: pinyin, with a second reading of a character where it has one.

use pinyin::{Pinyin, ToPinyinMulti as _};

/// Characters of a run that are read; names of people and companies are shorter.
const N_READ_MAX: usize = 12;
/// The first characters of a run whose second reading is tried.
const N_VARIED_MAX: usize = 4;
/// Readings of one character.
const N_READINGS_MAX: usize = 2;

/// The ways to write a whole name without its characters, most likely first: full pinyin, then initials.
pub fn spellings(name: &str) -> Vec<String> {
    let mut spellings = Vec::new();
    for syllables in variants(&runs(name).concat()) {
        spellings.push(syllables.concat());
        spellings.push(initials(&syllables));
    }
    spellings
}

/// The syllables of each run of Chinese characters: for each run its usual reading first, then those
/// with one character at a time in another.
pub fn syllables(text: &str) -> Vec<Vec<Vec<&'static str>>> {
    runs(text).iter().map(|run| variants(run)).collect()
}

/// The usual reading of one character as it is typed; `None` where it is no Chinese character.
pub fn syllable(c: char) -> Option<&'static str> {
    readings(c).first().copied()
}

/// The first letters of syllables.
pub fn initials(syllables: &[&'static str]) -> String {
    syllables.iter().map(|syllable| &syllable[..1]).collect()
}

/// Readings of each character, for each run of characters that have any.
fn runs(chunk: &str) -> Vec<Vec<Vec<&'static str>>> {
    let mut runs = vec![Vec::new()];
    for c in chunk.chars() {
        match readings(c) {
            readings if readings.is_empty() => runs.push(Vec::new()),
            readings => runs.last_mut().expect("there is one").push(readings),
        }
    }
    runs.retain(|run| !run.is_empty());
    for run in &mut runs {
        run.truncate(N_READ_MAX);
    }
    runs
}

/// A run in its usual reading, then with one character at a time in another.
fn variants(run: &[Vec<&'static str>]) -> Vec<Vec<&'static str>> {
    if run.is_empty() {
        return Vec::new();
    }
    let usual: Vec<&'static str> = run.iter().map(|readings| readings[0]).collect();
    let mut variants = vec![usual.clone()];
    for (idx, readings) in run.iter().enumerate().take(N_VARIED_MAX) {
        for other in &readings[1..] {
            let mut variant = usual.clone();
            variant[idx] = other;
            variants.push(variant);
        }
    }
    variants
}

/// Up to two readings, as they are typed; none of what is no Chinese character.
fn readings(c: char) -> Vec<&'static str> {
    let Some(readings) = c.to_pinyin_multi() else {
        return Vec::new();
    };
    let mut typed: Vec<&'static str> = Vec::new();
    for reading in readings.into_iter().map(Pinyin::plain) {
        for spelling in typed_as(reading).into_iter().flatten() {
            if !typed.contains(&spelling) && typed.len() < N_READINGS_MAX {
                typed.push(spelling);
            }
        }
    }
    typed
}

/// How a reading is typed on a keyboard without ü.
fn typed_as(reading: &'static str) -> [Option<&'static str>; 2] {
    match reading {
        "lü" => [Some("lv"), Some("lu")],
        "nü" => [Some("nv"), Some("nu")],
        "lüe" => [Some("lve"), Some("lue")],
        "nüe" => [Some("nve"), Some("nue")],
        _ if reading.is_ascii() => [Some(reading), None],
        // Interjections such as 嗯 are no part of a name.
        _ => [None, None],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_may_be_read_in_two_ways() {
        let of_city = syllables("重庆");

        assert_eq!(of_city[0][0], ["zhong", "qing"]);
        assert!(of_city[0].contains(&vec!["chong", "qing"]));
        assert_eq!(syllable('李'), Some("li"));
        assert_eq!(syllable('a'), None);
    }

    #[test]
    fn a_whole_name_has_spellings() {
        assert_eq!(spellings("李芳"), ["lifang", "lf"]);
        assert!(spellings("Ada").is_empty());
    }
}
