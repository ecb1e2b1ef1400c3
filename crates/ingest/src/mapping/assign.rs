//! Who gets what, so that the sum is best.

/// Assigns to each row at most one column of its own so that the sum of scores is as large as can
/// be; scores of zero and less are not assigned.
///
/// `scores[row][column]`; returns the column of each row. Time grows with `n_rows² * n_columns`.
///
/// # Source
/// The shortest augmenting path form of the Hungarian method: Jonker & Volgenant (1987), "A
/// Shortest Augmenting Path Algorithm for Dense and Sparse Linear Assignment Problems".
pub(super) fn best_assignment(scores: &[Vec<f64>]) -> Vec<Option<usize>> {
    let n_rows = scores.len();
    let n_columns = scores.first().map_or(0, Vec::len);
    // A column of its own per row that costs nothing stands for "none".
    let n_all = n_columns + n_rows;
    let cost = |row: usize, column: usize| match scores[row].get(column) {
        Some(&score) if score > 0.0 => -score,
        _ => 0.0,
    };
    let mut row_potential = vec![0.0; n_rows];
    let mut column_potential = vec![0.0; n_all];
    let mut owner: Vec<Option<usize>> = vec![None; n_all];
    for row in 0..n_rows {
        let mut distance = vec![f64::INFINITY; n_all];
        let mut previous: Vec<Option<usize>> = vec![None; n_all];
        let mut visited = vec![false; n_all];
        let mut at_row = row;
        let mut at_column: Option<usize> = None;
        let mut length = 0.0;
        let free = loop {
            for column in (0..n_all).filter(|&column| !visited[column]) {
                let reduced =
                    cost(at_row, column) - row_potential[at_row] - column_potential[column];
                if length + reduced < distance[column] {
                    distance[column] = length + reduced;
                    previous[column] = at_column;
                }
            }
            let nearest = (0..n_all)
                .filter(|&column| !visited[column])
                .min_by(|&a, &b| distance[a].total_cmp(&distance[b]))
                .expect("there are more columns than rows");
            length = distance[nearest];
            visited[nearest] = true;
            at_column = Some(nearest);
            match owner[nearest] {
                Some(owner) => at_row = owner,
                None => break nearest,
            }
        };
        row_potential[row] += length;
        for column in (0..n_all).filter(|&column| visited[column] && column != free) {
            let slack = length - distance[column];
            column_potential[column] -= slack;
            if let Some(owner) = owner[column] {
                row_potential[owner] += slack;
            }
        }
        let mut column = free;
        while let Some(before) = previous[column] {
            owner[column] = owner[before];
            column = before;
        }
        owner[column] = Some(row);
    }
    let mut columns = vec![None; n_rows];
    for (column, row) in owner.iter().enumerate().take(n_columns) {
        if let Some(row) = *row
            && scores[row][column] > 0.0
        {
            columns[row] = Some(column);
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn total(scores: &[Vec<f64>], columns: &[Option<usize>]) -> f64 {
        let rows = scores.iter().zip(columns);
        rows.filter_map(|(row, column)| column.map(|column| row[column]))
            .sum()
    }

    /// Oracle: every assignment there is.
    fn best_by_trying(scores: &[Vec<f64>], used: &mut Vec<bool>) -> f64 {
        let Some((row, rest)) = scores.split_first() else {
            return 0.0;
        };
        let mut best = best_by_trying(rest, used);
        for column in 0..row.len() {
            if !used[column] && row[column] > 0.0 {
                used[column] = true;
                best = best.max(row[column] + best_by_trying(rest, used));
                used[column] = false;
            }
        }
        best
    }

    #[test]
    fn the_sum_counts_and_not_the_single_best() {
        let scores = vec![vec![1.0, 0.9], vec![0.95, 0.0]];

        assert_eq!(best_assignment(&scores), [Some(1), Some(0)]);
    }

    #[test]
    fn nothing_is_assigned_to_nothing() {
        assert_eq!(best_assignment(&[vec![], vec![]]), [None, None]);
        assert_eq!(best_assignment(&[vec![0.0, -1.0]]), [None]);
    }

    proptest! {
        #[test]
        fn no_assignment_is_better(
            scores in (1_usize..5).prop_flat_map(|n| {
                prop::collection::vec(prop::collection::vec(0_u8..10, n), 1..5)
            }),
        ) {
            let scores: Vec<Vec<f64>> = scores
                .iter()
                .map(|row| row.iter().map(|&score| f64::from(score) / 10.0).collect())
                .collect();
            let columns = best_assignment(&scores);

            let mut seen: Vec<_> = columns.iter().flatten().collect();
            seen.sort_unstable();
            seen.dedup();
            prop_assert_eq!(seen.len(), columns.iter().flatten().count());
            let best = best_by_trying(&scores, &mut vec![false; scores[0].len()]);
            prop_assert!((total(&scores, &columns) - best).abs() < 1e-9);
        }
    }
}
