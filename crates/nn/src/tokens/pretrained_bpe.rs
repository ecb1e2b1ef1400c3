//! Byte-pair tokens that somebody else learned: the files of GPT-2 and of Llama 3.
//!
//! Sources: Radford et al. (2019), "Language Models are Unsupervised Multitask Learners", whose
//! `vocab.json` writes each byte as a printable character; the layout of `tokenizer.json`.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use super::pretrained_files::{Files, Merge};
use super::pretrained_split::Split;
use crate::NnError;

/// The tokens of a folder of weights.
#[derive(Debug, Clone)]
pub struct PretrainedBpe {
    split: Split,
    /// Whether a part of a text that is a token as a whole is not paired from its bytes.
    takes_whole: bool,
    /// The token of each byte.
    of_byte: Vec<usize>,
    /// The tokens of bytes in a row.
    ids: HashMap<Vec<u8>, usize>,
    /// How early a pair becomes a token, and which.
    pairs: HashMap<(usize, usize), (usize, usize)>,
    /// The bytes of each token; none for special ones. By number, not in a row: a file may name a
    /// number that no memory holds a row for.
    bytes: HashMap<usize, Vec<u8>>,
    special: HashMap<String, usize>,
    n_tokens: usize,
}

impl PretrainedBpe {
    /// Reads `tokenizer.json`, or else `vocab.json` and `merges.txt`, of a folder.
    ///
    /// # Errors
    /// [`NnError::File`] when neither is there, one is damaged, or the tokens are of another kind:
    /// not of bytes, cleaned first, or split by an unknown pattern.
    pub fn load(folder: &Path) -> Result<Self, NnError> {
        let path = if folder.join("tokenizer.json").exists() {
            folder.join("tokenizer.json")
        } else {
            folder.join("vocab.json")
        };
        let failure = |reason: String| NnError::File {
            path: path.clone(),
            reason,
        };
        let json = fs::read(&path).map_err(|error| failure(error.to_string()))?;
        let files = if path.ends_with("tokenizer.json") {
            Files::from_tokenizer(&json).map_err(failure)?
        } else {
            let merges = folder.join("merges.txt");
            let text = fs::read_to_string(&merges).map_err(|error| NnError::File {
                path: merges,
                reason: error.to_string(),
            })?;
            Files::from_vocabulary(&json, &text).map_err(failure)?
        };
        Self::new(files).map_err(failure)
    }

    fn new(files: Files) -> Result<Self, String> {
        let readable = readable_bytes();
        let bytes_of = |piece: &str| -> Option<Vec<u8>> {
            piece.chars().map(|c| readable.get(&c).copied()).collect()
        };
        let mut tokens = Self {
            split: files.split,
            takes_whole: files.takes_whole,
            of_byte: Vec::with_capacity(256),
            ids: HashMap::new(),
            pairs: HashMap::with_capacity(files.merges.len()),
            bytes: HashMap::with_capacity(files.vocabulary.len()),
            special: files.special.iter().cloned().collect(),
            n_tokens: files.n_tokens()?,
        };
        let id = |piece: &str| -> Result<usize, String> {
            let id = files.vocabulary.get(piece).copied();
            id.ok_or_else(|| format!("the vocabulary lacks `{piece}`"))
        };
        let mut characters: Vec<(u8, char)> =
            readable.iter().map(|(c, byte)| (*byte, *c)).collect();
        characters.sort_unstable();
        for (byte, c) in characters {
            let token = id(&c.to_string())?;
            tokens.of_byte.push(token);
            tokens.keep(vec![byte], token);
        }
        for (rank, Merge(left, right)) in files.merges.iter().enumerate() {
            let piece = format!("{left}{right}");
            let token = id(&piece)?;
            let bytes = bytes_of(&piece).ok_or(format!("`{piece}` is not made of bytes"))?;
            tokens.pairs.insert((id(left)?, id(right)?), (rank, token));
            tokens.keep(bytes, token);
        }
        // What pairing cannot reach stands for no text: the end of a text, a speaker's turn.
        for (piece, token) in &files.vocabulary {
            if !tokens.bytes.contains_key(token) {
                tokens.special.insert(piece.clone(), *token);
            }
        }
        Ok(tokens)
    }

    fn keep(&mut self, bytes: Vec<u8>, token: usize) {
        self.ids.insert(bytes.clone(), token);
        self.bytes.insert(token, bytes);
    }

    /// One more than the highest number of a token.
    pub fn n_tokens(&self) -> usize {
        self.n_tokens
    }

    /// The number of a special token, such as `<|endoftext|>`.
    pub fn special(&self, name: &str) -> Option<usize> {
        self.special.get(name).copied()
    }

    /// The token numbers of a text, without marks of its start or end. Special tokens are never read
    /// out of a text: what arrived from outside cannot end a turn.
    pub fn encode(&self, text: &str) -> Vec<usize> {
        let mut ids = Vec::with_capacity(text.len() / 3);
        for word in self.split.words(text) {
            match self.ids.get(word.as_bytes()) {
                Some(id) if self.takes_whole => ids.push(*id),
                _ => ids.extend(self.encode_word(word)),
            }
        }
        ids
    }

    fn encode_word(&self, word: &str) -> Vec<usize> {
        let mut tokens: Vec<usize> = word
            .bytes()
            .map(|byte| self.of_byte[usize::from(byte)])
            .collect();
        loop {
            let earliest = tokens
                .windows(2)
                .filter_map(|pair| Some((self.pairs.get(&(pair[0], pair[1]))?, (pair[0], pair[1]))))
                .min();
            let Some((&(_, token), pair)) = earliest else {
                return tokens;
            };
            tokens = super::bpe::merged(&tokens, pair, token);
        }
    }

    /// The text of token numbers; special tokens say nothing, bytes that are no text become `�`.
    pub fn decode(&self, ids: &[usize]) -> String {
        let bytes: Vec<u8> = ids
            .iter()
            .filter_map(|id| self.bytes.get(id))
            .flatten()
            .copied()
            .collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// The byte that each character of a vocabulary's pieces stands for: printable ones of Latin-1 for
/// themselves, the others by turns from U+0100.
fn readable_bytes() -> HashMap<char, u8> {
    let mut next = 0x100;
    (0..=u8::MAX)
        .map(|byte| {
            let is_printable = matches!(byte, 0x21..=0x7e | 0xa1..=0xac | 0xae..);
            let code = if is_printable {
                u32::from(byte)
            } else {
                next += 1;
                next - 1
            };
            let c = char::from_u32(code).expect("no surrogate lies below U+0200");
            (c, byte)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_as_gpt_2_writes_them() {
        let bytes = readable_bytes();
        assert_eq!(bytes.len(), 256);
        assert_eq!(bytes[&'A'], b'A');
        assert_eq!(bytes[&'Ġ'], b' ');
        assert_eq!(bytes[&'Ċ'], b'\n');
        assert_eq!(bytes[&'Ń'], 0xad);
    }
}
