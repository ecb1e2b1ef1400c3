//! A whole table in modes, and back.

use std::ops::Range;

use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::number::NumberModes;
use crate::table::{Categories, Column, Kind, Table, TableError};
use crate::{Check, Context, Fit, LearnError, Matrix, rng};

/// How many modes columns of numbers may have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModeEncoderParams {
    /// Most normal distributions of a column; a column with no more values than this has one mode
    /// per value.
    pub max_modes: usize,
    /// Least share of rows that keeps a normal distribution; the heaviest stays at any rate.
    pub least_weight: f64,
    /// Least share of rows that makes one value a mode of its own, where it stands out.
    pub atom_share: f64,
}

impl Default for ModeEncoderParams {
    fn default() -> Self {
        Self {
            max_modes: 10,
            least_weight: 0.005,
            atom_share: 0.005,
        }
    }
}

/// Checked [`ModeEncoderParams`].
#[derive(Debug, Clone, PartialEq)]
pub struct ValidModeEncoderParams(ModeEncoderParams);

impl Check for ModeEncoderParams {
    type Valid = ValidModeEncoderParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidModeEncoderParams, LearnError> {
        if self.max_modes == 0 {
            return Err(LearnError::Parameter {
                name: "max_modes",
                value: self.max_modes.to_string(),
                allowed: "a column has at least 1 mode",
            });
        }
        for (name, share) in [
            ("least_weight", self.least_weight),
            ("atom_share", self.atom_share),
        ] {
            if !(0.0..1.0).contains(&share) {
                return Err(LearnError::Parameter {
                    name,
                    value: share.to_string(),
                    allowed: "shares of rows lie in [0, 1)",
                });
            }
        }
        Ok(ValidModeEncoderParams(self))
    }
}

/// Numbers of an encoded row that belong together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// The column of the table, from 0.
    pub column: usize,
    /// Where the block lies in an encoded row.
    pub range: Range<usize>,
    /// What it holds.
    pub kind: BlockKind,
}

/// What a block holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BlockKind {
    /// One number between -1 and 1: where a value lies in its mode.
    Position,
    /// The mode of a number, a one among zeros.
    Mode,
    /// A category, a one among zeros.
    Category,
}

/// Fitted modes and categories of a table's columns.
///
/// It keeps no rows: modes, ranges and the dictionaries of categories only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModeEncoder {
    names: Vec<String>,
    columns: Vec<FittedColumn>,
    blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum FittedColumn {
    Numeric(NumberModes),
    /// Levels that rows have, alphabetical; a missing category is a level of its own.
    Categorical(Vec<Option<String>>),
}

impl Fit<Table> for ValidModeEncoderParams {
    type Model = ModeEncoder;
    type Error = TableError;

    /// # Errors
    /// [`TableError::NotFinite`] for a missing number, [`TableError::SingleValue`] for a column
    /// without anything to learn, cancellation, or the deadline.
    fn fit(&self, table: &Table, context: &Context<'_>) -> Result<ModeEncoder, TableError> {
        context.proceed()?;
        let columns: Vec<(&str, &Column)> = table.columns().collect();
        let fitted = crate::map_parts(context.threads, columns.into_iter(), |(name, column)| {
            Ok(match column {
                Column::Numeric(values) => {
                    FittedColumn::Numeric(NumberModes::fit(name, values, &self.0)?)
                }
                Column::Categorical(categories) => {
                    FittedColumn::Categorical(levels(name, categories)?)
                }
            })
        });
        let columns = fitted.into_iter().collect::<Result<Vec<_>, TableError>>()?;
        Ok(ModeEncoder {
            names: table.names().to_vec(),
            blocks: blocks(&columns),
            columns,
        })
    }
}

/// The levels that rows have.
fn levels(name: &str, categories: &Categories) -> Result<Vec<Option<String>>, TableError> {
    let n_rows = categories.codes().len();
    let mut levels: Vec<Option<&str>> = (0..n_rows).map(|row| categories.text(row)).collect();
    levels.sort_unstable();
    levels.dedup();
    if let [only] = levels[..] {
        return Err(TableError::SingleValue {
            name: name.to_owned(),
            value: only.unwrap_or("missing").to_owned(),
        });
    }
    Ok(levels
        .into_iter()
        .map(|level| level.map(String::from))
        .collect())
}

fn blocks(columns: &[FittedColumn]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut begin = 0;
    let mut add = |column: usize, n: usize, kind: BlockKind| {
        blocks.push(Block {
            column,
            range: begin..begin + n,
            kind,
        });
        begin += n;
    };
    for (column, fitted) in columns.iter().enumerate() {
        match fitted {
            FittedColumn::Numeric(modes) => {
                if modes.has_position() {
                    add(column, 1, BlockKind::Position);
                }
                add(column, modes.n_modes(), BlockKind::Mode);
            }
            FittedColumn::Categorical(levels) => add(column, levels.len(), BlockKind::Category),
        }
    }
    blocks
}

impl ModeEncoder {
    /// The blocks of an encoded row, in their order.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Numbers of an encoded row.
    pub fn n_outputs(&self) -> usize {
        self.blocks.last().map_or(0, |block| block.range.end)
    }

    /// Names of the columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The kind of each column.
    pub fn kinds(&self) -> impl ExactSizeIterator<Item = Kind> {
        self.columns.iter().map(|column| match column {
            FittedColumn::Numeric(_) => Kind::Numeric,
            FittedColumn::Categorical(_) => Kind::Categorical,
        })
    }

    /// The place of a category in its column's block; `None` stands for missing.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`], [`TableError::OtherKind`] for a column of numbers, and
    /// [`TableError::UnknownCategory`].
    pub fn level_of(&self, name: &str, level: Option<&str>) -> Result<(usize, usize), TableError> {
        let unknown = || TableError::UnknownColumn { name: name.into() };
        let column = self.names.iter().position(|other| other == name);
        let column = column.ok_or_else(unknown)?;
        let FittedColumn::Categorical(levels) = &self.columns[column] else {
            return Err(TableError::OtherKind {
                name: name.into(),
                expected: Kind::Categorical,
            });
        };
        match position(levels, level) {
            Some(place) => Ok((column, place)),
            None => Err(TableError::UnknownCategory {
                name: name.into(),
                level: level.unwrap_or("missing").to_owned(),
            }),
        }
    }

    /// Encodes every row, `(n_rows, n_outputs)`. Columns are found by name.
    ///
    /// Between modes that overlap a value's is drawn, by the seed.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`], [`TableError::OtherKind`], [`TableError::NotFinite`] for a
    /// missing number, and [`TableError::UnknownLevel`].
    pub fn encode(&self, table: &Table, seed: u64) -> Result<Matrix, TableError> {
        let mut rows = Matrix::zeros(table.n_rows(), self.n_outputs());
        for (column, (name, fitted)) in self.names.iter().zip(&self.columns).enumerate() {
            let mut blocks = self.blocks.iter().filter(|block| block.column == column);
            match fitted {
                FittedColumn::Numeric(modes) => {
                    let position = modes.has_position().then(|| blocks.next()).flatten();
                    let place = NumberPlace {
                        position: position.map(|block| block.range.start),
                        mode: blocks.next().map_or(0, |block| block.range.start),
                    };
                    let mut rng = rng(seed, &format!("modes of {name}"));
                    encode_numbers(
                        name,
                        table.numbers(name)?,
                        modes,
                        place,
                        &mut rng,
                        &mut rows,
                    )?;
                }
                FittedColumn::Categorical(levels) => {
                    let begin = blocks.next().map_or(0, |block| block.range.start);
                    encode_levels(name, table.categories(name)?, levels, begin, &mut rows)?;
                }
            }
        }
        Ok(rows)
    }

    /// Columns from rows of block values, `(n_rows, n_outputs)`: of a block of ones and zeros the
    /// largest number counts.
    ///
    /// # Errors
    /// [`TableError::Learn`] for rows of another width, and [`TableError::Empty`] without rows.
    pub fn decode(&self, rows: &Matrix) -> Result<Table, TableError> {
        rows.require_columns(self.n_outputs())?;
        let columns = self.names.iter().zip(&self.columns).enumerate();
        let columns = columns.map(|(column, (name, fitted))| {
            let blocks: Vec<&Block> = self.blocks.iter().filter(|b| b.column == column).collect();
            let decoded = match fitted {
                FittedColumn::Numeric(modes) => {
                    Column::Numeric(decode_numbers(rows, modes, &blocks))
                }
                FittedColumn::Categorical(levels) => {
                    Column::Categorical(decode_levels(rows, levels, &blocks))
                }
            };
            (name.clone(), decoded)
        });
        Table::new(columns.collect())
    }
}

/// Where the numbers of a column go in an encoded row.
struct NumberPlace {
    position: Option<usize>,
    mode: usize,
}

fn encode_numbers(
    name: &str,
    values: &[f64],
    modes: &NumberModes,
    place: NumberPlace,
    rng: &mut ChaCha8Rng,
    rows: &mut Matrix,
) -> Result<(), TableError> {
    for (row, (value, encoded)) in values.iter().zip(rows.rows_mut()).enumerate() {
        if !value.is_finite() {
            return Err(TableError::NotFinite {
                name: name.to_owned(),
                row,
            });
        }
        let (mode, position) = modes.encode(*value, rng);
        encoded[place.mode + mode] = 1.0;
        if let Some(at) = place.position {
            encoded[at] = position;
        }
    }
    Ok(())
}

fn encode_levels(
    name: &str,
    categories: &Categories,
    levels: &[Option<String>],
    begin: usize,
    rows: &mut Matrix,
) -> Result<(), TableError> {
    // A table shares its dictionary, so each of its levels is looked up once.
    let places: Vec<Option<usize>> = categories
        .levels()
        .iter()
        .map(|level| position(levels, Some(level)))
        .collect();
    let missing = position(levels, None);
    for (row, (code, encoded)) in categories.codes().iter().zip(rows.rows_mut()).enumerate() {
        let place = code.map_or(missing, |code| places[code as usize]);
        let place = place.ok_or_else(|| TableError::UnknownLevel {
            name: name.to_owned(),
            row,
            level: categories.text(row).unwrap_or("missing").to_owned(),
        })?;
        encoded[begin + place] = 1.0;
    }
    Ok(())
}

fn decode_numbers(rows: &Matrix, modes: &NumberModes, blocks: &[&Block]) -> Vec<f64> {
    let position = blocks.iter().find(|b| b.kind == BlockKind::Position);
    let ones = blocks.iter().find(|b| b.kind == BlockKind::Mode);
    let decode = |row: &[f64]| {
        let mode = ones.map_or(0, |block| largest(&row[block.range.clone()]));
        modes.decode(mode, position.map_or(0.0, |block| row[block.range.start]))
    };
    rows.rows().map(decode).collect()
}

fn decode_levels(rows: &Matrix, levels: &[Option<String>], blocks: &[&Block]) -> Categories {
    let texts = rows.rows().map(|row| {
        let place = largest(&row[blocks[0].range.clone()]);
        levels[place].as_deref()
    });
    Categories::from_texts(texts)
}

fn position(levels: &[Option<String>], level: Option<&str>) -> Option<usize> {
    levels
        .binary_search_by(|other| other.as_deref().cmp(&level))
        .ok()
}

/// The place of the largest number, the first one of equals.
fn largest(numbers: &[f64]) -> usize {
    let mut best = 0;
    for (place, number) in numbers.iter().enumerate() {
        if *number > numbers[best] {
            best = place;
        }
    }
    best
}
