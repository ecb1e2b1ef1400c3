//! What is told of a pair to readers whose role hides something that is compared.
//!
//! Weights and the prior sum up to the log odds, so that a probability with some of the weights tells the
//! rest. Such readers are told of three bands, of weights in steps, and nothing of the prior; their filters and
//! orders see the bands, too, for a filter that sees more finds every number by halving.

use rapport_domain::{CUSTOM_PREFIX, ObjectKind};

use crate::lens::Lens;
use crate::lists::{Field, Kind};

/// Where the bands of probabilities begin, but for the first one.
pub(super) const EDGES: [f64; 2] = [0.5, 0.9];
/// What is told of each band.
const TOLD: [f64; 3] = [0.3, 0.7, 0.95];

/// Fields of a list of pairs `p` that depend on probabilities, as these readers have them. The value is worked
/// out of the band, so that it tells nothing further.
pub(super) const PROBABILITY: Field = Field::required(
    "probability",
    "(CASE WHEN p.probability >= 0.9 THEN CAST(0.95 AS double precision) \
     WHEN p.probability >= 0.5 THEN CAST(0.7 AS double precision) \
     ELSE CAST(0.3 AS double precision) END)",
    Kind::Number,
);
pub(super) const VALUE: Field = Field::required(
    "value",
    "(CASE WHEN p.probability >= 0.9 THEN CAST(0.19 AS double precision) \
     ELSE CAST(0.84 AS double precision) END)",
    Kind::Number,
);

/// Whether a reader does not see something that is compared. It follows from the role alone: of which pairs
/// that holds would tell who has such a value.
pub(super) fn is_partial(lens: &Lens) -> bool {
    lens.hidden(ObjectKind::Contact).any(|field| {
        matches!(field, "email" | "phone" | "address" | "company_id")
            || field.starts_with(CUSTOM_PREFIX)
    })
}

/// A probability as a reader is told it.
pub(crate) fn told_probability(lens: &Lens, probability: f64) -> f64 {
    match is_partial(lens) {
        true => band(probability),
        false => probability,
    }
}

/// What is told of the band that a probability is in.
pub(super) fn band(probability: f64) -> f64 {
    let n_passed = EDGES.iter().filter(|edge| probability >= **edge).count();
    TOLD[n_passed]
}

/// How much a decision teaches, as far as the band tells it: most where the odds are even.
pub(super) fn value(probability: f64) -> f64 {
    match probability >= EDGES[1] {
        true => 0.19,
        false => 0.84,
    }
}

/// Bits of a field that is seen, in steps: agreements on one subject share what they are worth, so that exact
/// ones would tell what else agrees.
pub(super) fn weight(bits: f64) -> f64 {
    let size = match bits.abs() {
        size if size < 1.0 => 0.0,
        size if size < 4.0 => 2.0,
        size if size < 8.0 => 6.0,
        _ => 10.0,
    };
    if bits < 0.0 && size > 0.0 {
        -size
    } else {
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_tells_one_number_from_edge_to_edge() {
        let told = [0.1, 0.499, 0.5, 0.899, 0.9, 0.973, 1.0].map(band);

        assert_eq!(told, [0.3, 0.3, 0.7, 0.7, 0.95, 0.95, 0.95]);
    }

    #[test]
    fn weights_are_told_in_steps_and_keep_their_side() {
        let told = [-30.0, -2.2, -0.4, 0.0, 0.9, 3.9, 7.9, 40.0].map(weight);

        assert_eq!(told, [-10.0, -2.0, 0.0, 0.0, 0.0, 2.0, 6.0, 10.0]);
    }
}
