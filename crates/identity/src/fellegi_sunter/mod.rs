//! What agreements are worth, learned without labels.
//!
//! Fellegi and Sunter's model: given whether two records are of one person, fields agree independently;
//! `m` is how often a level shows among pairs of one person, `u` among pairs of two. A level's weight is
//! `log2(m / u)`, weights add up, and with the prior odds they give the probability of a match.
//!
//! `u` is counted over random pairs, and exactly for agreements. `m` and the share of matches are fitted by
//! expectation maximization over the candidates of all blockings at once, where every pair that is no
//! candidate counts as a pair of two people. So the likelihood is that of *all* pairs, and no blocking
//! biases the rates of the fields that it is made of, as it would if each blocking's pairs were fitted by
//! themselves.
//!
//! # Source
//! Fellegi & Sunter (1969), "A Theory for Record Linkage"; Winkler (1988), "Using the EM Algorithm for
//! Weight Computation in the Fellegi-Sunter Model of Record Linkage"; Enamorado, Fifield & Imai (2019),
//! "Using a Probabilistic Model to Assist Merging of Large-Scale Administrative Records" (counts of
//! patterns instead of pairs).

mod dependence;
mod em;
mod frequencies;
mod random_pairs;
mod sieve;
mod waterfall;
mod weights;

pub(crate) use dependence::subjects;
pub(crate) use em::{PatternCounts, SHARE_THOUGHT, Thought, Use, fit, fit_groups};
pub(crate) use frequencies::Frequencies;
pub(crate) use random_pairs::RandomPairs;
pub(crate) use sieve::Sieve;
pub(crate) use waterfall::probability;
pub use waterfall::{Step, Waterfall};
pub(crate) use weights::Scorer;
pub use weights::{LevelWeight, MatchModel};
