//! WordPiece: the tokens of BERT.
//!
//! Source: Devlin et al. (2019), "BERT", whose vocabulary files and cleaning this follows: control
//! characters out, Chinese characters apart, lower case without accents where the vocabulary is
//! uncased, punctuation apart, then for each word the longest pieces from its start.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::NnError;

/// Words longer than this are unknown.
const LONGEST_WORD: usize = 100;

/// A vocabulary of word pieces.
#[derive(Debug, Clone)]
pub struct WordPiece {
    ids: HashMap<String, usize>,
    pieces: Vec<String>,
    is_lower_case: bool,
    unknown: usize,
    start: usize,
    end: usize,
}

impl WordPiece {
    /// Reads a `vocab.txt`: a piece per line, its number the line's, from 0.
    ///
    /// # Errors
    /// [`NnError::File`] when the file cannot be read or lacks `[UNK]`, `[CLS]` or `[SEP]`.
    pub fn load(vocabulary: &Path, is_lower_case: bool) -> Result<Self, NnError> {
        let text = fs::read_to_string(vocabulary).map_err(|error| NnError::File {
            path: vocabulary.to_owned(),
            reason: error.to_string(),
        })?;
        let pieces = text.lines().map(str::to_owned).collect();
        Self::new(pieces, is_lower_case).map_err(|missing| NnError::File {
            path: vocabulary.to_owned(),
            reason: format!("the vocabulary has no `{missing}`"),
        })
    }

    /// A vocabulary in the order of its numbers; the piece that is missing, if one is.
    fn new(pieces: Vec<String>, is_lower_case: bool) -> Result<Self, &'static str> {
        let ids: HashMap<String, usize> = pieces
            .iter()
            .cloned()
            .enumerate()
            .map(|(id, piece)| (piece, id))
            .collect();
        let special = |piece: &'static str| ids.get(piece).copied().ok_or(piece);
        let (unknown, start, end) = (special("[UNK]")?, special("[CLS]")?, special("[SEP]")?);
        Ok(Self {
            ids,
            pieces,
            is_lower_case,
            unknown,
            start,
            end,
        })
    }

    /// How many pieces there are.
    pub fn n_tokens(&self) -> usize {
        self.pieces.len()
    }

    /// The piece of a number.
    pub fn piece(&self, id: usize) -> Option<&str> {
        self.pieces.get(id).map(String::as_str)
    }

    /// A text between `[CLS]` and `[SEP]`, cut to `max_steps` with both.
    pub fn encode(&self, text: &str, max_steps: usize) -> Vec<usize> {
        let mut ids = vec![self.start];
        for word in self.words(text) {
            self.pieces_of(&word, &mut ids);
            if ids.len() >= max_steps {
                break;
            }
        }
        ids.truncate(max_steps.saturating_sub(1));
        ids.push(self.end);
        ids
    }

    /// The words of a text, cleaned, with punctuation and Chinese characters as words of their own.
    fn words(&self, text: &str) -> Vec<String> {
        let cleaned: String = text.chars().filter(|c| !is_dropped(*c)).collect();
        let folded = if self.is_lower_case {
            let lower = cleaned.to_lowercase();
            lower.nfd().filter(|c| !is_accent(*c)).collect()
        } else {
            cleaned
        };
        let mut words = vec![String::new()];
        for c in folded.chars() {
            if c.is_whitespace() {
                words.push(String::new());
            } else if is_chinese(c) || is_punctuation(c) {
                words.push(c.to_string());
                words.push(String::new());
            } else if let Some(word) = words.last_mut() {
                word.push(c);
            }
        }
        words.retain(|word| !word.is_empty());
        words
    }

    /// The longest pieces of a word, from its start; unknown as a whole when one part is.
    fn pieces_of(&self, word: &str, ids: &mut Vec<usize>) {
        if word.chars().count() > LONGEST_WORD {
            ids.push(self.unknown);
            return;
        }
        let before = ids.len();
        let mut from = 0;
        while from < word.len() {
            let Some((to, id)) = self.longest_piece(word, from) else {
                ids.truncate(before);
                ids.push(self.unknown);
                return;
            };
            ids.push(id);
            from = to;
        }
    }

    fn longest_piece(&self, word: &str, from: usize) -> Option<(usize, usize)> {
        let ends = word[from..]
            .char_indices()
            .map(|(at, c)| from + at + c.len_utf8());
        ends.rev().find_map(|to| {
            let piece = &word[from..to];
            let id = if from == 0 {
                self.ids.get(piece)
            } else {
                self.ids.get(&format!("##{piece}"))
            };
            id.map(|id| (to, *id))
        })
    }
}

/// Zero, the replacement character and control characters that are no white space.
fn is_dropped(c: char) -> bool {
    let is_control = c.general_category_group() == GeneralCategoryGroup::Other;
    c == '\u{fffd}' || (is_control && !matches!(c, '\t' | '\n' | '\r'))
}

fn is_accent(c: char) -> bool {
    is_combining_mark(c)
        && c.general_category() == unicode_properties::GeneralCategory::NonspacingMark
}

/// The blocks that BERT treats as Chinese.
pub(super) fn is_chinese(c: char) -> bool {
    matches!(u32::from(c),
        0x4e00..=0x9fff | 0x3400..=0x4dbf | 0x20000..=0x2a6df | 0x2a700..=0x2b73f
        | 0x2b740..=0x2b81f | 0x2b820..=0x2ceaf | 0xf900..=0xfaff | 0x2f800..=0x2fa1f)
}

/// All ASCII that is neither letter, digit nor space, and Unicode's punctuation.
fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation() || c.general_category_group() == GeneralCategoryGroup::Punctuation
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> WordPiece {
        let pieces = [
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "!", "cafe", "退", "款",
        ];
        WordPiece::new(pieces.map(str::to_owned).to_vec(), true).unwrap()
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let vocabulary = vocabulary();
        let ids = vocabulary.encode(text, 64);
        let pieces: Vec<&str> = ids
            .iter()
            .map(|id| vocabulary.piece(*id).unwrap())
            .collect();
        assert_eq!(pieces, expected);
    }

    #[test]
    fn the_longest_pieces_win() {
        // The example of the paper's own code.
        check("unaffable", &["[CLS]", "un", "##aff", "##able", "[SEP]"]);
    }

    #[test]
    fn case_accents_and_punctuation_are_cleaned() {
        check("CAFÉ!", &["[CLS]", "cafe", "!", "[SEP]"]);
        check(
            "un\u{0}aff\u{200b}able",
            &["[CLS]", "un", "##aff", "##able", "[SEP]"],
        );
    }

    #[test]
    fn chinese_characters_stand_alone() {
        check("退款", &["[CLS]", "退", "款", "[SEP]"]);
    }

    #[test]
    fn a_word_with_an_unknown_part_is_unknown() {
        check("unknown cafe", &["[CLS]", "[UNK]", "cafe", "[SEP]"]);
        check("", &["[CLS]", "[SEP]"]);
    }

    #[test]
    fn long_texts_are_cut_and_still_end() {
        let ids = vocabulary().encode("cafe cafe cafe cafe", 4);
        assert_eq!(ids, [2, 8, 8, 3]);
    }

    #[test]
    fn a_vocabulary_without_its_special_pieces_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vocab.txt");
        std::fs::write(&path, "[UNK]\n[CLS]\n").unwrap();

        let error = WordPiece::load(&path, true).unwrap_err();

        assert!(
            error.to_string().contains("the vocabulary has no `[SEP]`"),
            "{error}"
        );
    }
}
