//! What tasks and notes are about: a ticket or a deal by its key at the source, else the person, else the
//! company. Where a row names several, the most particular one has it: the deal shows it, and its people
//! find it there.

use std::collections::HashSet;

use rapport_domain::{DealId, RejectReason, RejectedRow, Subject, TicketId};
use rapport_ingest::{AboutKeys, CompanyKeys, Field, ParsedRow};

use super::companies::ChunkCompanies;
use super::left_out::unknown;
use super::refusal::Refusal;
use super::{Assembler, People};
use crate::error::PipelineError;

/// The deals, tickets and companies that rows of a chunk name and that are here.
#[derive(Debug, Default)]
pub(super) struct KnownSubjects {
    deals: HashSet<DealId>,
    tickets: HashSet<TicketId>,
    companies: ChunkCompanies,
}

impl Assembler<'_> {
    /// Looks up what tasks and notes name by keys that nothing is made for.
    pub(super) async fn look_up_subjects(
        &self,
        rows: &[ParsedRow],
    ) -> Result<KnownSubjects, PipelineError> {
        let abouts: Vec<&AboutKeys> = rows.iter().filter_map(ParsedRow::about).collect();
        if abouts.is_empty() {
            return Ok(KnownSubjects::default());
        }
        let deals = abouts.iter().flat_map(|it| [&it.deal, &it.related]);
        let deals: HashSet<DealId> = deals.flatten().map(|key| self.deal_of_key(key)).collect();
        let deals: Vec<DealId> = deals.into_iter().collect();
        let tickets = abouts.iter().flat_map(|it| [&it.ticket, &it.related]);
        let tickets = tickets.flatten().map(|key| self.ticket_of_key(key));
        let tickets: HashSet<TicketId> = tickets.collect();
        let tickets: Vec<TicketId> = tickets.into_iter().collect();
        let related = abouts.iter().filter_map(|it| it.related.clone());
        let companies: Vec<CompanyKeys> = related.map(company_of_key).collect();
        let deals = self.records.deals(&deals).await?;
        let tickets = self.records.tickets(&tickets).await?;
        Ok(KnownSubjects {
            deals: deals.into_iter().map(|it| it.id).collect(),
            tickets: tickets.into_iter().map(|it| it.id).collect(),
            companies: ChunkCompanies::look_up(&self.records, &companies).await?,
        })
    }

    /// What a row is about.
    pub(super) fn subject_of(
        &self,
        idx: usize,
        about: &AboutKeys,
        people: &People,
        known: &KnownSubjects,
    ) -> Option<Subject> {
        let contact = people.contact_of(idx).map(Subject::Contact);
        let company = || self.company_of(&about.company).map(Subject::Company);
        self.named_subject(about, known)
            .or(contact)
            .or_else(company)
    }

    /// The ticket, deal or company that a row names by a key alone.
    fn named_subject(&self, about: &AboutKeys, known: &KnownSubjects) -> Option<Subject> {
        let ticket = |key: &Option<String>| {
            let id = self.ticket_of_key(key.as_ref()?);
            known.tickets.contains(&id).then_some(Subject::Ticket(id))
        };
        let deal = |key: &Option<String>| {
            let id = self.deal_of_key(key.as_ref()?);
            known.deals.contains(&id).then_some(Subject::Deal(id))
        };
        let company = |key: &Option<String>| {
            let found = known.companies.find(&company_of_key(key.clone()?));
            found.map(Subject::Company)
        };
        let named = ticket(&about.ticket).or_else(|| deal(&about.deal));
        let related = &about.related;
        named
            .or_else(|| ticket(related))
            .or_else(|| deal(related))
            .or_else(|| company(related))
    }

    /// The keys by which a row names a deal, a ticket or something else that is not here.
    pub(super) fn unknown_subjects(
        &self,
        about: &AboutKeys,
        known: &KnownSubjects,
    ) -> impl Iterator<Item = (Field, String)> + use<> {
        let is_deal = |key: &str| known.deals.contains(&self.deal_of_key(key));
        let is_ticket = |key: &str| known.tickets.contains(&self.ticket_of_key(key));
        let is_anything = |key: &str| {
            let company = company_of_key(key.to_owned());
            is_deal(key) || is_ticket(key) || known.companies.find(&company).is_some()
        };
        let unknown = [
            unknown(Field::DealExternalId, about.deal.as_ref(), is_deal),
            unknown(Field::TicketExternalId, about.ticket.as_ref(), is_ticket),
            unknown(Field::RelatedId, about.related.as_ref(), is_anything),
        ];
        unknown.into_iter().flatten()
    }

    /// Parts notes that are about something from those that would hang on nothing.
    pub(super) async fn admit_notes(
        &self,
        rows: Vec<ParsedRow>,
    ) -> Result<(Vec<ParsedRow>, Vec<RejectedRow>), PipelineError> {
        if !rows.iter().any(|row| matches!(row, ParsedRow::Note(_))) {
            return Ok((rows, Vec::new()));
        }
        let known = self.look_up_subjects(&rows).await?;
        let (mut admitted, mut refused) = (Vec::with_capacity(rows.len()), Vec::new());
        for row in rows {
            let has_subject = match &row {
                ParsedRow::Note(note) => {
                    !note.about.person.is_anonymous()
                        || !note.about.company.is_empty()
                        || self.named_subject(&note.about, &known).is_some()
                }
                _ => true,
            };
            if has_subject {
                admitted.push(row);
            } else {
                refused.push(self.reject(&row, without_subject(&row)));
            }
        }
        Ok((admitted, refused))
    }
}

fn company_of_key(key: String) -> CompanyKeys {
    CompanyKeys {
        external_id: Some(key),
        ..CompanyKeys::default()
    }
}

fn without_subject(row: &ParsedRow) -> Refusal {
    let about = row.about();
    let named = about.and_then(|it| {
        let deal = it.deal.clone().map(|key| (Field::DealExternalId, key));
        let ticket = it.ticket.clone().map(|key| (Field::TicketExternalId, key));
        let related = it.related.clone().map(|key| (Field::RelatedId, key));
        deal.or(ticket).or(related)
    });
    let (field, value) = named.unzip();
    let message = match &value {
        Some(key) => format!(
            "nothing that this source calls {key:?} is here; import deals, tickets and companies first, \
             under the same source"
        ),
        None => {
            "the note names nobody and nothing that it is about; name a contact, a company, a deal \
                 or a ticket"
                .to_owned()
        }
    };
    Refusal {
        reason: RejectReason::UnknownReference,
        field,
        value,
        message,
    }
}
