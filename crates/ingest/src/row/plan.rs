//! A mapping made ready for many rows: which column feeds a field, without searching.

use crate::value::text;
use crate::{Field, Mapping, OTHER_KEYS, rejected};

/// Column and constant of every field.
#[derive(Debug)]
pub(super) struct Plan {
    /// Of several columns for one field the first with a value counts.
    columns: Vec<Vec<usize>>,
    constants: Vec<Option<String>>,
    /// Positions and names of the columns that feed no field.
    unmapped: Vec<(usize, String)>,
}

/// What stands in a row for a field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell<'a> {
    /// Without white space around it; empty where nothing is there.
    pub(super) text: &'a str,
    /// Position of the column; none where it is a constant or nothing.
    pub(super) column: Option<usize>,
}

impl Plan {
    pub(super) fn new(mapping: &Mapping) -> Self {
        let mut columns = vec![Vec::new(); Field::COUNT];
        for (idx, column) in mapping.columns.iter().enumerate() {
            if let Some(field) = column.field {
                columns[field as usize].push(idx);
            }
        }
        if let Some(preset) = mapping.known_preset() {
            for places in &mut columns {
                places.sort_by_key(|&idx| preset.rank(&mapping.columns[idx].column));
            }
        }
        let constant = |field: &Field| {
            let value = mapping.constants.get(field)?;
            Some(text::trim(value).to_owned())
        };
        Self {
            columns,
            constants: Field::ALL.iter().map(constant).collect(),
            unmapped: unmapped(mapping),
        }
    }

    /// The columns that feed no field, with what stands in them; blank ones are left out.
    pub(super) fn unmapped<'a>(
        &'a self,
        cells: &'a [String],
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.unmapped.iter().filter_map(move |(idx, name)| {
            let cell = text::unmark(text::trim(cells.get(*idx)?));
            (!cell.is_empty()).then_some((name.as_str(), cell))
        })
    }

    /// The column of a field, the first of several.
    pub(super) fn column(&self, field: Field) -> Option<usize> {
        self.columns[field as usize].first().copied()
    }

    /// The constant of a field.
    pub(super) fn constant(&self, field: Field) -> Option<&str> {
        self.constants[field as usize].as_deref()
    }

    /// The cell of a field, or its constant where the cell is blank.
    pub(super) fn cell<'a>(&'a self, cells: &'a [String], field: Field) -> Cell<'a> {
        let told = self.columns[field as usize].iter().find_map(|&idx| {
            let text = text::unmark(text::trim(cells.get(idx)?));
            (!text.is_empty()).then_some((idx, text))
        });
        let (column, text) = match told {
            Some((idx, text)) => (Some(idx), text),
            None => (self.column(field), ""),
        };
        match self.constant(field) {
            Some(constant) if text.is_empty() => Cell {
                text: constant,
                column: None,
            },
            _ => Cell { text, column },
        }
    }
}

/// The columns that feed no field; of JSON lines also the one that is beyond the mapping. Columns
/// that tell why a row was rejected are about the file and not about the row.
fn unmapped(mapping: &Mapping) -> Vec<(usize, String)> {
    let mut columns: Vec<(usize, String)> = mapping
        .unmapped()
        .filter(|(_, name)| !rejected::is_own_column(name))
        .map(|(idx, name)| (idx, name.to_owned()))
        .collect();
    if !mapping.columns.iter().any(|c| c.column == OTHER_KEYS) {
        columns.push((mapping.columns.len(), OTHER_KEYS.to_owned()));
    }
    columns
}
