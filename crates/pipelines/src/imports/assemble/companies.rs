//! Companies: by what their source calls them, else by domain, else by name; from rows of their own and
//! from what rows about contacts and deals say of them.

use std::collections::{HashMap, HashSet};

use rapport_domain::{Company, CompanyId, ObjectKind};
use rapport_ingest::{CompanyKeys, CompanyRow, Field, ParsedRow};
use rapport_store::company_keys::CompanyKey;
use rapport_store::imports::RecordKind;
use rapport_store::{StoreError, companies};
use uuid::Uuid;

use super::{Assembled, Assembler};
use crate::error::PipelineError;
use crate::imports::records::Records;

/// The longest name of a company, in characters.
const NAME_CHARS_MAX: usize = 200;

/// The companies that rows of a chunk name.
#[derive(Debug, Default)]
pub(super) struct ChunkCompanies {
    by_key: HashMap<String, CompanyId>,
    /// The source's keys that are stored, by themselves.
    stored_keys: HashMap<String, Uuid>,
    by_domain: HashMap<String, CompanyId>,
    by_name: HashMap<String, CompanyId>,
    /// Companies that the source has a key for.
    keyed: HashSet<CompanyId>,
}

impl ChunkCompanies {
    /// Looks up what is known of the companies that rows name.
    pub(super) async fn look_up(
        records: &Records<'_>,
        named: &[CompanyKeys],
    ) -> Result<Self, StoreError> {
        let told = |of: fn(&CompanyKeys) -> Option<&String>| {
            let values: HashSet<&String> = named.iter().filter_map(of).collect();
            values.into_iter().cloned().collect::<Vec<String>>()
        };
        let keys = told(|it| it.external_id.as_ref());
        let (domains, names) = (told(|it| it.domain.as_ref()), told(|it| it.name.as_ref()));
        let by_key = records.company_keys(&keys).await?;
        let by_domain = records.companies_by_domains(&domains).await?;
        let by_name = records.companies_by_names(&names).await?;
        let by_itself = |key: &CompanyKey| (key.external_id.clone(), key.id);
        let mut found = Self {
            stored_keys: by_key.iter().map(by_itself).collect(),
            by_key: by_key
                .into_iter()
                .map(|key| (key.external_id, key.company_id))
                .collect(),
            by_domain,
            by_name,
            keyed: HashSet::new(),
        };
        let ids: Vec<CompanyId> = found.ids().into_iter().collect();
        found.keyed = records.keyed_companies(&ids).await?;
        Ok(found)
    }

    /// All companies that were found.
    fn ids(&self) -> HashSet<CompanyId> {
        let maps = [&self.by_key, &self.by_domain, &self.by_name];
        maps.into_iter()
            .flat_map(HashMap::values)
            .copied()
            .collect()
    }

    /// The company that a row names. A company that the source calls by another key is not it, whatever
    /// its domain and name.
    pub(super) fn find(&self, keys: &CompanyKeys) -> Option<CompanyId> {
        let key = keys.external_id.as_ref();
        if let Some(&id) = key.and_then(|key| self.by_key.get(key)) {
            return Some(id);
        }
        let may_be = |id: &&CompanyId| key.is_none() || !self.keyed.contains(*id);
        let domain = keys.domain.as_ref();
        let by_domain = domain.and_then(|domain| self.by_domain.get(domain));
        let by_name = || {
            let name = companies::name_key(keys.name.as_deref()?);
            self.by_name.get(&name).filter(may_be)
        };
        by_domain.filter(may_be).or_else(by_name).copied()
    }

    /// Remembers by what a company is named; tells whether the source's key of it is new.
    fn remember(&mut self, keys: &CompanyKeys, id: CompanyId) -> bool {
        if let Some(domain) = &keys.domain {
            self.by_domain.entry(domain.clone()).or_insert(id);
        }
        if let Some(name) = &keys.name {
            let name = companies::name_key(name);
            self.by_name.entry(name).or_insert(id);
        }
        let key = keys.external_id.as_ref();
        key.is_some_and(|key| self.remember_key(key, id))
    }

    fn remember_key(&mut self, key: &str, id: CompanyId) -> bool {
        if self.by_key.contains_key(key) {
            return false;
        }
        self.by_key.insert(key.to_owned(), id);
        self.keyed.insert(id);
        true
    }
}

impl Assembler<'_> {
    /// The stored companies that rows name.
    pub(super) async fn look_up_companies(
        &self,
        rows: &[ParsedRow],
    ) -> Result<ChunkCompanies, PipelineError> {
        let named: Vec<CompanyKeys> = rows.iter().filter_map(ParsedRow::company).collect();
        if named.is_empty() {
            return Ok(ChunkCompanies::default());
        }
        Ok(ChunkCompanies::look_up(&self.records, &named).await?)
    }

    /// Makes the companies that rows name and that are not known, and completes the known ones by
    /// rows of their own.
    pub(super) async fn add_companies(
        &mut self,
        rows: &[ParsedRow],
        assembled: &mut Assembled,
    ) -> Result<(), PipelineError> {
        let mut chunk = self.look_up_companies(rows).await?;
        let named = rows.iter().filter_map(ParsedRow::company);
        let found: HashSet<CompanyId> = named.filter_map(|keys| chunk.find(&keys)).collect();
        assembled.see(RecordKind::Companies, found);
        let named = rows.iter().filter_map(ParsedRow::company);
        let stored = named.filter_map(|keys| chunk.stored_keys.get(&keys.external_id?).copied());
        let stored: HashSet<Uuid> = stored.collect();
        assembled.see(RecordKind::CompanyKeys, stored);
        let mut known = self.known_companies(rows, &chunk).await?;
        let mut new: HashMap<CompanyId, Company> = HashMap::new();
        let mut changed: HashSet<CompanyId> = HashSet::new();
        for row in rows {
            let Some(keys) = row.company() else { continue };
            let now = self.workspace.clock.now();
            let found = chunk.find(&keys);
            let id = found.unwrap_or_else(|| {
                let company = self.new_company(&keys);
                let id = company.id;
                new.insert(id, company);
                id
            });
            let n_keys = assembled.batch.company_keys.len();
            self.add_company_keys(&mut chunk, row, &keys, id, assembled);
            let ParsedRow::Company(row) = row else {
                continue;
            };
            let is_new = new.contains_key(&id);
            let Some(company) = new.get_mut(&id).or_else(|| known.get_mut(&id)) else {
                continue;
            };
            let before = company.clone();
            self.complete_company(company, row);
            if found.is_none() {
                company.created_at = row.created_at.map_or(now, |at| at.min(now));
                let custom = &mut company.custom;
                self.custom.add_defaults(ObjectKind::Company, custom);
                assembled
                    .outcomes
                    .create(row.line, Some(id.into()), &company.name);
                continue;
            }
            let keys = &assembled.batch.company_keys[n_keys..];
            if *company == before {
                assembled.n_unchanged += u64::from(keys.is_empty());
            } else if !is_new {
                company.updated_at = now;
                changed.insert(id);
            }
            let named = (id, company.name.as_str());
            assembled.outcomes.change(row.line, named, &before, company);
            for key in keys {
                let key = key.external_id.as_str();
                assembled.outcomes.tell(row.line, "external_id", key);
            }
        }
        assembled.batch.companies = by_id(new.into_values().collect());
        known.retain(|id, _| changed.contains(id));
        assembled.batch.changed_companies = by_id(known.into_values().collect());
        self.companies = chunk;
        Ok(())
    }

    fn new_company(&self, keys: &CompanyKeys) -> Company {
        let now = self.workspace.clock.now();
        let name: String = keys.label().chars().take(NAME_CHARS_MAX).collect();
        let mut company = Company::named(self.workspace.ids.next(now), &name, now);
        company.domain.clone_from(&keys.domain);
        company
    }

    /// Notes what the source calls the company: the row's key, and those of companies that the source
    /// has merged into it.
    fn add_company_keys(
        &self,
        chunk: &mut ChunkCompanies,
        row: &ParsedRow,
        keys: &CompanyKeys,
        id: CompanyId,
        assembled: &mut Assembled,
    ) {
        let mut new: Vec<&String> = Vec::new();
        if chunk.remember(keys, id) {
            new.extend(keys.external_id.as_ref());
        }
        if let ParsedRow::Company(row) = row {
            let merged = row.merged_ids.iter();
            new.extend(merged.filter(|key| chunk.remember_key(key, id)));
        }
        let now = self.workspace.clock.now();
        let new = new.into_iter().map(|key| CompanyKey {
            id: self.workspace.ids.next(now),
            source_id: self.source_id,
            external_id: key.clone(),
            company_id: id,
        });
        assembled.batch.company_keys.extend(new);
    }

    /// The stored companies that rows of their own may complete.
    async fn known_companies(
        &self,
        rows: &[ParsedRow],
        chunk: &ChunkCompanies,
    ) -> Result<HashMap<CompanyId, Company>, PipelineError> {
        if !rows.iter().any(|row| matches!(row, ParsedRow::Company(_))) {
            return Ok(HashMap::new());
        }
        let wanted: Vec<CompanyId> = chunk.ids().into_iter().collect();
        let found = self.records.companies(&wanted).await?;
        Ok(found.into_iter().map(|found| (found.id, found)).collect())
    }

    /// The company that a row about somebody else names.
    pub(super) fn company_of(&self, keys: &CompanyKeys) -> Option<CompanyId> {
        self.companies.find(keys)
    }

    /// Fills what is empty. What is there stays, since a person may have typed it, unless the mapping
    /// lets the row replace it. A key that stood in for a name gives way to it.
    fn complete_company(&self, company: &mut Company, row: &CompanyRow) {
        let policy = &self.policy;
        let stands_in = row.external_id.as_ref();
        let stands_in = stands_in.is_some_and(|key| company.name == format!("#{key}"));
        if let Some(name) = row.name.as_ref().filter(|_| stands_in) {
            company.name = name.chars().take(NAME_CHARS_MAX).collect();
        }
        policy.put(Field::Domain, &mut company.domain, &row.domain);
        policy.put(Field::Industry, &mut company.industry, &row.industry);
        let n_employees = &row.n_employees;
        policy.put(Field::NEmployees, &mut company.n_employees, n_employees);
        let owner = self.owner(row.owner.as_deref());
        policy.put(Field::Owner, &mut company.owner_id, &owner);
        policy.put_address(&mut company.address, &row.address);
        policy.put_tags(&mut company.tags, &row.tags);
        self.custom.put(&mut company.custom, row.line);
    }
}

fn by_id(mut companies: Vec<Company>) -> Vec<Company> {
    companies.sort_by_key(|company| company.id);
    companies
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(key: &str, domain: &str, name: &str) -> CompanyKeys {
        let told = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        CompanyKeys {
            external_id: told(key),
            domain: told(domain),
            name: told(name),
        }
    }

    #[test]
    fn a_key_counts_before_a_domain_and_a_domain_before_a_name() {
        let [a, b, c] = [1, 2, 3].map(|n| CompanyId(Uuid::from_u128(n)));
        let mut chunk = ChunkCompanies::default();
        assert!(chunk.remember(&keys("1", "a.example", "Acme"), a));
        assert!(!chunk.remember(&keys("", "b.example", "Beta"), b));
        assert!(!chunk.remember(&keys("", "", "Gamma"), c));

        assert_eq!(chunk.find(&keys("1", "b.example", "Gamma")), Some(a));
        assert_eq!(chunk.find(&keys("", "b.example", "Gamma")), Some(b));
        assert_eq!(chunk.find(&keys("9", "", "  GAMMA ")), Some(c));
        assert_eq!(chunk.find(&keys("", "", "Delta")), None);
    }

    #[test]
    fn two_keys_of_one_source_are_two_companies_of_one_name() {
        let a = CompanyId(Uuid::from_u128(1));
        let mut chunk = ChunkCompanies::default();
        chunk.remember(&keys("1", "a.example", "Acme"), a);

        assert_eq!(chunk.find(&keys("2", "a.example", "Acme")), None);
        assert_eq!(chunk.find(&keys("", "", "Acme")), Some(a));
    }
}
