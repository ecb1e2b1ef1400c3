//! Contacts: new ones from whatever row met them first, known ones completed by contact rows.

use std::collections::HashMap;

use rapport_domain::{Address, Contact, ContactId};
use rapport_ingest::{ContactRow, ParsedRow, PersonKeys};
use rapport_store::contacts;

use super::{Assembled, Assembler, People};
use crate::error::PipelineError;

impl Assembler<'_> {
    pub(super) async fn add_contacts(
        &mut self,
        rows: &[ParsedRow],
        people: &People,
        assembled: &mut Assembled,
    ) -> Result<(), PipelineError> {
        let mut new: HashMap<ContactId, Contact> = HashMap::new();
        for (&idx, &contact_id) in &people.created_by_row {
            if let Some(person) = rows[idx].person() {
                new.insert(contact_id, self.new_contact(contact_id, person, &rows[idx]));
            }
        }
        let mut known = self.known_contacts(rows, people, &new).await?;
        let mut is_changed: HashMap<ContactId, bool> = HashMap::new();
        for (idx, row) in rows.iter().enumerate() {
            let (ParsedRow::Contact(row), Some(tie)) = (row, people.row_ties[idx]) else {
                continue;
            };
            let company_id = self.company_of(row);
            if let Some(contact) = new.get_mut(&tie.contact_id) {
                complete(contact, row, company_id);
            } else if let Some(contact) = known.get_mut(&tie.contact_id) {
                let before = contact.clone();
                complete(contact, row, company_id);
                if *contact == before {
                    assembled.n_unchanged += 1;
                } else {
                    contact.updated_at = self.workspace.clock.now();
                    is_changed.insert(tie.contact_id, true);
                }
            }
        }
        let mut created: Vec<Contact> = new.into_values().collect();
        created.sort_by_key(|contact| contact.id);
        assembled.batch.contacts = created;
        let mut changed: Vec<Contact> = known
            .into_values()
            .filter(|contact| is_changed.contains_key(&contact.id))
            .collect();
        changed.sort_by_key(|contact| contact.id);
        assembled.batch.changed_contacts = changed;
        Ok(())
    }

    /// The contacts that contact rows may complete.
    async fn known_contacts(
        &self,
        rows: &[ParsedRow],
        people: &People,
        new: &HashMap<ContactId, Contact>,
    ) -> Result<HashMap<ContactId, Contact>, PipelineError> {
        let mut ids: Vec<ContactId> = rows
            .iter()
            .zip(&people.row_ties)
            .filter(|(row, _)| matches!(row, ParsedRow::Contact(_)))
            .filter_map(|(_, tie)| tie.map(|tie| tie.contact_id))
            .filter(|id| !new.contains_key(id))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let mut known = HashMap::new();
        for chunk in ids.chunks(1000) {
            for contact in contacts::find_many(&self.workspace.store, chunk).await? {
                known.insert(contact.id, contact);
            }
        }
        Ok(known)
    }

    fn new_contact(&self, id: ContactId, person: &PersonKeys, row: &ParsedRow) -> Contact {
        let mut contact = Contact::named(id, display_name(person), self.workspace.clock.now());
        contact.first_name.clone_from(&person.first_name);
        contact.last_name.clone_from(&person.last_name);
        contact.email.clone_from(&person.email);
        contact.phone.clone_from(&person.phone);
        if let ParsedRow::OrderLine(line) = row {
            contact.address.country.clone_from(&line.country);
        }
        contact
    }
}

/// The person's name, or the best that stands in for it.
fn display_name(person: &PersonKeys) -> String {
    let parts: Vec<&str> = [&person.first_name, &person.last_name]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let joined = parts.join(" ");
    let mut candidates = [
        person.name.clone(),
        Some(joined).filter(|name| !name.is_empty()),
        person.email.as_ref().map(ToString::to_string),
        person.phone.as_ref().map(ToString::to_string),
        person.external_id.as_ref().map(|id| format!("#{id}")),
    ]
    .into_iter()
    .flatten();
    candidates
        .next()
        .unwrap_or_else(|| "#".to_owned())
        .chars()
        .take(200)
        .collect()
}

/// Fills what is empty; what is there stays, since a person may have typed it.
fn complete(
    contact: &mut Contact,
    row: &ContactRow,
    company_id: Option<rapport_domain::CompanyId>,
) {
    let is_stand_in = contact.first_name.is_none()
        && (contact.name.starts_with('#')
            || contact
                .email
                .as_ref()
                .is_some_and(|email| email.as_str() == contact.name)
            || contact
                .phone
                .as_ref()
                .is_some_and(|phone| phone.as_str() == contact.name));
    if is_stand_in && (row.person.name.is_some() || row.person.last_name.is_some()) {
        contact.name = display_name(&row.person);
    }
    fill(&mut contact.first_name, &row.person.first_name);
    fill(&mut contact.last_name, &row.person.last_name);
    fill(&mut contact.email, &row.person.email);
    fill(&mut contact.phone, &row.person.phone);
    fill(&mut contact.title, &row.title);
    fill(&mut contact.company_id, &company_id);
    fill(&mut contact.language, &row.language);
    fill_address(&mut contact.address, &row.address);
    for tag in &row.tags {
        if !contact.tags.contains(tag) && contact.tags.len() < 100 {
            contact.tags.push(tag.clone());
        }
    }
}

pub(super) fn fill<T: Clone>(place: &mut Option<T>, value: &Option<T>) {
    if place.is_none() {
        place.clone_from(value);
    }
}

fn fill_address(address: &mut Address, from: &Address) {
    fill(&mut address.street, &from.street);
    fill(&mut address.city, &from.city);
    fill(&mut address.region, &from.region);
    fill(&mut address.postal_code, &from.postal_code);
    fill(&mut address.country, &from.country);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_where_there_is_one_and_the_key_where_there_is_none() {
        let mut person = PersonKeys {
            external_id: Some("17850".into()),
            ..PersonKeys::default()
        };
        assert_eq!(display_name(&person), "#17850");

        person.email = "ada@example.com".parse().ok();
        assert_eq!(display_name(&person), "ada@example.com");

        person.first_name = Some("Ada".into());
        person.last_name = Some("King".into());
        assert_eq!(display_name(&person), "Ada King");
    }
}
