//! Whole words and Chinese characters as tokens, counted in a company's own texts.

use std::collections::HashMap;

use rapport_learn::Check;
use serde::{Deserialize, Serialize};

use super::wordpiece::is_chinese;
use crate::NnError;

/// The number of padding.
const PADDING: usize = 0;
/// The number of words that are in no training text.
const UNKNOWN: usize = 1;

/// How a vocabulary is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VocabularyParams {
    /// The most words, the two special ones included.
    pub max_tokens: usize,
    /// How often a word must occur to be one.
    pub min_count: usize,
}

impl Default for VocabularyParams {
    fn default() -> Self {
        Self {
            max_tokens: 20_000,
            min_count: 2,
        }
    }
}

impl Check for VocabularyParams {
    type Valid = Self;
    type Error = NnError;

    fn check(self) -> Result<Self, NnError> {
        NnError::require(
            self.max_tokens > 2,
            "max_tokens is above 2: two are special",
        )?;
        NnError::require(self.min_count > 0, "min_count is positive")?;
        Ok(self)
    }
}

/// The words of training texts, most frequent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct Vocabulary {
    words: Vec<String>,
    ids: HashMap<String, usize>,
}

impl VocabularyParams {
    /// Counts the words of the texts; of equally frequent ones the first by alphabet comes first.
    pub fn fit<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> Vocabulary {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for text in texts {
            for word in split_words(text) {
                *counts.entry(word).or_default() += 1;
            }
        }
        let mut counts: Vec<(String, usize)> = counts
            .into_iter()
            .filter(|(_, count)| *count >= self.min_count)
            .collect();
        counts.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
        counts.truncate(self.max_tokens - 2);
        counts
            .into_iter()
            .map(|(word, _)| word)
            .collect::<Vec<_>>()
            .into()
    }
}

impl From<Vec<String>> for Vocabulary {
    fn from(words: Vec<String>) -> Self {
        let ids = words
            .iter()
            .cloned()
            .enumerate()
            .map(|(at, word)| (word, at + 2))
            .collect();
        Self { words, ids }
    }
}

impl From<Vocabulary> for Vec<String> {
    fn from(vocabulary: Vocabulary) -> Self {
        vocabulary.words
    }
}

impl Vocabulary {
    /// How many tokens there are, padding and the unknown word included.
    pub fn n_tokens(&self) -> usize {
        self.words.len() + 2
    }

    /// The token numbers of a text.
    pub fn encode(&self, text: &str) -> Vec<usize> {
        let id = |word: String| self.ids.get(&word).copied().unwrap_or(UNKNOWN);
        split_words(text).into_iter().map(id).collect()
    }

    /// The word of a number, for showing what a network saw.
    pub fn word(&self, id: usize) -> &str {
        match id {
            PADDING => "",
            UNKNOWN => "�",
            _ => self.words.get(id - 2).map_or("", String::as_str),
        }
    }
}

/// The words of a text in lower case, each mark and each Chinese character a word of its own.
pub fn split_words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_whitespace() || c.is_control() {
            words.push(String::new());
        } else if is_chinese(c) || !(c.is_alphanumeric() || c == '\'') {
            words.push(c.to_string());
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_marks_and_chinese_characters_are_apart() {
        assert_eq!(
            split_words("Don't refund 42 EUR! 请退款"),
            ["don't", "refund", "42", "eur", "!", "请", "退", "款"]
        );
        assert!(split_words(" \n").is_empty());
    }

    #[test]
    fn frequent_words_come_first_and_rare_ones_are_unknown() {
        let params = VocabularyParams {
            max_tokens: 10,
            min_count: 2,
        };
        let vocabulary = params.fit(["b a b", "a b c"]);

        assert_eq!(vocabulary.encode("b a c"), [2, 3, UNKNOWN]);
        assert_eq!(vocabulary.n_tokens(), 4);
        assert_eq!(vocabulary.word(2), "b");
    }

    #[test]
    fn the_size_is_kept_to() {
        let params = VocabularyParams {
            max_tokens: 3,
            min_count: 1,
        };
        assert_eq!(params.fit(["a b c d d"]).encode("d a"), [2, UNKNOWN]);
    }

    #[test]
    fn a_vocabulary_is_the_same_after_a_file() {
        let vocabulary = VocabularyParams::default().fit(["refund refund 退款 退款"]);
        let json = serde_json::to_string(&vocabulary).unwrap();
        assert_eq!(json, r#"["refund","款","退"]"#);
        assert_eq!(
            serde_json::from_str::<Vocabulary>(&json).unwrap(),
            vocabulary
        );
    }

    #[test]
    fn no_room_for_words_is_refused() {
        let params = VocabularyParams {
            max_tokens: 2,
            min_count: 1,
        };
        assert!(
            params
                .check()
                .unwrap_err()
                .to_string()
                .contains("max_tokens is above 2")
        );
    }
}
