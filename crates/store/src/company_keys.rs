//! What sources call companies.

use std::collections::HashSet;

use rapport_domain::{CompanyId, SourceId};
use sea_orm::ConnectionTrait;
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

/// Finds a source's keys of companies by what it calls these.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(
    store: &Store,
    source: SourceId,
    external_ids: &[String],
) -> Result<Vec<CompanyKey>, StoreError> {
    find_in(store.reader(), source, external_ids).await
}

/// As [`find`], within a transaction.
pub(crate) async fn find_in(
    connection: &impl ConnectionTrait,
    source: SourceId,
    external_ids: &[String],
) -> Result<Vec<CompanyKey>, StoreError> {
    let mut found = Vec::new();
    for chunk in external_ids.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(connection.get_database_backend());
        sql.push_with(
            "SELECT id, external_id, company_id FROM company_keys \
             WHERE source_id = ? AND external_id IN ",
            [sql::id(source)],
        );
        sql.bind_list(chunk.iter().map(sql::text));
        for row in sql.all(connection).await? {
            let company: Uuid = row.try_get("", "company_id")?;
            found.push(CompanyKey {
                id: row.try_get("", "id")?,
                source_id: source,
                external_id: row.try_get("", "external_id")?,
                company_id: company.into(),
            });
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
