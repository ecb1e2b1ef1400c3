//! N-grams of tokens with interpolated modified Kneser-Ney smoothing: the language model that a
//! network must beat.
//!
//! The probability of a token after a context `h` is
//!
//! ```text
//! p(w | h) = max(c(h w) - D(c(h w)), 0) / c(h .) + g(h) p(w | h')
//! g(h)     = (D1 N1(h .) + D2 N2(h .) + D3 N3(h .)) / c(h .)
//! ```
//! where `h'` is `h` without its first token and `Nk(h .)` are the tokens seen `k` times after `h`
//! (`N3`: three times or more). Below all contexts every token is equally likely. `c` is the number
//! of times for grams of full length, and for shorter ones the number of *different* tokens seen
//! before them, because a shorter context is asked only where the longer one knows little.
//!
//! # Source
//! Chen & Goodman (1998), "An Empirical Study of Smoothing Techniques for Language Modeling",
//! Harvard TR-10-98, section 3; discounts by their equation 26. Grams at the start of a sequence
//! have nothing before them and count as often as they occur: Heafield et al. (2013), "Scalable
//! Modified Kneser-Ney Language Model Estimation".

mod counting;
mod discounts;
mod model;

pub use model::Ngram;

use serde::{Deserialize, Serialize};

use self::counting::Grams;
use crate::{Check, Context, Fit, LearnError};

/// Tokens of the longest grams at most.
const ORDER_MAX: usize = 32;
/// Sequences between two looks at the clock.
const SEQUENCES_BETWEEN_LOOKS: usize = 256;

/// How to fit an [`Ngram`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NgramParams {
    /// Tokens of the longest grams: 5 looks at the four tokens before.
    pub order: usize,
    /// Tokens that there are, from 0; all of them can come next.
    pub n_tokens: usize,
}

impl NgramParams {
    /// Five-grams.
    pub fn new(n_tokens: usize) -> Self {
        Self { order: 5, n_tokens }
    }
}

/// Checked [`NgramParams`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValidNgramParams(NgramParams);

impl Check for NgramParams {
    type Valid = ValidNgramParams;
    type Error = LearnError;

    fn check(self) -> Result<ValidNgramParams, LearnError> {
        if !(1..=ORDER_MAX).contains(&self.order) {
            return Err(LearnError::Parameter {
                name: "order",
                value: self.order.to_string(),
                allowed: "grams are from 1 to 32 tokens long",
            });
        }
        if self.n_tokens == 0 || u32::try_from(self.n_tokens).is_err() {
            return Err(LearnError::Parameter {
                name: "n_tokens",
                value: self.n_tokens.to_string(),
                allowed: "there is at least one token, and fewer than 4 billion",
            });
        }
        Ok(ValidNgramParams(self))
    }
}

impl Fit<[Vec<usize>]> for ValidNgramParams {
    type Model = Ngram;
    type Error = LearnError;

    /// Counts the grams of the sequences, each by itself. What marks an end is a token like any
    /// other: put it there.
    fn fit(&self, sequences: &[Vec<usize>], context: &Context<'_>) -> Result<Ngram, LearnError> {
        let NgramParams { order, n_tokens } = self.0;
        if sequences.iter().all(Vec::is_empty) {
            return Err(LearnError::TooFewRows {
                needed: 1,
                found: 0,
            });
        }
        let mut grams = Grams::new(order, n_tokens);
        for (idx, sequence) in sequences.iter().enumerate() {
            if idx % SEQUENCES_BETWEEN_LOOKS == 0 {
                context.proceed()?;
            }
            if let Some(&token) = sequence.iter().find(|token| **token >= n_tokens) {
                return Err(LearnError::Token {
                    sequence: idx,
                    token,
                    n_tokens,
                });
            }
            grams.count(sequence);
        }
        Ok(Ngram::new(order, n_tokens, grams.counted()))
    }
}

#[cfg(test)]
mod tests;
