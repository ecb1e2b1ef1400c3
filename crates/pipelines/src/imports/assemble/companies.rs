//! Companies: by name, from rows of their own and from what contacts say of their employer.

use std::collections::{HashMap, HashSet};

use rapport_domain::{Company, CompanyId};
use rapport_ingest::{CompanyRow, ContactRow, Field, ParsedRow};
use rapport_store::companies;

use super::{Assembled, Assembler};
use crate::error::PipelineError;

/// Companies of a chunk by the key of their name.
#[derive(Debug, Default)]
pub(super) struct ChunkCompanies(HashMap<String, CompanyId>);

impl Assembler<'_> {
    /// Makes the companies that rows name and that are not known, and completes the known ones by
    /// rows of their own.
    pub(super) async fn add_companies(
        &mut self,
        rows: &[ParsedRow],
        assembled: &mut Assembled,
    ) -> Result<(), PipelineError> {
        let named: HashSet<&str> = rows.iter().filter_map(name_of).collect();
        if named.is_empty() {
            return Ok(());
        }
        let named: Vec<String> = named.into_iter().map(str::to_owned).collect();
        let mut ids = companies::find_by_names(&self.workspace.store, &named).await?;
        let mut known = self.known_companies(rows, &ids).await?;
        let mut new: HashMap<CompanyId, Company> = HashMap::new();
        let mut changed: HashSet<CompanyId> = HashSet::new();
        for row in rows {
            let Some(name) = name_of(row) else { continue };
            let now = self.workspace.clock.now();
            let id = *ids.entry(companies::name_key(name)).or_insert_with(|| {
                let company = Company::named(self.workspace.ids.next(now), name, now);
                let id = company.id;
                new.insert(id, company);
                id
            });
            let ParsedRow::Company(row) = row else {
                continue;
            };
            if let Some(company) = new.get_mut(&id) {
                self.complete_company(company, row);
            } else if let Some(company) = known.get_mut(&id) {
                let before = company.clone();
                self.complete_company(company, row);
                if *company == before {
                    assembled.n_unchanged += 1;
                } else {
                    company.updated_at = now;
                    changed.insert(id);
                }
            }
        }
        if matches!(rows.first(), Some(ParsedRow::Company(_))) {
            for company in new.values_mut() {
                self.custom.add_defaults(&mut company.custom);
            }
        }
        assembled.batch.companies = by_id(new.into_values().collect());
        known.retain(|id, _| changed.contains(id));
        assembled.batch.changed_companies = by_id(known.into_values().collect());
        self.companies = ChunkCompanies(ids);
        Ok(())
    }

    /// The stored companies that rows of their own may complete.
    async fn known_companies(
        &self,
        rows: &[ParsedRow],
        ids: &HashMap<String, CompanyId>,
    ) -> Result<HashMap<CompanyId, Company>, PipelineError> {
        let wanted: HashSet<CompanyId> = rows
            .iter()
            .filter_map(|row| match row {
                ParsedRow::Company(row) => ids.get(&companies::name_key(&row.name)).copied(),
                _ => None,
            })
            .collect();
        let wanted: Vec<CompanyId> = wanted.into_iter().collect();
        let found = companies::find_many(&self.workspace.store, &wanted).await?;
        Ok(found.into_iter().map(|found| (found.id, found)).collect())
    }

    /// The employer that a contact's row names.
    pub(super) fn company_of(&self, row: &ContactRow) -> Option<CompanyId> {
        let key = companies::name_key(row.company.as_deref()?);
        self.companies.0.get(&key).copied()
    }

    /// Fills what is empty. What is there stays, since a person may have typed it, unless the mapping
    /// lets the row replace it.
    fn complete_company(&self, company: &mut Company, row: &CompanyRow) {
        let policy = &self.policy;
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

fn name_of(row: &ParsedRow) -> Option<&str> {
    match row {
        ParsedRow::Company(row) => Some(&row.name),
        ParsedRow::Contact(row) => row.company.as_deref(),
        _ => None,
    }
}

fn by_id(mut companies: Vec<Company>) -> Vec<Company> {
    companies.sort_by_key(|company| company.id);
    companies
}
