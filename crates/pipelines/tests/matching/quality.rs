//! How well pairs are found, measured against the truth of a made company.

use std::collections::BTreeSet;

use rapport_store::match_pairs::MatchPair;

use crate::company::{Company, Truth, ends};

/// Share of pairs that are of one person.
fn precision(truth: &Truth, pairs: &[&MatchPair]) -> f64 {
    let is_right = |pair: &&&MatchPair| {
        let (one, other) = ends(pair);
        truth.are_same(one, other)
    };
    pairs.iter().filter(is_right).count() as f64 / pairs.len().max(1) as f64
}

#[tokio::test]
async fn planted_duplicates_in_both_scripts_are_found_and_those_that_are_certain_are_right() {
    let (company, truth) = Company::of_twin(11, 700).await;

    let run = company.match_contacts().await;

    let pairs = company.open_pairs().await;
    let planted = truth.pairs();
    let likely: Vec<&MatchPair> = pairs
        .iter()
        .filter(|pair| pair.probability >= 0.5)
        .collect();
    let certain: Vec<&MatchPair> = pairs
        .iter()
        .filter(|pair| pair.is_grouped && pair.probability >= run.threshold)
        .collect();
    let found: BTreeSet<_> = likely.iter().map(|pair| ends(pair)).collect();
    let recall =
        planted.iter().filter(|pair| found.contains(pair)).count() as f64 / planted.len() as f64;
    let (likely_precision, certain_precision) =
        (precision(&truth, &likely), precision(&truth, &certain));
    let figures = format!(
        "{} contacts, {} planted pairs, {} likely, precision {likely_precision:.4}, recall {recall:.4}; \
         {} certain, precision {certain_precision:.4}",
        run.n_records,
        planted.len(),
        likely.len(),
        certain.len(),
    );
    assert_eq!(run.n_pairs, pairs.len() as u64, "{figures}");
    assert_eq!(run.n_certain, certain.len() as u64, "{figures}");
    assert!(planted.len() > 15 && certain.len() >= 4, "{figures}");
    assert!(certain_precision >= 0.999, "{figures}");
    assert!(likely_precision >= 0.9 && recall >= 0.6, "{figures}");
    // What is shown of a pair adds up to what is said of it.
    for pair in &pairs {
        let bits: f64 = pair.fields.iter().map(|field| field.evidence.weight).sum();
        let odds = (pair.probability / (1.0 - pair.probability)).log2();
        let prior = pair.prior_weight.unwrap();
        let is_whole = odds.is_infinite() || (bits + prior - odds).abs() < 0.05;
        assert!(is_whole && !pair.is_partial, "{bits} {prior} {odds}");
        assert!((0.0..=1.0).contains(&pair.value));
    }
}

#[tokio::test]
async fn the_same_contacts_give_the_same_pairs_under_the_same_names() {
    let (company, _) = Company::of_twin(12, 150).await;
    let first = company.match_contacts().await;
    let pairs = company.open_pairs().await;
    company.advance_seconds(60);

    let second = company.match_contacts().await;

    assert_eq!(company.open_pairs().await, pairs);
    assert_eq!(second.model_version, first.model_version);
    assert_ne!(second.id, first.id);
}
