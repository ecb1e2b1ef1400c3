//! Merges of the past: keys of people whom a source had merged into another before the file was written.
//! Each becomes a further identity of the contact, so that whatever refers to it finds the contact, and
//! the merge shows, and can be undone, like one of our own.

use std::collections::HashSet;

use rapport_domain::{MatchRule, SourceIdentity};
use rapport_ingest::ParsedRow;
use rapport_store::identities::{self, PersonKey};

use super::{Assembler, People};
use crate::error::PipelineError;
use crate::imports::people::Tie;

impl Assembler<'_> {
    /// Adds the identities that rows tell as merged and that are not known; tells which rows do. One that
    /// is known as somebody else stays theirs.
    pub(super) async fn add_lineage(
        &mut self,
        rows: &[ParsedRow],
        people: &mut People,
    ) -> Result<HashSet<usize>, PipelineError> {
        let told = rows.iter().enumerate().filter_map(|(idx, row)| match row {
            ParsedRow::Contact(row) => Some((idx, people.row_ties[idx]?, &row.merged_ids)),
            _ => None,
        });
        let told = told.flat_map(|(idx, tie, ids)| ids.iter().map(move |id| (idx, tie, id)));
        let told: Vec<(usize, Tie, &String)> = told.collect();
        let keys = told.iter().map(|(_, _, id)| PersonKey {
            external_id: Some((*id).clone()),
            ..PersonKey::default()
        });
        let keys: Vec<PersonKey> = keys.collect();
        let known = identities::resolve(&self.workspace.store, self.source_id, &keys).await?;
        let mut told_by = HashSet::new();
        for ((idx, tie, id), known) in told.into_iter().zip(known) {
            if known.is_some() || self.ties.contains(id) {
                continue;
            }
            let now = self.workspace.clock.now();
            let identity = SourceIdentity {
                id: self.workspace.ids.next(now),
                source_id: self.source_id,
                profile_key: id.clone(),
                email: None,
                phone: None,
                contact_id: tie.contact_id,
                rule: MatchRule::MergedAtSource,
                linked_at: now,
            };
            let tie = Tie {
                identity_id: identity.id,
                contact_id: tie.contact_id,
                has_email: false,
                has_phone: false,
            };
            self.ties.insert(id.clone(), tie);
            people.resolution.new_identities.push(identity);
            told_by.insert(idx);
        }
        Ok(told_by)
    }
}
