//! From contacts to pairs: matched, explained field by field, and weighed by what a decision on each teaches.

use std::collections::{BTreeMap, HashMap, HashSet};

use rapport_domain::ContactId;
use rapport_identity::{
    Constraints, IdentityError, Level, MatchModel, MatchParams, Records, Resolution, Waterfall,
    resolve,
};
use rapport_learn::Context;
use rapport_store::match_pairs::{Agreement, DecidedPair, Evidence};
use sha2::{Digest as _, Sha256};

use super::learned::Taught;
use super::overlap::Overlap;
use super::people::People;
use crate::error::PipelineError;

/// Pairs below this probability are not worth anybody's look.
const PROBABILITY_MIN: f64 = 0.1;
/// The same of what weights that know of no decision say, where what decisions taught has the last word.
const PROBABILITY_MIN_UNTAUGHT: f64 = 0.001;
/// Pairs that are kept; of more the most probable ones.
const N_PAIRS_MAX: usize = 200_000;

/// Imports link who has one id, address or number, so that few pairs are left to learn from: most is thought of
/// before data, and data say how rare agreements are.
const SHARE_THOUGHT: f64 = 20.0;

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) n_records: u64,
    pub(super) n_candidates: u64,
    pub(super) model_version: String,
    pub(super) pairs: Vec<FoundPair>,
}

/// Two contacts that may be one person.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FoundPair {
    pub(super) contacts: (ContactId, ContactId),
    pub(super) prints: (i64, i64),
    pub(super) probability: f64,
    pub(super) value: f64,
    pub(super) prior_weight: f64,
    pub(super) is_grouped: bool,
    pub(super) fields: Vec<Evidence>,
}

/// Matches contacts. `apart` are pairs that are never the same; `decided` is what can be learned from.
pub(super) fn find(
    people: &People,
    apart: &[(ContactId, ContactId)],
    decided: &[DecidedPair],
    context: &Context<'_>,
) -> Result<Found, PipelineError> {
    let n_records = people.ids.len() as u64;
    let mut records = match Records::new(&people.columns(), context) {
        Ok(records) => records,
        // Nobody has a second self where there is nobody to compare, or nothing to compare by.
        Err(IdentityError::TooFew { .. } | IdentityError::NothingToCompare) => {
            return Ok(Found {
                n_records,
                n_candidates: 0,
                model_version: version_of(None),
                pairs: Vec::new(),
            });
        }
        Err(error) => return Err(error.into()),
    };
    let constraints = constraints(people, apart);
    let params = MatchParams {
        share_thought: SHARE_THOUGHT,
        are_linked: true,
        ..MatchParams::default()
    };
    let found = resolve(&records, &constraints, &params, context)?;
    let overlap = Overlap::of(&people.known_by, &found.edges, found.model.prior);
    let taught = Taught::of(people, decided, (&mut records, &found), context)?;
    let probability_min = match taught.as_ref().is_some_and(Taught::is_better) {
        true => PROBABILITY_MIN_UNTAUGHT,
        false => PROBABILITY_MIN,
    };
    let kept = kept(people, &found, &overlap, probability_min);
    context.proceed()?;
    let why = found.explain_many(&records, &kept);
    let mixed = mixed(people, &found.clusters);
    let pairs = kept.iter().zip(&why).map(|(&(left, right), why)| {
        let bits = overlap.bits(left, right);
        FoundPair {
            contacts: (people.ids[left as usize], people.ids[right as usize]),
            prints: (people.prints[left as usize], people.prints[right as usize]),
            probability: 1.0 / (1.0 + (-why.total - bits).exp2()),
            value: 0.0,
            prior_weight: why.prior + bits,
            is_grouped: found.clusters[left as usize] == found.clusters[right as usize]
                && !mixed.contains(&found.clusters[left as usize]),
            fields: evidence(&records, (left, right), why),
        }
    });
    let pairs = kept.iter().copied().zip(pairs).zip(&why);
    let own = pairs.filter(|((_, pair), _)| has_own(&pair.fields));
    let (places, mut pairs): (Vec<(u32, u32)>, Vec<FoundPair>) = own
        .map(|((place, mut pair), why)| {
            pair.is_grouped &= is_supported(&pair.fields, why);
            (place, pair)
        })
        .unzip();
    let mut version = version_of(Some(&found.model));
    if let Some(taught) = taught {
        taught.apply(people, &places, &mut pairs, context)?;
        pairs.retain(|pair| pair.probability >= PROBABILITY_MIN);
        version = taught.version(&version);
    }
    value(&mut pairs);
    Ok(Found {
        n_records,
        n_candidates: found.blocking.n_pairs,
        model_version: version,
        pairs,
    })
}

/// What no score overrules.
fn constraints(people: &People, apart: &[(ContactId, ContactId)]) -> Constraints {
    let place = |id: &ContactId| people.ids.binary_search(id).ok().map(|row| row as u32);
    let apart: Vec<(u32, u32)> = apart
        .iter()
        .filter_map(|(one, other)| Some((place(one)?, place(other)?)))
        .collect();
    let mut codes = BTreeMap::new();
    // A contact of several such sources counts for the first one here, and for all of them where pairs are
    // kept and in the groups that come of it.
    let sources: Vec<Option<u32>> = people
        .numbered_by
        .iter()
        .map(|numbered_by| {
            let next = codes.len() as u32;
            numbered_by
                .first()
                .map(|source| *codes.entry(*source).or_insert(next))
        })
        .collect();
    let constraints = Constraints::none().never(&apart);
    match codes.is_empty() {
        true => constraints,
        false => constraints.never_within_source(&sources),
    }
}

/// The groups that hold two records of a source that holds each person once: some pair in it is wrong, and
/// nothing says which.
fn mixed(people: &People, clusters: &[u32]) -> HashSet<u32> {
    let mut known = HashSet::new();
    let mut mixed = HashSet::new();
    for (numbered_by, &cluster) in people.numbered_by.iter().zip(clusters) {
        for source in numbered_by {
            if !known.insert((cluster, *source)) {
                mixed.insert(cluster);
            }
        }
    }
    mixed
}

/// The pairs that are worth a look, by their positions.
fn kept(
    people: &People,
    found: &Resolution,
    overlap: &Overlap,
    probability_min: f64,
) -> Vec<(u32, u32)> {
    let bits_min = (probability_min / (1.0 - probability_min)).log2();
    let is_apart = |left: u32, right: u32| {
        let (left, right) = (left as usize, right as usize);
        !people.numbered_by[left].is_disjoint(&people.numbered_by[right])
    };
    let mut kept: Vec<_> = found
        .edges
        .iter()
        .filter(|edge| {
            let bits = f64::from(edge.weight) + overlap.bits(edge.left, edge.right);
            bits >= bits_min && !is_apart(edge.left, edge.right)
        })
        .collect();
    if kept.len() > N_PAIRS_MAX {
        kept.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        kept.truncate(N_PAIRS_MAX);
        kept.sort_by_key(|edge| (edge.left, edge.right));
    }
    kept.into_iter()
        .map(|edge| (edge.left, edge.right))
        .collect()
}

/// What each field adds, such that all weights and the prior sum up to the log odds: what is taken off because
/// several fields agree on one subject is taken off what speaks for the pair, in proportion.
fn evidence(records: &Records, (left, right): (u32, u32), why: &Waterfall) -> Vec<Evidence> {
    let weights = why.steps.iter().map(|step| step.weight + step.rareness);
    let positive: f64 = weights.filter(|weight| *weight > 0.0).sum();
    let share = if positive > 0.0 {
        1.0 + why.dependence / positive
    } else {
        1.0
    };
    let is_filled = |field: usize| {
        let value = |record: u32| records.value(record as usize, field);
        value(left).is_some() || value(right).is_some()
    };
    let shown = why.steps.iter().enumerate();
    let shown = shown.filter(|(field, _)| is_filled(*field));
    let evidence = shown.map(|(_, step)| {
        let weight = step.weight + step.rareness;
        Evidence {
            field: step.field.clone(),
            agreement: agreement(step.level),
            weight: if weight > 0.0 { weight * share } else { weight },
        }
    });
    evidence.collect()
}

/// Whether anything that is a person's own agrees. Colleagues share a company and its address, families share
/// a house; where a company has few duplicates, these are what the matcher finds most of.
fn has_own(fields: &[Evidence]) -> bool {
    fields.iter().any(|it| match it.field.as_str() {
        "name" => matches!(
            it.agreement,
            Agreement::Same | Agreement::Close | Agreement::Similar
        ),
        "email" | "phone" => matches!(it.agreement, Agreement::Same | Agreement::Close),
        _ => false,
    })
}

/// Whether a pair may be certain: the name agrees, and so does something else that few share. A place that
/// many share is enough beside a name that is the same, where the odds are: how rare the name is counts in them.
fn is_supported(fields: &[Evidence], why: &Waterfall) -> bool {
    let agrees = |name: &str| {
        fields.iter().any(|it| {
            it.field == name && matches!(it.agreement, Agreement::Same | Agreement::Close)
        })
    };
    let is_same = |name: &str| {
        let step = why.steps.iter().find(|step| step.field == name);
        step.is_some_and(|step| matches!(step.level, Level::Same | Level::Swapped))
    };
    agrees("name") && ["email", "phone", "street"].into_iter().any(agrees)
        || is_same("name") && (is_same("company") || is_same("city"))
}

const fn agreement(level: Level) -> Agreement {
    match level {
        Level::Missing => Agreement::Missing,
        Level::Same => Agreement::Same,
        Level::Swapped | Level::Close => Agreement::Close,
        Level::Alike | Level::Remote => Agreement::Similar,
        Level::Far | Level::Different => Agreement::Different,
    }
}

/// How much a decision teaches: most where the odds are even and many pairs look alike, in `[0, 1]`.
fn value(pairs: &mut [FoundPair]) {
    let look = |pair: &FoundPair| -> Vec<(String, u8)> {
        let fields = pair.fields.iter();
        fields
            .map(|it| (it.field.clone(), it.agreement as u8))
            .collect()
    };
    let mut n_alike: HashMap<Vec<(String, u8)>, u32> = HashMap::new();
    for pair in pairs.iter() {
        *n_alike.entry(look(pair)).or_default() += 1;
    }
    let most = n_alike.values().copied().max().unwrap_or(1);
    for pair in pairs.iter_mut() {
        let n = n_alike.get(&look(pair)).copied().unwrap_or(1);
        let uncertainty = 4.0 * pair.probability * (1.0 - pair.probability);
        let weight = f64::from(n).ln_1p() / f64::from(most).ln_1p();
        pair.value = (uncertainty * (0.5 + 0.5 * weight)).clamp(0.0, 1.0);
    }
}

/// A name for what was learned: the same weights bear the same name.
fn version_of(model: Option<&MatchModel>) -> String {
    let mut hash = Sha256::new();
    if let Some(model) = model {
        hash.update(model.prior.to_le_bytes());
        for (field, levels) in model.fields.iter().zip(&model.levels) {
            hash.update(field.name.as_bytes());
            for level in levels {
                hash.update(level.weight.to_le_bytes());
            }
        }
    }
    let digest = hash.finalize();
    let hex: String = digest[..6]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("fellegi_sunter-{hex}")
}
