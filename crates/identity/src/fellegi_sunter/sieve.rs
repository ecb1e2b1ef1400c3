//! What a pair weighs at most, before its texts are looked at.
//!
//! Nearly all candidates are no match, and most show it at once: a bound on the weight follows from which
//! values are equal and from the sketches of the others. Only a pair that it lets through is compared in
//! full. The bound is never below the weight (but for the last bits of its sum, which [`SLACK`] covers), so
//! that the sieve changes no decision.

use super::dependence::Sum;
use super::weights::Scorer;
use crate::compare::{self, Level, Levels, N_LEVELS, SWAPPED, Sketch};
use crate::records::{MISSING, N_FIELDS_MAX};

/// Bits by which sums of the same numbers may differ.
const SLACK: f32 = 1e-3;

/// Bounds under a model.
#[derive(Debug)]
pub(crate) struct Sieve<'s> {
    scorer: &'s Scorer<'s>,
}

/// A record that others are held against, and what its values can weigh.
#[derive(Debug)]
pub(crate) struct Held {
    row: [u32; N_FIELDS_MAX],
    sketches: [Option<Sketch>; N_FIELDS_MAX],
    /// Per field the most that each level weighs.
    weights: [[f32; N_LEVELS]; N_FIELDS_MAX],
}

impl<'s> Sieve<'s> {
    pub(crate) const fn new(scorer: &'s Scorer<'s>) -> Self {
        Self { scorer }
    }

    /// A record that others will be held against.
    pub(crate) fn hold(&self, record: u32) -> Held {
        let (scorer, mut held) = (self.scorer, Held::empty());
        for (field, &code) in scorer.records.row(record as usize).iter().enumerate() {
            held.row[field] = code;
            if code == MISSING {
                continue;
            }
            let rareness = &scorer.model.rareness[field];
            let mut weights = scorer.weights[field];
            weights[Level::SAME as usize] += rareness.of(code);
            for level in [Level::CLOSE, Level::SWAPPED] {
                weights[level as usize] += rareness.of_spellings_most(code);
            }
            held.weights[field] = weights;
            held.sketches[field] = Some(scorer.records.columns[field].sketches[code as usize]);
        }
        held
    }

    /// Whether a pair with the held record may weigh more than `least` bits.
    pub(crate) fn lets_through(&self, held: &Held, other: u32, least: f32) -> bool {
        self.bound(held, other) > least
    }

    /// Bits that a pair with the held record weighs at most.
    fn bound(&self, held: &Held, other: u32) -> f32 {
        let records = self.scorer.records;
        let (row, sketches) = (
            records.row(other as usize),
            records.sketches(other as usize),
        );
        let mut sum = Sum::default();
        for (field, &subject) in self.scorer.subjects.iter().enumerate() {
            let Some(here) = held.sketches[field] else {
                continue;
            };
            if row[field] == held.row[field] {
                sum.add(subject, held.weights[field][Level::SAME as usize]);
            } else if row[field] != MISSING {
                let levels = self.levels(held, field, (row, sketches), here);
                sum.add(subject, most(&held.weights[field], levels));
            }
        }
        self.scorer.prior + sum.total() + SLACK
    }

    /// The levels that two different values can have.
    fn levels(
        &self,
        held: &Held,
        field: usize,
        (row, sketches): (&[u32], &[Sketch]),
        here: Sketch,
    ) -> Levels {
        let kind = self.scorer.records.columns[field].field.kind;
        let there = sketches[field];
        let levels = compare::possible(kind, here, there);
        let Some(partner) = self.scorer.comparer.partner(field) else {
            return levels;
        };
        let is_crossed = held.sketches[partner].is_some_and(|sketch| sketch.may_be(there));
        let is_crossed_back = row[partner] != MISSING && sketches[partner].may_be(here);
        if is_crossed || is_crossed_back {
            levels | SWAPPED
        } else {
            levels
        }
    }
}

impl Held {
    const fn empty() -> Self {
        Self {
            row: [MISSING; N_FIELDS_MAX],
            sketches: [None; N_FIELDS_MAX],
            weights: [[0.0; N_LEVELS]; N_FIELDS_MAX],
        }
    }
}

/// The greatest weight of a set of levels.
fn most(weights: &[f32; N_LEVELS], levels: Levels) -> f32 {
    let mut most = f32::NEG_INFINITY;
    for (level, &weight) in weights.iter().enumerate() {
        if levels >> level & 1 == 1 {
            most = most.max(weight);
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rapport_learn::{Cancellation, Context, Silent};

    use super::super::em::Fitted;
    use super::super::{Frequencies, MatchModel};
    use super::*;
    use crate::compare::{Comparer, Memory};
    use crate::records::Records;
    use crate::{Field, FieldKind, RawColumn};

    /// Fields and what their values look like: few letters, so that most pairs are somehow alike.
    const FIELDS: [(FieldKind, &str); 9] = [
        (FieldKind::GivenName, "(|ann|anne|bob|robert|[a-c]{1,5})"),
        (FieldKind::Surname, "(|ann|anne|bob|robert|[a-c]{1,5})"),
        (FieldKind::BirthDate, "(|19[89][01]-0[12]-[01][1-3])"),
        (FieldKind::Phone, "(|[12]{5,7})"),
        (FieldKind::Email, "(|[ab]{1,6}@[ab]\\.de)"),
        (FieldKind::Street, "(|[ab]{1,4} [ab]{1,4}|[a-c]{2,9})"),
        (FieldKind::City, "(|[a-d]{2,7})"),
        (FieldKind::Postcode, "(|[ab1]{4,6}|[12]{4})"),
        (FieldKind::Id, "(|[1-3]{3,9}|[ab]{3,9})"),
    ];
    const N_RECORDS: usize = 7;

    fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
        let fields: Vec<_> = FIELDS
            .iter()
            .map(|(_, texts)| proptest::collection::vec(*texts, N_RECORDS))
            .collect();
        fields
    }

    /// Rates of levels, any: positive and no more than 1.
    fn rates() -> impl Strategy<Value = Vec<[f64; N_LEVELS]>> {
        proptest::collection::vec(proptest::array::uniform8(1e-6..1.0), FIELDS.len())
    }

    /// The scorer's parts for columns of texts, with rates as they are between people.
    fn model(records: &Records) -> MatchModel {
        let n_fields = records.columns.len();
        let m = [0.0, 0.8, 0.02, 0.08, 0.04, 0.02, 0.015, 0.025];
        let u = [0.0, 0.01, 0.001, 0.01, 0.02, 0.05, 0.1, 0.8];
        let fitted = Fitted {
            prior: 0.01,
            m: vec![m; n_fields],
            n_rounds: 0,
        };
        let frequencies = Frequencies::by_record(records);
        MatchModel::new(records, &fitted, &vec![u; n_fields], &frequencies)
    }

    #[test]
    fn two_people_with_nothing_in_common_are_held_back_and_two_copies_of_one_are_not() {
        let columns = [
            (FieldKind::GivenName, ["ada", "wilhelmina", "adda"]),
            (FieldKind::Surname, ["king", "zorn", "king"]),
            (
                FieldKind::BirthDate,
                ["1815-12-10", "1990-07-24", "1815-12-11"],
            ),
            (FieldKind::Phone, ["5550123", "8887766", "5550132"]),
        ];
        let raw: Vec<RawColumn<'_>> = columns
            .iter()
            .map(|(kind, values)| RawColumn {
                field: Field::new(format!("{kind:?}"), *kind),
                values: values.to_vec(),
            })
            .collect();
        let cancel = Cancellation::default();
        let records = Records::new(&raw, &Context::new(1, &Silent, &cancel)).unwrap();
        let (model, comparer) = (model(&records), Comparer::new(&records));
        let scorer = Scorer::new(&records, &comparer, &model);
        let sieve = Sieve::new(&scorer);

        let held = sieve.hold(0);

        assert!(!sieve.lets_through(&held, 1, -10.0));
        assert!(sieve.lets_through(&held, 2, 0.0));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_pair_weighs_more_than_its_bound(columns in rows(), m in rates(), u in rates()) {
            let raw: Vec<RawColumn<'_>> = FIELDS
                .iter()
                .zip(&columns)
                .map(|((kind, _), values)| RawColumn {
                    field: Field::new(format!("{kind:?}"), *kind),
                    values: values.iter().map(String::as_str).collect(),
                })
                .collect();
            let cancel = Cancellation::default();
            let Ok(records) = Records::new(&raw, &Context::new(1, &Silent, &cancel)) else {
                return Ok(()); // All is blank.
            };
            let n_fields = records.columns.len();
            let fitted = Fitted { prior: 0.01, m: m[..n_fields].to_vec(), n_rounds: 0 };
            let frequencies = Frequencies::by_record(&records);
            let model = MatchModel::new(&records, &fitted, &u[..n_fields], &frequencies);
            let comparer = Comparer::new(&records);
            let scorer = Scorer::new(&records, &comparer, &model);
            let sieve = Sieve::new(&scorer);

            for right in 0..N_RECORDS as u32 {
                let held = sieve.hold(right);
                for left in (0..N_RECORDS as u32).filter(|&left| left != right) {
                    let (_, weight) = scorer.score(left, right, &mut Memory::of_one());
                    prop_assert!(
                        weight <= sieve.bound(&held, left),
                        "{:?}",
                        scorer.explain(left, right, &mut Memory::of_one())
                    );
                }
            }
        }
    }
}
