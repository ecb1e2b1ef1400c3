//! Weights of levels, adjusted by how common a value is, and the score of a pair.

use super::dependence::{Subject, Sum, subjects};
use super::em::Fitted;
use super::frequencies::{Frequencies, Rareness};
use super::waterfall::{Step, Waterfall};
use crate::Field;
use crate::compare::{Comparer, Level, Memory, N_LEVELS, Pattern};
use crate::records::{MISSING, Records};

/// What one level of a field is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelWeight {
    /// Share of pairs of one person that show it.
    pub m: f64,
    /// Share of pairs of two people that show it.
    pub u: f64,
    /// `log2(m / u)`.
    pub weight: f64,
}

/// A fitted model: the prior and each field's weights.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchModel {
    /// The fields in the order of the records' columns.
    pub fields: Vec<Field>,
    /// Share of all pairs that match.
    pub prior: f64,
    /// Per field the weight of each level; the entry of "missing" is 0.
    pub levels: Vec<[LevelWeight; N_LEVELS]>,
    /// Rounds of expectation maximization.
    pub n_rounds: usize,
    pub(crate) rareness: Vec<Rareness>,
}

impl MatchModel {
    pub(crate) fn new(
        records: &Records,
        fitted: &Fitted,
        u: &[[f64; N_LEVELS]],
        frequencies: &[Frequencies],
    ) -> Self {
        let of_field = |(m, u): (&[f64; N_LEVELS], &[f64; N_LEVELS])| {
            let mut weights = [LevelWeight {
                m: 0.0,
                u: 0.0,
                weight: 0.0,
            }; N_LEVELS];
            for level in Level::SAME as usize..N_LEVELS {
                let (m, u) = (m[level], u[level]);
                weights[level] = LevelWeight {
                    m,
                    u,
                    weight: (m / u).log2(),
                };
            }
            weights
        };
        let rareness = |((field, frequencies), u): ((&Field, &Frequencies), &[f64; N_LEVELS])| {
            Rareness::new(field.kind, frequencies, u)
        };
        Self {
            rareness: records
                .fields()
                .zip(frequencies)
                .zip(u)
                .map(rareness)
                .collect(),
            fields: records.fields().cloned().collect(),
            prior: fitted.prior,
            levels: fitted.m.iter().zip(u).map(of_field).collect(),
            n_rounds: fitted.n_rounds,
        }
    }

    /// The prior odds in bits.
    pub(crate) fn prior_weight(&self) -> f64 {
        (self.prior / (1.0 - self.prior)).log2()
    }
}

/// Scores pairs of records under a model.
#[derive(Debug)]
pub(crate) struct Scorer<'r> {
    pub(super) records: &'r Records,
    pub(super) comparer: &'r Comparer<'r>,
    pub(super) model: &'r MatchModel,
    pub(super) prior: f32,
    pub(super) subjects: Vec<Subject>,
    /// The level weights as they are added up.
    pub(super) weights: Vec<[f32; N_LEVELS]>,
}

impl<'r> Scorer<'r> {
    pub(crate) fn new(
        records: &'r Records,
        comparer: &'r Comparer<'r>,
        model: &'r MatchModel,
    ) -> Self {
        let weights = model
            .levels
            .iter()
            .map(|levels| levels.map(|level| level.weight as f32));
        Self {
            records,
            comparer,
            model,
            prior: model.prior_weight() as f32,
            subjects: subjects(
                &model
                    .fields
                    .iter()
                    .map(|field| field.kind)
                    .collect::<Vec<_>>(),
            ),
            weights: weights.collect(),
        }
    }

    /// The pattern of a pair, and its weight in bits: the log odds that both are of one person.
    pub(crate) fn score(&self, left: u32, right: u32, memory: &mut Memory) -> (Pattern, f32) {
        let pattern = self.comparer.pattern(left, right, memory);
        (pattern, self.weigh(pattern, left, right))
    }

    /// The weight of a pair whose pattern is known.
    pub(crate) fn weigh(&self, pattern: Pattern, left: u32, right: u32) -> f32 {
        let (left, right) = (
            self.records.row(left as usize),
            self.records.row(right as usize),
        );
        let mut sum = Sum::default();
        for (field, weights) in self.weights.iter().enumerate() {
            let level = pattern.level(field);
            let bits = weights[level as usize] + self.adjustment(field, level, left, right);
            sum.add(self.subjects[field], bits);
        }
        self.prior + sum.total()
    }

    /// What is added because the value that both have is rarer or more common than the usual one.
    fn adjustment(&self, field: usize, level: u8, left: &[u32], right: &[u32]) -> f32 {
        let (a, b, rareness) = (left[field], right[field], &self.model.rareness[field]);
        match level {
            Level::SAME => rareness.of(a),
            Level::CLOSE | Level::SWAPPED if a != MISSING && b != MISSING => {
                rareness.of_spellings(a, b)
            }
            _ => 0.0,
        }
    }

    /// Why a pair has its weight.
    pub(crate) fn explain(&self, left: u32, right: u32, memory: &mut Memory) -> Waterfall {
        let pattern = self.comparer.pattern(left, right, memory);
        let rows = (
            self.records.row(left as usize),
            self.records.row(right as usize),
        );
        let steps = self.weights.iter().enumerate().map(|(field, weights)| {
            let level = pattern.level(field);
            Step {
                field: self.model.fields[field].name.clone(),
                level: Level::of(level),
                weight: f64::from(weights[level as usize]),
                rareness: f64::from(self.adjustment(field, level, rows.0, rows.1)),
            }
        });
        let total = self.weigh(pattern, left, right);
        Waterfall::new(f64::from(self.prior), steps.collect(), f64::from(total))
    }
}
