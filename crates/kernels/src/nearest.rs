//! Which of some centers is nearest to each row, and which second: the inner loop of k-means.
//!
//! Of squared distances only what differs from center to center is needed: `|c|^2 / 2 - x c`, the
//! score of center `c` for row `x`, is half of `|x - c|^2 - |x|^2`.

use crate::vectorize::vectorized;

/// Rows of a tile.
pub const TILE: usize = 16;

/// Centers that are scored together: with the rows of a tile in two vectors, eight sums are under
/// way, enough to keep the adders busy while earlier sums are pending.
pub const GROUP: usize = 4;

/// The two best scores of each row of a tile.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoNearest {
    /// Number of the center with the lowest score; the first of those that are equal.
    pub labels: [u32; TILE],
    /// Its score.
    pub best: [f32; TILE],
    /// The lowest score of any other center; infinite where there is none.
    pub second: [f32; TILE],
}

impl TwoNearest {
    /// Nothing found so far.
    pub const fn nothing() -> Self {
        Self {
            labels: [0; TILE],
            best: [f32::INFINITY; TILE],
            second: [f32::INFINITY; TILE],
        }
    }
}

/// Centers in the order in which they are read.
#[derive(Debug, Clone)]
pub struct Centers {
    n_columns: usize,
    /// `(n_groups, n_columns, 4)`: the centers, negative.
    values: Vec<f32>,
    /// `(n_groups, 4)`: half of the squared length; infinite where a group is not full, so that
    /// nobody is near to what is not there.
    half_squares: Vec<f32>,
}

impl Centers {
    /// Puts centers in order.
    ///
    /// - `values`: `(n_centers, n_columns)`, each number times the step of its column
    /// - `half_squares`: `(n_centers,)`
    ///
    /// # Panics
    /// When the lengths do not agree, or there are no columns.
    pub fn new(values: &[f32], half_squares: &[f32], n_columns: usize) -> Self {
        assert!(n_columns > 0, "centers have columns");
        assert_eq!(values.len(), half_squares.len() * n_columns);
        let n_groups = half_squares.len().div_ceil(GROUP);
        let mut ordered = vec![0.0; n_groups * n_columns * GROUP];
        for center in 0..half_squares.len() {
            let (group, place) = (center / GROUP, center % GROUP);
            for column in 0..n_columns {
                ordered[(group * n_columns + column) * GROUP + place] =
                    -values[center * n_columns + column];
            }
        }
        let mut half_squares = half_squares.to_vec();
        half_squares.resize(n_groups * GROUP, f32::INFINITY);
        Self {
            n_columns,
            values: ordered,
            half_squares,
        }
    }
}

/// The two nearest centers of the rows of a tile.
///
/// - `tile`: `(n_columns, 16)`: sixteen rows side by side, in steps
///
/// Scores are summed in single precision, column by column, each product and sum rounded once.
///
/// # Panics
/// When the tile has not the columns of the centers.
pub fn two_nearest(tile: &[i16], centers: &Centers, found: &mut TwoNearest) {
    assert_eq!(tile.len(), centers.n_columns * TILE);
    search(tile, centers, found);
}

vectorized! {
    fn search(tile: &[i16], centers: &Centers, found: &mut TwoNearest) {
        let TwoNearest { mut labels, mut best, mut second } = TwoNearest::nothing();
        let groups = centers.values.chunks_exact(GROUP * centers.n_columns);
        let halves = centers.half_squares.chunks_exact(GROUP);
        for ((first, values), half) in (0..).step_by(GROUP).zip(groups).zip(halves) {
            let [mut a, mut b] = [[half[0]; TILE], [half[1]; TILE]];
            let [mut c, mut d] = [[half[2]; TILE], [half[3]; TILE]];
            for (steps, center) in tile.chunks_exact(TILE).zip(values.chunks_exact(GROUP)) {
                for lane in 0..TILE {
                    let x = f32::from(steps[lane]);
                    a[lane] = x.mul_add(center[0], a[lane]);
                    b[lane] = x.mul_add(center[1], b[lane]);
                    c[lane] = x.mul_add(center[2], c[lane]);
                    d[lane] = x.mul_add(center[3], d[lane]);
                }
            }
            for (label, scores) in (first..).zip([a, b, c, d]) {
                for lane in 0..TILE {
                    // All is read before the first comparison: then each line is a selection and
                    // no branch, of which every second one would be mispredicted.
                    let (score, old) = (scores[lane], best[lane]);
                    let (third, was) = (second[lane], labels[lane]);
                    let loser = if score > old { score } else { old };
                    best[lane] = if score < old { score } else { old };
                    second[lane] = if loser < third { loser } else { third };
                    labels[lane] = if score < old { label } else { was };
                }
            }
        }
        *found = TwoNearest { labels, best, second };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::numbers;

    fn check(n_centers: usize, n_columns: usize) {
        let values = numbers(1, n_centers * n_columns);
        let half_squares = numbers(2, n_centers);
        let tile: Vec<i16> = numbers(3, n_columns * TILE)
            .iter()
            .map(|number| (number * 1000.0) as i16)
            .collect();

        let mut found = TwoNearest::nothing();
        let centers = Centers::new(&values, &half_squares, n_columns);
        two_nearest(&tile, &centers, &mut found);

        for lane in 0..TILE {
            let mut scores: Vec<(f64, u32)> = (0..n_centers)
                .map(|center| {
                    let dot: f64 = (0..n_columns)
                        .map(|column| {
                            f64::from(tile[column * TILE + lane])
                                * f64::from(values[center * n_columns + column])
                        })
                        .sum();
                    (f64::from(half_squares[center]) - dot, center as u32)
                })
                .collect();
            scores.sort_by(|a, b| a.0.total_cmp(&b.0));
            let close = |found: f32, true_score: f64| {
                (f64::from(found) - true_score).abs() < 1e-3 * (1.0 + true_score.abs())
            };
            assert_eq!(found.labels[lane], scores[0].1, "{n_centers} x {n_columns}");
            assert!(close(found.best[lane], scores[0].0));
            match scores.get(1) {
                Some(second) => assert!(close(found.second[lane], second.0)),
                None => assert_eq!(found.second[lane], f32::INFINITY),
            }
        }
    }

    #[test]
    fn the_two_nearest_are_those_of_a_plain_search() {
        for n_centers in [1, 2, 3, 4, 5, 8, 13] {
            for n_columns in [1, 3, 20] {
                check(n_centers, n_columns);
            }
        }
    }

    #[test]
    fn of_equal_centers_the_first_is_named_and_the_second_is_as_near() {
        let centers = Centers::new(&[1.0, 1.0], &[0.5, 0.5], 1);
        let mut found = TwoNearest::nothing();

        two_nearest(&[2; TILE], &centers, &mut found);

        assert_eq!(found.labels, [0; TILE]);
        assert_eq!(found.best, found.second);
    }
}
