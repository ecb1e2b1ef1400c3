//! Columns that say again what others say.

use std::collections::HashSet;

use crate::standardize::words;
use crate::{Field, FieldKind};

/// Rows that are looked at.
const N_LOOKED_AT: usize = 2_000;
/// A name is a repetition from this share of rows on.
const SHARE: f64 = 0.95;

/// Whether a column of whole names has no word that given name and surname lack.
pub(super) fn adds_nothing(fields: &[Field], columns: &[(&str, Vec<&str>)], idx: usize) -> bool {
    let parts: Vec<&Vec<&str>> = fields
        .iter()
        .zip(columns)
        .filter(|(field, _)| matches!(field.kind, FieldKind::GivenName | FieldKind::Surname))
        .map(|(_, (_, texts))| texts)
        .collect();
    let rows = columns[idx].1.iter().enumerate().take(N_LOOKED_AT);
    let (mut n_filled, mut n_repeated) = (0_u32, 0_u32);
    for (row, text) in rows.filter(|(_, text)| !text.trim().is_empty()) {
        let known: Vec<String> = parts.iter().map(|texts| words(texts[row])).collect();
        let known: HashSet<&str> = known.iter().flat_map(|text| text.split(' ')).collect();
        n_filled += 1;
        n_repeated += u32::from(words(text).split(' ').all(|word| known.contains(word)));
    }
    n_filled > 0 && f64::from(n_repeated) >= SHARE * f64::from(n_filled)
}
