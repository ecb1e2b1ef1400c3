//! What people's decisions teach: where enough is decided, a comparer learns from it, and is used where it
//! agrees with decisions that were held back from it better than the weights that know of none.

use rapport_identity::learned::{
    Contributions, LabelledPair, LearnedComparer, LearnedParams, Learner, NetworkParams, Rated,
    TreeParams, rate,
};
use rapport_identity::{IdentityError, RawColumn, Records, Resolution};
use rapport_learn::Context;
use rapport_store::match_pairs::{Agreement, DecidedPair};
use sha2::{Digest as _, Sha256};

use super::found::FoundPair;
use super::people::People;

/// Decisions of either kind from which on they teach anything: with fewer, which of two ways is better is an
/// accident of those that were held back.
const N_NEEDED: usize = 50;
/// Decisions from which on the network is tried, too: it takes longer to fit than the trees and, by its nature,
/// more to learn from. Where the line should be was not measured.
const N_FOR_NETWORK: usize = 400;

/// What decisions have taught.
#[derive(Debug)]
pub(super) struct Taught {
    /// The comparer, where it is the better one.
    comparer: Option<LearnedComparer>,
    learned: Rated,
    unlearned: Rated,
    n_decisions: usize,
}

impl Taught {
    /// Learns from decisions and holds what it has learned against the weights that were found without them;
    /// `None` where too few are decided.
    pub(super) fn of(
        people: &People,
        decided: &[DecidedPair],
        (records, found): (&mut Records, &Resolution),
        context: &Context<'_>,
    ) -> Result<Option<Self>, IdentityError> {
        let outcomes: Vec<bool> = decided.iter().map(|pair| pair.is_same).collect();
        let n_same = outcomes.iter().filter(|is_same| **is_same).count();
        if n_same < N_NEEDED || outcomes.len() - n_same < N_NEEDED {
            return Ok(None);
        }
        let texts: Vec<[Vec<&str>; 2]> = decided
            .iter()
            .map(|pair| [people.texts_of(&pair.left), people.texts_of(&pair.right)])
            .collect();
        let without = found.explain_others(records, &of_fields(people, records, &texts))?;
        let without: Vec<f64> = without.iter().map(|why| why.total).collect();
        let unlearned = rate(&without, &outcomes)?;
        let params = params(outcomes.len());
        let comparer = match fit(people, &texts, &outcomes, &params, context) {
            // Many decisions on the same few texts.
            Err(IdentityError::TooFewDecisions { .. }) => return Ok(None),
            comparer => comparer?,
        };
        let learned = rated(&comparer);
        let is_better = learned.f1 > unlearned.f1
            || (learned.f1 >= unlearned.f1 && learned.log_loss < unlearned.log_loss);
        Ok(Some(Self {
            comparer: is_better.then_some(comparer),
            learned,
            unlearned,
            n_decisions: outcomes.len(),
        }))
    }

    /// Whether what was learned is better than the weights that know of no decision.
    pub(super) fn is_better(&self) -> bool {
        self.comparer.is_some()
    }

    /// Says anew how likely pairs are one person, where what was learned is better; `places` are theirs among
    /// the people.
    pub(super) fn apply(
        &self,
        people: &People,
        places: &[(u32, u32)],
        pairs: &mut [FoundPair],
        context: &Context<'_>,
    ) -> Result<(), IdentityError> {
        let Some(comparer) = &self.comparer else {
            return Ok(());
        };
        let said = comparer.contributions(&people.columns(), places, context)?;
        for (pair, said) in pairs.iter_mut().zip(said) {
            say(pair, &said);
        }
        Ok(())
    }

    /// The name of what is used, with both figures: F1 on held-back decisions of what is used and of what is
    /// not, and how many decisions there were.
    pub(super) fn version(&self, unlearned: &str) -> String {
        let n = self.n_decisions;
        let (with, without) = (self.learned.f1, self.unlearned.f1);
        match &self.comparer {
            None => format!("{unlearned} f1={without:.4} learned={with:.4} n={n}"),
            Some(comparer) => {
                let name = match comparer.learner() {
                    Learner::Trees => "boosted_trees",
                    Learner::Network => "siamese_network",
                    Learner::Blend => "trees_and_network",
                };
                let hash = hash_of(comparer);
                format!("{name}-{hash} f1={with:.4} unlearned={without:.4} n={n}")
            }
        }
    }
}

/// The texts of the fields that the records have: those that nobody fills are left out of them.
fn of_fields<'t>(
    people: &People,
    records: &Records,
    texts: &[[Vec<&'t str>; 2]],
) -> Vec<[Vec<&'t str>; 2]> {
    let columns = people.columns();
    let places = records
        .fields()
        .filter_map(|field| columns.iter().position(|it| it.field.name == field.name));
    let places: Vec<usize> = places.collect();
    let of_side = |side: &Vec<&'t str>| places.iter().map(|&at| side[at]).collect();
    texts
        .iter()
        .map(|[left, right]| [of_side(left), of_side(right)])
        .collect()
}

/// Few trees of few leaves for few decisions.
fn params(n_decisions: usize) -> LearnedParams {
    LearnedParams {
        n_folds: 5,
        n_seeds: 2,
        trees: TreeParams {
            n_rounds: 150,
            max_leaves: 8,
            ..TreeParams::default()
        },
        network: (n_decisions >= N_FOR_NETWORK).then(NetworkParams::default),
    }
}

fn fit(
    people: &People,
    texts: &[[Vec<&str>; 2]],
    outcomes: &[bool],
    params: &LearnedParams,
    context: &Context<'_>,
) -> Result<LearnedComparer, IdentityError> {
    let columns = people.columns().into_iter().enumerate();
    let columns: Vec<RawColumn<'_>> = columns
        .map(|(at, column)| RawColumn {
            field: column.field,
            values: texts.iter().flatten().map(|texts| texts[at]).collect(),
        })
        .collect();
    let pairs = outcomes.iter().zip(0_u32..);
    let pairs: Vec<LabelledPair> = pairs
        .map(|(&is_match, at)| LabelledPair {
            left: 2 * at,
            right: 2 * at + 1,
            is_match,
        })
        .collect();
    LearnedComparer::fit(&columns, &pairs, params, context)
}

/// How what is used did on decisions that were held back.
fn rated(comparer: &LearnedComparer) -> Rated {
    let used = comparer.held_back().iter();
    let used = used.filter(|it| it.learner == comparer.learner());
    used.map(|it| Rated {
        f1: it.f1,
        log_loss: it.log_loss,
    })
    .next()
    .unwrap_or(Rated {
        f1: 0.0,
        log_loss: f64::INFINITY,
    })
}

/// Writes what a comparer says over what was said of a pair. What both records as one text say is shared out
/// among the fields by how much each says by itself; what a field says that one of the two lacks is said
/// before any field is looked at.
fn say(pair: &mut FoundPair, said: &Contributions) {
    pair.probability = said.probability;
    pair.fields.iter_mut().for_each(|it| it.weight = 0.0);
    let mut before = said.base;
    for (field, bits) in &said.fields {
        let shown = pair.fields.iter_mut().find(|it| it.field == *field);
        match shown.filter(|it| it.agreement != Agreement::Missing) {
            Some(shown) => shown.weight = *bits,
            None => before += bits,
        }
    }
    let all: f64 = pair.fields.iter().map(|it| it.weight.abs()).sum();
    if all > 0.0 {
        for field in &mut pair.fields {
            field.weight += said.whole * field.weight.abs() / all;
        }
    } else {
        before += said.whole;
    }
    pair.prior_weight = before;
}

/// The same decisions, learned from in the same way, have one hash.
fn hash_of(comparer: &LearnedComparer) -> String {
    let bytes = serde_json::to_vec(comparer).unwrap_or_default();
    let digest = Sha256::digest(&bytes);
    digest[..6]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
