//! What a column's values look like.

use std::collections::HashSet;

use crate::FieldKind;
use crate::standardize::{Style, standardize};

/// Shares and counts over the values of a column.
#[derive(Debug)]
pub(super) struct Profile {
    pub(super) n_filled: usize,
    /// Every value stands once, in every row.
    pub(super) is_unique: bool,
    n_distinct: usize,
    /// Share with an `@`.
    mail: f64,
    /// Share of eight digits or three groups that are a date.
    date: f64,
    /// Share with letters.
    letters: f64,
    /// Share that is a plain number.
    number: f64,
    /// Share of numbers with a decimal point.
    decimal: f64,
    words_mean: f64,
    digits_mean: f64,
}

impl Profile {
    pub(super) fn of(texts: &[&str]) -> Self {
        let filled: Vec<&str> = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        let n = filled.len().max(1) as f64;
        let share = |test: &dyn Fn(&str) -> bool| filled.iter().filter(|text| test(text)).count() as f64 / n;
        let mean = |count: &dyn Fn(&str) -> usize| filled.iter().map(|text| count(text)).sum::<usize>() as f64 / n;
        let n_distinct = filled.iter().collect::<HashSet<_>>().len();
        Self {
            n_filled: filled.len(),
            is_unique: n_distinct == texts.len() && texts.len() > 1,
            n_distinct,
            mail: share(&|text| text.contains('@')),
            date: share(&is_date),
            letters: share(&|text| text.chars().any(char::is_alphabetic)),
            number: share(&|text| text.parse::<f64>().is_ok()),
            decimal: share(&|text| text.contains('.') && text.parse::<f64>().is_ok()),
            words_mean: mean(&|text| text.split_whitespace().count()),
            digits_mean: mean(&|text| text.chars().filter(char::is_ascii_digit).count()),
        }
    }

    /// Whether the values may be of a kind that the column's name says.
    pub(super) fn allows(&self, kind: FieldKind) -> bool {
        match kind {
            FieldKind::BirthDate => self.date > 0.5,
            FieldKind::Email => self.mail > 0.5,
            FieldKind::GivenName | FieldKind::Surname | FieldKind::FullName | FieldKind::Company => self.letters > 0.5,
            FieldKind::Phone => self.digits_mean >= 5.0,
            FieldKind::Category => self.is_of_few_values(),
            _ => true,
        }
    }

    /// The kind that the values alone tell.
    pub(super) fn kind(&self) -> FieldKind {
        if self.mail > 0.8 {
            FieldKind::Email
        } else if self.date > 0.9 {
            FieldKind::BirthDate
        } else if self.is_unique && self.words_mean < 1.5 && self.letters < 0.1 {
            FieldKind::RecordKey
        } else if self.is_of_few_values() {
            FieldKind::Category
        } else if self.number > 0.9 && (self.decimal > 0.2 || self.digits_mean < 3.0) {
            FieldKind::Number
        } else if self.number > 0.9 || (self.digits_mean >= 3.0 && self.words_mean < 1.5) {
            FieldKind::Id
        } else {
            FieldKind::Text
        }
    }

    fn is_of_few_values(&self) -> bool {
        self.n_distinct <= 100 && self.n_distinct * 10 <= self.n_filled
    }
}

/// A date in full, with a year that somebody may have been born in.
fn is_date(text: &str) -> bool {
    let n_digits = text.chars().filter(char::is_ascii_digit).count();
    let is_short = text.len() <= 30 && n_digits >= 5;
    let has_parts = n_digits == text.len() && n_digits == 8 || text.contains(['-', '/', '.', '年', ' ']);
    if !is_short || !has_parts {
        return false;
    }
    let Some(digits) = standardize(FieldKind::BirthDate, text, Style::default()) else {
        return false;
    };
    let part = |range: std::ops::Range<usize>| digits[range].parse::<u32>().unwrap_or(0);
    (1000..=2100).contains(&part(0..4)) && (1..=12).contains(&part(4..6)) && (1..=31).contains(&part(6..8))
}
