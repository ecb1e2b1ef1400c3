//! Texts of a batch as numbers of tokens.

use std::sync::Arc;

/// Token numbers of several texts, padded to one length.
#[derive(Debug, Clone)]
pub struct TokenBatch {
    /// `n_batch * n_steps` token numbers, text after text; padding is token 0.
    pub ids: Arc<[usize]>,
    /// Steps of each text that are no padding.
    pub lengths: Arc<[usize]>,
    /// Steps of each text, padding included.
    pub n_steps: usize,
}

impl TokenBatch {
    /// Texts cut to `max_steps` and padded to the longest of them, or to `min_steps` where all are
    /// shorter.
    pub fn new(texts: &[&[usize]], min_steps: usize, max_steps: usize) -> Self {
        let lengths: Arc<[usize]> = texts.iter().map(|text| text.len().min(max_steps)).collect();
        let longest = lengths.iter().copied().max().unwrap_or_default();
        let n_steps = longest.max(min_steps).max(1);
        let ids = texts
            .iter()
            .zip(lengths.iter())
            .flat_map(|(text, &length)| {
                let padding = std::iter::repeat_n(0, n_steps - length);
                text[..length].iter().copied().chain(padding)
            })
            .collect();
        Self {
            ids,
            lengths,
            n_steps,
        }
    }

    /// How many texts there are.
    pub fn n_batch(&self) -> usize {
        self.lengths.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_padded_to_the_longest_and_cut_at_the_limit() {
        let batch = TokenBatch::new(&[&[5, 6, 7, 8], &[9], &[]], 1, 3);

        assert_eq!(batch.ids[..], [5, 6, 7, 9, 0, 0, 0, 0, 0]);
        assert_eq!(batch.lengths[..], [3, 1, 0]);
        assert_eq!((batch.n_steps, batch.n_batch()), (3, 3));
    }

    #[test]
    fn short_texts_are_padded_to_the_least_length() {
        assert_eq!(TokenBatch::new(&[&[5]], 4, 9).n_steps, 4);
    }
}
