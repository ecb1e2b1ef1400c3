//! Distances in double precision: the yardstick that everything faster must agree with.

use rapport_learn::Matrix;

use crate::SegmentError;

/// Magnitude up to which sums of squares stay finite.
const LARGEST: f64 = 1e150;

/// Squared Euclidean distance, summed in four lanes so that it runs at the machine's speed.
pub(crate) fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 4];
    let (a_fours, a_rest) = a.as_chunks::<4>();
    let (b_fours, b_rest) = b.as_chunks::<4>();
    for (x, y) in a_fours.iter().zip(b_fours) {
        for lane in 0..4 {
            lanes[lane] += (x[lane] - y[lane]) * (x[lane] - y[lane]);
        }
    }
    let rest: f64 = a_rest
        .iter()
        .zip(b_rest)
        .map(|(x, y)| (x - y) * (x - y))
        .sum();
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) + rest
}

/// The nearest and the second nearest center of one row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Nearest {
    /// Number of the nearest; the lower one of equals.
    pub(crate) label: u32,
    /// Squared distance to it.
    pub(crate) first: f64,
    /// Number of the second nearest; the nearest again if there is only one center.
    pub(crate) runner_up: u32,
    /// Squared distance to the second nearest; infinite if there is only one center.
    pub(crate) second: f64,
}

/// Finds the two nearest centers of one row.
pub(crate) fn two_nearest(row: &[f64], centers: &Matrix) -> Nearest {
    let mut nearest = Nearest {
        label: 0,
        first: f64::INFINITY,
        runner_up: 0,
        second: f64::INFINITY,
    };
    for (label, center) in (0..).zip(centers.rows()) {
        let distance = squared_distance(row, center);
        if distance < nearest.first {
            nearest = Nearest {
                label,
                first: distance,
                runner_up: nearest.label,
                second: nearest.first,
            };
        } else if distance < nearest.second {
            nearest.runner_up = label;
            nearest.second = distance;
        }
    }
    nearest
}

/// The nearest center of each row, `(n_samples,)`.
///
/// # Errors
/// Another number of columns than the centers have, or missing values.
pub(crate) fn nearest(records: &Matrix, centers: &Matrix) -> Result<Vec<u32>, SegmentError> {
    records.require_columns(centers.n_columns())?;
    records.require_finite()?;
    Ok(records
        .rows()
        .map(|row| two_nearest(row, centers).label)
        .collect())
}

/// Refuses missing values and values whose squares overflow.
pub(crate) fn require_range(records: &Matrix) -> Result<(), SegmentError> {
    // Written as a fold over the whole table, which runs in lanes; the search is for the message.
    let in_range = |value: &f64| value.abs() <= LARGEST;
    if records
        .values()
        .iter()
        .fold(true, |all, value| all & in_range(value))
    {
        return Ok(());
    }
    records.require_finite()?;
    let at = records
        .values()
        .iter()
        .position(|value| !in_range(value))
        .expect("some value is out of range");
    Err(SegmentError::TooLarge {
        row: at / records.n_columns(),
        column: at % records.n_columns(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_agrees_with_hand_work_at_every_width() {
        for width in 0..12 {
            let zeros = vec![0.0; width];
            let counting: Vec<f64> = (1..=width).map(|i| i as f64).collect();

            let expected: f64 = counting.iter().map(|x| x * x).sum();
            assert_eq!(squared_distance(&counting, &zeros), expected);
        }
    }

    #[test]
    fn equal_distances_go_to_the_lower_number() {
        let centers = Matrix::from_rows(&[[5.0], [1.0], [-1.0]]);

        let found = two_nearest(&[0.0], &centers);

        assert_eq!((found.label, found.runner_up), (1, 2));
        assert_eq!((found.first, found.second), (1.0, 1.0));
    }

    #[test]
    fn a_single_center_has_no_rival() {
        let found = two_nearest(&[3.0], &Matrix::from_rows(&[[1.0]]));

        assert_eq!((found.label, found.first), (0, 4.0));
        assert_eq!(found.second, f64::INFINITY);
    }

    #[test]
    fn missing_and_huge_values_are_told_apart() {
        let missing = require_range(&Matrix::from_rows(&[[0.0, f64::NAN]]));
        let huge = require_range(&Matrix::from_rows(&[[0.0, 1.0], [1e200, 0.0]]));

        assert!(matches!(missing, Err(SegmentError::Learn(_))));
        assert!(matches!(
            huge,
            Err(SegmentError::TooLarge { row: 1, column: 0 })
        ));
    }
}
