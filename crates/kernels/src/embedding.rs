//! Rows of a table by their numbers.

use rayon::prelude::*;

use crate::buffer::{blank, copy, written};

/// Tokens per part of the work.
const PART: usize = 512;

/// The rows of `table` that `ids` name: `(n_ids, n_columns)`.
///
/// # Panics
/// When an id is beyond the table.
pub fn forward(table: &[f32], ids: &[usize], n_columns: usize) -> Vec<f32> {
    assert_table(table, ids, n_columns);
    let mut rows = blank(ids.len() * n_columns);
    rows.par_chunks_mut(PART * n_columns)
        .zip(ids.par_chunks(PART))
        .for_each(|(rows, ids)| {
            for (row, &id) in rows.chunks_exact_mut(n_columns).zip(ids) {
                copy(&table[id * n_columns..][..n_columns], row);
            }
        });
    // SAFETY: the parts cover `rows`, and each writes all of its rows.
    unsafe { written(rows) }
}

/// The gradient by the table, `(n_rows, n_columns)`, of the gradient `drows` by the rows taken.
///
/// # Panics
/// When an id is beyond the table or the lengths do not agree.
pub fn backward(drows: &[f32], ids: &[usize], n_rows: usize, n_columns: usize) -> Vec<f32> {
    assert_eq!(
        drows.len(),
        ids.len() * n_columns,
        "one gradient per row taken"
    );
    let mut dtable = vec![0.0; n_rows * n_columns];
    assert_table(&dtable, ids, n_columns);
    for (drow, &id) in drows.chunks_exact(n_columns).zip(ids) {
        let row = &mut dtable[id * n_columns..][..n_columns];
        row.iter_mut().zip(drow).for_each(|(sum, d)| *sum += d);
    }
    dtable
}

fn assert_table(table: &[f32], ids: &[usize], n_columns: usize) {
    assert!(n_columns > 0, "a row has columns");
    let n_rows = table.len() / n_columns;
    if let Some(id) = ids.iter().find(|id| **id >= n_rows) {
        panic!("id {id} is beyond a table of {n_rows} rows");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_gradient, numbers, weighted};

    #[test]
    fn rows_are_taken_by_their_numbers() {
        let table = [0.0, 0.1, 1.0, 1.1, 2.0, 2.1];
        assert_eq!(
            forward(&table, &[2, 0, 2], 2),
            [2.0, 2.1, 0.0, 0.1, 2.0, 2.1]
        );
    }

    #[test]
    fn a_row_taken_twice_gathers_both_gradients() {
        let (table, w) = (numbers(1, 8), numbers(2, 6));
        let ids = [3, 0, 3];

        let gradient = backward(&w, &ids, 4, 2);

        assert_eq!(gradient[2..6], [0.0; 4], "rows that nobody took");
        assert_gradient(&gradient, &table, |table| {
            weighted(&forward(table, &ids, 2), &w)
        });
    }

    #[test]
    #[should_panic(expected = "id 3 is beyond a table of 3 rows")]
    fn an_id_beyond_the_table_is_refused() {
        let _ = forward(&[0.0; 6], &[3], 2);
    }
}
