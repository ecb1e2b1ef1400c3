//! Records as the matcher sees them: per field a dictionary of distinct standard values, per record one
//! number per field.
//!
//! Names and places repeat, so that a value is cleaned, taken apart and counted once, and two records
//! whose numbers are equal agree without a look at the text.

mod column;

pub(crate) use column::{Column, ColumnBuilder, MISSING};

use rapport_learn::{Context, map_parts};

use crate::compare::Sketch;
use crate::standardize::Style;
use crate::{Field, FieldKind, IdentityError};

/// Fields that can be compared; each takes three bits of a pattern.
pub(crate) const N_FIELDS_MAX: usize = 21;
/// Positions are 32 bits wide, and one is kept for "none".
const N_RECORDS_MAX: usize = u32::MAX as usize - 1;

/// A column as it came: its field and a text for every record, blank where there is none.
#[derive(Debug, Clone)]
pub struct RawColumn<'t> {
    /// Name and kind.
    pub field: Field,
    /// `(n_records,)`.
    pub values: Vec<&'t str>,
}

/// Records ready to be matched.
#[derive(Debug, Clone)]
pub struct Records {
    pub(crate) columns: Vec<Column>,
    /// `(n_records, n_fields)`, row after row: a pair is two short stretches of memory.
    pub(crate) codes: Vec<u32>,
    /// The values at a glance, laid out like the codes; anything where there is no value.
    sketches: Vec<Sketch>,
    n_records: usize,
}

impl Records {
    /// Cleans columns and counts their values. Columns that name records, or are empty, are left out.
    ///
    /// # Errors
    /// [`IdentityError`] for fewer than two records, columns of different length, and columns that leave
    /// nothing or too much to compare.
    pub fn new(raw: &[RawColumn<'_>], context: &Context<'_>) -> Result<Self, IdentityError> {
        let n_records = raw.first().map_or(0, |column| column.values.len());
        check(raw, n_records)?;
        let compared: Vec<&RawColumn<'_>> = raw
            .iter()
            .filter(|column| column.field.kind != FieldKind::RecordKey)
            .collect();
        context.proceed()?;
        let built = map_parts(context.threads, compared.into_iter(), |column| {
            let style = Style::of(column.field.kind, column.values.iter().copied());
            let mut builder = ColumnBuilder::new(column.field.clone(), style);
            let codes: Vec<u32> = column
                .values
                .iter()
                .map(|value| builder.add(value))
                .collect();
            (builder.finish(), codes)
        });
        let kept: Vec<(Column, Vec<u32>)> = built
            .into_iter()
            .filter(|(column, _)| column.n_filled() > 0)
            .collect();
        if kept.is_empty() {
            return Err(IdentityError::NothingToCompare);
        }
        if kept.len() > N_FIELDS_MAX {
            return Err(IdentityError::TooManyFields {
                found: kept.len(),
                most: N_FIELDS_MAX,
            });
        }
        Ok(Self::of_columns(kept, n_records))
    }

    /// Puts columns and their codes together, `(n_records,)` of each.
    pub(crate) fn of_columns(kept: Vec<(Column, Vec<u32>)>, n_records: usize) -> Self {
        let n_fields = kept.len();
        let mut codes = vec![MISSING; n_records * n_fields];
        let mut sketches = vec![Sketch::default(); n_records * n_fields];
        for (idx, (column, of_records)) in kept.iter().enumerate() {
            for (row, &code) in of_records.iter().enumerate() {
                codes[row * n_fields + idx] = code;
                sketches[row * n_fields + idx] = column.sketch(code);
            }
        }
        let columns = kept.into_iter().map(|(column, _)| column).collect();
        Self {
            columns,
            codes,
            sketches,
            n_records,
        }
    }

    /// How many records there are.
    pub fn n_records(&self) -> usize {
        self.n_records
    }

    /// The fields that are compared, in order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.columns.iter().map(|column| &column.field)
    }

    /// The standard form of a record's value.
    pub fn value(&self, record: usize, field: usize) -> Option<&str> {
        let code = self.row(record)[field];
        (code != MISSING).then(|| self.columns[field].standard(code))
    }

    pub(crate) fn row(&self, record: usize) -> &[u32] {
        let n = self.columns.len();
        &self.codes[record * n..(record + 1) * n]
    }

    /// The values of a record at a glance.
    pub(crate) fn sketches(&self, record: usize) -> &[Sketch] {
        let n = self.columns.len();
        &self.sketches[record * n..(record + 1) * n]
    }

    /// Adds one record; its texts stand in the order of [`fields`](Self::fields).
    pub(crate) fn push(&mut self, values: &[&str]) -> u32 {
        for (column, value) in self.columns.iter_mut().zip(values) {
            let code = column.add(value);
            self.codes.push(code);
            self.sketches.push(column.sketch(code));
        }
        self.n_records += 1;
        u32::try_from(self.n_records - 1).unwrap_or(u32::MAX)
    }

    /// Takes the last record back; its values stay known.
    pub(crate) fn pop(&mut self) {
        let n = self.columns.len();
        for idx in (0..n).rev() {
            if let Some(code) = self.codes.pop() {
                self.columns[idx].forget(code);
            }
        }
        self.sketches.truncate(self.codes.len());
        self.n_records -= 1;
    }
}

fn check(raw: &[RawColumn<'_>], n_records: usize) -> Result<(), IdentityError> {
    if n_records < 2 {
        return Err(IdentityError::TooFew { n_records });
    }
    if n_records > N_RECORDS_MAX {
        return Err(IdentityError::TooMany {
            n_records,
            most: N_RECORDS_MAX,
        });
    }
    for column in raw {
        if column.values.len() != n_records {
            return Err(IdentityError::Ragged {
                column: column.field.name.clone(),
                found: column.values.len(),
                expected: n_records,
            });
        }
    }
    Ok(())
}
