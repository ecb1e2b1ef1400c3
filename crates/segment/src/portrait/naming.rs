//! Names put together from the strongest traits, such as "Frequent big-spending customers".
//!
//! A name starts with the words of the two strongest traits, of different roles, in the order in
//! which the roles read well. Segments whose names come out alike get a third and a fourth word,
//! and a number when even that does not tell them apart.

use std::collections::HashMap;

use rapport_domain::LocalizedText;

use super::{Direction, SegmentTrait};
use crate::{FeatureInfo, Role};

/// A trait weaker than this gives no word.
const WEAKEST: f64 = 0.3;
/// Words of a name at first, and at most.
const N_WORDS: usize = 2;
const N_WORDS_MAX: usize = 4;

/// A name for each segment, given its traits, strongest first.
pub(super) fn names(traits: &[Vec<SegmentTrait>], features: &[FeatureInfo]) -> Vec<LocalizedText> {
    let words: Vec<Vec<Word>> = traits.iter().map(|t| words_of(t, features)).collect();
    let mut n_words = vec![N_WORDS; traits.len()];
    for _ in N_WORDS..N_WORDS_MAX {
        let names = compose_all(&words, &n_words);
        let taken = count(&names);
        for (n, name) in n_words.iter_mut().zip(&names) {
            if taken[name] > 1 {
                *n += 1;
            }
        }
    }
    number(compose_all(&words, &n_words))
}

/// The word that a trait gives to a name.
struct Word {
    role: Role,
    text: LocalizedText,
}

/// The words of a segment, strongest first, one per role (features of no role are all their own).
fn words_of(traits: &[SegmentTrait], features: &[FeatureInfo]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for found in traits.iter().take_while(|found| found.z.abs() >= WEAKEST) {
        let is_taken = words.iter().any(|word| word.role == found.role);
        if is_taken && found.role != Role::Other {
            continue;
        }
        let Some(feature) = features.iter().find(|f| f.name == found.feature) else {
            continue;
        };
        let text = match found.direction {
            Direction::High => feature.higher.clone(),
            Direction::Low => feature.lower.clone(),
        };
        words.push(Word {
            role: found.role,
            text,
        });
    }
    words
}

fn compose_all(words: &[Vec<Word>], n_words: &[usize]) -> Vec<LocalizedText> {
    let pairs = words.iter().zip(n_words);
    pairs
        .map(|(words, &n)| compose(&words[..n.min(words.len())]))
        .collect()
}

fn compose(words: &[Word]) -> LocalizedText {
    if words.is_empty() {
        return LocalizedText::new("Average customers", "普通客户");
    }
    let mut ordered: Vec<&Word> = words.iter().collect();
    ordered.sort_by_key(|word| word.role);
    let english: Vec<&str> = ordered.iter().map(|word| word.text.en.as_str()).collect();
    let chinese: String = ordered.iter().map(|word| word.text.zh.as_str()).collect();
    LocalizedText::new(
        capitalized(&format!("{} customers", english.join(" "))),
        format!("{chinese}客户"),
    )
}

/// Numbers the names that occur more than once, all but the first.
fn number(names: Vec<LocalizedText>) -> Vec<LocalizedText> {
    let mut seen: HashMap<LocalizedText, usize> = HashMap::new();
    names
        .into_iter()
        .map(|name| {
            let n_seen = seen.entry(name.clone()).or_default();
            *n_seen += 1;
            if *n_seen == 1 {
                return name;
            }
            LocalizedText::new(
                format!("{} {n_seen}", name.en),
                format!("{}{n_seen}", name.zh),
            )
        })
        .collect()
}

fn count(names: &[LocalizedText]) -> HashMap<&LocalizedText, usize> {
    let mut counts = HashMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    counts
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::shop_features;

    /// Traits of a segment by feature name and z.
    fn traits(of: &[(&str, f64)]) -> Vec<SegmentTrait> {
        let features = shop_features();
        let mut traits: Vec<SegmentTrait> = of
            .iter()
            .map(|&(name, z)| {
                let feature = features.iter().find(|f| f.name == name).unwrap();
                SegmentTrait {
                    feature: name.into(),
                    label: feature.label.clone(),
                    unit: feature.unit.clone(),
                    role: feature.role,
                    direction: Direction::of(z),
                    z,
                    mean: 0.0,
                    median: 0.0,
                    overall_mean: 0.0,
                    overall_median: 0.0,
                }
            })
            .collect();
        traits.sort_by(|a, b| b.z.abs().total_cmp(&a.z.abs()));
        traits
    }

    fn names_of(segments: &[&[(&str, f64)]]) -> Vec<LocalizedText> {
        let traits: Vec<_> = segments.iter().map(|of| traits(of)).collect();
        names(&traits, &shop_features())
    }

    #[test]
    fn names_are_words_that_people_use() {
        let names = names_of(&[
            &[
                ("total_spent", 1.4),
                ("n_orders", 1.6),
                ("recency_days", -0.9),
            ],
            &[
                ("recency_days", 1.1),
                ("n_orders", -0.8),
                ("total_spent", -0.6),
            ],
            &[
                ("recency_days", 0.1),
                ("n_orders", -0.1),
                ("total_spent", 0.2),
            ],
        ]);

        let english: Vec<&str> = names.iter().map(|name| name.en.as_str()).collect();
        let chinese: Vec<&str> = names.iter().map(|name| name.zh.as_str()).collect();
        assert_eq!(
            english,
            [
                "Frequent big-spending customers",
                "Lapsed one-time customers",
                "Average customers"
            ]
        );
        assert_eq!(chinese, ["高频大额客户", "流失的单次客户", "普通客户"]);
    }

    #[test]
    fn names_that_come_out_alike_get_more_words() {
        let names = names_of(&[
            &[
                ("n_orders", 1.5),
                ("total_spent", 1.4),
                ("recency_days", -0.9),
            ],
            &[
                ("n_orders", 1.2),
                ("total_spent", 1.1),
                ("recency_days", 0.8),
            ],
        ]);

        assert_eq!(names[0].en, "Recent frequent big-spending customers");
        assert_eq!(names[1].en, "Lapsed frequent big-spending customers");
    }

    #[test]
    fn names_that_stay_alike_are_numbered() {
        let names = names_of(&[&[("n_orders", 1.5)], &[("n_orders", 0.5)], &[]]);

        assert_eq!(names[0].en, "Frequent customers");
        assert_eq!(names[1].en, "Frequent customers 2");
        assert_eq!(names[1].zh, "高频客户2");
        assert_eq!(names[2].en, "Average customers");
    }
}
