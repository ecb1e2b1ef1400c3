//! Which rows and columns a round looks at.

use rand::RngExt;
use rand::seq::index;

use super::loss::Derivative;
use super::params::RowSampling;
use crate::rng;

/// The rows of a round, ascending, out of the given ones.
///
/// [`RowSampling::Goss`] makes the derivatives of the rows that it drew count for all that it left.
pub(super) fn rows_of_round(
    sampling: RowSampling,
    rows: &[u32],
    derivatives: &mut [Derivative],
    n_outputs: usize,
    (seed, round): (u64, usize),
) -> Vec<u32> {
    let n = rows.len();
    match sampling {
        RowSampling::All => rows.to_vec(),
        RowSampling::Share(share) => draw(rows, share_of(n, share), seed, round),
        RowSampling::Goss { top, other } => {
            let n_top = share_of(n, top);
            let n_other = share_of(n, other).min(n - n_top);
            let (mut chosen, rest) = by_gradient(rows, derivatives, n_outputs, n_top);
            let drawn = draw(&rest, n_other, seed, round);
            let factor = rest.len() as f64 / n_other.max(1) as f64;
            for &row in &drawn {
                let at = row as usize * n_outputs;
                for derivative in &mut derivatives[at..at + n_outputs] {
                    derivative.gradient *= factor;
                    derivative.hessian *= factor;
                    derivative.weight *= factor;
                }
            }
            chosen.extend(drawn);
            chosen.sort_unstable();
            chosen
        }
    }
}

/// The columns of a tree, ascending.
pub(super) fn columns_of_tree(n_columns: usize, share: f64, seed: u64, tree: usize) -> Vec<usize> {
    let chosen = share_of(n_columns, share);
    if chosen == n_columns {
        return (0..n_columns).collect();
    }
    let mut generator = rng(seed, &format!("columns of tree {tree}"));
    let mut columns = index::sample(&mut generator, n_columns, chosen).into_vec();
    columns.sort_unstable();
    columns
}

/// At least one, unless there are none.
fn share_of(n: usize, share: f64) -> usize {
    ((n as f64 * share).round() as usize).clamp(n.min(1), n)
}

/// Rows with the largest summed gradients, and all others; the first of equals counts as larger.
fn by_gradient(
    rows: &[u32],
    derivatives: &[Derivative],
    n_outputs: usize,
    n_top: usize,
) -> (Vec<u32>, Vec<u32>) {
    let size = |row: u32| {
        let at = row as usize * n_outputs;
        let of_row = &derivatives[at..at + n_outputs];
        of_row
            .iter()
            .map(|derivative| derivative.gradient.abs())
            .sum()
    };
    let mut ranked: Vec<(f64, u32)> = rows.iter().map(|&row| (size(row), row)).collect();
    if n_top < ranked.len() {
        ranked.select_nth_unstable_by(n_top, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    }
    let mut top: Vec<u32> = ranked.into_iter().map(|(_, row)| row).collect();
    let mut rest = top.split_off(n_top);
    rest.sort_unstable();
    (top, rest)
}

/// Draws `size` of the rows without replacement and keeps their order.
fn draw(rows: &[u32], size: usize, seed: u64, round: usize) -> Vec<u32> {
    let mut generator = rng(seed, &format!("rows of round {round}"));
    let mut wanted = size;
    let mut drawn = Vec::with_capacity(size);
    for (at, &row) in rows.iter().enumerate() {
        // Selection sampling (Knuth, volume 2, algorithm S): wanted out of those that are left.
        let left = (rows.len() - at) as f64;
        if generator.random::<f64>() * left < wanted as f64 {
            drawn.push(row);
            wanted -= 1;
        }
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derivatives(gradients: &[f64]) -> Vec<Derivative> {
        gradients
            .iter()
            .map(|&gradient| Derivative {
                gradient,
                hessian: 1.0,
                weight: 1.0,
            })
            .collect()
    }

    #[test]
    fn a_share_is_drawn_anew_each_round_and_the_same_for_the_same_seed() {
        let mut rows = derivatives(&[0.0; 1000]);
        let all: Vec<u32> = (0..1000).collect();
        let mut draw =
            |seed, round| rows_of_round(RowSampling::Share(0.3), &all, &mut rows, 1, (seed, round));

        let first = draw(1, 0);

        assert_eq!(first.len(), 300);
        assert!(first.is_sorted());
        assert_eq!(first, draw(1, 0));
        assert_ne!(first, draw(1, 1));
        assert_ne!(first, draw(2, 0));
    }

    #[test]
    fn large_gradients_are_kept_and_drawn_rows_count_for_the_rest() {
        let mut gradients = vec![0.1; 1000];
        for (at, gradient) in gradients.iter_mut().step_by(10).enumerate() {
            *gradient = if at % 2 == 0 { 5.0 } else { -5.0 };
        }
        let mut rows = derivatives(&gradients);
        let sampling = RowSampling::Goss {
            top: 0.1,
            other: 0.3,
        };

        let all: Vec<u32> = (0..1000).collect();

        let chosen = rows_of_round(sampling, &all, &mut rows, 1, (1, 0));

        assert_eq!(chosen.len(), 400);
        assert!(chosen.is_sorted());
        assert!((0..1000).step_by(10).all(|row| chosen.contains(&row)));
        let weight: f64 = chosen.iter().map(|&row| rows[row as usize].weight).sum();
        let gradient: f64 = chosen.iter().map(|&row| rows[row as usize].gradient).sum();
        assert!((weight - 1000.0).abs() < 1e-9);
        assert!((gradient - 90.0).abs() < 1e-9);
    }

    #[test]
    fn a_tree_has_at_least_one_column() {
        assert_eq!(columns_of_tree(5, 0.01, 1, 0).len(), 1);
        assert_eq!(columns_of_tree(3, 1.0, 1, 0), [0, 1, 2]);
        assert!(columns_of_tree(0, 0.5, 1, 0).is_empty());
    }
}
