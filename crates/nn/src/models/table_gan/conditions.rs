//! What rows are asked to be, and how often it is asked.

use std::ops::Range;

use rapport_learn::Matrix;
use rapport_learn::transform::{BlockKind, ModeEncoder};
use serde::{Deserialize, Serialize};

use super::ConditionOn;
use crate::Draws;

/// One thing that a row is to be: a place in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Condition {
    /// Which block that can be asked for.
    pub(super) block: usize,
    /// Its place there.
    pub(super) place: usize,
}

/// How often a place of a block is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frequency {
    /// By the logarithm of its rows, so that training sees rare places too.
    Logarithmic,
    /// By its share of the rows.
    Original,
}

/// Everything that rows can be asked to be, with how many rows are so. It keeps no rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Conditions {
    blocks: Vec<ConditionBlock>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct ConditionBlock {
    /// The column of the table.
    column: usize,
    /// Where it lies in an encoded row.
    in_row: Range<usize>,
    /// Where it begins in a condition.
    begin: usize,
    /// Rows of each place.
    counts: Vec<f64>,
}

impl Conditions {
    /// From encoded rows.
    pub(super) fn of(encoder: &ModeEncoder, rows: &Matrix, on: ConditionOn) -> Self {
        let is_category = |kind: BlockKind| kind == BlockKind::Category;
        let has_categories = encoder.blocks().iter().any(|b| is_category(b.kind));
        let modes_too = on == ConditionOn::CategoriesAndModes || !has_categories;
        let wanted = encoder.blocks().iter().filter(|block| match block.kind {
            BlockKind::Category => true,
            BlockKind::Mode => modes_too && block.range.len() > 1,
            BlockKind::Position => false,
        });
        let mut begin = 0;
        let blocks = wanted.map(|block| {
            let mut counts = vec![0.0; block.range.len()];
            for row in rows.rows() {
                for (count, one) in counts.iter_mut().zip(&row[block.range.clone()]) {
                    *count += one;
                }
            }
            begin += counts.len();
            ConditionBlock {
                column: block.column,
                in_row: block.range.clone(),
                begin: begin - counts.len(),
                counts,
            }
        });
        Self {
            blocks: blocks.collect(),
        }
    }

    /// Numbers of a condition; 0 when nothing can be asked for.
    pub(super) fn n_outputs(&self) -> usize {
        self.blocks.last().map_or(0, |b| b.begin + b.counts.len())
    }

    /// Draws a block, all alike, and a place in it; `None` when nothing can be asked for.
    pub(super) fn draw(&self, frequency: Frequency, draws: &mut Draws) -> Option<Condition> {
        if self.blocks.is_empty() {
            return None;
        }
        let block = draws.below(self.blocks.len());
        let weight = |count: &f64| match frequency {
            Frequency::Logarithmic => count.ln_1p(),
            Frequency::Original => *count,
        };
        let counts = &self.blocks[block].counts;
        let mut left = draws.share() * counts.iter().map(weight).sum::<f64>();
        let drawn = counts.iter().position(|count| {
            left -= weight(count);
            left < 0.0
        });
        let place = drawn.unwrap_or(counts.len() - 1);
        Some(Condition { block, place })
    }

    /// The condition of a category's place in its column, if it can be asked for.
    pub(super) fn find(&self, column: usize, place: usize) -> Option<Condition> {
        let block = self.blocks.iter().position(|b| b.column == column)?;
        Some(Condition { block, place })
    }

    /// Conditions as ones among zeros, `(n, n_outputs)`.
    pub(super) fn vectors(&self, conditions: &[Condition]) -> Vec<f32> {
        let n = self.n_outputs();
        let mut vectors = vec![0.0; conditions.len() * n];
        for (condition, vector) in conditions.iter().zip(vectors.chunks_exact_mut(n.max(1))) {
            vector[self.blocks[condition.block].begin + condition.place] = 1.0;
        }
        vectors
    }

    /// Where the block of a condition lies in an encoded row.
    pub(super) fn in_row(&self, condition: Condition) -> Range<usize> {
        self.blocks[condition.block].in_row.clone()
    }
}

/// Which rows are what can be asked for; only training needs it.
#[derive(Debug)]
pub(super) struct RowIndex {
    /// Rows of each place of each block.
    rows: Vec<Vec<Vec<usize>>>,
    n_rows: usize,
}

impl RowIndex {
    /// From encoded rows.
    pub(super) fn of(conditions: &Conditions, rows: &Matrix) -> Self {
        let of_block = |block: &ConditionBlock| {
            let mut places = vec![Vec::new(); block.counts.len()];
            for (i, row) in rows.rows().enumerate() {
                let ones = &row[block.in_row.clone()];
                if let Some(place) = ones.iter().position(|one| *one == 1.0) {
                    places[place].push(i);
                }
            }
            places
        };
        Self {
            rows: conditions.blocks.iter().map(of_block).collect(),
            n_rows: rows.n_rows(),
        }
    }

    /// Draws a row that is as asked.
    pub(super) fn draw(&self, condition: Option<Condition>, draws: &mut Draws) -> usize {
        let Some(Condition { block, place }) = condition else {
            return draws.below(self.n_rows);
        };
        let rows = &self.rows[block][place];
        rows[draws.below(rows.len())]
    }
}

#[cfg(test)]
mod tests {
    use rapport_learn::table::{Categories, Column, Table};
    use rapport_learn::transform::ModeEncoderParams;
    use rapport_learn::{Cancellation, Check, Context, Fit, Silent};

    use super::*;

    /// One row in a hundred is rare, of 1,000.
    fn encoded() -> (ModeEncoder, Matrix) {
        let texts = (0..1000).map(|i| Some(if i % 100 == 0 { "rare" } else { "usual" }));
        let plan = Column::Categorical(Categories::from_texts(texts));
        let visits = Column::Numeric((0..1000).map(|i| f64::from(i % 3)).collect());
        let table = Table::new(vec![("plan".into(), plan), ("visits".into(), visits)]).unwrap();
        let cancel = Cancellation::default();
        let params = ModeEncoderParams::default().check().unwrap();
        let encoder = params
            .fit(&table, &Context::new(1, &Silent, &cancel))
            .unwrap();
        let rows = encoder.encode(&table, 1).unwrap();
        (encoder, rows)
    }

    #[test]
    fn rare_categories_are_asked_for_more_often_than_they_are() {
        let (encoder, rows) = encoded();
        let conditions = Conditions::of(&encoder, &rows, ConditionOn::Categories);
        let mut draws = Draws::new(1, "conditions");
        let mut share = |frequency| {
            let drawn = (0..10_000).filter(|_| {
                let condition = conditions.draw(frequency, &mut draws).unwrap();
                condition.place == 0
            });
            drawn.count() as f64 / 10_000.0
        };

        // ln 11 / (ln 11 + ln 991) = 0.258
        assert!((share(Frequency::Logarithmic) - 0.258).abs() < 0.02);
        assert!((share(Frequency::Original) - 0.01).abs() < 0.005);
    }

    #[test]
    fn rows_drawn_are_as_asked() {
        let (encoder, rows) = encoded();
        let on = ConditionOn::CategoriesAndModes;
        let conditions = Conditions::of(&encoder, &rows, on);
        let index = RowIndex::of(&conditions, &rows);
        let mut draws = Draws::new(1, "conditions");

        assert_eq!(conditions.n_outputs(), 5);
        for _ in 0..200 {
            let condition = conditions.draw(Frequency::Logarithmic, &mut draws).unwrap();
            let row = rows.row(index.draw(Some(condition), &mut draws));
            let block = &row[conditions.in_row(condition)];
            assert_eq!(block[condition.place], 1.0);
            let vector = conditions.vectors(&[condition]);
            assert_eq!(vector.iter().sum::<f32>(), 1.0);
        }
    }
}
