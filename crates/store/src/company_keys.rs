//! What sources call companies.

use std::collections::{HashMap, HashSet};

use rapport_domain::{CompanyId, SourceId};
use uuid::Uuid;

use crate::sql::{self, Sql};
use crate::{Store, StoreError};

/// A source's key of a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyKey {
    /// Identifier of the tie.
    pub id: Uuid,
    /// The source.
    pub source_id: SourceId,
    /// What the source calls the company.
    pub external_id: String,
    /// The company.
    pub company_id: CompanyId,
}

/// Finds companies by what a source calls them.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(
    store: &Store,
    source: SourceId,
    external_ids: &[String],
) -> Result<HashMap<String, CompanyId>, StoreError> {
    let mut found = HashMap::new();
    for chunk in external_ids.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(store.backend());
        sql.push_with(
            "SELECT external_id, company_id FROM company_keys WHERE source_id = ? AND external_id IN ",
            [sql::id(source)],
        );
        sql.bind_list(chunk.iter().map(sql::text));
        for row in sql.all(store.reader()).await? {
            let id: Uuid = row.try_get("", "company_id")?;
            found.insert(row.try_get("", "external_id")?, id.into());
        }
    }
    Ok(found)
}

/// Which of some companies a source has keys for.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn keyed(
    store: &Store,
    source: SourceId,
    companies: &[CompanyId],
) -> Result<HashSet<CompanyId>, StoreError> {
    let mut found = HashSet::new();
    for chunk in companies.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(store.backend());
        sql.push_with(
            "SELECT company_id FROM company_keys WHERE source_id = ? AND company_id IN ",
            [sql::id(source)],
        );
        sql.bind_list(sql::ids(chunk));
        for row in sql.all(store.reader()).await? {
            let id: Uuid = row.try_get("", "company_id")?;
            found.insert(id.into());
        }
    }
    Ok(found)
}
