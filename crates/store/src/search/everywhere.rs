//! One search over all kinds of records, for the command palette.

use sea_orm::DbBackend;
use uuid::Uuid;

use super::{SearchIndex, prefix_end, push, without_nul};
use crate::sql::Sql;
use crate::{Store, StoreError, codec, sql};

/// The kind of a record that a search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitKind {
    /// A person.
    Contact,
    /// An organization.
    Company,
    /// Something that is sold.
    Product,
    /// A purchase.
    Order,
    /// A segment of the current segmentation.
    Segment,
}

/// A record that a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Kind of record.
    pub kind: HitKind,
    /// Its identifier.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// What tells it from others of that name: e-mail, industry, stock-keeping unit.
    pub subtitle: String,
}

/// Finds records of all kinds by text, at most `limit` of each kind, names that begin with the
/// text first.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn everywhere(store: &Store, text: &str, limit: u64) -> Result<Vec<Hit>, StoreError> {
    let text = without_nul(text);
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut hits = Vec::new();
    for target in &TARGETS {
        hits.extend(target.find(store, text, limit).await?);
    }
    hits.extend(find_segments(store, text, limit).await?);
    Ok(hits)
}

/// A kind of record that can be found everywhere.
struct Target {
    kind: HitKind,
    index: SearchIndex,
    title: &'static str,
    subtitle: &'static str,
}

const TARGETS: [Target; 4] = [
    Target {
        kind: HitKind::Contact,
        index: SearchIndex {
            table: "contacts",
            alias: "r",
            name: "name_key",
        },
        title: "r.name",
        subtitle: "coalesce(r.email, r.phone, '')",
    },
    Target {
        kind: HitKind::Company,
        index: SearchIndex {
            table: "companies",
            alias: "r",
            name: "name_key",
        },
        title: "r.name",
        subtitle: "coalesce(r.domain, r.industry, '')",
    },
    Target {
        kind: HitKind::Product,
        index: SearchIndex {
            table: "products",
            alias: "r",
            name: "name_key",
        },
        title: "r.name",
        subtitle: "r.sku",
    },
    Target {
        kind: HitKind::Order,
        index: SearchIndex {
            table: "orders",
            alias: "r",
            name: "external_id",
        },
        title: "r.external_id",
        subtitle: "coalesce((SELECT name FROM contacts c WHERE c.id = r.contact_id), '')",
    },
];

impl Target {
    async fn find(&self, store: &Store, text: &str, limit: u64) -> Result<Vec<Hit>, StoreError> {
        let mut hits = Vec::new();
        for prefix_first in [true, false] {
            let n_missing = limit.saturating_sub(hits.len() as u64);
            if n_missing == 0 {
                break;
            }
            let sql = self.statement(store, text, limit, prefix_first);
            for row in sql.all(store.reader()).await? {
                let hit = self.read(&row)?;
                if !hits.contains(&hit) && (hits.len() as u64) < limit {
                    hits.push(hit);
                }
            }
        }
        Ok(hits)
    }

    fn statement(&self, store: &Store, text: &str, limit: u64, prefix_first: bool) -> Sql {
        let SearchIndex { table, alias, name } = self.index;
        let mut sql = Sql::new(store.backend());
        let rows = format!(
            "SELECT {alias}.id AS id, {} AS title, {} AS subtitle FROM {table} {alias} WHERE ",
            self.title, self.subtitle
        );
        store.lens().push(&mut sql, &rows, []);
        if prefix_first {
            // Order numbers are stored as given, names in lower case.
            let start = match self.kind {
                HitKind::Order => text.to_owned(),
                _ => codec::name_key(text),
            };
            let end = prefix_end(&start);
            sql.push_with(
                &format!("{alias}.{name} >= ? AND {alias}.{name} < ? ORDER BY {alias}.{name}"),
                [sql::text(start), sql::text(end)],
            );
        } else {
            push(&mut sql, &self.index, text);
        }
        sql.push(&format!(" LIMIT {limit}"));
        sql
    }

    fn read(&self, row: &sea_orm::QueryResult) -> Result<Hit, StoreError> {
        Ok(Hit {
            kind: self.kind,
            id: row.try_get("", "id")?,
            title: row.try_get("", "title")?,
            subtitle: row.try_get("", "subtitle")?,
        })
    }
}

async fn find_segments(store: &Store, text: &str, limit: u64) -> Result<Vec<Hit>, StoreError> {
    let text = codec::name_key(text);
    let function = match store.backend() {
        DbBackend::Postgres => "strpos",
        _ => "instr",
    };
    let statement = format!(
        "SELECT s.id AS id, s.name_en AS title, s.name_zh AS subtitle FROM segments s \
         JOIN segmentations g ON g.id = s.segmentation_id AND g.status = 'current' \
         WHERE {function}(lower(s.name_en), ?) > 0 OR {function}(s.name_zh, ?) > 0 \
         ORDER BY s.idx LIMIT {limit}"
    );
    let sql = Sql::of(
        store.backend(),
        &statement,
        [sql::text(text.clone()), sql::text(text)],
    );
    let rows = sql.all(store.reader()).await?;
    rows.iter()
        .map(|row| {
            Ok(Hit {
                kind: HitKind::Segment,
                id: row.try_get("", "id")?,
                title: row.try_get("", "title")?,
                subtitle: row.try_get("", "subtitle")?,
            })
        })
        .collect()
}
