//! Contacts: new ones from whatever row met them first, known ones completed by every row that
//! tells something that they lack.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use rapport_domain::{Contact, ContactId, ObjectKind};
use rapport_ingest::value::name;
use rapport_ingest::{ContactRow, Field, ParsedRow, PersonKeys};

use super::policy::Policy;
use super::{Assembled, Assembler, People};
use crate::error::PipelineError;

/// The longest name of a contact, in characters.
const NAME_CHARS_MAX: usize = 200;

impl Assembler<'_> {
    /// Writes down what rows tell of people. Rows in `is_said` have told something already.
    pub(super) async fn add_contacts(
        &mut self,
        rows: &[ParsedRow],
        people: &People,
        mut is_said: HashSet<usize>,
        assembled: &mut Assembled,
    ) -> Result<(), PipelineError> {
        let mut new: HashMap<ContactId, Contact> = people
            .created_by_row
            .iter()
            .map(|(&idx, &id)| (id, self.new_contact(id, &rows[idx])))
            .collect();
        let mut known = self.known_contacts(rows, people, &new).await?;
        let mut changed: HashSet<ContactId> = HashSet::new();
        let mut untouched = Vec::new();
        for (idx, row) in rows.iter().enumerate() {
            let Some(id) = people.contact_of(idx) else {
                continue;
            };
            let is_own = matches!(row, ParsedRow::Contact(_));
            let is_new = new.contains_key(&id);
            let Some(contact) = new.get_mut(&id).or_else(|| known.get_mut(&id)) else {
                continue;
            };
            if people.created_by_row.contains_key(&idx) {
                self.complete(contact, row);
                let custom = &mut contact.custom;
                self.custom.add_defaults(ObjectKind::Contact, custom);
                if is_own {
                    let name = contact.name.as_str();
                    assembled.outcomes.create(row.line(), Some(id.into()), name);
                }
                continue;
            }
            let before = contact.clone();
            self.complete(contact, row);
            if *contact == before {
                untouched.extend(is_own.then_some(idx));
            } else if !is_new {
                contact.updated_at = self.workspace.clock.now();
                changed.insert(id);
            }
            if is_own {
                let named = (id, contact.name.as_str());
                assembled
                    .outcomes
                    .change(row.line(), named, &before, contact);
            }
        }
        for &idx in &is_said {
            if let ParsedRow::Contact(row) = &rows[idx] {
                let merged = row.merged_ids.join(";");
                assembled.outcomes.tell(row.line, "merged_ids", merged);
            }
        }
        assembled.batch.contacts = by_id(new.into_values().collect());
        known.retain(|id, _| changed.contains(id));
        assembled.batch.changed_contacts = by_id(known.into_values().collect());
        is_said.extend(self.add_consents(rows, people, assembled).await?);
        is_said.extend(self.add_notes(rows, people, assembled).await?);
        let unchanged = untouched.iter().filter(|idx| !is_said.contains(idx));
        assembled.n_unchanged += unchanged.count() as u64;
        Ok(())
    }

    /// The stored contacts that rows may complete.
    async fn known_contacts(
        &mut self,
        rows: &[ParsedRow],
        people: &People,
        new: &HashMap<ContactId, Contact>,
    ) -> Result<HashMap<ContactId, Contact>, PipelineError> {
        let mut ids: HashSet<ContactId> = HashSet::new();
        for (idx, row) in rows.iter().enumerate() {
            if let Some(id) = people.contact_of(idx)
                && !new.contains_key(&id)
                && self.may_tell_more(id, row)
            {
                ids.insert(id);
            }
        }
        let ids: Vec<ContactId> = ids.into_iter().collect();
        let found = self.records.contacts(&ids).await?;
        Ok(found.into_iter().map(|found| (found.id, found)).collect())
    }

    /// Whether a row may tell something that its contact lacks. What a row about something else
    /// told once in a run is not looked at again.
    fn may_tell_more(&mut self, id: ContactId, row: &ParsedRow) -> bool {
        if matches!(row, ParsedRow::Contact(_)) {
            return true;
        }
        let Some(person) = row.person() else {
            return false;
        };
        if person.email.is_none() && person.phone.is_none() && person.name.is_none() {
            return false;
        }
        let mut hasher = DefaultHasher::new();
        let email = person.email.as_ref().map(ToString::to_string);
        let phone = person.phone.as_ref().map(ToString::to_string);
        (id, email, phone, &person.name).hash(&mut hasher);
        let digest = hasher.finish();
        let is_new = !self.told.contains(&digest);
        if is_new {
            self.told.insert(digest, ());
        }
        is_new
    }

    fn new_contact(&self, id: ContactId, row: &ParsedRow) -> Contact {
        let now = self.workspace.clock.now();
        let name = row.person().map(display_name);
        let mut contact = Contact::named(id, name.unwrap_or_else(|| "#".to_owned()), now);
        if let ParsedRow::Contact(row) = row {
            // Nobody was known before today because of a typing error.
            contact.created_at = row.created_at.map_or(now, |at| at.min(now));
        }
        contact
    }

    /// Fills what is empty. What is there stays, since a person may have typed it, unless the mapping
    /// lets the row replace it.
    fn complete(&self, contact: &mut Contact, row: &ParsedRow) {
        if let Some(person) = row.person() {
            self.policy.put_person(contact, person);
        }
        match row {
            ParsedRow::Contact(row) => self.complete_by_own_row(contact, row),
            ParsedRow::OrderLine(line) => fill(&mut contact.address.country, &line.country),
            _ => {}
        }
    }

    fn complete_by_own_row(&self, contact: &mut Contact, row: &ContactRow) {
        let policy = &self.policy;
        policy.put(Field::Title, &mut contact.title, &row.title);
        let company = self.company_of(&row.company);
        policy.put(Field::Company, &mut contact.company_id, &company);
        let owner = self.owner(row.owner.as_deref());
        policy.put(Field::Owner, &mut contact.owner_id, &owner);
        policy.put(Field::Language, &mut contact.language, &row.language);
        policy.put_address(&mut contact.address, &row.address);
        policy.put_tags(&mut contact.tags, &row.tags);
        self.custom.put(&mut contact.custom, row.line);
    }
}

impl Policy {
    fn put_person(&self, contact: &mut Contact, person: &PersonKeys) {
        if is_stand_in(contact) && (person.name.is_some() || person.last_name.is_some()) {
            contact.name = display_name(person);
        }
        // Half of one name and half of another would be nobody's.
        if contact.first_name.is_none() && contact.last_name.is_none() {
            contact.first_name.clone_from(&person.first_name);
            contact.last_name.clone_from(&person.last_name);
        }
        self.rename(contact, person);
        self.put(Field::Email, &mut contact.email, &person.email);
        self.put(Field::Phone, &mut contact.phone, &person.phone);
    }

    /// Replaces the name: as a whole where the file has it as a whole, else by its parts.
    fn rename(&self, contact: &mut Contact, person: &PersonKeys) {
        if self.replaces(Field::Name) && person.name.is_some() {
            contact.name = display_name(person);
            contact.first_name.clone_from(&person.first_name);
            contact.last_name.clone_from(&person.last_name);
            return;
        }
        let before = (contact.first_name.clone(), contact.last_name.clone());
        if self.replaces(Field::FirstName) && person.first_name.is_some() {
            contact.first_name.clone_from(&person.first_name);
        }
        if self.replaces(Field::LastName) && person.last_name.is_some() {
            contact.last_name.clone_from(&person.last_name);
        }
        let (first, last) = (contact.first_name.as_deref(), contact.last_name.as_deref());
        if (first, last) != (before.0.as_deref(), before.1.as_deref())
            && let Some(name) = name::join(first, last)
        {
            contact.name = name.chars().take(NAME_CHARS_MAX).collect();
        }
    }
}

fn by_id(mut contacts: Vec<Contact>) -> Vec<Contact> {
    contacts.sort_by_key(|contact| contact.id);
    contacts
}

/// The person's name, or the best that stands in for it.
pub(super) fn display_name(person: &PersonKeys) -> String {
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
        .take(NAME_CHARS_MAX)
        .collect()
}

/// Whether the name only stands in for one that is not known.
fn is_stand_in(contact: &Contact) -> bool {
    let name = contact.name.as_str();
    let is_email = contact.email.as_ref().is_some_and(|it| it.as_str() == name);
    let is_phone = contact.phone.as_ref().is_some_and(|it| it.as_str() == name);
    contact.first_name.is_none() && (name.starts_with('#') || is_email || is_phone)
}

fn fill<T: Clone>(place: &mut Option<T>, value: &Option<T>) {
    if place.is_none() {
        place.clone_from(value);
    }
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
