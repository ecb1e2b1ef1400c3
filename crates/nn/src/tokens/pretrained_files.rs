//! What the files of a tokenizer say.

use std::collections::HashMap;

use serde::Deserialize;

use super::pretrained_split::Split;

/// The parts that decide the tokens.
pub(super) struct Files {
    pub(super) vocabulary: HashMap<String, usize>,
    /// Pairs in the order in which they became tokens.
    pub(super) merges: Vec<Merge>,
    pub(super) special: Vec<(String, usize)>,
    pub(super) split: Split,
    /// Whether words that are tokens are taken as they are.
    pub(super) takes_whole: bool,
}

/// The two pieces of a pair.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "SavedMerge")]
pub(super) struct Merge(pub(super) String, pub(super) String);

/// A pair as older files write it, with a space between, and as newer ones do.
#[derive(Deserialize)]
#[serde(untagged)]
enum SavedMerge {
    Joined(String),
    Apart([String; 2]),
}

impl TryFrom<SavedMerge> for Merge {
    type Error = String;

    fn try_from(saved: SavedMerge) -> Result<Self, String> {
        match saved {
            SavedMerge::Joined(text) => Self::read(&text),
            SavedMerge::Apart([left, right]) => Ok(Self(left, right)),
        }
    }
}

impl Merge {
    fn read(line: &str) -> Result<Self, String> {
        let (left, right) = line
            .split_once(' ')
            .ok_or(format!("`{line}` is no pair of pieces"))?;
        Ok(Self(left.to_owned(), right.to_owned()))
    }
}

/// `tokenizer.json`, as far as it decides the tokens.
#[derive(Deserialize)]
struct Tokenizer {
    normalizer: Option<Named>,
    pre_tokenizer: PreTokenizer,
    model: Model,
    #[serde(default)]
    added_tokens: Vec<AddedToken>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum PreTokenizer {
    ByteLevel {
        #[serde(default)]
        add_prefix_space: bool,
        #[serde(default = "yes")]
        use_regex: bool,
    },
    Split {
        pattern: Pattern,
    },
    Sequence {
        pretokenizers: Vec<PreTokenizer>,
    },
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
enum Pattern {
    Regex(String),
    String(String),
}

#[derive(Deserialize)]
struct Model {
    #[serde(rename = "type")]
    kind: Option<String>,
    vocab: HashMap<String, usize>,
    merges: Vec<Merge>,
    #[serde(default)]
    ignore_merges: bool,
    #[serde(default)]
    byte_fallback: bool,
}

#[derive(Deserialize)]
struct AddedToken {
    id: usize,
    content: String,
}

impl Files {
    /// From a `vocab.json` and the text of a `merges.txt`; words are GPT-2's.
    pub(super) fn from_vocabulary(json: &[u8], merges: &str) -> Result<Self, String> {
        let vocabulary = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let lines = merges.lines().filter(|line| !line.is_empty());
        let merges = lines
            .filter(|line| !line.starts_with("#version"))
            .map(Merge::read)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            vocabulary,
            merges,
            special: Vec::new(),
            split: Split::Gpt2,
            takes_whole: false,
        })
    }

    /// From a `tokenizer.json`.
    pub(super) fn from_tokenizer(json: &[u8]) -> Result<Self, String> {
        let file: Tokenizer = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let kind = file.model.kind.as_deref().unwrap_or("BPE");
        if kind != "BPE" {
            return Err(format!("`{kind}` tokens are not byte pairs"));
        }
        if file.model.byte_fallback {
            return Err("the tokens are of characters, with bytes as a way out".to_owned());
        }
        if let Some(Named { kind }) = file.normalizer {
            return Err(format!("texts would be cleaned first, by `{kind}`"));
        }
        Ok(Self {
            split: file.pre_tokenizer.split()?,
            vocabulary: file.model.vocab,
            merges: file.model.merges,
            special: file
                .added_tokens
                .into_iter()
                .map(|token| (token.content, token.id))
                .collect(),
            takes_whole: file.model.ignore_merges,
        })
    }

    /// One more than the highest number.
    pub(super) fn n_tokens(&self) -> Result<usize, String> {
        let added = self.special.iter().map(|(_, id)| id);
        let highest = self.vocabulary.values().chain(added).max();
        highest.map_or(Ok(0), |id| {
            id.checked_add(1)
                .ok_or(format!("no network has a token {id}"))
        })
    }
}

impl PreTokenizer {
    fn split(&self) -> Result<Split, String> {
        match self {
            Self::ByteLevel {
                add_prefix_space: true,
                ..
            } => Err("a space would be put before every text".to_owned()),
            Self::ByteLevel {
                use_regex: true, ..
            } => Ok(Split::Gpt2),
            Self::ByteLevel { .. } => Err("texts are not split into words".to_owned()),
            Self::Split {
                pattern: Pattern::Regex(pattern) | Pattern::String(pattern),
            } => Split::of(pattern).ok_or(format!(
                "words are split by `{pattern}`, which is not known"
            )),
            Self::Sequence { pretokenizers } => match pretokenizers.as_slice() {
                [
                    split @ Self::Split { .. },
                    Self::ByteLevel {
                        add_prefix_space: false,
                        use_regex: false,
                    },
                ] => split.split(),
                _ => Err("texts are split in several steps that are not known".to_owned()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokenizer(change: impl FnOnce(&mut serde_json::Value)) -> Result<Files, String> {
        let mut json = serde_json::json!({
            "normalizer": null,
            "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
            "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": [["a", "b"]]},
            "added_tokens": [{"id": 3, "content": "<end>"}],
        });
        change(&mut json);
        Files::from_tokenizer(&serde_json::to_vec(&json).unwrap())
    }

    #[test]
    fn pairs_are_read_in_both_spellings() {
        let new = tokenizer(|_| {}).unwrap();
        let old = tokenizer(|json| json["model"]["merges"] = serde_json::json!(["a b"])).unwrap();

        assert_eq!(new.merges, [Merge("a".to_owned(), "b".to_owned())]);
        assert_eq!(new.merges, old.merges);
        assert_eq!(new.n_tokens(), Ok(4));
    }

    #[test]
    fn a_number_that_cannot_be_counted_is_refused() {
        let highest = tokenizer(|json| json["added_tokens"][0]["id"] = usize::MAX.into()).unwrap();
        let refusal = highest.n_tokens().unwrap_err();
        assert!(
            refusal.contains("no network has a token 18446744073709551615"),
            "{refusal}"
        );
    }

    #[test]
    fn tokens_of_another_kind_are_refused() {
        #[track_caller]
        fn check(change: impl FnOnce(&mut serde_json::Value), expected: &str) {
            let refusal = tokenizer(change).err().unwrap();
            assert!(refusal.contains(expected), "{refusal}");
        }
        check(|json| json["model"]["type"] = "Unigram".into(), "`Unigram`");
        check(
            |json| json["model"]["byte_fallback"] = true.into(),
            "a way out",
        );
        check(
            |json| json["normalizer"] = serde_json::json!({"type": "NFKC"}),
            "cleaned first, by `NFKC`",
        );
        check(
            |json| json["pre_tokenizer"]["add_prefix_space"] = true.into(),
            "a space would be put",
        );
        let by_space = serde_json::json!({"type": "Split", "pattern": {"String": " "}});
        check(|json| json["pre_tokenizer"] = by_space, "split by ` `");
    }
}
