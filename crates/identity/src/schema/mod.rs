//! What the columns of a plain file hold, from their names and values.
//!
//! A name that is known decides, unless the values speak against it; else the values decide; else the
//! column is words. A column that repeats what others say is left out, for evidence counted twice makes
//! pairs look more certain than they are.

mod names;
mod repeats;
mod values;

use crate::{Field, FieldKind};

/// Rows that are looked at.
const N_LOOKED_AT: usize = 20_000;

/// The kind of each column. `columns` are names and all texts, column by column.
///
/// Columns that name rows, and such as repeat others, are [`FieldKind::RecordKey`].
pub fn detect(columns: &[(&str, Vec<&str>)]) -> Vec<Field> {
    let mut fields: Vec<Field> = columns
        .iter()
        .map(|(name, texts)| Field::new(*name, kind(name, texts)))
        .collect();
    let has_parts = [FieldKind::GivenName, FieldKind::Surname]
        .iter()
        .all(|kind| fields.iter().any(|field| field.kind == *kind));
    if has_parts {
        for idx in 0..fields.len() {
            if fields[idx].kind == FieldKind::FullName
                && repeats::adds_nothing(&fields, columns, idx)
            {
                fields[idx].kind = FieldKind::RecordKey;
            }
        }
    }
    only_one(&mut fields, FieldKind::GivenName, FieldKind::Text);
    only_one(&mut fields, FieldKind::Surname, FieldKind::Text);
    fields
}

/// A second column of a kind that a record has once becomes another kind.
fn only_one(fields: &mut [Field], kind: FieldKind, instead: FieldKind) {
    let of_kind = fields.iter_mut().filter(|field| field.kind == kind);
    for field in of_kind.skip(1) {
        field.kind = instead;
    }
}

fn kind(name: &str, texts: &[&str]) -> FieldKind {
    let looked_at = &texts[..texts.len().min(N_LOOKED_AT)];
    let profile = values::Profile::of(looked_at);
    if profile.n_filled == 0 {
        return FieldKind::RecordKey;
    }
    match names::kind(name) {
        Some(FieldKind::RecordKey | FieldKind::Id) if profile.is_unique => FieldKind::RecordKey,
        Some(FieldKind::RecordKey) => FieldKind::Id,
        Some(kind) if profile.allows(kind) => kind,
        _ => profile.kind(),
    }
}

#[cfg(test)]
mod tests;
