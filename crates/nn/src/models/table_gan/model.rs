//! A fitted generator of tables.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use rapport_learn::Matrix;
use rapport_learn::table::Table;
use rapport_learn::transform::{BlockKind, ModeEncoder};

use super::Generator;
use super::conditions::{Condition, Conditions, Frequency};
use super::guide::Guide;
use crate::layers::Moments;
use crate::ops::{Block, BlockPlan, blocks};
use crate::{Draws, NnError};

/// Rows that are made at once.
const CHUNK: usize = 1000;
/// Rows that are made for each one that is asked for, before a category counts as out of reach.
const MAX_TRIES: usize = 100;

/// Makes rows like those it was fitted on. It keeps none of them: weights, modes, ranges and
/// dictionaries only.
#[derive(Debug, Clone)]
pub struct TableGan {
    pub(super) encoder: ModeEncoder,
    pub(super) conditions: Conditions,
    pub(super) generator: Generator,
    /// What the target of a made row is drawn from, where one was named.
    pub(super) guide: Option<Guide>,
    pub(super) n_noise: usize,
    pub(super) temperature: f64,
    pub(super) device: Device,
}

impl TableGan {
    /// Makes rows: columns of the same names, kinds, decimals and ranges as those of the table that
    /// was fitted. The same seed makes the same rows.
    ///
    /// # Errors
    /// [`NnError::Table`] when no row is asked for.
    pub fn sample(&self, n_rows: usize, seed: u64) -> Result<Table, NnError> {
        let mut draws = Draws::new(seed, "made rows");
        let n_columns = self.encoder.n_outputs();
        let mut values = Vec::with_capacity(n_rows * n_columns);
        while values.len() < n_rows * n_columns {
            let n = CHUNK.min(n_rows - values.len() / n_columns);
            let asked: Vec<Condition> = (0..n)
                .filter_map(|_| self.conditions.draw(Frequency::Original, &mut draws))
                .collect();
            values.extend(self.make(n, &asked, &mut draws));
        }
        self.decode(values)
    }

    /// Makes rows of one category of one column; `None` stands for a missing one.
    ///
    /// Rows that come out with another category are made again.
    ///
    /// # Errors
    /// [`NnError::Table`] for a column or a category that training did not have, or when no row is
    /// asked for; [`NnError::OutOfReach`] when hardly any row comes out as asked.
    pub fn sample_where(
        &self,
        column: &str,
        level: Option<&str>,
        n_rows: usize,
        seed: u64,
    ) -> Result<Table, NnError> {
        let (position, place) = self.encoder.level_of(column, level)?;
        let condition = self.conditions.find(position, place);
        let mut draws = Draws::new(seed, "made rows of a category");
        let n_columns = self.encoder.n_outputs();
        let mut kept = Vec::new();
        let mut n_made = 0;
        while kept.len() < n_rows * n_columns {
            if n_made >= MAX_TRIES * n_rows.max(CHUNK) {
                return Err(NnError::OutOfReach {
                    column: column.to_owned(),
                    level: level.unwrap_or("missing").to_owned(),
                });
            }
            let asked: Vec<Condition> = condition.into_iter().cycle().take(CHUNK).collect();
            for row in self.make(CHUNK, &asked, &mut draws).chunks_exact(n_columns) {
                let is_as_asked = self.place_in(position, row) == Some(place);
                if is_as_asked && kept.len() < n_rows * n_columns {
                    kept.extend_from_slice(row);
                }
            }
            n_made += CHUNK;
        }
        self.decode(kept)
    }

    /// Names, kinds, modes and categories of the columns.
    pub fn encoder(&self) -> &ModeEncoder {
        &self.encoder
    }

    /// Encoded rows, `(n, n_outputs)`.
    fn make(&self, n: usize, asked: &[Condition], draws: &mut Draws) -> Vec<f32> {
        let x = inputs(
            n,
            self.n_noise,
            &self.conditions,
            asked,
            draws,
            &self.device,
        );
        let made = self.generator.forward(x, Moments::Settled);
        let of_row = blocks_of(&self.encoder);
        let plan = plan(&of_row, n, self.temperature, draws);
        let made = blocks(made, &plan).into_data().try_to_vec::<f32>();
        let mut made = made.expect("networks give single-precision numbers");
        if let Some(guide) = &self.guide {
            guide.draw_targets(&mut made, &of_row, draws, &self.device);
        }
        made
    }

    /// The place of the largest number of a category's block.
    fn place_in(&self, column: usize, row: &[f32]) -> Option<usize> {
        let mut blocks = self.encoder.blocks().iter();
        let block = blocks.find(|b| b.column == column && b.kind == BlockKind::Category)?;
        let numbers = row[block.range.clone()].iter().enumerate();
        numbers
            .max_by(|a, b| a.1.total_cmp(b.1))
            .map(|(place, _)| place)
    }

    fn decode(&self, values: Vec<f32>) -> Result<Table, NnError> {
        let n_columns = self.encoder.n_outputs();
        let n_rows = values.len() / n_columns;
        let values = values.into_iter().map(f64::from).collect();
        let rows = Matrix::new(n_rows, n_columns, values)?;
        Ok(self.encoder.decode(&rows)?)
    }
}

/// What becomes of each block of a row.
pub(super) fn blocks_of(encoder: &ModeEncoder) -> Arc<[Block]> {
    let blocks = encoder.blocks().iter().map(|block| match block.kind {
        BlockKind::Position => Block::Tanh(block.range.clone()),
        BlockKind::Mode | BlockKind::Category => Block::Softmax(block.range.clone()),
    });
    blocks.collect()
}

/// Activations that draw modes and categories for `n` rows.
pub(super) fn plan(
    blocks: &Arc<[Block]>,
    n: usize,
    temperature: f64,
    draws: &mut Draws,
) -> BlockPlan {
    let n_columns = blocks.last().map_or(0, |block| {
        let (Block::Tanh(range) | Block::Softmax(range)) = block;
        range.end
    });
    BlockPlan {
        blocks: blocks.clone(),
        noise: draws.gumbel(n * n_columns).into(),
        temperature: temperature as f32,
    }
}

/// What a generator makes `n` rows of: noise, and what they are asked to be.
pub(super) fn inputs(
    n: usize,
    n_noise: usize,
    conditions: &Conditions,
    asked: &[Condition],
    draws: &mut Draws,
    device: &Device,
) -> Tensor<2> {
    let noise = draws.normal([n, n_noise], 1.0, device);
    if conditions.n_outputs() == 0 {
        return noise;
    }
    let vectors = TensorData::new(conditions.vectors(asked), [n, conditions.n_outputs()]);
    Tensor::cat(vec![noise, Tensor::from_data(vectors, device)], 1)
}
