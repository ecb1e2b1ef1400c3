//! What is learned from decisions on pairs: planted truth, held-back parts, files, bad input.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../examples/support/magellan.rs"]
#[expect(dead_code, reason = "the tests do not ask whose record it is")]
mod magellan;

use std::path::PathBuf;

use magellan::{Pairs, Part};
use rapport_identity::learned::{
    LabelledPair, LearnedComparer, LearnedParams, Learner, NetworkParams, TreeParams,
};
use rapport_identity::{Field, FieldKind, IdentityError, RawColumn};
use rapport_learn::metrics::Linkage;
use rapport_learn::{Cancellation, Context, LearnError, Silent};

const MAKERS: [&str; 5] = ["Nordlys", "Castellan", "Umbra", "Peregrine", "Quanta"];
const SERIES: [&str; 4] = ["Slim", "Studio", "Voyager", "Home"];
const THINGS: [&str; 4] = ["desk lamp", "headphones", "camera bag", "label printer"];

/// Two shops' catalogues. Both write a product in their own way; a product is its maker, its thing and its
/// code, and products of one series differ by their code only.
struct Catalogue {
    titles: Vec<String>,
    prices: Vec<String>,
    n_products: u32,
}

impl Catalogue {
    fn made(n_products: u32) -> Self {
        let mut made = Self {
            titles: Vec::new(),
            prices: Vec::new(),
            n_products,
        };
        for shop in 0..2 {
            for product in 0..n_products as usize {
                let maker = MAKERS[product / 7 % 5];
                let (series, thing) = (SERIES[product / 3 % 4], THINGS[product / 5 % 4]);
                let code = format!("{}{}", ["QX", "LV", "TR"][product % 3], 1000 + product * 37);
                let title = if shop == 0 {
                    format!("{maker} {series} {thing} {code} black")
                } else {
                    let (letters, digits) = code.split_at(2);
                    format!("{thing} by {maker}, {letters}-{digits}, new in box")
                };
                made.titles.push(title);
                let price = 20 + product * 13 % 80 + shop;
                made.prices.push(if product % 6 == 0 {
                    String::new()
                } else {
                    price.to_string()
                });
            }
        }
        made
    }

    fn columns(&self) -> Vec<RawColumn<'_>> {
        vec![
            RawColumn {
                field: Field::new("title", FieldKind::Text),
                values: self.titles.iter().map(String::as_str).collect(),
            },
            RawColumn {
                field: Field::new("price", FieldKind::Number),
                values: self.prices.iter().map(String::as_str).collect(),
            },
        ]
    }

    /// Every product of a range with itself, and with two others that are written much alike.
    fn decisions(&self, products: std::ops::Range<u32>) -> Vec<LabelledPair> {
        let n = self.n_products;
        products
            .flat_map(|product| {
                [0, 3, 60].map(|apart| LabelledPair {
                    left: product,
                    right: n + (product + apart) % n,
                    is_match: apart == 0,
                })
            })
            .collect()
    }
}

/// Quick, for catalogues of a hundred products.
fn params() -> LearnedParams {
    LearnedParams {
        n_seeds: 1,
        trees: TreeParams {
            n_rounds: 40,
            learning_rate: 0.2,
            max_leaves: 6,
            ..TreeParams::default()
        },
        network: Some(NetworkParams {
            n_buckets: 128,
            d_model: 4,
            n_hidden: 8,
            n_epochs: 4,
            batch_size: 16,
            learning_rate: 0.01,
            ..NetworkParams::default()
        }),
        ..LearnedParams::default()
    }
}

fn fit(
    catalogue: &Catalogue,
    decisions: &[LabelledPair],
    seed: u64,
) -> Result<LearnedComparer, IdentityError> {
    let cancel = Cancellation::default();
    let context = Context::new(seed, &Silent, &cancel);
    LearnedComparer::fit(&catalogue.columns(), decisions, &params(), &context)
}

fn probabilities(
    comparer: &LearnedComparer,
    catalogue: &Catalogue,
    pairs: &[LabelledPair],
) -> Vec<f64> {
    let cancel = Cancellation::default();
    let pairs: Vec<(u32, u32)> = pairs.iter().map(|pair| (pair.left, pair.right)).collect();
    comparer
        .probabilities(
            &catalogue.columns(),
            &pairs,
            &Context::new(1, &Silent, &cancel),
        )
        .unwrap()
}

#[test]
fn the_same_products_are_found_by_what_was_decided_on_others() {
    let catalogue = Catalogue::made(90);
    let comparer = fit(&catalogue, &catalogue.decisions(0..60), 7).unwrap();

    let asked = catalogue.decisions(60..90);
    let found = probabilities(&comparer, &catalogue, &asked);

    let is_found = |probability: &f64| *probability >= comparer.threshold();
    let n_found = found.iter().filter(|p| is_found(p)).count() as u64;
    let both = || found.iter().zip(&asked);
    let n_right = both()
        .filter(|(p, pair)| is_found(p) && pair.is_match)
        .count() as u64;
    let figures = Linkage::of_pairs(n_right, n_found, 30);
    assert!(figures.f1 > 0.95, "{figures:?}");
    let learners: Vec<Learner> = comparer
        .held_back()
        .iter()
        .map(|held| held.learner)
        .collect();
    assert_eq!(learners, [Learner::Network, Learner::Trees, Learner::Blend]);
    let best = comparer
        .held_back()
        .iter()
        .map(|held| held.f1)
        .fold(0.0, f64::max);
    let used = comparer
        .held_back()
        .iter()
        .find(|held| held.learner == comparer.learner());
    assert_eq!(used.unwrap().f1, best);
}

#[test]
fn decisions_by_lot_teach_nothing() {
    let catalogue = Catalogue::made(90);
    let mut decisions = catalogue.decisions(0..90);
    for (at, pair) in decisions.iter_mut().enumerate() {
        // A third, spread without regard to what the records say.
        pair.is_match = (at * 7919 + at / 3 * 104_729) % 100 < 33;
    }

    let comparer = fit(&catalogue, &decisions, 7).unwrap();

    // A fold that had seen what it is measured on would rank its matches first.
    for held in comparer.held_back() {
        assert!(held.average_precision < 0.5, "{held:?}");
    }
}

#[test]
fn pairs_of_the_same_texts_are_never_on_both_sides() {
    // Ten different pairs of either kind, each many times: whoever sees one of them knows all its copies.
    let catalogue = Catalogue::made(30);
    let mut decisions = Vec::new();
    for copy in 0..6_u32 {
        for product in 0..20 {
            // Labels by lot, the same for all copies.
            let is_match = product * 11 % 20 < 10;
            let pair = LabelledPair {
                left: product,
                right: 30 + (product + 1) % 30,
                is_match,
            };
            decisions.push(if copy % 2 == 0 {
                pair
            } else {
                LabelledPair {
                    left: pair.right,
                    right: pair.left,
                    is_match,
                }
            });
        }
    }

    let comparer = fit(&catalogue, &decisions, 3).unwrap();

    let trees = comparer
        .held_back()
        .iter()
        .find(|held| held.learner == Learner::Trees)
        .unwrap();
    assert!(trees.average_precision < 0.8, "{trees:?}");
}

#[test]
fn the_same_seed_gives_the_same_comparer_and_threads_change_nothing() {
    let catalogue = Catalogue::made(40);
    let decisions = catalogue.decisions(0..40);
    let cancel = Cancellation::default();
    let file = |threads: usize| {
        let context = Context::new(5, &Silent, &cancel).with_threads(threads.try_into().unwrap());
        let columns = catalogue.columns();
        let comparer = LearnedComparer::fit(&columns, &decisions, &params(), &context).unwrap();
        serde_json::to_string(&comparer).unwrap()
    };

    assert_eq!(file(1), file(2));
}

#[test]
fn a_comparer_says_the_same_after_a_file() {
    let catalogue = Catalogue::made(40);
    let decisions = catalogue.decisions(0..40);
    let comparer = fit(&catalogue, &decisions, 5).unwrap();

    let text = serde_json::to_string(&comparer).unwrap();
    let read: LearnedComparer = serde_json::from_str(&text).unwrap();

    assert_eq!(
        probabilities(&comparer, &catalogue, &decisions),
        probabilities(&read, &catalogue, &decisions)
    );
    assert_eq!(read.threshold(), comparer.threshold());
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    assert!(!text.contains("nordlys"), "texts of records are not kept");
}

#[test]
fn a_damaged_file_is_refused_with_what_is_wrong() {
    let catalogue = Catalogue::made(40);
    let comparer = fit(&catalogue, &catalogue.decisions(0..40), 5).unwrap();
    let whole = serde_json::to_value(&comparer).unwrap();
    let refused = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut file = whole.clone();
        change(&mut file);
        serde_json::from_value::<LearnedComparer>(file)
            .unwrap_err()
            .to_string()
    };

    let error = refused(&|file| file["threshold"] = 1.5.into());
    assert!(error.contains("1.5 is no probability"), "{error}");
    let error = refused(&|file| {
        file["columns"].as_array_mut().unwrap().pop();
    });
    assert!(error.contains("features"), "{error}");
    let error = refused(&|file| file["columns"][0] = 100_000.into());
    assert!(
        error.contains("numbered up to") || error.contains("features"),
        "{error}"
    );
    let error = refused(&|file| {
        file["trees"] = serde_json::json!([]);
        file["networks"] = serde_json::json!([]);
    });
    assert!(error.contains("learn from the decisions again"), "{error}");
}

#[test]
fn too_few_decisions_say_how_many_are_needed() {
    let catalogue = Catalogue::made(40);
    let mut decisions = catalogue.decisions(0..40);
    decisions.retain(|pair| !pair.is_match);

    let error = fit(&catalogue, &decisions, 1).unwrap_err();

    assert!(
        matches!(
            error,
            IdentityError::TooFewDecisions {
                n_same: 0,
                n_different: 80,
                needed: 10
            }
        ),
        "{error}"
    );
    assert_eq!(
        error.to_string(),
        "0 pairs are said to be the same and 80 to be different; decide at least 10 of either kind"
    );
    let copies: Vec<LabelledPair> = (0..50).flat_map(|_| catalogue.decisions(0..9)).collect();
    let error = fit(&catalogue, &copies, 1).unwrap_err();
    assert!(
        matches!(error, IdentityError::TooFewDecisions { n_same: 9, .. }),
        "{error}"
    );
}

#[test]
fn what_cannot_be_compared_is_named() {
    let catalogue = Catalogue::made(40);
    let mut decisions = catalogue.decisions(0..40);
    decisions[3].right = 80;
    let error = fit(&catalogue, &decisions, 1).unwrap_err();
    assert!(
        matches!(
            error,
            IdentityError::Pair {
                pair: 3,
                right: 80,
                n_records: 80,
                ..
            }
        ),
        "{error}"
    );

    let comparer = fit(&catalogue, &catalogue.decisions(0..40), 1).unwrap();
    let cancel = Cancellation::default();
    let context = Context::new(1, &Silent, &cancel);
    let only_titles = &catalogue.columns()[..1];
    let error = comparer
        .probabilities(only_titles, &[(0, 41)], &context)
        .unwrap_err();
    assert!(
        matches!(&error, IdentityError::MissingField { field } if field == "price"),
        "{error}"
    );

    let mut settings = params();
    settings.n_folds = 1;
    let columns = catalogue.columns();
    let decisions = catalogue.decisions(0..40);
    let error = LearnedComparer::fit(&columns, &decisions, &settings, &context).unwrap_err();
    assert!(
        matches!(
            error,
            IdentityError::Parameter {
                name: "n_folds",
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_fit_can_be_stopped() {
    let catalogue = Catalogue::made(40);
    let cancel = Cancellation::default();
    cancel.cancel();
    let context = Context::new(1, &Silent, &cancel);

    let decisions = catalogue.decisions(0..40);
    let error = LearnedComparer::fit(&catalogue.columns(), &decisions, &params(), &context);

    assert!(matches!(
        error,
        Err(IdentityError::Learn(LearnError::Cancelled))
    ));
}

#[test]
fn reasons_add_up_and_name_fields() {
    let catalogue = Catalogue::made(60);
    let decisions = catalogue.decisions(0..60);
    let cancel = Cancellation::default();
    let context = Context::new(2, &Silent, &cancel);
    let only_trees = LearnedParams {
        network: None,
        ..params()
    };
    let columns = catalogue.columns();
    let comparer = LearnedComparer::fit(&columns, &decisions, &only_trees, &context).unwrap();

    let same = comparer.explain(&columns, (4, 64), &context).unwrap();
    let other = comparer.explain(&columns, (4, 67), &context).unwrap();

    let sum = |of: &rapport_identity::learned::Explanation| {
        of.base
            + of.reasons
                .iter()
                .map(|reason| reason.contribution)
                .sum::<f64>()
    };
    assert!(same.probability > other.probability);
    assert!(sum(&same) > sum(&other));
    assert!(same.reasons[0].contribution.abs() >= same.reasons[1].contribution.abs());
    assert!(
        same.reasons
            .iter()
            .all(|reason| reason.feature.contains(": "))
    );
}

#[test]
fn people_are_compared_by_the_levels_that_the_matcher_has() {
    const GIVEN: [&str; 4] = ["robert", "elizabeth", "william", "margaret"];
    const SHORT: [&str; 4] = ["bob", "liz", "bill", "maggie"];
    let n = 60;
    let born = |at: usize| format!("19{:02}-0{}-{:02}", at % 90, 1 + at % 9, 1 + at % 28);
    let given: Vec<&str> = (0..2 * n)
        .map(|at| if at < n { GIVEN[at % 4] } else { SHORT[at % 4] })
        .collect();
    let born: Vec<String> = (0..2 * n).map(|at| born(at % n)).collect();
    let columns = vec![
        RawColumn {
            field: Field::new("given", FieldKind::GivenName),
            values: given,
        },
        RawColumn {
            field: Field::new("born", FieldKind::BirthDate),
            values: born.iter().map(String::as_str).collect(),
        },
    ];
    // The same person with a short form of the name, or somebody else of the same day or of the same name.
    let decisions: Vec<LabelledPair> = (0..n as u32)
        .flat_map(|at| {
            [(0, true), (4, false)].map(|(apart, is_match)| LabelledPair {
                left: at,
                right: n as u32 + (at + apart) % n as u32,
                is_match,
            })
        })
        .collect();
    let cancel = Cancellation::default();
    let context = Context::new(3, &Silent, &cancel);

    let comparer = LearnedComparer::fit(&columns, &decisions, &params(), &context).unwrap();

    assert!(comparer.names().contains(&"born: level".to_owned()));
    let trees = &comparer.held_back()[1];
    assert!(trees.f1 > 0.95, "{trees:?}");
    let text = serde_json::to_string(&comparer).unwrap();
    let read: LearnedComparer = serde_json::from_str(&text).unwrap();
    let asked = [(3, 63), (3, 67)];
    assert_eq!(
        comparer.probabilities(&columns, &asked, &context).unwrap(),
        read.probabilities(&columns, &asked, &context).unwrap()
    );
}

/// `../shared/data/er_magellan/Structured_Fodors-Zagats/{train,valid}.txt.gz`; the made sibling is
/// `the_same_products_are_found_by_what_was_decided_on_others`.
#[test]
fn restaurants_of_two_guides_are_found() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/er_magellan/Structured_Fodors-Zagats");
    if !folder.is_dir() {
        return;
    }
    let files = ["train.txt.gz", "valid.txt.gz"].map(|name| folder.join(name));
    let pairs = Pairs::read(&files).unwrap();
    let (train, valid) = (pairs.of(Part::Train), pairs.of(Part::Valid));
    let cancel = Cancellation::default();
    let context = Context::new(3, &Silent, &cancel);
    let columns = pairs.columns();
    let comparer = LearnedComparer::fit(&columns, &train, &params(), &context).unwrap();

    let asked: Vec<(u32, u32)> = valid.iter().map(|pair| (pair.left, pair.right)).collect();
    let found = comparer.probabilities(&columns, &asked, &context).unwrap();

    let n_wrong = found
        .iter()
        .zip(&valid)
        .filter(|(p, pair)| (**p >= comparer.threshold()) != pair.is_match)
        .count();
    assert!(n_wrong <= 2, "{n_wrong} of {} pairs", valid.len());
}
