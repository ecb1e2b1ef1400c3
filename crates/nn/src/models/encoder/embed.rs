//! Sentences as rows of numbers.

use super::{FrozenEncoder, Pooling, PretrainedEncoder, TokenBatch};
use crate::tokens::WordPiece;

/// Texts that are encoded together.
const BATCH: usize = 64;

/// A pretrained encoder that is only asked what its rows for texts are.
#[derive(Debug, Clone)]
pub struct SentenceEncoder {
    encoder: FrozenEncoder,
    tokens: WordPiece,
    pooling: Pooling,
    max_steps: usize,
}

impl SentenceEncoder {
    /// Freezes a pretrained encoder. Texts are cut to `max_steps` tokens, or to what the encoder
    /// takes if that is less.
    pub fn new(pretrained: &PretrainedEncoder, max_steps: usize) -> Self {
        Self {
            encoder: pretrained.encoder.frozen(),
            tokens: pretrained.tokens.clone(),
            pooling: pretrained.pooling,
            max_steps: max_steps.min(pretrained.config.max_steps),
        }
    }

    /// One row for each text, `d_model` numbers of length 1, in the order of the texts.
    ///
    /// The cosine of two texts is the sum of products of their rows.
    pub fn embed(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        let ids: Vec<Vec<usize>> = texts
            .iter()
            .map(|text| self.tokens.encode(text, self.max_steps))
            .collect();
        // Like lengths share a batch, so that little of it is padding.
        let mut order: Vec<usize> = (0..ids.len()).collect();
        order.sort_by_key(|text| ids[*text].len());
        let mut rows = vec![Vec::new(); ids.len()];
        for part in order.chunks(BATCH) {
            let texts: Vec<&[usize]> = part.iter().map(|text| ids[*text].as_slice()).collect();
            for (text, row) in part.iter().zip(self.rows(&texts)) {
                rows[*text] = row;
            }
        }
        rows
    }

    fn rows(&self, texts: &[&[usize]]) -> Vec<Vec<f32>> {
        let batch = TokenBatch::new(texts, 1, self.max_steps);
        let steps = self.encoder.forward(&batch);
        let rows = self.pooling.forward(steps, &batch.lengths);
        let [_, d_model] = rows.dims();
        let numbers = rows
            .into_data()
            .try_to_vec::<f32>()
            .expect("an encoder's numbers are of single precision");
        numbers.chunks(d_model).map(unit).collect()
    }
}

/// The row in the same direction with length 1; a row of zeros stays one.
fn unit(row: &[f32]) -> Vec<f32> {
    let length = row.iter().map(|x| x * x).sum::<f32>().sqrt();
    let scale = if length > 0.0 { 1.0 / length } else { 0.0 };
    row.iter().map(|x| x * scale).collect()
}
