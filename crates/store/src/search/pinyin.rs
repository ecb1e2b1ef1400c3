//! What Chinese sounds like: full pinyin and its initials, with a second reading of a character
//! where it has one.

use pinyin::{Pinyin, ToPinyinMulti as _};

use super::words::cut;

/// Characters of a run that are read; names of people and companies are shorter.
const N_READ_MAX: usize = 12;
/// The first characters of a run whose second reading is tried.
const N_VARIED_MAX: usize = 4;
/// Readings of one character.
const N_READINGS_MAX: usize = 2;

/// Appends the terms of the Chinese in a chunk: `liming`, `ming` and `lm` for 李明.
pub(super) fn push_terms(terms: &mut Vec<String>, chunk: &str) {
    for run in runs(chunk) {
        for syllables in variants(&run) {
            for start in 0..syllables.len() {
                terms.push(cut(&syllables[start..].concat()));
                terms.push(initials(&syllables[start..]));
            }
        }
    }
}

/// The ways to write a whole name without its characters, most likely first.
pub(super) fn spellings(name: &str) -> Vec<String> {
    let mut spellings = Vec::new();
    for syllables in variants(&runs(name).concat()) {
        spellings.push(syllables.concat());
        spellings.push(initials(&syllables));
    }
    spellings
}

fn initials(syllables: &[&'static str]) -> String {
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

    fn of(chunk: &str) -> Vec<String> {
        let mut terms = Vec::new();
        push_terms(&mut terms, chunk);
        terms
    }

    #[test]
    fn a_name_is_written_in_full_and_by_its_initials() {
        assert_eq!(of("李芳"), ["lifang", "lf", "fang", "f"]);
        assert_eq!(of("abc李"), ["li", "l"]);
        assert!(of("abc").is_empty());
    }

    #[test]
    fn a_character_may_be_read_in_two_ways() {
        let terms = of("重庆");
        for term in ["zhongqing", "chongqing", "zq", "cq"] {
            assert!(terms.iter().any(|known| known == term), "{term}: {terms:?}");
        }
        let terms = of("吕");
        assert!(terms.contains(&"lv".to_owned()) && terms.contains(&"lu".to_owned()));
    }

    #[test]
    fn what_is_long_or_has_no_reading_is_no_harm() {
        assert!(of(&"重".repeat(500)).len() < 200);
        assert!(of("嗯呣").iter().all(|term| term.is_ascii()));
    }

    #[test]
    fn a_whole_name_has_spellings() {
        assert_eq!(spellings("李芳"), ["lifang", "lf"]);
        assert!(spellings("Ada").is_empty());
    }
}
