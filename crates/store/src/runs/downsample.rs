//! Curves with fewer points, for screens.

use super::Point;

/// At most `n_max` points of a curve, in order: the first, the last, and of each stretch between them
/// the lowest and the highest, so that no spike is lost. `n_max` is at least 2.
pub(super) fn thinned(points: &[Point], n_max: usize) -> Vec<Point> {
    let [first, inner @ .., last] = points else {
        return points.to_vec();
    };
    if points.len() <= n_max {
        return points.to_vec();
    }
    let n_stretches = n_max.saturating_sub(2) / 2;
    let mut kept = Vec::with_capacity(n_max);
    kept.push(*first);
    for stretch in 0..n_stretches {
        let at = |part: usize| part * inner.len() / n_stretches;
        push_extremes(&mut kept, &inner[at(stretch)..at(stretch + 1)]);
    }
    kept.push(*last);
    kept
}

/// Appends the lowest and the highest point in their order. Where none is a finite number, the first
/// stands for all; a gap within a stretch that has some is not seen.
fn push_extremes(kept: &mut Vec<Point>, stretch: &[Point]) {
    let finite = || stretch.iter().filter(|point| point.value.is_finite());
    let by_value = |a: &&Point, b: &&Point| a.value.total_cmp(&b.value);
    match (finite().min_by(by_value), finite().max_by(by_value)) {
        (Some(low), Some(high)) if low.step == high.step => kept.push(*low),
        (Some(low), Some(high)) if low.step < high.step => kept.extend([*low, *high]),
        (Some(low), Some(high)) => kept.extend([*high, *low]),
        _ => kept.extend(stretch.first()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(values: impl IntoIterator<Item = f64>) -> Vec<Point> {
        let values = (0..).zip(values);
        values.map(|(step, value)| Point { step, value }).collect()
    }

    #[test]
    fn a_short_curve_stays_as_it_is() {
        let points = curve([3.0, 2.0, 1.0]);

        assert_eq!(thinned(&points, 3), points);
        assert_eq!(thinned(&points, 2), [points[0], points[2]]);
        assert!(thinned(&[], 2).is_empty());
    }

    #[test]
    fn one_spike_among_a_million_points_is_kept() {
        let mut points = curve((0..1_000_000).map(|i| (f64::from(i) * 0.001).sin()));
        points[654_321].value = 99.0;
        points[654_400].value = f64::NAN;

        let thin = thinned(&points, 1_000);

        assert!(thin.len() <= 1_000 && thin.len() > 900, "{}", thin.len());
        assert!(thin.contains(&points[654_321]));
        assert!(thin.windows(2).all(|pair| pair[0].step < pair[1].step));
        assert_eq!(
            (thin[0], thin[thin.len() - 1]),
            (points[0], points[999_999])
        );
    }

    #[test]
    fn where_nothing_is_a_number_the_curve_still_has_points() {
        let points = curve((0..100).map(|_| f64::NAN));

        assert_eq!(thinned(&points, 10).len(), 6);
    }
}
