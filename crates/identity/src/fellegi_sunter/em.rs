//! Expectation maximization over patterns.

use super::dependence::{Subject, Sum};
use crate::compare::{Level, N_LEVELS, Pattern};
use crate::hash::HashedMap;

/// How many pairs have each pattern.
#[derive(Debug, Clone, Default)]
pub(crate) struct PatternCounts(HashedMap<u64, f64>);

impl PatternCounts {
    pub(crate) fn add(&mut self, pattern: Pattern) {
        *self.0.entry(pattern.0).or_default() += 1.0;
    }

    /// The counts of all parts together.
    pub(crate) fn sum(parts: Vec<Self>) -> Self {
        let mut sum = Self::default();
        for (pattern, count) in parts.into_iter().flat_map(|part| part.0) {
            *sum.0.entry(pattern).or_default() += count;
        }
        sum
    }

    /// In the order of patterns, so that sums are the same in every run.
    fn sorted(self) -> Vec<(Pattern, f64)> {
        let mut counts: Vec<(Pattern, f64)> = self
            .0
            .into_iter()
            .map(|(bits, n)| (Pattern(bits), n))
            .collect();
        counts.sort_unstable_by_key(|&(pattern, _)| pattern);
        counts
    }
}

/// What was fitted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fitted {
    /// Share of all pairs that match.
    pub(crate) prior: f64,
    /// Per field how often each level shows among matches where the field is filled.
    pub(crate) m: Vec<[f64; N_LEVELS]>,
    /// How many rounds it took.
    pub(crate) n_rounds: usize,
}

/// What is thought before data.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Thought {
    /// Pairs that are thought of for each that is seen to match.
    pub(crate) share: f64,
    /// What is thought of each field.
    pub(crate) uses: Vec<Use>,
}

const N_ROUNDS_MAX: usize = 100;
/// Rates move less than this in the last round.
const TOLERANCE: f64 = 1e-5;
/// Pairs that are thought to be seen before any is, spread like [`expected`].
const N_THOUGHT: f64 = 4.0;
/// And this many more for each that is seen: the rates of a field never leave what is thought of it behind,
/// or else a class of relatives may pass for one of matches. The usual share.
pub(crate) const SHARE_THOUGHT: f64 = 0.15;

/// What is thought of a field before data: nine pairs of one person in ten agree, and slips are likelier
/// the smaller they are.
const fn expected() -> [f64; N_LEVELS] {
    let mut m = [0.0; N_LEVELS];
    m[Level::SAME as usize] = 0.80;
    m[Level::SWAPPED as usize] = 0.02;
    m[Level::CLOSE as usize] = 0.08;
    m[Level::ALIKE as usize] = 0.04;
    m[Level::REMOTE as usize] = 0.02;
    m[Level::FAR as usize] = 0.015;
    m[Level::DIFFERENT as usize] = 0.025;
    m
}

/// The same of a field by which records were linked beforehand: records of one person that are left have
/// several of its values, and few agree.
const fn expected_of_linked() -> [f64; N_LEVELS] {
    let mut m = [0.0; N_LEVELS];
    m[Level::SAME as usize] = 0.20;
    m[Level::SWAPPED as usize] = 0.02;
    m[Level::CLOSE as usize] = 0.08;
    m[Level::ALIKE as usize] = 0.10;
    m[Level::REMOTE as usize] = 0.10;
    m[Level::FAR as usize] = 0.10;
    m[Level::DIFFERENT as usize] = 0.40;
    m
}

/// The same of words that come in two orders and two scripts: what agrees word for word is as good as the same.
const fn expected_of_words() -> [f64; N_LEVELS] {
    let mut m = expected();
    m[Level::SAME as usize] = 0.74;
    m[Level::SWAPPED as usize] = 0.08;
    m
}

/// What is thought of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Nothing in particular.
    Plain,
    /// Records that agree on it were linked beforehand.
    Linked,
    /// Words in several orders and scripts.
    Words,
}

/// Fits `m` and the share of matches, with `u` fixed. `n_pairs` is the number of all pairs that the counted
/// candidates were found among.
pub(crate) fn fit(
    counts: PatternCounts,
    u: &[[f64; N_LEVELS]],
    subjects: &[Subject],
    n_pairs: f64,
    n_records: usize,
    thought: &Thought,
) -> Fitted {
    let counts = counts.sorted();
    let n_fields = u.len();
    let mut m = thought.shares(&vec![[0.0; N_LEVELS]; n_fields], u);
    // As if every tenth record had a double.
    let mut prior = (0.1 / n_records as f64).min(0.1);
    let mut n_rounds = 0;
    while n_rounds < N_ROUNDS_MAX {
        n_rounds += 1;
        let bits = bits(&m, u);
        let mut seen = vec![[0.0; N_LEVELS]; n_fields];
        let mut n_matches = 0.0;
        for &(pattern, count) in &counts {
            let odds = (f64::from(sum(&bits, subjects, pattern))).exp2() * prior / (1.0 - prior);
            let matching = if odds.is_finite() {
                count * odds / (1.0 + odds)
            } else {
                count
            };
            n_matches += matching;
            for (field, seen) in seen.iter_mut().enumerate() {
                seen[pattern.level(field) as usize] += matching;
            }
        }
        let updated = thought.shares(&seen, u);
        let moved = m.iter().flatten().zip(updated.iter().flatten());
        let moved = moved
            .map(|(old, new)| (old - new).abs())
            .fold(0.0, f64::max);
        m = updated;
        prior = ((n_matches + 0.5) / n_pairs.max(1.0)).clamp(1e-12, 0.5);
        if moved < TOLERANCE {
            break;
        }
    }
    Fitted { prior, m, n_rounds }
}

/// The same from pairs that are thought to match, all of them: those within groups.
pub(crate) fn fit_groups(
    counts: PatternCounts,
    u: &[[f64; N_LEVELS]],
    n_pairs: f64,
    thought: &Thought,
) -> Fitted {
    let mut seen = vec![[0.0; N_LEVELS]; u.len()];
    let mut n_matches = 0.0;
    for (pattern, count) in counts.sorted() {
        n_matches += count;
        for (field, seen) in seen.iter_mut().enumerate() {
            seen[pattern.level(field) as usize] += count;
        }
    }
    Fitted {
        prior: ((n_matches + 0.5) / n_pairs.max(1.0)).clamp(1e-12, 0.5),
        m: thought.shares(&seen, u),
        n_rounds: 0,
    }
}

impl Thought {
    /// Shares of levels among matches, field by field.
    fn shares(&self, seen: &[[f64; N_LEVELS]], u: &[[f64; N_LEVELS]]) -> Vec<[f64; N_LEVELS]> {
        let fields = self.uses.iter().zip(seen).zip(u);
        let shares = fields.map(|((&it, seen), u)| match it {
            Use::Plain => shares(seen, self.share, expected()),
            Use::Words => shares(seen, self.share, expected_of_words()),
            Use::Linked => level_out(shares(seen, self.share, expected_of_linked()), u),
        });
        shares.collect()
    }
}

/// Takes what two addresses have in common for no more than a difference: addresses are made of names, which
/// are compared themselves.
fn level_out(mut m: [f64; N_LEVELS], u: &[f64; N_LEVELS]) -> [f64; N_LEVELS] {
    let others = Level::ALIKE as usize..N_LEVELS;
    let (in_m, in_u): (f64, f64) = (
        m[others.clone()].iter().sum(),
        u[others.clone()].iter().sum(),
    );
    for level in others {
        m[level] = u[level] * in_m / in_u;
    }
    m
}

/// Shares of levels among matches, "missing" left out.
fn shares(seen: &[f64; N_LEVELS], share_thought: f64, thought: [f64; N_LEVELS]) -> [f64; N_LEVELS] {
    let first = Level::SAME as usize;
    let n_seen = seen[first..].iter().sum::<f64>();
    let n_thought = N_THOUGHT + share_thought * n_seen;
    let total = n_seen + n_thought;
    let mut shares = [0.0; N_LEVELS];
    for level in first..N_LEVELS {
        shares[level] = (seen[level] + n_thought * thought[level]) / total;
    }
    shares
}

fn bits(m: &[[f64; N_LEVELS]], u: &[[f64; N_LEVELS]]) -> Vec<[f32; N_LEVELS]> {
    let of_field = |(m, u): (&[f64; N_LEVELS], &[f64; N_LEVELS])| {
        let mut bits = [0.0; N_LEVELS];
        for level in Level::SAME as usize..N_LEVELS {
            bits[level] = (m[level] / u[level]).log2() as f32;
        }
        bits
    };
    m.iter().zip(u).map(of_field).collect()
}

fn sum(bits: &[[f32; N_LEVELS]], subjects: &[Subject], pattern: Pattern) -> f32 {
    let mut sum = Sum::default();
    for (field, (bits, &subject)) in bits.iter().zip(subjects).enumerate() {
        sum.add(subject, bits[pattern.level(field) as usize]);
    }
    sum.total()
}
