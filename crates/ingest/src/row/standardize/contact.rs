//! Contacts.

use rapport_domain::{Address, Timestamp};

use super::super::{CompanyKeys, ContactRow, PersonKeys, Statement};
use super::followers::{self, Follower};
use super::{Fault, Standardizer, address, employer, person, tidy};
use crate::Field;

/// Reads a person.
pub(in crate::row) fn contact(
    values: &mut Standardizer,
    line: u64,
    cells: &[String],
) -> Result<ContactRow, Fault> {
    let mut merged_ids = values.record_keys(cells, Field::MergedIds)?;
    let own = values.record_key(cells, Field::ExternalId)?;
    if let Some(master) = values.record_key(cells, Field::MasterId)?
        && own.as_ref() != Some(&master)
    {
        merged_ids.extend(own);
        return Ok(loser(line, master, merged_ids));
    }
    let mut row = ContactRow {
        line,
        cells: Vec::new(),
        person: person::contact(values, cells)?,
        title: values.text(cells, Field::Title)?,
        company: employer(values, cells)?,
        merged_ids,
        address: address(values, cells)?,
        tags: values.tags(cells)?,
        language: values.text(cells, Field::Language)?,
        owner: values.text(cells, Field::Owner)?,
        created_at: values.instant(cells, Field::CreatedAt)?,
        consent_marketing: values.boolean(cells, Field::ConsentMarketing)?,
        consent_email: values.boolean(cells, Field::ConsentEmail)?,
        consent_sms: values.boolean(cells, Field::ConsentSms)?,
        consents: statements(values, cells)?,
        note: values.text(cells, Field::Note)?,
    };
    if let Some(cell) = values.unchecked(cells, Field::Followers) {
        let followers = followers::parse(&cell).ok_or_else(|| {
            values.invalid(cells, Field::Followers, "is no list of followers; mend it")
        })?;
        for follower in followers {
            complete(&mut row, follower, values);
        }
    }
    Ok(row)
}

/// What the person has stated, in the list that our exports write.
fn statements(values: &Standardizer, cells: &[String]) -> Result<Vec<Statement>, Fault> {
    let Some(cell) = values.unchecked(cells, Field::Consents) else {
        return Ok(Vec::new());
    };
    serde_json::from_str(&cell).map_err(|_| {
        let expected = "a JSON array of statements with purpose, channel, status, source and \
                        stated_at, as exports write it";
        values.invalid(cells, Field::Consents, expected)
    })
}

/// A person who was merged into another one at their source: nothing but their key counts.
fn loser(line: u64, master: String, merged_ids: Vec<String>) -> ContactRow {
    ContactRow {
        line,
        cells: Vec::new(),
        person: PersonKeys {
            external_id: Some(master),
            ..PersonKeys::default()
        },
        title: None,
        company: CompanyKeys::default(),
        merged_ids,
        address: Address::default(),
        tags: Vec::new(),
        language: None,
        owner: None,
        created_at: None,
        consent_marketing: None,
        consent_email: None,
        consent_sms: None,
        consents: Vec::new(),
        note: None,
    }
}

/// Adds what a colleague has noted and the row does not say itself.
fn complete(row: &mut ContactRow, follower: Follower, values: &mut Standardizer) {
    let told = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    for number in &follower.remark_mobiles {
        if row.person.phone.is_none() {
            row.person.phone = values.phone_of(number);
        }
    }
    if row.company.is_empty() {
        row.company.name = follower.remark_corp_name.and_then(|name| tidy(&name));
    }
    for tag in follower.tags {
        let name = tag.tag_name.trim();
        if !name.is_empty() && !row.tags.iter().any(|known| known == name) {
            row.tags.push(name.to_owned());
        }
    }
    let seen = follower.createtime;
    let seen = seen.and_then(|seconds| seconds.checked_mul(1_000_000));
    row.created_at = row.created_at.or(seen.map(Timestamp::from_micros));
    row.owner = row.owner.take().or(told(follower.userid));
    let note = told(follower.description).or(told(follower.remark));
    row.note = row.note.take().or(note);
}
