//! Companies: the organizations that contacts work for.

use futures::FutureExt as _;
use rapport_domain::{Company, CompanyId, ObjectKind, UserId};
use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, EntityTrait as _, FromQueryResult as _,
    QueryFilter as _, QueryResult,
};
use uuid::Uuid;

use crate::entities::company;
use crate::lists::{Field, Kind, Listing, page};
use crate::record::{self, Guarded, Named};
use crate::search::{self, SearchObject};
use crate::sql::{self, Sql};
use crate::{ListQuery, Op, Page, Store, StoreError, codec, custom_fields};

const OBJECT: &str = "company";

/// How access to it is decided.
pub(crate) const GUARDED: Guarded = Guarded {
    table: "companies",
    object: OBJECT,
    kind: ObjectKind::Company,
};

/// A company as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct CompanyRow {
    /// The company.
    pub company: Company,
    /// Colleague in charge.
    pub owner: Option<Named<UserId>>,
    /// People known there.
    pub n_contacts: i64,
}

const FIELDS: &[Field] = &[
    Field::required("name", "co.name_key", Kind::Folded).indexed(),
    Field::optional("domain", "co.domain", Kind::Text),
    Field::optional("industry", "co.industry", Kind::Text),
    Field::optional("n_employees", "co.n_employees", Kind::Integer),
    Field::optional("owner_id", "co.owner_id", Kind::Id),
    Field::optional("city", "co.city", Kind::Text),
    Field::optional("country", "co.country", Kind::Text),
    Field::required("tags", "co.tags", Kind::Tags),
    Field::required("created_at", "co.created_at", Kind::Timestamp),
    Field::required("updated_at", "co.updated_at", Kind::Timestamp),
];

pub(crate) fn listing(store: &Store) -> Listing {
    let lens = store.lens();
    let columns = lens.columns::<company::Entity>(store.backend(), "co", "co_");
    Listing {
        object: "companies",
        table: "companies",
        alias: "co",
        columns: format!(
            "{columns}, u.id AS u_id, u.name AS u_name, \
             (SELECT count(*) FROM contacts c WHERE c.company_id = co.id) AS n_contacts"
        ),
        joins: " LEFT JOIN users u ON u.id = co.owner_id",
        scope: None,
        fields: FIELDS,
        key: Field::required("id", "co.id", Kind::Id).indexed(),
        default_sort: "name",
        search: Some(SearchObject::Company),
    }
}

fn read(row: &QueryResult) -> Result<CompanyRow, StoreError> {
    Ok(CompanyRow {
        company: company::Model::from_query_result(row, "co_")?.try_into()?,
        owner: Named::read(row, "u_")?,
        n_contacts: row.try_get("", "n_contacts")?,
    })
}

/// Lists companies, by name where no order is named.
///
/// # Errors
/// [`StoreError::Query`] where the query names what does not exist.
pub async fn list(store: &Store, query: &ListQuery) -> Result<Page<CompanyRow>, StoreError> {
    page(store, &listing(store), query, read).await
}

/// Finds a company with what lists show beside it.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_row(store: &Store, id: CompanyId) -> Result<Option<CompanyRow>, StoreError> {
    let query = ListQuery::default().with("id", Op::Eq, id);
    Ok(list(store, &query).await?.items.pop())
}

/// Finds a company.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find(store: &Store, id: CompanyId) -> Result<Option<Company>, StoreError> {
    record::find_seen::<company::Entity, _>(store, id).await
}

/// The form in which names of companies are compared: neither case nor blanks around part them.
pub fn name_key(name: &str) -> String {
    codec::name_key(name)
}

/// Finds companies by name, whatever the case, the oldest first. Keys of the result are those of
/// [`name_key`].
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_by_names(
    store: &Store,
    names: &[String],
) -> Result<Vec<(String, CompanyId)>, StoreError> {
    let mut found = Vec::new();
    for chunk in names.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(store.backend());
        sql.push("SELECT id, name_key FROM companies WHERE name_key IN ");
        sql.bind_list(chunk.iter().map(|name| sql::text(codec::name_key(name))));
        sql.push(" ORDER BY id");
        for row in sql.all(store.reader()).await? {
            let id: uuid::Uuid = row.try_get("", "id")?;
            found.push((row.try_get("", "name_key")?, id.into()));
        }
    }
    Ok(found)
}

/// Finds companies by internet domain, the oldest first.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_by_domains(
    store: &Store,
    domains: &[String],
) -> Result<Vec<(String, CompanyId)>, StoreError> {
    let mut found = Vec::new();
    for chunk in domains.chunks(sql::N_KEYS_MAX) {
        let mut sql = Sql::new(store.backend());
        sql.push("SELECT id, domain FROM companies WHERE domain IN ");
        sql.bind_list(chunk.iter().map(sql::text));
        sql.push(" ORDER BY id");
        for row in sql.all(store.reader()).await? {
            let id: uuid::Uuid = row.try_get("", "id")?;
            found.push((row.try_get("", "domain")?, id.into()));
        }
    }
    Ok(found)
}

/// Finds companies, in no order; those that are not there are left out.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_many(store: &Store, ids: &[CompanyId]) -> Result<Vec<Company>, StoreError> {
    record::find_many_seen::<company::Entity, _>(store, ids).await
}

/// Writes a new company.
///
/// # Errors
/// [`StoreError::Invalid`] where it breaks its rules, [`StoreError::BrokenReference`] where its
/// owner does not exist.
pub async fn create(store: &Store, mut company: Company) -> Result<Company, StoreError> {
    company.check()?;
    let lens = store.lens().clone();
    company.owner_id = lens.owner_of_new(ObjectKind::Company, company.owner_id);
    store
        .write(move |tx| {
            async move {
                let row = row_of(tx, company.clone()).await?;
                GUARDED
                    .create::<company::Entity>(&lens, tx, (company.id, &company.custom), row)
                    .await?;
                Ok(company)
            }
            .boxed()
        })
        .await
}

/// The row of a company, found by its searched custom texts too.
async fn row_of(tx: &DatabaseTransaction, company: Company) -> Result<company::Model, StoreError> {
    let searched = custom_fields::searched(tx, ObjectKind::Company).await?;
    let custom = company.custom.clone();
    Ok(company::Model::with_words(company, &searched.of(&custom)))
}

/// Writes the searched text of companies anew. Those that are gone are left out.
pub(crate) async fn refresh_words(
    tx: &DatabaseTransaction,
    companies: &[Uuid],
) -> Result<(), StoreError> {
    let searched = custom_fields::searched(tx, ObjectKind::Company).await?;
    for chunk in companies.chunks(sql::N_KEYS_MAX) {
        let ids = sql::padded(chunk.iter().copied());
        let rows = company::Entity::find()
            .filter(company::Column::Id.is_in(ids))
            .all(tx)
            .await?;
        for row in rows {
            let company = Company::try_from(row)?;
            let text = search::company_text(&company, &searched.of(&company.custom));
            let backend = sea_orm::ConnectionTrait::get_database_backend(tx);
            let values = [sql::text(text), sql::id(company.id)];
            let statement = "UPDATE companies SET search_text = ? WHERE id = ?";
            Sql::of(backend, statement, values).execute(tx).await?;
        }
    }
    Ok(())
}

/// Writes a changed company and returns it with its new version. Its contacts are found by its
/// new name from then on.
///
/// # Errors
/// [`StoreError::Conflict`] where it no longer has the version `expected`,
/// [`StoreError::NotFound`] where it is gone, [`StoreError::Invalid`] where it breaks its rules.
pub async fn update(
    store: &Store,
    mut company: Company,
    expected: i64,
) -> Result<Company, StoreError> {
    company.check()?;
    let lens = store.lens().clone();
    let (id, custom, changed) = (company.id, company.custom.clone(), company.clone());
    store
        .write(move |tx| {
            async move {
                let row = company::Model::with_words(changed, &[]);
                let row = GUARDED.settle::<company::Entity>(&lens, tx, (id, expected), row);
                let row = row_of(tx, row.await?.try_into()?).await?;
                GUARDED
                    .write_settled::<company::Entity>(&lens, tx, (id, expected, &custom), row, &[])
                    .await
            }
            .boxed()
        })
        .await?;
    company.version = expected + 1;
    Ok(company)
}

/// Deletes a company; its contacts stay, without an employer.
///
/// # Errors
/// [`StoreError::Conflict`], [`StoreError::NotFound`] as for [`update`].
pub async fn delete(store: &Store, id: CompanyId, expected: i64) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                GUARDED
                    .delete::<company::Entity>(&lens, tx, (id, expected))
                    .await
            }
            .boxed()
        })
        .await
}
