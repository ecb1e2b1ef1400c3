//! Labeled texts, their words, and how much each word speaks for a class.

use std::collections::{HashMap, HashSet};
use std::error::Error;

use rapport_learn::{Check, split};
use rapport_nn::NnError;
use rapport_nn::tokens::{Vocabulary, VocabularyParams, split_words};

use crate::reviews;

/// Words of the longest grams that speak for a class.
pub(crate) const ORDER: usize = 3;

/// A text's words and its class.
#[derive(Debug, Clone)]
pub(crate) struct Labeled {
    words: Vec<String>,
    class: usize,
    /// Whether it stands word for word in the training part too, though it is to be judged.
    is_known: bool,
}

/// What a network sees of a text.
#[derive(Debug, Clone)]
pub(crate) struct Encoded {
    pub(crate) words: Vec<usize>,
    /// The pair that begins at each word.
    pub(crate) pairs: Vec<usize>,
    /// Per word how much the grams of 1 to [`ORDER`] words that begin there speak for the class 1.
    pub(crate) ratios: Vec<[f32; ORDER]>,
    pub(crate) class: usize,
    /// Whether it stands word for word in the training part too, though it is to be judged.
    pub(crate) is_known: bool,
}

/// A data set's texts.
pub(crate) struct Texts {
    pub(crate) train: Vec<Labeled>,
    pub(crate) test: Vec<Labeled>,
}

impl Texts {
    /// A data set by its folder's name, texts cut to this many words. The texts to be judged are the
    /// dev part, or a fifth of the training part that is held back.
    pub(crate) fn read(
        name: &str,
        max_words: usize,
        is_held_back: bool,
        seed: u64,
    ) -> Result<Self, Box<dyn Error>> {
        let train = reviews::read(name, "train")?;
        let (train, test) = if is_held_back {
            let parts = split::holdout(train.len(), 0.2, seed)?;
            let take = |rows: &[usize]| rows.iter().map(|row| train[*row].clone()).collect();
            (take(&parts.train), take(&parts.test))
        } else {
            (train, reviews::read(name, "dev")?)
        };
        let known: HashSet<&str> = train.iter().map(|(text, _)| text.as_str()).collect();
        let test = test.iter();
        Ok(Self {
            test: test
                .map(|review| Labeled::new(review, max_words, known.contains(review.0.as_str())))
                .collect(),
            train: train
                .iter()
                .map(|review| Labeled::new(review, max_words, false))
                .collect(),
        })
    }
}

impl Labeled {
    fn new((text, class): &(String, usize), max_words: usize, is_known: bool) -> Self {
        let mut words = split_words(text);
        words.truncate(max_words);
        Self {
            words,
            class: *class,
            is_known,
        }
    }
}

/// Grams of one length: how many texts of each class have them.
#[derive(Debug, Default)]
struct Counts {
    of_gram: HashMap<String, [f64; 2]>,
    totals: [f64; 2],
}

/// What was counted in training texts.
#[derive(Debug)]
pub(crate) struct Counted {
    words: Vocabulary,
    pairs: HashMap<String, usize>,
    counts: Vec<Counts>,
}

/// The grams of this many words, one for each word that begins one.
fn grams(words: &[String], length: usize) -> impl Iterator<Item = String> {
    words.windows(length).map(|gram| gram.join(" "))
}

impl Counted {
    /// Counts the words and grams of training texts.
    pub(crate) fn new(train: &[Labeled]) -> Result<Self, NnError> {
        let params = VocabularyParams {
            max_tokens: 20_000,
            min_count: 2,
        };
        let texts: Vec<String> = train.iter().map(|text| text.words.join(" ")).collect();
        let words = params.check()?.fit(texts.iter().map(String::as_str));
        let counts: Vec<Counts> = (1..=ORDER).map(|n| Counts::new(train, n)).collect();
        // Pairs in few texts are too many to learn a row for each.
        const LEAST_TEXTS: f64 = 4.0;
        let of_pair = counts[1].of_gram.iter();
        let mut pairs: Vec<&String> = of_pair
            .filter(|(_, n)| n[0] + n[1] >= LEAST_TEXTS)
            .map(|(pair, _)| pair)
            .collect();
        pairs.sort_unstable();
        let pairs = pairs.into_iter().cloned().zip(1..).collect();
        Ok(Self {
            words,
            pairs,
            counts,
        })
    }

    pub(crate) fn n_words(&self) -> usize {
        self.words.n_tokens()
    }

    /// Pairs that have a row, and one for all others.
    pub(crate) fn n_pairs(&self) -> usize {
        self.pairs.len() + 1
    }

    /// A text as a network sees it. Where it was counted, its own part is taken out of the counts,
    /// else its ratios would tell its class.
    pub(crate) fn encode(&self, text: &Labeled, was_counted: bool) -> Encoded {
        let counted_as = was_counted.then_some(text.class);
        let mut ratios = vec![[0.0; ORDER]; text.words.len()];
        for (at, counts) in self.counts.iter().enumerate() {
            for (gram, row) in grams(&text.words, at + 1).zip(&mut ratios) {
                row[at] = counts.ratio(&gram, counted_as) as f32;
            }
        }
        let pair = |pair: String| self.pairs.get(&pair).copied().unwrap_or_default();
        let mut pairs: Vec<usize> = grams(&text.words, 2).map(pair).collect();
        pairs.resize(text.words.len(), 0);
        Encoded {
            words: self.words.encode(&text.words.join(" ")),
            pairs,
            ratios,
            class: text.class,
            is_known: text.is_known,
        }
    }
}

impl Counts {
    fn new(train: &[Labeled], length: usize) -> Self {
        let mut counts = Self::default();
        for text in train {
            let different: HashSet<String> = grams(&text.words, length).collect();
            for gram in different {
                counts.of_gram.entry(gram).or_default()[text.class] += 1.0;
                counts.totals[text.class] += 1.0;
            }
        }
        counts
    }

    /// The logarithm of how much more frequent a gram is in texts of the class 1, with one added to
    /// every count.
    ///
    /// Source: Wang & Manning (2012), "Baselines and Bigrams".
    fn ratio(&self, gram: &str, counted_as: Option<usize>) -> f64 {
        let mut n = self.of_gram.get(gram).copied().unwrap_or_default();
        if let Some(class) = counted_as {
            n[class] -= 1.0;
        }
        let n_grams = self.of_gram.len() as f64;
        let share = |class: usize| (n[class] + 1.0) / (self.totals[class] + n_grams);
        (share(1) / share(0)).ln()
    }
}

/// How sure naive Bayes over grams of up to this many words is of class 1: above 0 it says so.
pub(crate) fn naive_bayes(text: &Encoded, longest: usize) -> f64 {
    let of_word = |row: &[f32; ORDER]| row[..longest].iter().map(|x| f64::from(*x)).sum::<f64>();
    text.ratios.iter().map(of_word).sum()
}
