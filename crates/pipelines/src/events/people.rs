//! Contacts from events: what events told of people is dealt with in the order in which it came, by the
//! rules of imports, some of it in one transaction.

use std::collections::{HashMap, HashSet};

use rapport_domain::{ContactId, MatchRule, SourceIdentity};
use rapport_ingest::events::Told;
use rapport_ingest::{ParsedRow, ReadOptions};
use rapport_store::events::{self, Settlement, ToldRow};
use rapport_store::identities::{self, PersonKey, PersonMatch};
use rapport_store::sources::Source;
use rapport_store::{StoreError, settings};

use crate::Workspace;
use crate::error::PipelineError;
use crate::imports::{AssembledTold, Join, assemble_told};

/// What is read at once, and what goes into one transaction.
const TOLD: u64 = 200;

/// Makes and completes the contacts that events told of. Returns how much of what was told is dealt with. Killed at any moment, it
/// may be begun again.
///
/// # Errors
/// [`PipelineError`] where the records or the events cannot be read or written.
pub async fn settle_people(workspace: &Workspace) -> Result<u64, PipelineError> {
    let mut n_settled = 0;
    loop {
        let waiting = events::list_told(&workspace.store, TOLD).await?;
        let Some(first) = waiting.first() else {
            break;
        };
        let source = first.source.clone();
        let piece = piece_of(waiting);
        let n_told = piece.len() as u64;
        match settle_piece(workspace, &source, piece).await {
            Ok(()) => n_settled += n_told,
            // Another process was faster.
            Err(PipelineError::Store(StoreError::Conflict { .. })) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(n_settled)
}

/// What can be dealt with together: what one source told, up to something that rests on all that was
/// told before it, which stands alone, or to an order that was told already.
fn piece_of(waiting: Vec<ToldRow>) -> Vec<(i64, Told)> {
    let mut piece: Vec<(i64, Told)> = Vec::new();
    let mut source = None;
    let mut orders: HashSet<String> = HashSet::new();
    for row in waiting {
        if *source.get_or_insert(row.source.id) != row.source.id {
            break;
        }
        // What this program cannot read, an older or newer one wrote; the event itself is kept.
        let told: Told = serde_json::from_str(&row.told).unwrap_or_default();
        let stands_alone = told.is_joined || !told.freed.is_empty();
        if stands_alone && !piece.is_empty() {
            break;
        }
        // Told twice, an order is met the second time, as lines of one file that are alike are not.
        if let Some(number) = told.order_number()
            && !orders.insert(number)
        {
            break;
        }
        piece.push((row.seq, told));
        if stands_alone {
            break;
        }
    }
    piece
}

async fn settle_piece(
    workspace: &Workspace,
    source: &Source,
    piece: Vec<(i64, Told)>,
) -> Result<(), PipelineError> {
    let (seqs, told): (Vec<i64>, Vec<Told>) = piece.into_iter().unzip();
    let options = read_options(workspace).await?;
    let known = known_names(workspace, source, &told).await?;
    let rows: Vec<Vec<ParsedRow>> = told.iter().map(|told| told.rows(1, &options)).collect();
    let joins = told
        .iter()
        .filter_map(|told| join_of(told, &known))
        .collect();
    let mut made = assemble_told(workspace, source, rows, joins).await?;
    let aliases = aliases(workspace, source, &told, &made, &known);
    made.batch.identities.extend(aliases);
    if made.n_refused > 0 {
        tracing::warn!(n = made.n_refused, source = %source.id, "what events told of some people breaks a rule of records and was left out");
    }
    let settlement = Settlement {
        seqs,
        source_id: source.id,
        batch: made.batch,
        contacts: made.contacts.into_iter().flatten().collect(),
        freed: told.into_iter().flat_map(|told| told.freed).collect(),
        events: made.events,
        totals: made.totals,
        settled_at: workspace.clock.now(),
    };
    let n_events = events::settle(&workspace.store, settlement).await?;
    workspace.upkeep.note_waiting(n_events);
    Ok(())
}

async fn read_options(workspace: &Workspace) -> Result<ReadOptions, PipelineError> {
    let settings = settings::workspace(&workspace.store).await?;
    Ok(ReadOptions {
        default_currency: settings.default_currency,
        default_region: Some(settings.default_region),
    })
}

/// Who is known already by any of the names that are told.
async fn known_names(
    workspace: &Workspace,
    source: &Source,
    told: &[Told],
) -> Result<HashMap<String, PersonMatch>, PipelineError> {
    let names = told
        .iter()
        .flat_map(|told| told.aliases.iter().chain(&told.user_id));
    let names: HashSet<&String> = names.collect();
    let keys: Vec<PersonKey> = names
        .into_iter()
        .map(|name| PersonKey {
            external_id: Some(name.clone()),
            ..PersonKey::default()
        })
        .collect();
    let found = identities::resolve(&workspace.store, source.id, &keys).await?;
    let known = keys.into_iter().zip(found);
    Ok(known
        .filter_map(|(key, found)| Some((key.external_id?, found?)))
        .collect())
}

/// Whom a name that nobody knows joins, where the sender says that the names are one person's. Two
/// who are known are left two: that is for people to decide.
fn join_of(told: &Told, known: &HashMap<String, PersonMatch>) -> Option<Join> {
    let user_id = told.user_id.as_ref().filter(|_| told.is_joined)?;
    if known.contains_key(user_id) {
        return None;
    }
    let found = told.aliases.iter().find_map(|name| known.get(name))?;
    Some(Join {
        profile_key: user_id.clone(),
        contact_id: found.contact_id,
    })
}

/// The other names of people, where nobody has them.
fn aliases(
    workspace: &Workspace,
    source: &Source,
    told: &[Told],
    made: &AssembledTold,
    known: &HashMap<String, PersonMatch>,
) -> Vec<SourceIdentity> {
    let now = workspace.clock.now();
    let mut taken: HashSet<&str> = HashSet::new();
    let of = |contact_id: ContactId, name: &str| SourceIdentity {
        id: workspace.ids.next(now),
        source_id: source.id,
        profile_key: name.to_owned(),
        email: None,
        phone: None,
        contact_id,
        rule: MatchRule::ExternalId,
        linked_at: now,
    };
    let mut new = Vec::new();
    for (told, contact) in told.iter().zip(&made.contacts) {
        let Some(contact) = *contact else { continue };
        for name in &told.aliases {
            if !known.contains_key(name) && taken.insert(name) {
                new.push(of(contact, name));
            }
        }
    }
    new
}

#[cfg(test)]
mod tests;
