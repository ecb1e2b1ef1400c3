//! Byte-level byte-pair encoding: the tokens of GPT, learned from a company's own texts.
//!
//! Source: Sennrich, Haddow & Birch (2016), "Neural Machine Translation of Rare Words with Subword
//! Units"; over bytes as in Radford et al. (2019), so that no text is unknown.

use std::collections::HashMap;

use rapport_learn::Check;
use serde::{Deserialize, Serialize};

use crate::NnError;

/// The bytes, which are the first tokens.
const N_BYTES: usize = 256;

/// The most bytes of all tokens together: far beyond any language's (GPT-2's 50,257 tokens have a third
/// of a million), and little enough to load. Sixty pairs that each double the one before would
/// otherwise be a token of 2^60 bytes.
const MOST_BYTES: usize = 1 << 26;

/// How an encoding is learned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BpeParams {
    /// Tokens, the 256 bytes and the special ones included.
    pub n_tokens: usize,
    /// How often a pair must occur to become a token.
    pub min_count: u64,
    /// Tokens that stand for no text: the end of a text, a speaker's turn. They get the first
    /// numbers after the bytes.
    pub special: Vec<String>,
}

impl BpeParams {
    /// Tokens from pairs that occur at least twice, and no special ones.
    pub fn new(n_tokens: usize) -> Self {
        Self {
            n_tokens,
            min_count: 2,
            special: Vec::new(),
        }
    }
}

/// Parameters in range.
#[derive(Debug, Clone)]
pub struct ValidBpeParams(BpeParams);

impl Check for BpeParams {
    type Valid = ValidBpeParams;
    type Error = NnError;

    fn check(self) -> Result<ValidBpeParams, NnError> {
        let least = N_BYTES + self.special.len();
        NnError::require(
            self.n_tokens >= least,
            &format!("n_tokens is at least {least}: the bytes and the special tokens"),
        )?;
        NnError::require(self.min_count >= 2, "min_count is at least 2")?;
        Ok(ValidBpeParams(self))
    }
}

/// A learned encoding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BpeFile", into = "BpeFile")]
pub struct Bpe {
    special: Vec<String>,
    /// Pairs in the order in which they became tokens.
    merges: Vec<(usize, usize)>,
    /// The place of each pair in that order.
    ranks: HashMap<(usize, usize), usize>,
    /// The bytes of each token; none for special ones.
    bytes: Vec<Vec<u8>>,
    /// Bytes of all tokens together.
    n_bytes: usize,
}

#[derive(Clone, Serialize, Deserialize)]
struct BpeFile {
    special: Vec<String>,
    merges: Vec<(usize, usize)>,
}

impl TryFrom<BpeFile> for Bpe {
    type Error = String;

    fn try_from(file: BpeFile) -> Result<Self, String> {
        let mut bpe = Self::without_pairs(file.special);
        for pair in file.merges {
            bpe.push(pair)?;
        }
        Ok(bpe)
    }
}

impl From<Bpe> for BpeFile {
    fn from(bpe: Bpe) -> Self {
        Self {
            special: bpe.special,
            merges: bpe.merges,
        }
    }
}

impl ValidBpeParams {
    /// Learns the pairs that occur most often in the texts; of equals the one with lower numbers, so
    /// that the same texts give the same tokens.
    pub fn fit<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> Bpe {
        let mut bpe = Bpe::without_pairs(self.0.special.clone());
        let mut words = count_words(texts);
        let mut pairs = Pairs::of(&words);
        while bpe.n_tokens() < self.0.n_tokens {
            let Some((pair, count)) = pairs.most_frequent() else {
                break;
            };
            if count < self.0.min_count {
                break;
            }
            // Texts of endless words end the learning here: what is learned can be loaded again.
            let Ok(token) = bpe.push(pair) else { break };
            pairs.merge(&mut words, pair, token);
        }
        bpe
    }
}

/// A word's tokens and how often the word occurs.
struct Word {
    tokens: Vec<usize>,
    count: u64,
}

fn count_words<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<Word> {
    let mut counts: HashMap<&str, u64> = HashMap::new();
    for text in texts {
        for word in words(text) {
            *counts.entry(word).or_default() += 1;
        }
    }
    let mut counts: Vec<(&str, u64)> = counts.into_iter().collect();
    counts.sort_unstable();
    counts
        .into_iter()
        .map(|(word, count)| Word {
            tokens: word.bytes().map(usize::from).collect(),
            count,
        })
        .collect()
}

/// The parts of a text within which bytes are paired: a run of letters, of digits or of other marks,
/// each with the one space before it; other white space by itself.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut chars = rest.char_indices().peekable();
        let (_, first) = chars.next()?;
        let mut kind = Kind::of(first);
        if first == ' '
            && let Some((_, next)) = chars.peek()
            && Kind::of(*next) != Kind::Space
        {
            kind = Kind::of(*next);
        }
        let end = chars
            .find(|(_, c)| Kind::of(*c) != kind)
            .map_or(rest.len(), |(at, _)| at);
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Digit,
    Space,
    Mark,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            _ if c.is_alphabetic() => Self::Letter,
            _ if c.is_numeric() => Self::Digit,
            _ if c.is_whitespace() => Self::Space,
            _ => Self::Mark,
        }
    }
}

/// How often each pair occurs and in which words.
struct Pairs {
    counts: HashMap<(usize, usize), u64>,
    words: HashMap<(usize, usize), Vec<usize>>,
}

impl Pairs {
    fn of(words: &[Word]) -> Self {
        let mut pairs = Self {
            counts: HashMap::new(),
            words: HashMap::new(),
        };
        for (idx, word) in words.iter().enumerate() {
            pairs.add(idx, word);
        }
        pairs
    }

    fn add(&mut self, idx: usize, word: &Word) {
        for pair in word.tokens.windows(2) {
            let pair = (pair[0], pair[1]);
            *self.counts.entry(pair).or_default() += word.count;
            let words = self.words.entry(pair).or_default();
            if words.last() != Some(&idx) {
                words.push(idx);
            }
        }
    }

    fn take_away(&mut self, word: &Word) {
        for pair in word.tokens.windows(2) {
            if let Some(count) = self.counts.get_mut(&(pair[0], pair[1])) {
                *count -= word.count;
            }
        }
    }

    fn most_frequent(&self) -> Option<((usize, usize), u64)> {
        self.counts
            .iter()
            .map(|(pair, count)| (*pair, *count))
            .max_by_key(|(pair, count)| (*count, std::cmp::Reverse(*pair)))
    }

    /// Makes one token of a pair wherever it occurs.
    fn merge(&mut self, words: &mut [Word], pair: (usize, usize), token: usize) {
        let mut touched = self.words.remove(&pair).unwrap_or_default();
        touched.sort_unstable();
        touched.dedup();
        for idx in touched {
            let word = &mut words[idx];
            self.take_away(word);
            word.tokens = merged(&word.tokens, pair, token);
            self.add(idx, &words[idx]);
        }
        self.counts.remove(&pair);
    }
}

/// The tokens with a pair made one wherever it occurs.
pub(super) fn merged(tokens: &[usize], pair: (usize, usize), token: usize) -> Vec<usize> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at..].starts_with(&[pair.0, pair.1]) {
            out.push(token);
            at += 2;
        } else {
            out.push(tokens[at]);
            at += 1;
        }
    }
    out
}

impl Bpe {
    /// Bytes and special tokens alone.
    fn without_pairs(special: Vec<String>) -> Self {
        let mut bytes: Vec<Vec<u8>> = (0..=u8::MAX).map(|byte| vec![byte]).collect();
        bytes.extend(special.iter().map(|_| Vec::new()));
        Self {
            special,
            merges: Vec::new(),
            ranks: HashMap::new(),
            bytes,
            n_bytes: N_BYTES,
        }
    }

    /// Makes the next token of a pair and gives its number, or says why the pair cannot be one.
    fn push(&mut self, pair: (usize, usize)) -> Result<usize, String> {
        let token = self.bytes.len();
        let (Some(left), Some(right)) = (self.bytes.get(pair.0), self.bytes.get(pair.1)) else {
            return Err(format!(
                "token {token} is made of {} and {}, which do not both come before it",
                pair.0, pair.1
            ));
        };
        let n_bytes = self.n_bytes + left.len() + right.len();
        if n_bytes > MOST_BYTES {
            return Err(format!(
                "the tokens up to {token} have {n_bytes} bytes together, over {MOST_BYTES}"
            ));
        }
        let joined = [left.as_slice(), right].concat();
        self.ranks.insert(pair, self.merges.len());
        self.merges.push(pair);
        self.bytes.push(joined);
        self.n_bytes = n_bytes;
        Ok(token)
    }

    /// How many tokens there are.
    pub fn n_tokens(&self) -> usize {
        self.bytes.len()
    }

    /// The number of a special token.
    pub fn special(&self, name: &str) -> Option<usize> {
        self.special
            .iter()
            .position(|special| special == name)
            .map(|at| N_BYTES + at)
    }

    /// The token numbers of a text. Special tokens are never read out of a text: what arrived from
    /// outside cannot end a turn.
    pub fn encode(&self, text: &str) -> Vec<usize> {
        let mut ids = Vec::with_capacity(text.len() / 3);
        for word in words(text) {
            ids.extend(self.encode_word(word));
        }
        ids
    }

    fn encode_word(&self, word: &str) -> Vec<usize> {
        let first = N_BYTES + self.special.len();
        let mut tokens: Vec<usize> = word.bytes().map(usize::from).collect();
        loop {
            let earliest = tokens
                .windows(2)
                .filter_map(|pair| self.ranks.get(&(pair[0], pair[1])))
                .min()
                .copied();
            let Some(rank) = earliest else { return tokens };
            tokens = merged(&tokens, self.merges[rank], first + rank);
        }
    }

    /// The text of token numbers; special tokens say nothing, bytes that are no text become `�`.
    pub fn decode(&self, ids: &[usize]) -> String {
        let bytes: Vec<u8> = ids
            .iter()
            .filter_map(|id| self.bytes.get(*id))
            .flatten()
            .copied()
            .collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fit(n_tokens: usize, texts: &[&str]) -> Bpe {
        let special = vec!["<end>".to_owned()];
        let params = BpeParams {
            special,
            ..BpeParams::new(n_tokens)
        };
        params.check().unwrap().fit(texts.iter().copied())
    }

    #[test]
    fn frequent_pairs_become_tokens_in_order() {
        // "low" six times, "er" twice: l+o and o+w are equally frequent, the lower numbers win.
        let bpe = fit(260, &["low low low low lower lower"]);

        let token = |text: &str| bpe.bytes.iter().position(|bytes| bytes == text.as_bytes());

        assert_eq!(token("lo"), Some(257));
        assert_eq!(token("low"), Some(258));
        assert_eq!(token(" low"), Some(259));
        assert_eq!(bpe.encode("low"), [258]);
    }

    #[test]
    fn rare_pairs_do_not_become_tokens() {
        assert_eq!(fit(1000, &["ab cd"]).n_tokens(), 257);
    }

    #[test]
    fn special_tokens_are_not_read_out_of_text() {
        let bpe = fit(300, &["<end> <end> <end>"]);
        let end = bpe.special("<end>").unwrap();

        assert_eq!(end, 256);
        assert!(!bpe.encode("<end>").contains(&end));
        assert_eq!(bpe.special("<start>"), None);
    }

    #[test]
    fn an_encoding_is_the_same_after_a_file() {
        let bpe = fit(300, &["the refund of the order", "订单的退款 订单"]);
        let json = serde_json::to_string(&bpe).unwrap();
        assert_eq!(serde_json::from_str::<Bpe>(&json).unwrap(), bpe);
    }

    #[test]
    fn pairs_that_no_encoding_has_are_refused() {
        #[track_caller]
        fn check(merges: &[(usize, usize)], expected: &str) {
            let json = serde_json::json!({"special": ["<end>"], "merges": merges});
            let error = serde_json::from_value::<Bpe>(json).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        check(&[(999_999, 0)], "token 257 is made of 999999 and 0");
        check(&[(97, 98), (97, 258)], "token 258 is made of 97 and 258");
        let mut doubled = vec![(97, 97)];
        doubled.extend((257..317).map(|token| (token, token)));
        check(&doubled, "bytes together, over 67108864");
    }

    #[test]
    fn fewer_tokens_than_bytes_are_refused() {
        let error = BpeParams::new(100).check().unwrap_err();
        assert!(
            error.to_string().contains("n_tokens is at least 256"),
            "{error}"
        );
    }

    proptest! {
        #[test]
        fn every_text_survives(text in "\\PC{0,60}") {
            let bpe = fit(400, &["the cat sat on the mat, the dog on the log", "客户的订单和退款"]);
            prop_assert_eq!(bpe.decode(&bpe.encode(&text)), text);
        }
    }
}
