//! Contacts without a company whose e-mail domain is that of exactly one: what is suggested, and what the
//! program attaches by itself where the workspace has it so.
//!
//! An attachment notes which company it gave and by which rule, and no value of anybody: the domain is that of
//! the contact's address when it is read. A company that somebody takes away again is not given a second
//! time. That the program wrote a contact is no edit by somebody, so that it neither holds up the undo of an
//! import nor makes the contact the most recent one of a merge.

use std::collections::{BTreeMap, BTreeSet};

use futures::FutureExt as _;
use rapport_domain::{CompanyId, ContactId, EmailAddress, Timestamp, is_public_mail_provider};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use crate::entities::contact;
use crate::lens::Lens;
use crate::record::{self, Named};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, audit, companies, contacts, identity_log, settings};

const CONTACT: &str = "contact";
/// Colleagues at a domain without whom it is not taken for their company's.
const N_COLLEAGUES_MIN: u64 = 3;
/// Rows that are read at a time.
const N_ROWS: i64 = 10_000;

/// By what a company was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachmentRule {
    /// It has the domain.
    Domain,
    /// Most of its people have addresses there.
    Colleagues,
}

impl AttachmentRule {
    fn name(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Colleagues => "colleagues",
        }
    }
}

/// Why a contact has its company, or which one it could have.
#[derive(Debug, Clone, PartialEq)]
pub struct CompanyReason {
    /// The company.
    pub company: Named<CompanyId>,
    /// By what it was found.
    pub rule: AttachmentRule,
    /// The domain of the contact's address.
    pub domain: String,
    /// When it was attached; none where it is only suggested.
    pub attached_at: Option<Timestamp>,
}

/// Companies by the domain where most of their people have addresses, of those that have no domain
/// themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Colleagues(BTreeMap<String, CompanyId>);

/// The domain of an address at which not anybody may have a mailbox.
fn own_domain(email: Option<&str>) -> Option<String> {
    let email: EmailAddress = email?.parse().ok()?;
    let domain = email.domain();
    (!is_public_mail_provider(domain)).then(|| domain.to_owned())
}

/// The companies that have one of some domains, where exactly one has it; of others nothing is said.
async fn by_domains(
    connection: &impl ConnectionTrait,
    domains: &BTreeSet<String>,
) -> Result<BTreeMap<String, Option<CompanyId>>, StoreError> {
    let spelled = |domain: &String| [domain.clone(), format!("www.{domain}")];
    let spellings: Vec<String> = domains.iter().flat_map(spelled).collect();
    let mut found: BTreeMap<String, Option<CompanyId>> = BTreeMap::new();
    for chunk in spellings.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(connection.get_database_backend());
        sql.push("SELECT id, domain FROM companies WHERE domain IN ");
        sql.bind_list(chunk.iter().map(sql::text));
        for row in sql.all(connection).await? {
            let id: Uuid = row.try_get("", "id")?;
            let domain: String = row.try_get("", "domain")?;
            let domain = domain.strip_prefix("www.").unwrap_or(&domain).to_owned();
            found
                .entry(domain)
                .and_modify(|company| *company = None)
                .or_insert(Some(CompanyId(id)));
        }
    }
    Ok(found)
}

/// Counts where the people of companies have addresses.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn colleagues(store: &Store) -> Result<Colleagues, StoreError> {
    // How many of a company's people have an address at each domain.
    let mut n_of: BTreeMap<CompanyId, BTreeMap<String, u64>> = BTreeMap::new();
    let mut last = Uuid::nil();
    loop {
        let text = "SELECT c.id, c.email, c.company_id FROM contacts c \
                    JOIN companies co ON co.id = c.company_id WHERE c.id > ? \
                    AND c.email IS NOT NULL AND co.domain IS NULL ORDER BY c.id LIMIT ?";
        let values = [sql::id(last), N_ROWS.into()];
        let rows = Sql::of(store.backend(), text, values).all(store.reader());
        let rows = rows.await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            last = row.try_get("", "id")?;
            let email: String = row.try_get("", "email")?;
            let company: Uuid = row.try_get("", "company_id")?;
            if let Some(domain) = own_domain(Some(&email)) {
                *n_of
                    .entry(CompanyId(company))
                    .or_default()
                    .entry(domain)
                    .or_default() += 1;
            }
        }
    }
    Ok(Colleagues(most_of(&n_of)))
}

/// The domains at which most people of exactly one company have addresses.
fn most_of(n_of: &BTreeMap<CompanyId, BTreeMap<String, u64>>) -> BTreeMap<String, CompanyId> {
    let mut found: BTreeMap<&String, Option<CompanyId>> = BTreeMap::new();
    for (company, domains) in n_of {
        let total: u64 = domains.values().sum();
        let most = |n: u64| n >= N_COLLEAGUES_MIN && 2 * n > total;
        for (domain, _) in domains.iter().filter(|(_, n)| most(**n)) {
            found
                .entry(domain)
                .and_modify(|company| *company = None)
                .or_insert(Some(*company));
        }
    }
    let only = found.into_iter();
    only.filter_map(|(domain, company)| Some((domain.clone(), company?)))
        .collect()
}

/// Lists contacts after one that have an address, no company and were never attached to one.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_open(
    store: &Store,
    after: Option<ContactId>,
    limit: i64,
) -> Result<Vec<ContactId>, StoreError> {
    let text = "SELECT c.id FROM contacts c WHERE c.id > ? AND c.company_id IS NULL \
                AND c.email IS NOT NULL AND NOT EXISTS \
                (SELECT 1 FROM company_attachments a WHERE a.contact_id = c.id) \
                ORDER BY c.id LIMIT ?";
    let after = after.map_or(Uuid::nil(), Uuid::from);
    let values = [sql::id(after), limit.into()];
    let rows = Sql::of(store.backend(), text, values).all(store.reader());
    let rows = rows.await?;
    let ids = rows.iter().map(|row| row.try_get::<Uuid>("", "id"));
    Ok(ids.map(|id| id.map(ContactId)).collect::<Result<_, _>>()?)
}

/// Attaches those of some contacts that have no company to the one of their domain, in one transaction and in
/// the name of the store's author, where the workspace has it so. Returns how many it attached.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn attach(
    store: &Store,
    contacts: Vec<ContactId>,
    colleagues: &Colleagues,
) -> Result<u64, StoreError> {
    if !settings::workspace(store).await?.attaches_companies {
        return Ok(0);
    }
    let (lens, colleagues) = (store.lens().clone(), colleagues.clone());
    store
        .write(move |tx| async move { attach_in(tx, &lens, &contacts, &colleagues).await }.boxed())
        .await
}

async fn attach_in(
    tx: &DatabaseTransaction,
    lens: &Lens,
    contacts: &[ContactId],
    colleagues: &Colleagues,
) -> Result<u64, StoreError> {
    let mut open = Vec::new();
    for contact in contacts {
        let held = audit::held::<contact::Entity>(tx, *contact).await?;
        let Some(row) = held.filter(|row| row.company_id.is_none()) else {
            continue;
        };
        let Some(domain) = own_domain(row.email.as_deref()) else {
            continue;
        };
        if attachment(tx, row.id).await?.is_none() {
            open.push((row, domain));
        }
    }
    let domains = open.iter().map(|(_, domain)| domain.clone()).collect();
    let found = by_domains(tx, &domains).await?;
    let mut n_attached = 0;
    for (row, domain) in open {
        let Some((company, rule)) = choose(&domain, &found, colleagues) else {
            continue;
        };
        write(tx, lens, row, company, rule).await?;
        n_attached += 1;
    }
    Ok(n_attached)
}

/// The company of a domain. Where companies have the domain themselves, their people are not asked.
fn choose(
    domain: &str,
    found: &BTreeMap<String, Option<CompanyId>>,
    colleagues: &Colleagues,
) -> Option<(CompanyId, AttachmentRule)> {
    match found.get(domain) {
        Some(company) => Some(((*company)?, AttachmentRule::Domain)),
        None => {
            let company = colleagues.0.get(domain)?;
            Some((*company, AttachmentRule::Colleagues))
        }
    }
}

async fn write(
    tx: &DatabaseTransaction,
    lens: &Lens,
    row: contact::Model,
    company: CompanyId,
    rule: AttachmentRule,
) -> Result<(), StoreError> {
    let at = lens.author().map_or(row.updated_at, |by| by.at.as_micros());
    let (id, version, updated_at) = (row.id, row.version, row.updated_at);
    let before = audit::before::<contact::Entity>(tx, lens, id).await?;
    let row = contact::Model {
        company_id: Some(company.into()),
        updated_at: at,
        ..row
    };
    record::update_versioned::<contact::Entity>(tx, CONTACT, id, version, row, contact::DERIVED)
        .await?;
    audit::changed::<contact::Entity>(tx, lens, before).await?;
    identity_log::count_write(tx, id, Some((updated_at, at))).await?;
    let text = "INSERT INTO company_attachments (contact_id, company_id, rule, attached_at) \
                VALUES (?, ?, ?, ?)";
    let values = [
        sql::id(id),
        sql::id(company),
        sql::text(rule.name()),
        at.into(),
    ];
    Sql::of(tx.get_database_backend(), text, values)
        .execute(tx)
        .await?;
    Ok(())
}

/// Which company a contact was attached to, by what and when.
async fn attachment(
    connection: &impl ConnectionTrait,
    contact: Uuid,
) -> Result<Option<(CompanyId, AttachmentRule, Timestamp)>, StoreError> {
    let text = "SELECT company_id, rule, attached_at FROM company_attachments WHERE contact_id = ?";
    let find = Sql::of(connection.get_database_backend(), text, [sql::id(contact)]);
    let Some(row) = find.one(connection).await? else {
        return Ok(None);
    };
    let company: Uuid = row.try_get("", "company_id")?;
    let rule: String = row.try_get("", "rule")?;
    let rule = match rule == AttachmentRule::Colleagues.name() {
        true => AttachmentRule::Colleagues,
        false => AttachmentRule::Domain,
    };
    let at = Timestamp::from_micros(row.try_get("", "attached_at")?);
    Ok(Some((CompanyId(company), rule, at)))
}

/// Why a contact has its company, where the program gave it, or which company it could have, where it has
/// none. None where the store's user does not see the address, the company, or the contact.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn reason_of(
    store: &Store,
    contact: ContactId,
) -> Result<Option<CompanyReason>, StoreError> {
    // The rule tells what domain the company has.
    if store.lens().hides_listed("companies", "domain", "domain") {
        return Ok(None);
    }
    let Some(contact) = contacts::find(store, contact).await? else {
        return Ok(None);
    };
    let email = contact.email.as_ref().map(EmailAddress::as_str);
    let Some(domain) = own_domain(email) else {
        return Ok(None);
    };
    let attached = attachment(store.reader(), contact.id.into()).await?;
    let (company, rule, attached_at) = match (contact.company_id, attached) {
        (Some(company), Some((given, rule, at))) if company == given => (given, rule, Some(at)),
        (None, None) => {
            let found = by_domains(store.reader(), &[domain.clone()].into()).await?;
            match choose(&domain, &found, &Colleagues::default()) {
                Some((company, rule)) => (company, rule, None),
                None => return Ok(None),
            }
        }
        _ => return Ok(None),
    };
    let company = companies::find(store, company).await?;
    Ok(company.map(|company| CompanyReason {
        company: Named {
            id: company.id,
            name: company.name,
        },
        rule,
        domain,
        attached_at,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn company(n: u128) -> CompanyId {
        CompanyId(Uuid::from_u128(n))
    }

    fn counts(of: &[(&str, u64)]) -> BTreeMap<String, u64> {
        of.iter()
            .map(|(domain, n)| ((*domain).to_owned(), *n))
            .collect()
    }

    #[test]
    fn a_domain_is_a_companys_where_most_of_its_people_are_there_and_of_no_other() {
        let n_of = [
            (
                company(1),
                counts(&[("acme.example", 3), ("old.example", 2)]),
            ),
            (company(2), counts(&[("beta.example", 2)])),
            (company(3), counts(&[("both.example", 4)])),
            (company(4), counts(&[("both.example", 5)])),
        ];

        let found = most_of(&n_of.into());

        assert_eq!(found, [("acme.example".to_owned(), company(1))].into());
    }

    #[test]
    fn an_address_at_a_provider_for_everybody_says_nothing() {
        assert_eq!(own_domain(Some("ada@qq.com")), None);
        assert_eq!(own_domain(Some("no address")), None);
        assert_eq!(own_domain(None), None);
        assert_eq!(
            own_domain(Some("ada@acme.example")),
            Some("acme.example".to_owned())
        );
    }

    #[test]
    fn where_two_companies_have_a_domain_their_people_do_not_decide() {
        let found = [("acme.example".to_owned(), None)].into();
        let colleagues = Colleagues([("acme.example".to_owned(), company(1))].into());

        assert_eq!(choose("acme.example", &found, &colleagues), None);
    }
}
