//! Shapley values against their definition, on deep trees, and on fitted models.

use std::num::NonZeroUsize;

use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::super::{BoostingData, BoostingParams, CategorySet, Loss, Node, Rule, Tree};
use super::*;
use crate::table::Kind;
use crate::{Cancellation, Check, Fit, Silent, rng};

const N_FEATURES: usize = 5;
/// The last feature is one of categories.
const KINDS: [Kind; N_FEATURES] = [
    Kind::Numeric,
    Kind::Numeric,
    Kind::Numeric,
    Kind::Numeric,
    Kind::Categorical,
];

fn in_context<R>(work: impl FnOnce(&Context<'_>) -> R) -> R {
    let cancel = Cancellation::default();
    work(&Context::new(1, &Silent, &cancel))
}

fn model(kinds: &[Kind], trees: Vec<Tree>) -> BoostedTrees {
    BoostedTrees {
        loss: Loss::Squared,
        kinds: kinds.to_vec(),
        start: vec![0.25],
        trees,
    }
}

/// A tree that asks random features, the same ones again and again, with random covers.
fn random_tree(generator: &mut ChaCha8Rng, depth: usize, kinds: &[Kind]) -> Tree {
    let mut nodes = vec![Node::Leaf {
        value: 0.0,
        cover: 1000.0,
    }];
    let mut open = vec![(0, 0)];
    while let Some((at, level)) = open.pop() {
        let cover = nodes[at].cover();
        // Deep trees stay sparse: below a few levels one child is a leaf.
        let goes_on = level < 3 || (level < depth && at + 1 == nodes.len());
        if !goes_on || level >= depth {
            nodes[at] = Node::Leaf {
                value: generator.random_range(-1.0..1.0),
                cover,
            };
            continue;
        }
        let feature = generator.random_range(0..kinds.len());
        let rule = match kinds[feature] {
            Kind::Numeric => Rule::AtMost(generator.random_range(-1.0..1.0)),
            Kind::Categorical => {
                let codes = (0..6).filter(|_| generator.random::<bool>());
                Rule::OneOf(codes.collect::<Vec<u32>>().into())
            }
        };
        let left = nodes.len();
        let share = generator.random_range(0.05..0.95);
        nodes[at] = Node::Split {
            feature,
            rule,
            missing_left: generator.random(),
            left,
            gain: 1.0,
            cover,
        };
        for share in [share, 1.0 - share] {
            nodes.push(Node::Leaf {
                value: 0.0,
                cover: cover * share,
            });
        }
        open.extend([(left, level + 1), (left + 1, level + 1)]);
    }
    Tree::new(nodes).unwrap()
}

fn random_rows(generator: &mut ChaCha8Rng, n: usize, kinds: &[Kind]) -> Matrix {
    let mut values = Vec::new();
    for _ in 0..n {
        for kind in kinds {
            let is_missing = generator.random::<f64>() < 0.1;
            values.push(match kind {
                _ if is_missing => f64::NAN,
                Kind::Numeric => generator.random_range(-1.0..1.0),
                Kind::Categorical => f64::from(generator.random_range(0_u32..7)),
            });
        }
    }
    Matrix::new(n, kinds.len(), values).unwrap()
}

/// What a tree is worth when only some features are known, by its definition.
fn path_dependent_worth(tree: &Tree, at: usize, row: &[f64], known: usize) -> f64 {
    match &tree.nodes()[at] {
        Node::Leaf { value, .. } => *value,
        Node::Split {
            feature,
            rule,
            missing_left,
            left,
            cover,
            ..
        } => {
            let side = |child: usize| path_dependent_worth(tree, child, row, known);
            if known >> feature & 1 == 1 {
                let goes_left = rule.goes_left(row[*feature], *missing_left);
                return side(left + usize::from(!goes_left));
            }
            [*left, left + 1]
                .map(|child| side(child) * tree.nodes()[child].cover() / cover)
                .iter()
                .sum()
        }
    }
}

/// Shapley values by their definition: the mean over all sets of known features.
fn brute_force(n_features: usize, worth: impl Fn(usize) -> f64) -> Vec<f64> {
    let factorial = |n: usize| (1..=n).map(|i| i as f64).product::<f64>();
    (0..n_features)
        .map(|feature| {
            (0..1_usize << n_features)
                .filter(|known| known >> feature & 1 == 0)
                .map(|known| {
                    let size = known.count_ones() as usize;
                    let weight =
                        factorial(size) * factorial(n_features - size - 1) / factorial(n_features);
                    weight * (worth(known | 1 << feature) - worth(known))
                })
                .sum()
        })
        .collect()
}

fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    for (f, e) in found.iter().zip(expected) {
        assert!((f - e).abs() <= tolerance, "{found:?} is not {expected:?}");
    }
}

/// The largest difference between base plus contributions and score.
fn additivity_error(model: &BoostedTrees, records: &Matrix, shap: &ShapValues) -> f64 {
    let scores = model.predict_scores(records).unwrap();
    let mut largest = 0.0_f64;
    for (output, values) in shap.values.iter().enumerate() {
        for (row, scores) in values.rows().zip(scores.rows()) {
            let sum = shap.base[output] + row.iter().sum::<f64>();
            largest = largest.max((sum - scores[output]).abs());
        }
    }
    largest
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn path_dependent_values_are_those_of_the_definition(seed: u64, depth in 0_usize..7) {
        let mut generator = rng(seed, "trees");
        let tree = random_tree(&mut generator, depth, &KINDS);
        let records = random_rows(&mut generator, 5, &KINDS);
        let model = model(&KINDS, vec![tree.clone()]);

        let shap = in_context(|context| model.shap(&records, context)).unwrap();

        for (row, found) in records.rows().zip(shap.values[0].rows()) {
            let worth = |known| path_dependent_worth(&tree, 0, row, known);
            assert_close(found, &brute_force(N_FEATURES, worth), 1e-13);
            prop_assert!((shap.base[0] - 0.25 - worth(0)).abs() < 1e-13);
        }
    }

    #[test]
    fn interventional_values_are_those_of_the_definition(seed: u64, depth in 0_usize..7) {
        let mut generator = rng(seed, "trees");
        let tree = random_tree(&mut generator, depth, &KINDS);
        let records = random_rows(&mut generator, 5, &KINDS);
        let background = random_rows(&mut generator, 7, &KINDS);
        let model = model(&KINDS, vec![tree.clone()]);

        let shap = in_context(|context| model.shap_against(&records, &background, context)).unwrap();

        for (row, found) in records.rows().zip(shap.values[0].rows()) {
            let worth = |known: usize| {
                let values = background.rows().map(|other| {
                    let mixed: Vec<f64> = (0..N_FEATURES)
                        .map(|j| if known >> j & 1 == 1 { row[j] } else { other[j] })
                        .collect();
                    tree.value(&mixed)
                });
                values.sum::<f64>() / background.n_rows() as f64
            };
            assert_close(found, &brute_force(N_FEATURES, worth), 1e-13);
            prop_assert!((shap.base[0] - 0.25 - worth(0)).abs() < 1e-13);
        }
    }

    #[test]
    fn contributions_add_up_on_paths_of_eighty_splits(seed: u64, n_features in 1_usize..100) {
        let kinds = vec![Kind::Numeric; n_features];
        let mut generator = rng(seed, "deep trees");
        let trees = (0..3).map(|_| random_tree(&mut generator, 80, &kinds)).collect();
        let records = random_rows(&mut generator, 20, &kinds);
        let background = random_rows(&mut generator, 10, &kinds);
        let model = model(&kinds, trees);

        let (shap, against) = in_context(|context| {
            (
                model.shap(&records, context).unwrap(),
                model.shap_against(&records, &background, context).unwrap(),
            )
        });

        prop_assert!(additivity_error(&model, &records, &shap) <= 1e-9);
        prop_assert!(additivity_error(&model, &records, &against) <= 1e-9);
    }
}

/// A chain that pays 1 to rows which fulfill all of `n` questions about different features, each
/// fulfilled by half of the training rows: by symmetry each feature contributes the same.
#[test]
fn eighty_features_that_matter_alike_share_evenly() {
    for n in [1, 2, 8, 9, 80, 128] {
        let mut nodes = Vec::new();
        for at in 0..n {
            nodes.push(Node::Split {
                feature: at,
                rule: Rule::AtMost(0.0),
                missing_left: false,
                left: 2 * at + 1,
                gain: 1.0,
                cover: 0.5_f64.powi(at as i32),
            });
            if at > 0 {
                nodes.push(Node::Leaf {
                    value: 0.0,
                    cover: 0.5_f64.powi(at as i32),
                });
            }
        }
        for value in [1.0, 0.0] {
            nodes.push(Node::Leaf {
                value,
                cover: 0.5_f64.powi(n as i32),
            });
        }
        let model = model(&vec![Kind::Numeric; n], vec![Tree::new(nodes).unwrap()]);
        let row = Matrix::new(1, n, vec![-1.0; n]).unwrap();
        let background = Matrix::new(1, n, vec![1.0; n]).unwrap();

        let (shap, against) = in_context(|context| {
            (
                model.shap(&row, context).unwrap(),
                model.shap_against(&row, &background, context).unwrap(),
            )
        });

        let share = (1.0 - 0.5_f64.powi(n as i32)) / n as f64;
        assert_close(shap.values[0].row(0), &vec![share; n], 1e-14);
        assert_close(against.values[0].row(0), &vec![1.0 / n as f64; n], 1e-14);
    }
}

fn fitted(loss: Loss, n_rounds: usize) -> (BoostedTrees, Matrix) {
    let mut generator = rng(3, "rows to explain");
    let records = random_rows(&mut generator, 400, &KINDS);
    let targets: Vec<f64> = records
        .rows()
        .map(|row| {
            let sum: f64 = row.iter().filter(|value| value.is_finite()).sum();
            (sum.rem_euclid(3.0)).floor()
        })
        .collect();
    let params = BoostingParams {
        min_samples_leaf: 2,
        ..BoostingParams::new(loss).n_rounds(n_rounds)
    };
    let data = BoostingData::new(&records, &KINDS, &targets);
    let model = in_context(|context| params.check().unwrap().fit(&data, context)).unwrap();
    (model, records)
}

#[test]
fn contributions_add_up_for_every_class() {
    let (model, records) = fitted(Loss::Softmax { n_classes: 3 }, 50);
    let background = records.select_rows(&(0..50).collect::<Vec<_>>());

    let (shap, against) = in_context(|context| {
        (
            model.shap(&records, context).unwrap(),
            model.shap_against(&records, &background, context).unwrap(),
        )
    });

    assert_eq!(shap.values.len(), 3);
    assert!(additivity_error(&model, &records, &shap) <= 1e-9);
    assert!(additivity_error(&model, &records, &against) <= 1e-9);
}

#[test]
fn threads_do_not_change_an_explanation() {
    let (model, records) = fitted(Loss::Squared, 10);

    let [one, three] = [1, 3].map(|threads| {
        in_context(|context| {
            let context = context.with_threads(NonZeroUsize::new(threads).unwrap());
            model.shap(&records, &context).unwrap()
        })
    });

    assert_eq!(one, three);
}

#[test]
fn one_row_is_explained_as_among_many() {
    let (model, records) = fitted(Loss::Squared, 10);

    let all = in_context(|context| model.shap(&records, context)).unwrap();
    let one = model.explain(records.row(7)).unwrap();

    assert_eq!(one.base, all.base);
    assert_eq!(one.values[0].row(0), all.values[0].row(7));
}

#[test]
fn a_feature_that_no_tree_asks_contributes_nothing() {
    let set = Rule::OneOf(CategorySet::from(vec![1]));
    let tree = Tree::new(vec![
        Node::Split {
            feature: 4,
            rule: set,
            missing_left: false,
            left: 1,
            gain: 1.0,
            cover: 4.0,
        },
        Node::Leaf {
            value: 3.0,
            cover: 1.0,
        },
        Node::Leaf {
            value: -1.0,
            cover: 3.0,
        },
    ])
    .unwrap();
    let records = Matrix::from_rows(&[[0.0, 0.0, 0.0, 0.0, 1.0]]);

    let shap = in_context(|context| model(&KINDS, vec![tree]).shap(&records, context)).unwrap();

    // Worked by hand: the mean is (3 - 3) / 4 = 0.
    assert_eq!(shap.values[0].row(0), [0.0, 0.0, 0.0, 0.0, 3.0]);
    assert_eq!(shap.base, [0.25]);
}

#[test]
fn explanations_stop_when_told_and_refuse_other_columns() {
    let (model, records) = fitted(Loss::Squared, 2);
    let cancel = Cancellation::default();
    cancel.cancel();
    let context = Context::new(1, &Silent, &cancel);

    assert_eq!(
        model.shap(&records, &context),
        Err(BoostingError::Learn(LearnError::Cancelled))
    );
    assert!(in_context(|context| model.shap(&Matrix::zeros(1, 2), context)).is_err());
    let empty = Matrix::zeros(0, N_FEATURES);
    assert!(in_context(|context| model.shap_against(&records, &empty, context)).is_err());
}
