//! What all folders of networks that others trained are checked for.

use std::fmt::Debug;

use crate::NnError;
use crate::weights::WeightFolder;

/// A setting that may only have the one value that our network computes with.
pub(super) fn require_setting<T: PartialEq + Debug>(
    name: &str,
    found: &T,
    only: &T,
) -> Result<(), String> {
    if found == only {
        return Ok(());
    }
    Err(format!("`{name}` is {found:?}; only {only:?} is known"))
}

/// Refuses tokens for which the network has no row.
pub(super) fn require_rows(n_tokens: usize, n_rows: usize) -> Result<(), String> {
    if n_tokens <= n_rows {
        return Ok(());
    }
    Err(format!(
        "there are {n_tokens} tokens, and the network knows {n_rows}"
    ))
}

/// Refuses weights with more layers than the configuration has.
pub(super) fn require_last_layer(
    weights: &WeightFolder,
    n_layers: usize,
    weight_of: impl Fn(usize) -> String,
) -> Result<(), NnError> {
    NnError::require(
        !weights.has(&weight_of(n_layers)),
        &format!("the configuration has {n_layers} layers, and the weights have more"),
    )
}
