//! A short name for a table: equal names mean equal numbers.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::Matrix;

/// SHA-256 over shape, column names and the bits of all values, in hexadecimal.
pub fn fingerprint_of<S: AsRef<str>>(names: &[S], records: &Matrix) -> String {
    let mut hasher = Sha256::new();
    hasher.update((records.n_rows() as u64).to_le_bytes());
    hash_names(&mut hasher, names);
    let mut bytes = Vec::with_capacity(8 * records.n_columns());
    for row in records.rows() {
        bytes.clear();
        for value in row {
            bytes.extend_from_slice(&value.to_bits().to_le_bytes());
        }
        hasher.update(&bytes);
    }
    hex(hasher)
}

/// SHA-256 over names in their order, in hexadecimal.
pub(crate) fn names_hash<S: AsRef<str>>(names: &[S]) -> String {
    let mut hasher = Sha256::new();
    hash_names(&mut hasher, names);
    hex(hasher)
}

/// SHA-256 over bytes, in hexadecimal.
pub(crate) fn bytes_hash(bytes: &[u8]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(bytes);
    hex(hasher)
}

fn hash_names<S: AsRef<str>>(hasher: &mut Sha256, names: &[S]) {
    for name in names {
        let name = name.as_ref();
        // The length first, so that ["ab", "c"] and ["a", "bc"] differ.
        hasher.update((name.len() as u64).to_le_bytes());
        hasher.update(name.as_bytes());
    }
}

fn hex(hasher: Sha256) -> String {
    hasher
        .finalize()
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to a string cannot fail");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_changed_number_changes_the_fingerprint() {
        let names = ["a", "b"];
        let before = Matrix::from_rows(&[[1.0, 2.0]]);
        let after = Matrix::from_rows(&[[1.0, 2.5]]);

        assert_eq!(
            fingerprint_of(&names, &before),
            fingerprint_of(&names, &before.clone())
        );
        assert_ne!(
            fingerprint_of(&names, &before),
            fingerprint_of(&names, &after)
        );
    }

    #[test]
    fn where_a_name_ends_matters() {
        assert_ne!(names_hash(&["ab", "c"]), names_hash(&["a", "bc"]));
        assert_ne!(names_hash(&["a", "b"]), names_hash(&["b", "a"]));
    }
}
