//! An order of rows that depends on what they hold and not on how they came.
//!
//! Databases return rows in any order, and chance draws rows by number. Putting them into one
//! order first gives the same customers the same segments, whichever order they came in.

use rapport_learn::Matrix;

/// The rows of a table by a hash of their values; rows that are equal keep their order.
pub(crate) fn canonical(records: &Matrix) -> Vec<usize> {
    let mut keyed: Vec<(u64, usize)> = records.rows().map(hash).zip(0..).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, row)| row).collect()
}

/// Mixes the bits of all values (the finalizer of SplitMix64 after each), in single precision: the
/// last bits of a sum depend on the order in which a database added up, and must not move a row.
fn hash(row: &[f64]) -> u64 {
    row.iter().fold(0, |state: u64, &value| {
        // All gaps are one, and so are the two zeros.
        let bits = if value.is_nan() {
            u64::MAX
        } else {
            u64::from((value as f32 + 0.0).to_bits())
        };
        let mixed = (state ^ bits).wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_follows_the_rows_wherever_they_stand() {
        let records = Matrix::from_rows(&[[1.0, 2.0], [3.0, f64::NAN], [-0.0, 5.0], [7.0, 7.0]]);
        let shuffled = records.select_rows(&[2, 0, 3, 1]);

        let one = records.select_rows(&canonical(&records));
        let other = shuffled.select_rows(&canonical(&shuffled));

        assert_eq!(format!("{one:?}"), format!("{other:?}"));
        assert_eq!(hash(&[0.0]), hash(&[-0.0]));
        assert_eq!(hash(&[0.1 + 0.2]), hash(&[0.3]));
        assert_ne!(hash(&[1.0, 2.0]), hash(&[2.0, 1.0]));
    }
}
