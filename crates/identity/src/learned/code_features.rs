//! What the codes, numbers and measures of two texts say: the same model, another model, another version.

use super::codes::{Code, Measure};
use super::view::View;
use crate::compare::edit_similarity;

/// Names of the features, in their order.
pub(super) const NAMES: [&str; 18] = [
    "code, shared length",
    "code, shared count",
    "code, left only",
    "code, right only",
    "code, left within right",
    "code, right within left",
    "code, conflict",
    "code, common beginning",
    "code, both",
    "number, shared",
    "number, left only",
    "number, right only",
    "number, conflict",
    "number, nearest ratio",
    "year, apart",
    "measure, shared",
    "measure, conflict",
    "measure, one side only",
];

const YEARS: std::ops::RangeInclusive<f64> = 1960.0..=2040.0;

pub(super) fn push(a: &View, b: &View, features: &mut Vec<f64>) {
    let codes = Codes::of(a, b);
    features.extend([
        codes.shared_len,
        codes.n_shared,
        codes.left_len,
        codes.right_len,
        codes.left_within,
        codes.right_within,
        codes.conflict,
        codes.beginning,
        f64::from(!a.codes.is_empty() && !b.codes.is_empty()),
    ]);
    push_numbers(&a.numbers, &b.numbers, features);
    push_measures(&a.measures, &b.measures, features);
}

/// How the codes of two texts stand to each other. Lengths are in letters, 0 where there is none.
#[derive(Debug, Default)]
struct Codes {
    shared_len: f64,
    n_shared: f64,
    /// The longest that the other lacks, also as a part of its text.
    left_len: f64,
    right_len: f64,
    /// The longest that stands in the other's text without blanks.
    left_within: f64,
    right_within: f64,
    /// Likeness of the two most alike codes that are not the same: another model of one series.
    conflict: f64,
    /// Letters at the beginning that they have in common.
    beginning: f64,
}

impl Codes {
    fn of(a: &View, b: &View) -> Self {
        let mut codes = Self::default();
        let len = |code: &Code| code.len() as f64;
        let lacks =
            |text: &View, code: &Code| !text.squeezed.contains(&**code) && !has_part(text, code);
        for code in &a.codes {
            if b.codes.contains(code) {
                codes.shared_len = codes.shared_len.max(len(code));
                codes.n_shared += 1.0;
            }
            if b.squeezed.contains(&**code) {
                codes.left_within = codes.left_within.max(len(code));
            }
        }
        for code in &b.codes {
            if a.squeezed.contains(&**code) {
                codes.right_within = codes.right_within.max(len(code));
            }
        }
        let left: Vec<&Code> = a.codes.iter().filter(|code| lacks(b, code)).collect();
        let right: Vec<&Code> = b.codes.iter().filter(|code| lacks(a, code)).collect();
        codes.left_len = left.first().map_or(0.0, |code| len(code));
        codes.right_len = right.first().map_or(0.0, |code| len(code));
        for x in &left {
            for y in &right {
                codes.conflict = codes.conflict.max(edit_similarity(x, y));
                let both = x.bytes().zip(y.bytes());
                let common = both.take_while(|(x, y)| x == y).count() as f64;
                codes.beginning = codes.beginning.max(common);
            }
        }
        codes
    }
}

/// Whether a code of the text is a part of this one: "lds4821" of "lds4821wh".
fn has_part(text: &View, code: &Code) -> bool {
    text.codes
        .iter()
        .any(|part| part.len() >= 4 && code.contains(&**part))
}

fn push_numbers(a: &[f64], b: &[f64], features: &mut Vec<f64>) {
    let lacking = |of: &[f64], other: &[f64]| -> Vec<f64> {
        of.iter()
            .copied()
            .filter(|value| !other.contains(value))
            .collect()
    };
    let (left, right) = (lacking(a, b), lacking(b, a));
    let n_shared = (a.len() - left.len()) as f64;
    let ratios = left
        .iter()
        .flat_map(|x| right.iter().map(move |y| x.min(*y) / x.max(*y)));
    let year = |numbers: &[f64]| {
        numbers
            .iter()
            .copied()
            .filter(|n| YEARS.contains(n))
            .fold(f64::NAN, f64::max)
    };
    features.extend([
        n_shared,
        left.len() as f64,
        right.len() as f64,
        f64::from(!left.is_empty() && !right.is_empty()),
        ratios.fold(f64::NAN, f64::max),
        (year(a) - year(b)).abs(),
    ]);
}

fn push_measures(a: &[Measure], b: &[Measure], features: &mut Vec<f64>) {
    let has = |measures: &[Measure], unit| measures.iter().any(|measure| measure.unit == unit);
    let lacks = |measure: &&Measure, of: &[Measure]| !of.contains(measure);
    let n_shared = a.iter().filter(|measure| b.contains(measure)).count();
    let differs = |measure: &Measure, other: &[Measure]| has(other, measure.unit);
    let n_conflicts = a.iter().filter(|m| lacks(m, b) && differs(m, b)).count();
    let one_sided =
        |of: &[Measure], other: &[Measure]| of.iter().filter(|m| !differs(m, other)).count();
    features.extend([
        n_shared as f64,
        n_conflicts as f64,
        (one_sided(a, b) + one_sided(b, a)) as f64,
    ]);
}
