//! Consents of contact rows: what a file says that people allow.
//!
//! A file may withdraw at any time. It may grant only where nobody has stated anything yet for that
//! purpose on that way, in general or by a way that the grant would cover, or where the latest such
//! statement came from the same source: an old export must not undo what a person has told us since.
//! Saying the same again adds nothing. Where a row speaks of all ways and of one of them, the one
//! counts for itself.
//!
//! A list of statements, as our own exports write it, tells when and where each was made. It is taken as it
//! is: what was stated since stays the latest.

use std::collections::{HashMap, HashSet};

use rapport_domain::{Channel, Consent, ConsentStatus, ContactId, Purpose, Timestamp};
use rapport_ingest::{ContactRow, ParsedRow, Statement};
use rapport_store::imports::RecordKind;

use super::{Assembled, Assembler, People};
use crate::error::PipelineError;

impl Assembler<'_> {
    /// Adds the statements that count; returns the rows that made them.
    pub(super) async fn add_consents(
        &self,
        rows: &[ParsedRow],
        people: &People,
        assembled: &mut Assembled,
    ) -> Result<HashSet<usize>, PipelineError> {
        let told: Vec<(usize, ContactId, &ContactRow)> = rows
            .iter()
            .enumerate()
            .filter_map(|(idx, row)| match row {
                ParsedRow::Contact(row) if states(row) => Some((idx, people.contact_of(idx)?, row)),
                _ => None,
            })
            .collect();
        let mut known = self.known_consents(&told).await?;
        let (mut counting, mut made) = (HashSet::new(), HashSet::new());
        for (idx, contact_id, row) in told {
            let known = known.entry(contact_id).or_default();
            let now = self.workspace.clock.now();
            for statement in self.statements(row, now) {
                let consent = Consent {
                    id: self.workspace.ids.next(now),
                    contact_id,
                    purpose: statement.purpose,
                    channel: statement.channel,
                    status: statement.status,
                    source: statement.source,
                    stated_at: statement.stated_at,
                };
                if Self::is_news(row, &consent, known) {
                    counting.insert(idx);
                    let (column, status) = (column_of(&consent), consent.status);
                    assembled.outcomes.tell(row.line, column, name_of(status));
                    known.push(consent.clone());
                    made.insert(consent.id);
                    assembled.batch.consents.push(consent);
                } else if let Some(same) = latest(&consent, known)
                    && same.status == consent.status
                    && !made.contains(&same.id)
                {
                    assembled.see(RecordKind::Consents, [same.id]);
                }
            }
        }
        Ok(counting)
    }

    /// What a row states: its list, else what its columns say, the general first.
    fn statements(&self, row: &ContactRow, now: Timestamp) -> Vec<Statement> {
        if !row.consents.is_empty() {
            let told = row.consents.iter().cloned();
            let until_now = told.map(|it| Statement {
                stated_at: it.stated_at.min(now),
                ..it
            });
            return until_now.collect();
        }
        let of_columns = columns(row).enumerate();
        let of_columns = of_columns.map(|(nth, (channel, status))| Statement {
            purpose: Purpose::Marketing,
            channel,
            status,
            source: self.source_name.clone(),
            // The latest statement counts: that on one way comes after the general one.
            stated_at: Timestamp::from_micros(now.as_micros() + nth as i64),
        });
        of_columns.collect()
    }

    /// Whether a statement of a row is to be kept. One with a time of its own is unless it is known.
    fn is_news(row: &ContactRow, told: &Consent, known: &[Consent]) -> bool {
        if row.consents.is_empty() {
            return counts(told, known);
        }
        let about = |it: &Consent| (it.purpose, it.channel, it.status, it.stated_at);
        !known.iter().any(|it| about(it) == about(told))
    }

    async fn known_consents(
        &self,
        told: &[(usize, ContactId, &ContactRow)],
    ) -> Result<HashMap<ContactId, Vec<Consent>>, PipelineError> {
        let ids: HashSet<ContactId> = told.iter().map(|(_, id, _)| *id).collect();
        let ids: Vec<ContactId> = ids.into_iter().collect();
        let mut known: HashMap<ContactId, Vec<Consent>> = HashMap::new();
        for consent in self.records.consents(&ids).await? {
            known.entry(consent.contact_id).or_default().push(consent);
        }
        Ok(known)
    }
}

/// What a change of a consent is called.
const fn column_of(consent: &Consent) -> &'static str {
    match (consent.purpose, consent.channel) {
        (Purpose::Service, _) => "consent.service",
        (Purpose::Profiling, _) => "consent.profiling",
        (Purpose::Marketing, Some(Channel::Email)) => "consent.email",
        (Purpose::Marketing, Some(Channel::Sms)) => "consent.sms",
        (Purpose::Marketing, _) => "consent.marketing",
    }
}

const fn name_of(status: ConsentStatus) -> &'static str {
    match status {
        ConsentStatus::Granted => "granted",
        ConsentStatus::Withdrawn => "withdrawn",
    }
}

/// Whether a row states anything.
fn states(row: &ContactRow) -> bool {
    !row.consents.is_empty() || columns(row).next().is_some()
}

/// What the columns of a row state, the general first.
fn columns(row: &ContactRow) -> impl Iterator<Item = (Option<Channel>, ConsentStatus)> {
    let told = [
        (None, row.consent_marketing),
        (Some(Channel::Email), row.consent_email),
        (Some(Channel::Sms), row.consent_sms),
    ];
    told.into_iter().filter_map(|(channel, agrees)| {
        let status = if agrees? {
            ConsentStatus::Granted
        } else {
            ConsentStatus::Withdrawn
        };
        Some((channel, status))
    })
}

/// The latest that is known of what a statement is about.
fn latest<'k>(told: &Consent, known: &'k [Consent]) -> Option<&'k Consent> {
    let of_same = known.iter().filter(|it| it.purpose == told.purpose);
    of_same
        .filter(|it| it.channel == told.channel)
        .max_by_key(|it| it.stated_at)
}

/// Whether a file's statement counts beside those that are known.
fn counts(told: &Consent, known: &[Consent]) -> bool {
    let of_purpose = || known.iter().filter(|it| it.purpose == told.purpose);
    let overlaps = |it: &&Consent| {
        it.channel.is_none() || told.channel.is_none() || it.channel == told.channel
    };
    if let Some(latest) = latest(told, known).filter(|latest| latest.status == told.status) {
        // A withdrawal that a part of what it is about was granted since is said anew.
        let is_granted_since = of_purpose()
            .filter(overlaps)
            .any(|it| it.status == ConsentStatus::Granted && it.stated_at > latest.stated_at);
        return told.status == ConsentStatus::Withdrawn && is_granted_since;
    }
    told.status == ConsentStatus::Withdrawn
        || of_purpose()
            .filter(overlaps)
            .max_by_key(|it| it.stated_at)
            .is_none_or(|latest| latest.source == told.source)
}

#[cfg(test)]
mod tests {
    use rapport_domain::ConsentId;
    use uuid::Uuid;

    use super::*;

    fn consent(source: &str, channel: Option<Channel>, agrees: bool, at: i64) -> Consent {
        Consent {
            id: ConsentId(Uuid::nil()),
            contact_id: ContactId(Uuid::nil()),
            purpose: Purpose::Marketing,
            channel,
            status: if agrees {
                ConsentStatus::Granted
            } else {
                ConsentStatus::Withdrawn
            },
            source: source.to_owned(),
            stated_at: Timestamp::from_millis(at),
        }
    }

    #[test]
    fn a_file_grants_only_what_nobody_else_has_spoken_of() {
        let email = Some(Channel::Email);
        let grant = consent("shop", email, true, 9);

        assert!(counts(&grant, &[]));
        assert!(counts(&grant, &[consent("shop", email, false, 1)]));
        assert!(!counts(&grant, &[consent("form", email, false, 1)]));
        assert!(!counts(&grant, &[consent("form", None, false, 1)]));
        assert!(counts(
            &grant,
            &[consent("form", Some(Channel::Sms), false, 1)]
        ));
        let general = consent("shop", None, true, 9);
        assert!(!counts(&general, &[consent("form", email, false, 1)]));
    }

    #[test]
    fn a_file_withdraws_at_any_time_and_says_nothing_twice() {
        let withdrawal = consent("shop", None, false, 9);

        assert!(counts(&withdrawal, &[consent("form", None, true, 1)]));
        assert!(!counts(&withdrawal, &[consent("form", None, false, 1)]));
        let on_one_way = consent("form", Some(Channel::Email), true, 2);
        assert!(counts(
            &withdrawal,
            &[consent("shop", None, false, 1), on_one_way]
        ));
        let granted = [consent("shop", None, true, 1)];
        assert!(!counts(&consent("shop", None, true, 9), &granted));
    }
}
