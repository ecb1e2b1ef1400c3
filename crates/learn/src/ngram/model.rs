//! The fitted model.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::counting::EMPTY;
use super::discounts::Discounts;

/// A gram: the gram without its last token, the last token, the count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Gram(pub(super) u32, pub(super) u32, pub(super) u32);

/// N-grams with their probabilities.
///
/// After every context the probabilities of all tokens sum to one, and none is zero.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "NgramFile", into = "NgramFile")]
pub struct Ngram {
    order: usize,
    n_tokens: usize,
    /// Per length of a gram, from 1.
    discounts: Vec<Discounts>,
    /// The gram that is longer by a token.
    children: HashMap<(u32, u32), u32>,
    /// Count of each gram; the empty one is the first.
    counts: Vec<u32>,
    /// What was seen after each gram.
    after: Vec<After>,
    grams: Vec<Gram>,
}

/// What was seen after a gram.
#[derive(Debug, Clone, Copy, Default)]
struct After {
    /// Counts together.
    total: u64,
    /// Tokens counted once, twice, and more often.
    n_seen: [u32; 3],
}

#[derive(Clone, Serialize, Deserialize)]
struct NgramFile {
    order: usize,
    n_tokens: usize,
    grams: Vec<Gram>,
}

impl TryFrom<NgramFile> for Ngram {
    type Error = String;

    fn try_from(file: NgramFile) -> Result<Self, String> {
        if !(1..=super::ORDER_MAX).contains(&file.order) || file.grams.is_empty() {
            return Err(format!(
                "{} grams of order {} are no model",
                file.grams.len(),
                file.order
            ));
        }
        let is_after_parent = |(idx, gram): (usize, &Gram)| (gram.0 as usize) <= idx;
        if !file.grams.iter().enumerate().all(is_after_parent) {
            return Err("a gram comes before the gram that it makes longer".to_owned());
        }
        Ok(Self::new(file.order, file.n_tokens, file.grams))
    }
}

impl From<Ngram> for NgramFile {
    fn from(ngram: Ngram) -> Self {
        Self {
            order: ngram.order,
            n_tokens: ngram.n_tokens,
            grams: ngram.grams,
        }
    }
}

impl Ngram {
    /// From counted grams, parents before children.
    pub(super) fn new(order: usize, n_tokens: usize, grams: Vec<Gram>) -> Self {
        let mut ngram = Self {
            order,
            n_tokens,
            discounts: Vec::new(),
            children: HashMap::with_capacity(grams.len()),
            counts: vec![0],
            after: vec![After::default(); grams.len() + 1],
            grams,
        };
        let mut lengths = vec![0_usize];
        let mut counts_of_counts = vec![[0_u64; 4]; order];
        for (idx, &Gram(parent, token, count)) in ngram.grams.iter().enumerate() {
            ngram.children.insert((parent, token), idx as u32 + 1);
            ngram.counts.push(count);
            let length = lengths[parent as usize] + 1;
            lengths.push(length);
            // What stands before every sequence comes after nothing.
            if count > 0 && (token as usize) < n_tokens {
                ngram.after[parent as usize].add(count);
                if let (Some(of_length), 1..=4) = (counts_of_counts.get_mut(length - 1), count) {
                    of_length[count as usize - 1] += 1;
                }
            }
        }
        ngram.discounts = counts_of_counts.into_iter().map(Discounts::new).collect();
        ngram
    }

    /// Tokens of the longest grams.
    pub fn order(&self) -> usize {
        self.order
    }

    /// How many different grams were met, of all lengths.
    pub fn n_grams(&self) -> usize {
        self.grams.len() - 1
    }

    /// The probability that `token` comes after `before`, the whole sequence so far: where that is
    /// shorter than a context, the start of the sequence is part of the context. Zero for a token
    /// that there is not.
    pub fn probability(&self, before: &[usize], token: usize) -> f64 {
        let n_seen = before.len().min(self.order - 1);
        let (skipped, last) = before.split_at(before.len() - n_seen);
        let mut contexts = if skipped.is_empty() {
            self.at_start()
        } else {
            vec![EMPTY]
        };
        for token in last {
            contexts = self.advance(&contexts, *token);
        }
        self.probability_after(&contexts, token)
    }

    /// `-ln p` of each token of a sequence, in nats; infinite for a token that there is not.
    pub fn losses(&self, sequence: &[usize]) -> Vec<f64> {
        let mut contexts = self.at_start();
        sequence
            .iter()
            .map(|token| {
                let probability = self.probability_after(&contexts, *token);
                contexts = self.advance(&contexts, *token);
                -probability.ln()
            })
            .collect()
    }

    /// Contexts that end at the start of a sequence, shortest first.
    fn at_start(&self) -> Vec<u32> {
        let start = self.children.get(&(EMPTY, self.n_tokens as u32));
        std::iter::once(EMPTY).chain(start.copied()).collect()
    }

    /// Contexts that end one token later, as long as they were met.
    fn advance(&self, contexts: &[u32], token: usize) -> Vec<u32> {
        let longer = contexts
            .iter()
            .take(self.order - 1)
            .map_while(|context| self.children.get(&(*context, token as u32)).copied());
        std::iter::once(EMPTY).chain(longer).collect()
    }

    fn probability_after(&self, contexts: &[u32], token: usize) -> f64 {
        if token >= self.n_tokens {
            return 0.0;
        }
        let mut probability = 1.0 / self.n_tokens as f64;
        for (context, discounts) in contexts.iter().zip(&self.discounts) {
            let after = &self.after[*context as usize];
            if after.total == 0 {
                continue;
            }
            let gram = self.children.get(&(*context, token as u32));
            let count = gram.map_or(0, |gram| self.counts[*gram as usize]);
            let kept = f64::from(count) - discounts.of(count);
            let taken = discounts.taken(after.n_seen);
            probability = (kept + taken * probability) / after.total as f64;
        }
        probability
    }
}

impl After {
    fn add(&mut self, count: u32) {
        self.total += u64::from(count);
        self.n_seen[count.min(3) as usize - 1] += 1;
    }
}
