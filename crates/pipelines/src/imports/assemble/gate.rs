//! Which rows may go on: those whose record must be new or known as the import's mode has it, whose
//! references are here, and who take nothing that is another record's. All others are rejected before
//! anything is made of them.

use std::collections::{HashMap, HashSet};

use rapport_domain::{CompanyId, ContactId, RejectReason, RejectedRow};
use rapport_ingest::{Field, ImportMode, ParsedRow};
use rapport_store::companies;
use rapport_store::identities::PersonKey;

use super::Assembler;
use super::companies::ChunkCompanies;
use super::contacts::display_name;
use super::refusal::{
    About, Named, Refusal, clash, exists_already, no_such_record, unknown_reference,
};
use crate::error::PipelineError;
use crate::imports::people;

impl Assembler<'_> {
    /// Parts the rows that may go on from those that may not.
    pub(super) async fn admit(
        &self,
        rows: Vec<ParsedRow>,
    ) -> Result<(Vec<ParsedRow>, Vec<RejectedRow>), PipelineError> {
        let (rows, mut refused) = self.admit_placed(rows);
        let (rows, without_subject) = self.admit_notes(rows).await?;
        refused.extend(without_subject);
        let replaces_keys = [Field::Email, Field::Phone]
            .iter()
            .any(|&field| self.policy.replaces(field));
        if self.policy.mode == ImportMode::Both && !replaces_keys && !self.custom.has_unique() {
            return Ok((rows, refused));
        }
        let about = self.what_rows_are_about(&rows).await?;
        let clashes = self.custom_clashes(&rows, &about).await?;
        let mut made: HashMap<String, u64> = HashMap::new();
        let mut admitted = Vec::new();
        for ((row, about), clash) in rows.into_iter().zip(about).zip(clashes) {
            let refusal = self.refusal(&about, &made);
            match refusal.map(|it| self.reject(&row, it)).or(clash) {
                Some(rejected) => refused.push(rejected),
                None => {
                    made.entry(about.key).or_insert(row.line());
                    admitted.push(row);
                }
            }
        }
        Ok((admitted, refused))
    }

    /// Parts deals whose stage is known from those that have no place.
    fn admit_placed(&self, rows: Vec<ParsedRow>) -> (Vec<ParsedRow>, Vec<RejectedRow>) {
        let (mut placed, mut refused) = (Vec::with_capacity(rows.len()), Vec::new());
        for row in rows {
            let place = match &row {
                ParsedRow::Deal(deal) => {
                    self.place_deal(deal).map(|_| ()).map_err(|why| (why, deal))
                }
                _ => Ok(()),
            };
            let refusal = place.err().map(|(message, deal)| Refusal {
                reason: RejectReason::UnknownReference,
                field: Some(Field::Stage),
                value: deal.stage.clone(),
                message,
            });
            match refusal {
                Some(refusal) => refused.push(self.reject(&row, refusal)),
                None => placed.push(row),
            }
        }
        (placed, refused)
    }

    fn refusal(&self, about: &About, made: &HashMap<String, u64>) -> Option<Refusal> {
        let by_mode = match self.policy.mode {
            ImportMode::Create => exists_already(about, made),
            ImportMode::Update => no_such_record(about).or_else(|| unknown_reference(about)),
            ImportMode::Both => None,
        };
        by_mode.or_else(|| clash(about))
    }

    pub(super) fn reject(&self, row: &ParsedRow, refusal: Refusal) -> RejectedRow {
        let column = refusal.field.and_then(|field| self.policy.column_of(field));
        RejectedRow {
            line: row.line(),
            column: column.cloned(),
            value: refusal.value,
            reason: refusal.reason,
            message: refusal.message,
            cells: row.cells().to_vec(),
        }
    }

    /// What each row is about; a chunk has rows of one kind.
    async fn what_rows_are_about(&self, rows: &[ParsedRow]) -> Result<Vec<About>, PipelineError> {
        let found = match rows.first() {
            Some(ParsedRow::Contact(_)) => self.about_contacts(rows).await?,
            Some(ParsedRow::Company(_)) => self.about_companies(rows).await?,
            Some(ParsedRow::Product(_)) => self.about_products(rows).await?,
            Some(ParsedRow::Ticket(_)) => self.about_tickets(rows).await?,
            Some(ParsedRow::Campaign(_)) => self.about_campaigns(rows).await?,
            Some(ParsedRow::Deal(_)) => self.about_deals(rows).await?,
            Some(ParsedRow::Task(_)) => self.about_tasks(rows).await?,
            Some(ParsedRow::Event(_)) => self.about_customers(rows).await?,
            // The mapping of order lines and notes knows no mode.
            Some(ParsedRow::OrderLine(_) | ParsedRow::Note(_)) | None => Vec::new(),
        };
        debug_assert_eq!(found.len(), rows.len(), "every row is about something");
        Ok(found)
    }

    async fn about_contacts(&self, rows: &[ParsedRow]) -> Result<Vec<About>, PipelineError> {
        let people = self.people_of(rows).await?;
        let employers = self.look_up_companies(rows).await?;
        let taken = self.taken_keys(rows, &people).await?;
        let ids = people.iter().flatten().filter(|person| !person.is_new);
        let ids: HashSet<ContactId> = ids.map(|person| person.id).collect();
        let names = self.names_of(ids).await?;
        let abouts = rows.iter().zip(people).zip(taken).enumerate();
        let abouts = abouts.map(|(idx, ((row, person), taken))| {
            let known = person.filter(|person| !person.is_new);
            let unknown = unknown_company(&employers, row);
            About {
                object: "contact",
                key: person.map_or_else(|| format!("row {idx}"), |person| person.id.to_string()),
                label: row.person().map(display_name).unwrap_or_default(),
                known: known.map(|person| named(person.id, &names)),
                missing: unknown.or_else(|| self.unknown_owner(row)),
                taken: taken.map(|(field, value, id)| (field, value, named(id, &names))),
            }
        });
        let mut abouts: Vec<About> = abouts.collect();
        self.name_takers(&mut abouts).await?;
        Ok(abouts)
    }

    /// The people of rows that are no records of their own.
    async fn about_customers(&self, rows: &[ParsedRow]) -> Result<Vec<About>, PipelineError> {
        let people = self.people_of(rows).await?;
        let ids = people.iter().flatten().filter(|person| !person.is_new);
        let names = self.names_of(ids.map(|person| person.id).collect()).await?;
        let abouts = rows
            .iter()
            .zip(people)
            .enumerate()
            .map(|(idx, (row, person))| {
                let known = person.filter(|person| !person.is_new);
                let key = format!("row {idx}");
                let label = row.person().map(display_name).unwrap_or_default();
                About::of("contact", key, label, known.map(|it| named(it.id, &names)))
            });
        Ok(abouts.collect())
    }

    /// Whom rows are about, as the import would tie them, without making anybody.
    async fn people_of(&self, rows: &[ParsedRow]) -> Result<Vec<Option<Person>>, PipelineError> {
        let keys: Vec<Option<PersonKey>> = rows.iter().map(people::key_of).collect();
        let open: Vec<PersonKey> = keys.iter().flatten().cloned().collect();
        let matches = self.records.resolve(&open).await?;
        let resolution = people::resolve(&open, &matches, self.origin());
        let person = |key: &Option<PersonKey>| {
            let id = resolution
                .ties
                .get(&key.as_ref()?.profile_key()?)?
                .contact_id;
            let is_new = resolution.new_contacts.contains(&id);
            Some(Person { id, is_new })
        };
        Ok(keys.iter().map(person).collect())
    }

    /// The e-mail address or phone number of each row that would replace a contact's and is another
    /// contact's, stored or of an earlier row.
    async fn taken_keys(
        &self,
        rows: &[ParsedRow],
        people: &[Option<Person>],
    ) -> Result<Vec<Option<Taken>>, PipelineError> {
        let mut taken: Vec<Option<Taken>> = vec![None; rows.len()];
        for field in [Field::Email, Field::Phone] {
            if !self.policy.replaces(field) {
                continue;
            }
            let keys: Vec<Option<PersonKey>> = rows.iter().map(|row| key_by(field, row)).collect();
            let asked: Vec<PersonKey> = keys.iter().flatten().cloned().collect();
            let found = self.records.resolve(&asked).await?;
            let holders = asked.iter().zip(found);
            let holders = holders.filter_map(|(key, found)| Some((key.clone(), found?.contact_id)));
            let mut holders: HashMap<PersonKey, ContactId> = holders.collect();
            for ((key, person), taken) in keys.into_iter().zip(people).zip(&mut taken) {
                let (Some(key), Some(person)) = (key, person) else {
                    continue;
                };
                let value = key.profile_key().unwrap_or_default();
                let holder = *holders.entry(key).or_insert(person.id);
                if holder != person.id && taken.is_none() {
                    *taken = Some((field, value, holder));
                }
            }
        }
        Ok(taken)
    }

    async fn names_of(
        &self,
        ids: HashSet<ContactId>,
    ) -> Result<HashMap<ContactId, String>, PipelineError> {
        let ids: Vec<ContactId> = ids.into_iter().collect();
        let found = self.records.contacts(&ids).await?;
        Ok(found.into_iter().map(|it| (it.id, it.name)).collect())
    }

    /// Names the contacts that hold what rows would take, which no row may be about.
    async fn name_takers(&self, abouts: &mut [About]) -> Result<(), PipelineError> {
        let nameless = abouts.iter().filter_map(|about| about.taken.as_ref());
        let nameless = nameless.filter(|(.., holder)| holder.name.is_empty());
        let ids: HashSet<ContactId> = nameless.map(|(.., it)| ContactId(it.id)).collect();
        let names = self.names_of(ids).await?;
        for (.., holder) in abouts.iter_mut().filter_map(|about| about.taken.as_mut()) {
            if let Some(name) = names.get(&ContactId(holder.id)) {
                holder.name.clone_from(name);
            }
        }
        Ok(())
    }

    async fn about_companies(&self, rows: &[ParsedRow]) -> Result<Vec<About>, PipelineError> {
        let found = self.look_up_companies(rows).await?;
        let ids = rows.iter().map(|row| found.find(&row.company()?));
        let ids: Vec<Option<CompanyId>> = ids.collect();
        let known: Vec<CompanyId> = ids.iter().flatten().copied().collect();
        let known = self.records.companies(&known).await?;
        let names: HashMap<_, _> = known.into_iter().map(|it| (it.id, it.name)).collect();
        let abouts = rows.iter().zip(ids).map(|(row, id)| {
            let keys = row.company().unwrap_or_default();
            let key = match (&id, &keys.external_id) {
                (Some(id), _) => id.to_string(),
                (None, Some(key)) => format!("key {key}"),
                (None, None) => companies::name_key(&keys.label()),
            };
            let known = id.map(|id| Named {
                id: id.into(),
                name: names.get(&id).cloned().unwrap_or_default(),
            });
            About::of("company", key, keys.label(), known).lacking(self.unknown_owner(row))
        });
        Ok(abouts.collect())
    }

    async fn about_deals(&self, rows: &[ParsedRow]) -> Result<Vec<About>, PipelineError> {
        let people = self.people_of(rows).await?;
        let customers = self.look_up_companies(rows).await?;
        let told = rows.iter().zip(people);
        let told = told.filter_map(|(row, person)| match row {
            ParsedRow::Deal(deal) => Some((self.deal_id(deal), deal, row, person)),
            _ => None,
        });
        let told: Vec<_> = told.collect();
        let ids: HashSet<_> = told.iter().map(|(id, ..)| *id).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let found = self.records.deals(&ids).await?;
        let found: HashMap<_, _> = found.into_iter().map(|it| (it.id, it.name)).collect();
        let abouts = told.into_iter().map(|(id, deal, row, person)| {
            let known = found.get(&id).map(|name| Named {
                id: id.into(),
                name: name.clone(),
            });
            let label = deal.external_id.clone().unwrap_or(deal.name.clone());
            let missing = stranger(row, person)
                .or_else(|| unknown_company(&customers, row))
                .or_else(|| self.unknown_owner(row));
            About::of("deal", id.to_string(), label, known).lacking(missing)
        });
        Ok(abouts.collect())
    }

    async fn about_tasks(&self, rows: &[ParsedRow]) -> Result<Vec<About>, PipelineError> {
        let people = self.people_of(rows).await?;
        let customers = self.look_up_companies(rows).await?;
        let told = rows.iter().zip(people);
        let told = told.filter_map(|(row, person)| match row {
            ParsedRow::Task(task) => Some((self.task_id(task), task, row, person)),
            _ => None,
        });
        let told: Vec<_> = told.collect();
        let ids: HashSet<_> = told.iter().map(|(id, ..)| *id).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let found = self.records.tasks(&ids).await?;
        let found: HashMap<_, _> = found.into_iter().map(|it| (it.id, it.title)).collect();
        let abouts = told.into_iter().map(|(id, task, row, person)| {
            let known = found.get(&id).map(|title| Named {
                id: id.into(),
                name: title.clone(),
            });
            let label = task.external_id.clone().unwrap_or(task.title.clone());
            let missing = stranger(row, person)
                .or_else(|| unknown_company(&customers, row))
                .or_else(|| self.unknown_owner(row));
            About::of("task", id.to_string(), label, known).lacking(missing)
        });
        Ok(abouts.collect())
    }

    async fn about_products(&self, rows: &[ParsedRow]) -> Result<Vec<About>, PipelineError> {
        let skus = rows.iter().filter_map(|row| match row {
            ParsedRow::Product(row) => Some(row.sku.clone()),
            _ => None,
        });
        let skus: Vec<String> = skus.collect();
        let found = self.records.products_by_skus(&skus).await?;
        let about = |sku: String| {
            let known = found.get(&sku).map(|product| Named {
                id: product.id.into(),
                name: product.name.clone(),
            });
            About::of("product", sku.clone(), sku, known)
        };
        Ok(skus.into_iter().map(about).collect())
    }

    async fn about_tickets(&self, rows: &[ParsedRow]) -> Result<Vec<About>, PipelineError> {
        let people = self.people_of(rows).await?;
        let told = rows
            .iter()
            .zip(people)
            .filter_map(|(row, person)| match row {
                ParsedRow::Ticket(ticket) => Some((self.ticket_id(ticket), ticket, row, person)),
                _ => None,
            });
        let told: Vec<_> = told.collect();
        let ids: HashSet<_> = told.iter().map(|(id, ..)| *id).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let found = self.records.tickets(&ids).await?;
        let found: HashMap<_, _> = found.into_iter().map(|it| (it.id, it.subject)).collect();
        let abouts = told.into_iter().map(|(id, ticket, row, person)| {
            let known = found.get(&id).map(|subject| Named {
                id: id.into(),
                name: subject.clone(),
            });
            let label = ticket.external_id.clone().unwrap_or(ticket.subject.clone());
            About::of("ticket", id.to_string(), label, known)
                .lacking(stranger(row, person).or_else(|| self.unknown_owner(row)))
        });
        Ok(abouts.collect())
    }

    async fn about_campaigns(&self, rows: &[ParsedRow]) -> Result<Vec<About>, PipelineError> {
        let told = rows.iter().filter_map(|row| match row {
            ParsedRow::Campaign(row) => Some((self.campaign_id(row), row)),
            _ => None,
        });
        let told: Vec<_> = told.collect();
        let ids: HashSet<_> = told.iter().map(|(id, _)| *id).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let found = self.records.campaigns(&ids).await?;
        let found: HashMap<_, _> = found.into_iter().map(|it| (it.id, it.name)).collect();
        let abouts = told.into_iter().map(|(id, row)| {
            let known = found.get(&id).map(|name| Named {
                id: id.into(),
                name: name.clone(),
            });
            let label = row.external_id.clone().unwrap_or(row.name.clone());
            About::of("campaign", id.to_string(), label, known)
        });
        Ok(abouts.collect())
    }

    /// The owner that a row names and nobody is called.
    pub(super) fn unknown_owner(&self, row: &ParsedRow) -> Option<(Field, String)> {
        let name = row.owner()?;
        let is_unknown = self.owner(Some(name)).is_none();
        is_unknown.then(|| (Field::Owner, name.to_owned()))
    }
}

/// Whom a row is about.
#[derive(Debug, Clone, Copy)]
struct Person {
    id: ContactId,
    is_new: bool,
}

/// A field with its value, and the contact whose value that is.
type Taken = (Field, String, ContactId);

fn named(id: ContactId, names: &HashMap<ContactId, String>) -> Named {
    Named {
        id: id.into(),
        name: names.get(&id).cloned().unwrap_or_default(),
    }
}

/// The person of a row by one key alone.
fn key_by(field: Field, row: &ParsedRow) -> Option<PersonKey> {
    let person = row.person()?;
    let key = match field {
        Field::Email => PersonKey {
            email: Some(person.email.clone()?),
            ..PersonKey::default()
        },
        _ => PersonKey {
            phone: Some(person.phone.clone()?),
            ..PersonKey::default()
        },
    };
    Some(key)
}

/// The customer of a row about something else, where nobody is known as they are called.
fn stranger(row: &ParsedRow, person: Option<Person>) -> Option<(Field, String)> {
    person.filter(|person| person.is_new)?;
    let name = row.person().map(display_name).unwrap_or_default();
    Some((customer_field(row), name))
}

/// The company that a row refers to and that is not here, by the best that the row calls it.
fn unknown_company(known: &ChunkCompanies, row: &ParsedRow) -> Option<(Field, String)> {
    let keys = row.company()?;
    if known.find(&keys).is_some() {
        return None;
    }
    let field = match (&keys.name, &keys.domain) {
        (Some(_), _) => Field::Company,
        (None, Some(_)) => Field::CompanyDomain,
        (None, None) => Field::CompanyExternalId,
    };
    Some((field, keys.label()))
}

/// The field by which a row about something else names its person.
fn customer_field(row: &ParsedRow) -> Field {
    let person = row.person();
    let has = |is_told: fn(&rapport_ingest::PersonKeys) -> bool| person.is_some_and(is_told);
    if has(|it| it.external_id.is_some()) {
        Field::CustomerExternalId
    } else if has(|it| it.email.is_some()) {
        Field::CustomerEmail
    } else {
        Field::CustomerPhone
    }
}
