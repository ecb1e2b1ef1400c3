//! Companies: by name, from rows of their own and from what contacts say of their employer.

use std::collections::HashMap;

use rapport_domain::{Company, CompanyId};
use rapport_ingest::{ContactRow, ParsedRow};
use rapport_store::companies;

use super::{Assembled, Assembler};
use crate::error::PipelineError;

/// Companies of a chunk by name.
#[derive(Debug, Default)]
pub(super) struct ChunkCompanies(HashMap<String, CompanyId>);

impl Assembler<'_> {
    /// Makes the companies that rows name and that are not known.
    pub(super) async fn add_companies(
        &mut self,
        rows: &[ParsedRow],
        assembled: &mut Assembled,
    ) -> Result<(), PipelineError> {
        let mut names: Vec<String> = rows
            .iter()
            .filter_map(|row| match row {
                ParsedRow::Company(row) => Some(row.name.clone()),
                ParsedRow::Contact(row) => row.company.clone(),
                _ => None,
            })
            .collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            return Ok(());
        }
        let mut ids = companies::find_by_names(&self.workspace.store, &names).await?;
        for row in rows {
            match row {
                ParsedRow::Company(row) if ids.contains_key(&row.name) => {
                    assembled.n_unchanged += 1
                }
                ParsedRow::Company(row) => {
                    let company = self.company_from(row);
                    ids.insert(row.name.clone(), company.id);
                    assembled.batch.companies.push(company);
                }
                ParsedRow::Contact(ContactRow {
                    company: Some(name),
                    ..
                }) if !ids.contains_key(name) => {
                    let now = self.workspace.clock.now();
                    let company = Company::named(self.workspace.ids.next(now), name.clone(), now);
                    ids.insert(name.clone(), company.id);
                    assembled.batch.companies.push(company);
                }
                _ => {}
            }
        }
        self.companies = ChunkCompanies(ids);
        Ok(())
    }

    /// The employer that a contact's row names.
    pub(super) fn company_of(&self, row: &ContactRow) -> Option<CompanyId> {
        row.company
            .as_ref()
            .and_then(|name| self.companies.0.get(name))
            .copied()
    }

    fn company_from(&self, row: &rapport_ingest::CompanyRow) -> Company {
        let now = self.workspace.clock.now();
        let mut company = Company::named(self.workspace.ids.next(now), row.name.clone(), now);
        company.domain.clone_from(&row.domain);
        company.industry.clone_from(&row.industry);
        company.n_employees = row.n_employees;
        company.address = row.address.clone();
        company.tags.clone_from(&row.tags);
        company
    }
}
