//! The terms by which Chinese is found when it is typed without its characters.

use rapport_domain::writing::{initials, syllables};

use super::words::cut;

/// Appends the terms of the Chinese in a chunk: `liming`, `ming` and `lm` for 李明.
pub(super) fn push_terms(terms: &mut Vec<String>, chunk: &str) {
    for readings in syllables(chunk) {
        for syllables in readings {
            for start in 0..syllables.len() {
                terms.push(cut(&syllables[start..].concat()));
                terms.push(initials(&syllables[start..]));
            }
        }
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
}
