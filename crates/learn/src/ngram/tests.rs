//! Kneser-Ney by hand, against the formulas written out over lists of grams, and what must hold for
//! every text.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::{Cancellation, Silent};

fn fit(order: usize, n_tokens: usize, sequences: &[Vec<usize>]) -> Ngram {
    try_fit(NgramParams { order, n_tokens }, sequences).unwrap()
}

fn try_fit(params: NgramParams, sequences: &[Vec<usize>]) -> Result<Ngram, LearnError> {
    let cancel = Cancellation::default();
    let context = Context::new(1, &Silent, &cancel);
    params.check()?.fit(sequences, &context)
}

#[track_caller]
fn assert_close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() < 1e-12,
        "{found} is not {expected}"
    );
}

#[test]
fn one_gram_is_worked_by_hand() {
    // Counts 1, 1, 2, 3, 4 and one token never: n = 2, 1, 1, 1, so Y = 2 / (2 + 2) = 1/2 and
    // D1 = 1 - 2 Y 1/2 = 1/2, D2 = 2 - 3 Y = 1/2, D3 = 3 - 4 Y = 1. Taken: 1/2 (2) + 1/2 (1) +
    // 1 (2) = 7/2 of 11, an even share of it to each of the six.
    let ngram = fit(1, 6, &[vec![0, 1, 2, 2, 3, 3, 3, 4, 4, 4, 4]]);

    let share = 3.5 / 6.0;
    assert_close(ngram.probability(&[], 0), (0.5 + share) / 11.0);
    assert_close(ngram.probability(&[], 2), (1.5 + share) / 11.0);
    assert_close(ngram.probability(&[], 3), (2.0 + share) / 11.0);
    assert_close(ngram.probability(&[], 4), (3.0 + share) / 11.0);
    assert_close(ngram.probability(&[], 5), share / 11.0);
}

#[test]
fn pairs_are_worked_by_hand() {
    // After the start: 0 three times. After 0: 1 twice, 2 once. So n = 1, 1, 1, 0 and Y = 1/3 for
    // all. Each token has one other before it: below, all are equally likely, 1/3.
    let ngram = fit(2, 3, &[vec![0, 1], vec![0, 1], vec![0, 2]]);

    assert_close(ngram.probability(&[0], 1), 17.0 / 27.0);
    assert_close(ngram.probability(&[0], 2), 8.0 / 27.0);
    assert_close(ngram.probability(&[0], 0), 2.0 / 27.0);
    assert_close(ngram.probability(&[], 0), 25.0 / 27.0);
    // Nothing was seen after 1: the shorter context answers.
    assert_close(ngram.probability(&[0, 1], 2), 1.0 / 3.0);
}

#[test]
fn a_token_met_often_after_one_other_is_unlikely_elsewhere() {
    // The paper's example: "Francisco" (3) is frequent, but only after "San" (2); 0 is half as
    // frequent, and after several.
    let mut text = vec![0, 1, 0, 4, 1, 4, 0, 5, 4, 5, 1, 5, 0];
    text.extend([2, 3].repeat(8));
    let ngram = fit(2, 7, &[text]);

    let (after_unseen, common) = (ngram.probability(&[6], 3), ngram.probability(&[6], 0));

    assert!(after_unseen < common, "{after_unseen} and {common}");
    assert!(ngram.probability(&[2], 3) > 0.8);
}

/// The formulas, over every gram of the text at each question.
struct ByFormula {
    /// Per length, from 1: grams and counts; `n_tokens` stands for the start.
    counts: Vec<BTreeMap<Vec<usize>, usize>>,
    n_tokens: usize,
}

impl ByFormula {
    fn new(order: usize, n_tokens: usize, sequences: &[Vec<usize>]) -> Self {
        let mut met: Vec<BTreeMap<Vec<usize>, usize>> = vec![BTreeMap::new(); order];
        for sequence in sequences {
            let text = [&[n_tokens], sequence.as_slice()].concat();
            for end in 1..text.len() {
                for from in (end + 1).saturating_sub(order)..=end {
                    let gram = text[from..=end].to_vec();
                    *met[gram.len() - 1].entry(gram).or_default() += 1;
                }
            }
        }
        let count = |gram: &Vec<usize>, n_met: usize| {
            if gram.len() == order || gram[0] == n_tokens {
                return n_met;
            }
            let longer = met[gram.len()].keys().filter(|long| long[1..] == gram[..]);
            longer.map(|long| long[0]).collect::<BTreeSet<_>>().len()
        };
        let counts = met
            .iter()
            .map(|of_length| {
                let counted = of_length.iter().map(|(g, n)| (g.clone(), count(g, *n)));
                counted.collect()
            })
            .collect();
        Self { counts, n_tokens }
    }

    fn discount(&self, length: usize, count: usize) -> f64 {
        let n: Vec<f64> = (1..=4)
            .map(|k| {
                self.counts[length - 1]
                    .values()
                    .filter(|c| **c == k)
                    .count() as f64
            })
            .collect();
        let y = if n[0] > 0.0 {
            n[0] / (n[0] + 2.0 * n[1])
        } else {
            0.5
        };
        let i = count.min(3);
        if n.contains(&0.0) {
            return y;
        }
        let found = i as f64 - (i + 1) as f64 * y * n[i] / n[i - 1];
        if found > 0.0 && found <= i as f64 {
            found
        } else {
            y
        }
    }

    fn probability(&self, context: &[usize], token: usize) -> f64 {
        let below = match context {
            [] => 1.0 / self.n_tokens as f64,
            [_, shorter @ ..] => self.probability(shorter, token),
        };
        let length = context.len() + 1;
        let after: BTreeMap<usize, usize> = self.counts[length - 1]
            .iter()
            .filter(|(gram, _)| gram[..length - 1] == *context)
            .map(|(gram, count)| (gram[length - 1], *count))
            .collect();
        let total: usize = after.values().sum();
        if total == 0 {
            return below;
        }
        let taken: f64 = after.values().map(|c| self.discount(length, *c)).sum();
        let kept = after
            .get(&token)
            .map_or(0.0, |c| *c as f64 - self.discount(length, *c));
        (kept + taken * below) / total as f64
    }
}

fn sequences() -> impl Strategy<Value = Vec<Vec<usize>>> {
    prop::collection::vec(prop::collection::vec(0..4_usize, 1..12), 1..8)
}

proptest! {
    #[test]
    fn every_probability_is_that_of_the_formulas(
        sequences in sequences(), order in 1..5_usize, before in prop::collection::vec(0..5_usize, 0..6)
    ) {
        let ngram = fit(order, 5, &sequences);
        let by_formula = ByFormula::new(order, 5, &sequences);
        let with_start = [&[5], before.as_slice()].concat();
        let context = &with_start[with_start.len().saturating_sub(order - 1)..];
        for token in 0..5 {
            let expected = by_formula.probability(context, token);
            prop_assert!((ngram.probability(&before, token) - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn probabilities_sum_to_one_and_none_is_zero(
        sequences in sequences(), order in 1..6_usize, before in prop::collection::vec(0..5_usize, 0..6)
    ) {
        let ngram = fit(order, 5, &sequences);
        let probabilities: Vec<f64> = (0..5).map(|token| ngram.probability(&before, token)).collect();
        prop_assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        prop_assert!(probabilities.iter().all(|p| *p > 0.0));
    }

    #[test]
    fn losses_are_those_of_each_token_after_all_before(sequences in sequences(), order in 1..5_usize) {
        let ngram = fit(order, 4, &sequences);
        let text = &sequences[0];
        for (at, loss) in ngram.losses(text).into_iter().enumerate() {
            let expected = -ngram.probability(&text[..at], text[at]).ln();
            prop_assert!((loss - expected).abs() < 1e-12);
        }
    }
}

#[test]
fn a_model_is_the_same_after_a_file() {
    let ngram = fit(3, 4, &[vec![0, 1, 2, 0, 1], vec![1, 3]]);
    let json = serde_json::to_string(&ngram).unwrap();

    let read: Ngram = serde_json::from_str(&json).unwrap();

    assert_eq!(read.losses(&[0, 1, 3]), ngram.losses(&[0, 1, 3]));
    let turned = json.replacen("[0,", "[900,", 1);
    assert!(serde_json::from_str::<Ngram>(&turned).is_err());
    for order in ["0", "1000000000"] {
        let odd = json.replacen("\"order\":3", &format!("\"order\":{order}"), 1);
        assert_ne!(odd, json);
        assert!(serde_json::from_str::<Ngram>(&odd).is_err());
    }
}

#[test]
fn longer_contexts_know_a_repeated_text_better() {
    let text = vec![[0, 1, 2, 0, 2, 1, 3].repeat(20)];
    let loss = |order| fit(order, 4, &text).losses(&text[0]).iter().sum::<f64>();
    assert!(loss(4) < loss(2) && loss(2) < loss(1));
}

#[test]
fn what_cannot_be_counted_is_refused() {
    let params = NgramParams::new(3);
    let token = try_fit(params, &[vec![0], vec![1, 3]]).unwrap_err();
    assert_eq!(
        token.to_string(),
        "sequence 1 has token 3; tokens lie from 0 to below 3"
    );
    assert!(try_fit(params, &[vec![]]).is_err());
    assert!(NgramParams { order: 0, ..params }.check().is_err());
    assert!(NgramParams::new(0).check().is_err());
    assert_eq!(fit(2, 3, &[vec![0]]).probability(&[], 3), 0.0);
}
