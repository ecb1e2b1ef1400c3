//! A back-test learns from the past only.

use proptest::prelude::*;

use super::*;

fn train_and_test(folds: Vec<TimeFold>) -> Vec<(Vec<usize>, Vec<usize>)> {
    folds
        .into_iter()
        .map(|fold| (fold.train, fold.test))
        .collect()
}

fn rows(from: usize, to: usize) -> Vec<usize> {
    (from..to).collect()
}

proptest! {
    #[test]
    fn nothing_from_the_gap_or_later_is_learned_from(
        times in prop::collection::vec(-200_i64..200, 2..120),
        (n_folds, horizon, step) in (1_usize..5, 1_i64..40, 1_i64..40),
        (gap, length) in (0_i64..30, prop::option::of(1_i64..200)),
    ) {
        let window = length.map_or(Window::Expanding, Window::Sliding);
        let plan = RollingOrigin::new(n_folds, horizon).step(step).gap(gap).window(window);

        if let Ok(folds) = plan.folds(&times) {
            prop_assert_eq!(folds.len(), n_folds);
            for fold in &folds {
                let is_learned = |row: &usize| {
                    times[*row] < fold.cutoff - gap
                        && length.is_none_or(|length| times[*row] >= fold.cutoff - gap - length)
                };
                let is_tested =
                    |row: &usize| (fold.cutoff..fold.cutoff + horizon).contains(&times[*row]);
                let all = 0..times.len();
                prop_assert_eq!(&fold.train, &all.clone().filter(is_learned).collect::<Vec<_>>());
                prop_assert_eq!(&fold.test, &all.filter(is_tested).collect::<Vec<_>>());
            }
            for pair in folds.windows(2) {
                prop_assert_eq!(pair[1].cutoff - pair[0].cutoff, step);
            }
        }
    }
}

/// Source: scikit-learn 1.9 `TimeSeriesSplit(n_splits=3, test_size=2, gap=g, max_train_size=m)` on
/// ten rows.
#[test]
fn folds_of_a_series_agree_with_scikit_learn() {
    let times: Vec<i64> = (0..10).collect();
    let plan = RollingOrigin::new(3, 2);

    assert_eq!(
        train_and_test(plan.folds(&times).unwrap()),
        [
            (rows(0, 4), rows(4, 6)),
            (rows(0, 6), rows(6, 8)),
            (rows(0, 8), rows(8, 10))
        ]
    );
    assert_eq!(
        train_and_test(
            plan.gap(2)
                .window(Window::Sliding(3))
                .folds(&times)
                .unwrap()
        ),
        [
            (rows(0, 2), rows(4, 6)),
            (rows(1, 4), rows(6, 8)),
            (rows(3, 6), rows(8, 10))
        ]
    );
}

#[test]
fn rows_of_one_instant_stay_together_in_any_order_of_rows() {
    let times = [3, 1, 2, 3, 1, 2];

    let folds = RollingOrigin::new(1, 1).folds(&times).unwrap();

    assert_eq!(train_and_test(folds), [(vec![1, 2, 4, 5], vec![0, 3])]);
}

#[test]
fn test_parts_overlap_when_the_step_is_shorter_than_the_horizon() {
    let times: Vec<i64> = (0..10).collect();

    let folds = RollingOrigin::new(2, 4).step(1).folds(&times).unwrap();

    assert_eq!(folds[0].test, rows(5, 9));
    assert_eq!(folds[1].test, rows(6, 10));
}

#[test]
fn folds_with_nothing_to_learn_from_are_refused() {
    let times: Vec<i64> = (0..6).collect();

    assert!(matches!(
        RollingOrigin::new(3, 2).folds(&times),
        Err(LearnError::TooFewRows { .. })
    ));
    assert!(RollingOrigin::new(1, 2).folds(&[]).is_err());
}

#[test]
fn lengths_out_of_range_are_refused_by_name() {
    let times: Vec<i64> = (0..6).collect();
    let name_refused = |plan: RollingOrigin| match plan.folds(&times) {
        Err(LearnError::Parameter { name, .. }) => name,
        other => panic!("expected a refused parameter, got {other:?}"),
    };
    let plan = RollingOrigin::new(1, 1);

    assert_eq!(name_refused(RollingOrigin::new(0, 1)), "n_folds");
    assert_eq!(name_refused(RollingOrigin::new(1, 0)), "horizon");
    assert_eq!(name_refused(plan.step(0)), "step");
    assert_eq!(name_refused(plan.gap(-1)), "gap");
    assert_eq!(name_refused(plan.window(Window::Sliding(0))), "window");
    assert_eq!(name_refused(RollingOrigin::new(3, i64::MAX)), "n_folds");
}
