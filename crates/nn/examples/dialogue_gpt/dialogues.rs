//! Dialogues of customers with a service, and their tokens.

use std::error::Error;
use std::fs::File;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use rapport_learn::Check;
use rapport_nn::tokens::{Bpe, BpeParams};
use serde::Deserialize;

/// What the customer says comes after this, what the service says after that, and nothing after the
/// last.
const MARKS: [&str; 3] = ["<user>", "<system>", "<end>"];

/// What was said in turn, the customer first.
#[derive(Debug, Clone)]
pub(crate) struct Dialogue(Vec<String>);

#[derive(Deserialize)]
struct Saved {
    turns: Vec<Turn>,
}

#[derive(Deserialize)]
struct Turn {
    speaker: String,
    utterance: String,
}

/// The dialogues of all files whose names begin with this.
pub(crate) fn read(beginning: &str) -> Result<Vec<Dialogue>, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/sgd_dstc8");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map_err(|error| format!("{}: {error}", folder.display()))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(beginning)
        })
        .collect();
    paths.sort();
    let mut dialogues = Vec::new();
    for path in paths {
        let file: Vec<Saved> = serde_json::from_reader(GzDecoder::new(File::open(path)?))?;
        for dialogue in file {
            dialogues.push(Dialogue::in_turn(dialogue.turns)?);
        }
    }
    if dialogues.is_empty() {
        return Err(format!("no dialogues of `{beginning}` in {}", folder.display()).into());
    }
    Ok(dialogues)
}

impl Dialogue {
    fn in_turn(turns: Vec<Turn>) -> Result<Self, Box<dyn Error>> {
        let speakers = ["USER", "SYSTEM"].iter().cycle();
        if !turns
            .iter()
            .zip(speakers)
            .all(|(turn, who)| turn.speaker == *who)
        {
            return Err("a dialogue in which nobody takes turns".into());
        }
        Ok(Self(turns.into_iter().map(|turn| turn.utterance).collect()))
    }

    /// What was said, in order.
    pub(crate) fn utterances(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Characters, the end of each utterance counted as one: what all models are measured over.
    pub(crate) fn n_chars(&self) -> usize {
        self.0.iter().map(|text| text.chars().count() + 1).sum()
    }
}

/// Tokens of dialogues. The mark that follows an utterance is its end.
#[derive(Debug)]
pub(crate) struct Tokens {
    bpe: Bpe,
    marks: [usize; 3],
}

impl Tokens {
    /// This many tokens, learned from the dialogues; the fewest, 259, are bytes and marks.
    pub(crate) fn learn(n_tokens: usize, dialogues: &[Dialogue]) -> Result<Self, Box<dyn Error>> {
        let params = BpeParams {
            special: MARKS.map(str::to_owned).to_vec(),
            ..BpeParams::new(n_tokens)
        };
        let texts = dialogues.iter().flat_map(Dialogue::utterances);
        let bpe = params.check()?.fit(texts);
        let marks = MARKS.map(|name| bpe.special(name).expect("marks are among the tokens"));
        Ok(Self { bpe, marks })
    }

    pub(crate) fn n_tokens(&self) -> usize {
        self.bpe.n_tokens()
    }

    /// A mark, what was said, a mark, what was said, and the mark of the end.
    pub(crate) fn encode(&self, dialogue: &Dialogue) -> Vec<usize> {
        let mut ids = self.open(&dialogue.0);
        ids.pop();
        ids.push(self.marks[2]);
        ids
    }

    /// The same with the mark of the next speaker, whose turn it is.
    pub(crate) fn open(&self, utterances: &[String]) -> Vec<usize> {
        let [user, system, _] = self.marks;
        let mut ids = vec![user];
        for (text, next) in utterances.iter().zip([system, user].iter().cycle()) {
            ids.extend(self.bpe.encode(text));
            ids.push(*next);
        }
        ids
    }

    /// Whether an utterance ends here.
    pub(crate) fn is_mark(&self, token: usize) -> bool {
        self.marks.contains(&token)
    }

    /// What ends an utterance.
    pub(crate) fn ends(&self) -> Vec<Vec<usize>> {
        self.marks.iter().map(|mark| vec![*mark]).collect()
    }

    pub(crate) fn decode(&self, ids: &[usize]) -> String {
        self.bpe.decode(ids)
    }
}
