//! Tying events to people who have become known since: by another event, by an import, by hand.

use std::collections::{BTreeMap, BTreeSet};

use rapport_domain::{SourceId, SourceIdentity};
use rapport_ingest::events::anonymous_key;
use rapport_lake::{CompactOptions, Links, Segment};
use rapport_store::events::{self, Settlement, Stranger};
use rapport_store::identities::{self, PersonKey, PersonMatch};
use rapport_store::imports::ImportBatch;
use rapport_store::orders::TotalsScope;

use super::flush;
use super::withdraw::{exchange, groups};
use crate::Workspace;
use crate::catalogue::catalogue;
use crate::error::PipelineError;
use crate::imports::NO_IMPORT;

/// People who are looked up at once, for whom the files are read once.
const PEOPLE: u64 = 10_000;
/// Events of somebody that came within these seconds may not be in the history yet; then the person is
/// looked up again later.
const SETTLED_SECONDS: i64 = 60;

/// Ties the events of people who are known by now to their contacts; each person is looked at once.
/// Killed at any moment, it may be begun again.
///
/// # Errors
/// [`PipelineError`] where the records or the events cannot be read or written.
pub async fn link_known(workspace: &Workspace) -> Result<(), PipelineError> {
    let mut last: Option<Stranger> = None;
    loop {
        let began_at = workspace.clock.now();
        let known = events::list_known(&workspace.store, last.as_ref(), PEOPLE).await?;
        if known.is_empty() {
            return Ok(());
        }
        last = known.last().cloned();
        let links = links(workspace, &known).await?;
        // From here on all that came before lies in files.
        flush(workspace).await?;
        link_files(workspace, &links).await?;
        let before = began_at.plus_seconds(-SETTLED_SECONDS);
        events::forget_strangers(&workspace.store, known, before).await?;
    }
}

/// Who they are. Whom only an address tells gets an identity, so that the next event needs none.
async fn links(workspace: &Workspace, known: &[Stranger]) -> Result<Links, PipelineError> {
    let mut by_source: BTreeMap<SourceId, Vec<Stranger>> = BTreeMap::new();
    for stranger in known {
        let of_source = by_source.entry(stranger.source.id).or_default();
        of_source.push(stranger.clone());
    }
    let anonymous = anonymous_key("");
    let mut links = Links::default();
    for (source, strangers) in by_source {
        let keys: Vec<PersonKey> = strangers.iter().map(key_of).collect();
        let matches = identities::resolve(&workspace.store, source, &keys).await?;
        let found: Vec<(Stranger, PersonMatch)> = strangers
            .into_iter()
            .zip(matches)
            .filter_map(|(stranger, found)| Some((stranger, found?)))
            .collect();
        keep_identities(workspace, source, &found).await?;
        let contacts = found.iter().map(|(_, found)| found.contact_id).collect();
        let there = events::note_contacts(&workspace.store, contacts).await?;
        let is_there = |(_, found): &(Stranger, PersonMatch)| there.contains(&found.contact_id);
        for (stranger, found) in found.into_iter().filter(is_there) {
            let name = stranger.source.name.as_str();
            match stranger.profile_key.strip_prefix(&anonymous) {
                Some(id) => links.add_anonymous(name, id, found.contact_id),
                None => links.add_user(name, &stranger.profile_key, found.contact_id),
            }
        }
    }
    Ok(links)
}

fn key_of(stranger: &Stranger) -> PersonKey {
    PersonKey {
        external_id: Some(stranger.profile_key.clone()),
        email: stranger.email.clone(),
        phone: None,
    }
}

async fn keep_identities(
    workspace: &Workspace,
    source_id: SourceId,
    found: &[(Stranger, PersonMatch)],
) -> Result<(), PipelineError> {
    let now = workspace.clock.now();
    let new = found
        .iter()
        .filter(|(_, found)| found.identity_id.is_none());
    let new = new.map(|(stranger, found)| SourceIdentity {
        id: workspace.ids.next(now),
        source_id,
        profile_key: stranger.profile_key.clone(),
        email: stranger.email.clone(),
        phone: None,
        contact_id: found.contact_id,
        rule: found.rule,
        linked_at: now,
    });
    let mut batch = ImportBatch::empty(NO_IMPORT, 0);
    batch.identities = new.collect();
    if batch.identities.is_empty() {
        return Ok(());
    }
    let settlement = Settlement {
        seqs: Vec::new(),
        source_id,
        batch,
        contacts: BTreeSet::new(),
        freed: Vec::new(),
        events: Vec::new(),
        totals: TotalsScope::none(),
        settled_at: now,
    };
    events::settle(&workspace.store, settlement).await?;
    Ok(())
}

/// Writes the files that hold events of these people anew, some files at a time.
async fn link_files(workspace: &Workspace, links: &Links) -> Result<(), PipelineError> {
    'again: loop {
        for group in groups(catalogue(&workspace.store).await?) {
            if !link_group(workspace, links, &group).await? {
                continue 'again;
            }
        }
        return Ok(());
    }
}

/// Tells whether the catalogue was still what the group was cut from.
async fn link_group(
    workspace: &Workspace,
    links: &Links,
    group: &[Segment],
) -> Result<bool, PipelineError> {
    let _turn = workspace.upkeep.turn.lock().await;
    let options = CompactOptions::default();
    let linked = workspace.lake.linked(group, links, &options).await?;
    if linked.old.is_empty() {
        return Ok(true);
    }
    exchange(workspace, linked, None).await
}
