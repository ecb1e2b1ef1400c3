//! Companies: by what the source calls them, by their names and domains, and as records.

use std::collections::{HashMap, HashSet};

use rapport_domain::{Company, CompanyId};
use rapport_store::company_keys::{self, CompanyKey};
use rapport_store::imports::ImportBatch;
use rapport_store::{StoreError, companies};

use super::{Records, split};

/// What batches make and change of companies.
#[derive(Debug, Default)]
pub(super) struct CompaniesAhead {
    pub(super) companies: HashMap<CompanyId, Company>,
    keys: HashMap<String, CompanyKey>,
    keyed: HashSet<CompanyId>,
    by_name: Named,
    by_domain: Named,
}

/// Companies by a text; of several the oldest is meant.
#[derive(Debug, Default)]
struct Named(HashMap<String, Vec<CompanyId>>);

impl Named {
    /// Puts what a company is called in the place of what it was called before.
    fn replace(&mut self, before: Option<String>, after: Option<String>, id: CompanyId) {
        if let Some(ids) = before.and_then(|text| self.0.get_mut(&text)) {
            ids.retain(|&it| it != id);
        }
        if let Some(text) = after {
            self.0.entry(text).or_default().push(id);
        }
    }

    fn oldest(&self, text: &str) -> Option<CompanyId> {
        self.0.get(text)?.iter().min().copied()
    }
}

impl CompaniesAhead {
    pub(super) fn add(&mut self, batch: &ImportBatch) {
        for company in &batch.companies {
            self.put(company.clone());
        }
        for company in &batch.changed_companies {
            // Writing it counts it up.
            let version = company.version + 1;
            self.put(Company {
                version,
                ..company.clone()
            });
        }
        for key in &batch.company_keys {
            let external_id = key.external_id.clone();
            let known = self.keys.entry(external_id);
            known.or_insert_with(|| key.clone());
            self.keyed.insert(key.company_id);
        }
    }

    fn put(&mut self, company: Company) {
        let name = |company: &Company| companies::name_key(&company.name);
        let before = self.companies.get(&company.id);
        let (was_named, was_at) = (before.map(name), before.and_then(|it| it.domain.clone()));
        self.by_name
            .replace(was_named, Some(name(&company)), company.id);
        self.by_domain
            .replace(was_at, company.domain.clone(), company.id);
        self.companies.insert(company.id, company);
    }

    /// The oldest companies by texts, where the store finds `stored`. What a stored record is called
    /// counts only where no batch changes the record.
    fn oldest(
        &self,
        named: &Named,
        texts: impl Iterator<Item = String>,
        stored: Vec<(String, CompanyId)>,
    ) -> HashMap<String, CompanyId> {
        let expected = texts.filter_map(|text| {
            let id = named.oldest(&text)?;
            Some((text, id))
        });
        let mut oldest: HashMap<String, CompanyId> = expected.collect();
        for (text, id) in stored {
            if !self.companies.contains_key(&id) {
                let found = oldest.entry(text).or_insert(id);
                *found = id.min(*found);
            }
        }
        oldest
    }
}

impl Records<'_> {
    /// Finds what the source calls companies.
    pub(in crate::imports) async fn company_keys(
        &self,
        keys: &[String],
    ) -> Result<Vec<CompanyKey>, StoreError> {
        let mut found = company_keys::find(self.store, self.source_id, keys).await?;
        let stored: HashSet<&str> = found.iter().map(|it| it.external_id.as_str()).collect();
        let open = keys.iter().filter(|key| !stored.contains(key.as_str()));
        let expected = open.filter_map(|key| self.ahead.companies.keys.get(key));
        let expected: Vec<CompanyKey> = expected.cloned().collect();
        found.extend(expected);
        Ok(found)
    }

    /// Finds companies by name; keys of the result are those of [`companies::name_key`].
    pub(in crate::imports) async fn companies_by_names(
        &self,
        names: &[String],
    ) -> Result<HashMap<String, CompanyId>, StoreError> {
        let stored = companies::find_by_names(self.store, names).await?;
        let keys = names.iter().map(|name| companies::name_key(name));
        Ok(self
            .ahead
            .companies
            .oldest(&self.ahead.companies.by_name, keys, stored))
    }

    /// Finds companies by internet domain.
    pub(in crate::imports) async fn companies_by_domains(
        &self,
        domains: &[String],
    ) -> Result<HashMap<String, CompanyId>, StoreError> {
        let stored = companies::find_by_domains(self.store, domains).await?;
        let domains = domains.iter().cloned();
        Ok(self
            .ahead
            .companies
            .oldest(&self.ahead.companies.by_domain, domains, stored))
    }

    /// Which of some companies the source has keys for.
    pub(in crate::imports) async fn keyed_companies(
        &self,
        ids: &[CompanyId],
    ) -> Result<HashSet<CompanyId>, StoreError> {
        let mut keyed = company_keys::keyed(self.store, self.source_id, ids).await?;
        let expected = ids
            .iter()
            .filter(|id| self.ahead.companies.keyed.contains(id));
        keyed.extend(expected);
        Ok(keyed)
    }

    /// Finds companies, in no order; those that are not there are left out.
    pub(in crate::imports) async fn companies(
        &self,
        ids: &[CompanyId],
    ) -> Result<Vec<Company>, StoreError> {
        let (mut found, open) = split(&self.ahead.companies.companies, ids);
        found.extend(companies::find_many(self.store, &open).await?);
        Ok(found)
    }
}
