//! The guess: names first, contents second, everything weighed against everything.

use std::collections::BTreeMap;

use rapport_domain::EntityKind;

use super::assign::best_assignment;
use super::catalog::{self, ENTITIES, Entry, ValueKind};
use super::contents::Contents;
use super::{ColumnMapping, Existing, Field, ImportMode, Mapping, MappingReason, header};
use crate::preset::{self, Preset};
use crate::rejected;
use crate::value::date;
use crate::value::decimal;

/// Guesses below this say too little to be shown.
const LEAST_CONFIDENCE: f64 = 0.3;

/// Guesses what the rows of a file are about and which column feeds which field.
///
/// Every column is scored against every field by its name and by what its values look like; of all
/// ways to give each field one column, the one with the largest sum is taken; of all kinds of
/// records, the one whose required fields are best covered. `samples` are rows with as many cells
/// as there are headers; a few hundred are enough.
///
/// Where the header is that of an export that we [know](crate::Preset), nothing is guessed.
pub fn guess_mapping(headers: &[String], samples: &[Vec<String>]) -> Mapping {
    match preset::detect_preset(headers) {
        Some(preset) => guess_mapping_by(preset, headers, samples),
        None => guess_mapping_without_preset(headers, samples),
    }
}

/// Maps a file by the preset of the system that wrote it. Dates and numbers are looked at all the same:
/// how they are written depends on who exported the file.
pub fn guess_mapping_by(
    preset: &'static Preset,
    headers: &[String],
    samples: &[Vec<String>],
) -> Mapping {
    let table = Table::new(headers, samples);
    let mapping = Candidate::of_preset(preset, &table).into_mapping(&table);
    Mapping {
        preset: Some(preset.key.to_owned()),
        mode: preset.mode(),
        ..mapping
    }
}

/// Guesses the mapping of a file from names and contents alone, whoever seems to have written it.
pub fn guess_mapping_without_preset(headers: &[String], samples: &[Vec<String>]) -> Mapping {
    let table = Table::new(headers, samples);
    let mut best: Option<(f64, Candidate)> = None;
    for entity in ENTITIES {
        let candidate = Candidate::new(entity, &table);
        let score = candidate.score();
        if best.as_ref().is_none_or(|(other, _)| score > other + 1e-9) {
            best = Some((score, candidate));
        }
    }
    let (_, candidate) = best.expect("there is at least one kind of record");
    candidate.into_mapping(&table)
}

/// Guesses the mapping of a file whose kind of record is known.
pub fn guess_mapping_for(
    entity: EntityKind,
    headers: &[String],
    samples: &[Vec<String>],
) -> Mapping {
    let table = Table::new(headers, samples);
    Candidate::new(entity, &table).into_mapping(&table)
}

/// The columns of a file with what can be told about each.
struct Table<'a> {
    headers: &'a [String],
    samples: &'a [Vec<String>],
    /// Names as they are compared.
    names: Vec<String>,
    contents: Vec<Contents>,
    /// Whether the file has no header, so that contents are all there is.
    is_nameless: bool,
}

impl<'a> Table<'a> {
    fn new(headers: &'a [String], samples: &'a [Vec<String>]) -> Self {
        let contents = (0..headers.len())
            .map(|idx| Contents::of(column(samples, idx)))
            .collect();
        Self {
            headers,
            samples,
            names: headers.iter().map(|name| header::squeeze(name)).collect(),
            contents,
            is_nameless: headers.iter().all(|name| header::is_generic(name)),
        }
    }

    /// The likelihood that a column feeds a field, and what speaks for it.
    fn score(&self, idx: usize, entity: EntityKind, entry: &Entry) -> (f64, MappingReason) {
        if rejected::is_own_column(&self.headers[idx]) {
            return (0.0, MappingReason::Unmapped);
        }
        let contents = &self.contents[idx];
        // Dates alone do not tell a birthday from the day when a record was made, and a wrong guess
        // costs rows; only where an instant is needed are they taken for it.
        let is_any_date = entry.kind == ValueKind::Instant && !entry.field.is_required(entity);
        let by_contents = if is_any_date {
            0.0
        } else {
            contents.evidence(entry.kind, self.is_nameless)
        };
        let Some(fit) = header::fit(&self.names[idx], entry).filter(|_| !self.is_nameless) else {
            return (by_contents, MappingReason::Contents);
        };
        let agreement = contents.agreement(entry.kind);
        let by_name = if agreement < 0.3 {
            0.35 * fit.score
        } else {
            fit.score * (0.7 + 0.3 * agreement)
        };
        match (by_contents > by_name, fit.is_known) {
            (true, _) => (by_contents, MappingReason::Contents),
            (false, true) => (by_name, MappingReason::HeaderSynonym),
            (false, false) => (by_name, MappingReason::SimilarHeader),
        }
    }
}

fn column(samples: &[Vec<String>], idx: usize) -> impl Iterator<Item = &str> {
    samples
        .iter()
        .filter_map(move |row| row.get(idx))
        .map(String::as_str)
}

/// One kind of record with its best assignment.
struct Candidate {
    entity: EntityKind,
    /// Per field of the catalog: column, confidence, reason.
    assigned: Vec<(Field, ValueKind, usize, f64, MappingReason)>,
}

impl Candidate {
    fn new(entity: EntityKind, table: &Table<'_>) -> Self {
        let entries = catalog::entries(entity);
        let scored: Vec<Vec<(f64, MappingReason)>> = entries
            .iter()
            .map(|entry| {
                (0..table.headers.len())
                    .map(|idx| table.score(idx, entity, entry))
                    .collect()
            })
            .collect();
        let scores: Vec<Vec<f64>> = scored
            .iter()
            .map(|row| {
                row.iter()
                    .map(|&(score, _)| if score < LEAST_CONFIDENCE { 0.0 } else { score })
                    .collect()
            })
            .collect();
        let assigned = best_assignment(&scores)
            .into_iter()
            .enumerate()
            .filter_map(|(row, idx)| {
                let idx = idx?;
                let (score, reason) = scored[row][idx];
                Some((entries[row].field, entries[row].kind, idx, score, reason))
            })
            .collect();
        Self { entity, assigned }
    }

    /// What a preset says, which is certain.
    fn of_preset(preset: &Preset, table: &Table<'_>) -> Self {
        let entries = catalog::entries(preset.entity);
        let assigned = table.headers.iter().enumerate();
        let assigned = assigned.filter_map(|(idx, header)| {
            let field = preset.field_of(header)?;
            let entry = entries.iter().find(|entry| entry.field == field)?;
            Some((field, entry.kind, idx, 1.0, MappingReason::Preset))
        });
        Self {
            entity: preset.entity,
            assigned: assigned.collect(),
        }
    }

    /// The sum of confidences, halved for each required field without a column.
    fn score(&self) -> f64 {
        let is_assigned =
            |field: &Field| self.assigned.iter().any(|(assigned, ..)| assigned == field);
        let n_missing = catalog::required(self.entity)
            .iter()
            .filter(|group| !group.iter().any(is_assigned))
            .count();
        let sum: f64 = self.assigned.iter().map(|&(_, _, _, score, _)| score).sum();
        sum * 0.5_f64.powi(i32::try_from(n_missing).unwrap_or(i32::MAX))
    }

    fn into_mapping(self, table: &Table<'_>) -> Mapping {
        let mut columns: Vec<ColumnMapping> = table
            .headers
            .iter()
            .map(|column| ColumnMapping {
                column: column.clone(),
                field: None,
                confidence: 0.0,
                reason: MappingReason::Unmapped,
                replace: None,
                custom: None,
            })
            .collect();
        for &(field, _, idx, score, reason) in &self.assigned {
            columns[idx].field = Some(field);
            columns[idx].confidence = (score * 100.0).round() / 100.0;
            columns[idx].reason = reason;
        }
        let values = |kinds: &'static [ValueKind]| {
            let assigned = self
                .assigned
                .iter()
                .filter(move |(_, kind, ..)| kinds.contains(kind));
            assigned.flat_map(|&(_, _, idx, ..)| column(table.samples, idx))
        };
        Mapping {
            entity: self.entity,
            preset: None,
            dates: date::detect_order(values(&[ValueKind::Instant])),
            decimal: decimal::detect_style(values(&[ValueKind::Money, ValueKind::Count])),
            constants: BTreeMap::new(),
            cancelled_order_prefix: self.cancelled_order_prefix(table),
            mode: ImportMode::Both,
            existing: Existing::Fill,
            own_addresses: Vec::new(),
            time_zone: None,
            columns,
        }
    }

    /// `C` marks a cancellation, unless most orders begin so.
    fn cancelled_order_prefix(&self, table: &Table<'_>) -> Option<String> {
        let mut n_orders = 0_usize;
        let mut n_marked = 0_usize;
        let order_id = self
            .assigned
            .iter()
            .find(|(field, ..)| *field == Field::OrderId);
        for value in order_id
            .iter()
            .flat_map(|&&(_, _, idx, ..)| column(table.samples, idx))
        {
            n_orders += 1;
            n_marked += usize::from(value.starts_with('C'));
        }
        (n_marked * 2 <= n_orders)
            .then(super::cancellation_prefix)
            .flatten()
    }
}

#[cfg(test)]
mod tests;
