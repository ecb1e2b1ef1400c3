//! One search over all kinds of records, for the command palette.

use futures::future::try_join_all;
use rapport_domain::Subject;
use rapport_domain::writing::{fold, spellings};
use sea_orm::{DbBackend, QueryResult};
use uuid::Uuid;

use super::object::SearchObject;
use super::question::{Question, Reading, Within};
use super::{partial, prefix_end};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec};

/// The newest answers of a kind that are ranked.
const N_RANKED: usize = 50;
/// Characters of a note that stand for its title.
const N_CHARS_OF_TITLE: usize = 80;

/// The kind of a record that a search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitKind {
    /// A person.
    Contact,
    /// An organization.
    Company,
    /// A possible sale.
    Deal,
    /// A request for help.
    Ticket,
    /// Something to do.
    Task,
    /// A free text on a record.
    Note,
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
    /// What it is about, where it is a note or a task.
    pub subject: Option<Subject>,
}

/// How well a hit answers, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// It is called just so.
    Exact,
    /// Its name begins so, as it is written or as it sounds.
    Start,
    /// A word of it begins so.
    Word,
}

/// Finds records of all kinds by text, at most `limit` of each kind: first those that are called
/// so, then those whose name begins so, and the newest first among the rest. What the store's user does not
/// see is neither found nor told of beside what is. A kind that it would take too long to search has none.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn everywhere(store: &Store, text: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
    let text = text.replace('\0', " ");
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let found = try_join_all(
        TARGETS
            .iter()
            .map(|target| target.find_in_time(store, text, limit)),
    )
    .await?;
    let mut hits: Vec<(Rank, Hit)> = found.into_iter().flatten().collect();
    let segments = find_segments(store, text, limit).await?;
    hits.extend(
        segments
            .into_iter()
            .map(|hit| (rank(&hit.title, text), hit)),
    );
    // Stable: kinds stay together where they answer equally well.
    hits.sort_by_key(|(rank, _)| *rank);
    Ok(hits.into_iter().map(|(_, hit)| hit).collect())
}

/// A kind of record that can be found everywhere.
struct Target {
    kind: HitKind,
    object: SearchObject,
    title: &'static str,
    subtitle: &'static str,
    joins: &'static str,
    /// Whether names are indexed in order, in `name_key`.
    has_name_key: bool,
    /// Whether it is about another record.
    has_subject: bool,
}

impl Target {
    const fn of(
        kind: HitKind,
        object: SearchObject,
        title: &'static str,
        subtitle: &'static str,
    ) -> Self {
        Self {
            kind,
            object,
            title,
            subtitle,
            joins: "",
            has_name_key: false,
            has_subject: false,
        }
    }

    const fn named(mut self) -> Self {
        self.has_name_key = true;
        self
    }

    const fn joined(mut self, joins: &'static str) -> Self {
        self.joins = joins;
        self
    }

    const fn about(mut self) -> Self {
        self.has_subject = true;
        self.joined(
            " LEFT JOIN contacts c ON r.subject_kind = 'contact' AND c.id = r.subject_id \
             LEFT JOIN companies co ON r.subject_kind = 'company' AND co.id = r.subject_id \
             LEFT JOIN deals d ON r.subject_kind = 'deal' AND d.id = r.subject_id \
             LEFT JOIN tickets t ON r.subject_kind = 'ticket' AND t.id = r.subject_id",
        )
    }
}

const OF_CUSTOMER: &str = " LEFT JOIN contacts c ON c.id = r.contact_id";
/// Enough of a note to make its title of.
const BEGINNING: &str = "substr(r.body, 1, 400)";
const SUBJECT: &str = "coalesce(c.name, co.name, d.name, t.subject, '')";

const TARGETS: [Target; 8] = [
    Target::of(
        HitKind::Contact,
        SearchObject::Contact,
        "r.name",
        "coalesce(r.email, r.phone, '')",
    )
    .named(),
    Target::of(
        HitKind::Company,
        SearchObject::Company,
        "r.name",
        "coalesce(r.domain, r.industry, '')",
    )
    .named(),
    Target::of(
        HitKind::Deal,
        SearchObject::Deal,
        "r.name",
        "coalesce(co.name, c.name, '')",
    )
    .joined(
        " LEFT JOIN companies co ON co.id = r.company_id \
         LEFT JOIN contacts c ON c.id = r.contact_id",
    ),
    Target::of(
        HitKind::Ticket,
        SearchObject::Ticket,
        "r.subject",
        "coalesce(c.name, '')",
    )
    .joined(OF_CUSTOMER),
    Target::of(HitKind::Task, SearchObject::Task, "r.title", SUBJECT).about(),
    Target::of(HitKind::Note, SearchObject::Note, BEGINNING, SUBJECT).about(),
    Target::of(HitKind::Product, SearchObject::Product, "r.name", "r.sku").named(),
    Target::of(
        HitKind::Order,
        SearchObject::Order,
        "r.external_id",
        "coalesce(c.name, '')",
    )
    .joined(OF_CUSTOMER),
];

impl Target {
    /// As [`Self::find`]; none where it would take too long, for the other kinds are still of use.
    async fn find_in_time(
        &self,
        store: &Store,
        text: &str,
        limit: usize,
    ) -> Result<Vec<(Rank, Hit)>, StoreError> {
        match self.find(store, text, limit).await {
            Err(StoreError::TooCostly) => Ok(Vec::new()),
            found => found,
        }
    }

    async fn find(
        &self,
        store: &Store,
        text: &str,
        limit: usize,
    ) -> Result<Vec<(Rank, Hit)>, StoreError> {
        let Reading::Question(question) = Question::read(store, self.object, text).await? else {
            return Ok(Vec::new());
        };
        let mut hits: Vec<(Rank, Hit)> = Vec::new();
        if self.has_name_key {
            let sql = self.named_so(store, text, limit);
            self.gather(store, sql, text, &mut hits).await?;
        }
        if partial::is_partial(store, self.object).await? {
            let answers = partial::newest_answers(store, &question, N_RANKED).await?;
            let sql = self.among(store, answers);
            self.gather(store, sql, text, &mut hits).await?;
            hits.sort_by_key(|(rank, _)| *rank);
            hits.truncate(limit);
            return Ok(hits);
        }
        for within in Question::reaches(store.backend()) {
            let sql = self.answers(store, &question, *within);
            self.gather(store, sql, text, &mut hits).await?;
            if hits.len() >= limit {
                break;
            }
        }
        hits.sort_by_key(|(rank, _)| *rank);
        hits.truncate(limit);
        Ok(hits)
    }

    /// Those whose names begin with the text, in the order of names.
    fn named_so(&self, store: &Store, text: &str, limit: usize) -> Sql {
        let start = codec::name_key(text);
        let end = prefix_end(&start);
        let (table, lens) = (self.object.source().table, store.lens());
        let mut sql = self.shown(store);
        // The index knows names as they are stored; those that are not shown are left out.
        sql.push(&format!("{table} r"));
        lens.push(&mut sql, self.joins, []);
        sql.push(" WHERE ");
        lens.push_rows(&mut sql, table, "r");
        if let Some(repeats) = lens.repeats(store.backend(), table, "r") {
            sql.push(" AND NOT ").push(&repeats);
        }
        sql.push_with(
            " AND r.name_key >= ? AND r.name_key < ? ORDER BY r.name_key",
            [sql::text(start), sql::text(end)],
        );
        sql.push(&format!(" LIMIT {limit}"));
        sql
    }

    /// Those that the index finds, the newest first.
    fn answers(&self, store: &Store, question: &Question, within: Within) -> Sql {
        let (table, lens) = (self.object.source().table, store.lens());
        let mut joins = Sql::new(store.backend());
        let source = lens.source(store.backend(), table);
        joins.push(&format!("JOIN {source} r ON r.id = found.record_id"));
        lens.push(&mut joins, self.joins, []);
        let mut sql = self.shown(store);
        question.push_answers(&mut sql, within, joins);
        sql.push(" AND ");
        lens.push_rows(&mut sql, table, "r");
        sql.push(Question::newest_first(store.backend()));
        sql.push(&format!(" LIMIT {N_RANKED}"));
        sql
    }

    /// Those of these records that are seen, the newest first.
    fn among(&self, store: &Store, ids: Vec<Uuid>) -> Sql {
        let (table, lens) = (self.object.source().table, store.lens());
        let mut sql = self.shown(store);
        let source = lens.source(store.backend(), table);
        sql.push(&format!("{source} r"));
        lens.push(&mut sql, self.joins, []);
        sql.push(" WHERE ");
        lens.push_rows(&mut sql, table, "r");
        sql.push(" AND r.id IN ");
        sql.bind_list(ids.into_iter().map(sql::id));
        sql.push(" ORDER BY r.id DESC");
        sql
    }

    /// What is shown of a record: the beginning of every statement that makes hits of candidates.
    fn shown(&self, store: &Store) -> Sql {
        let (table, backend) = (self.object.source().table, store.backend());
        let subtitle = store.lens().blanked(backend, table, "r", self.subtitle);
        let mut sql = Sql::new(backend);
        sql.push(&format!(
            "SELECT r.id AS id, {} AS title, {subtitle} AS subtitle",
            self.title
        ));
        if self.has_subject {
            sql.push(", r.subject_kind AS subject_kind, r.subject_id AS subject_id");
        }
        sql.push(" FROM ");
        sql
    }

    /// The one place where candidates become hits.
    async fn gather(
        &self,
        store: &Store,
        sql: Sql,
        text: &str,
        hits: &mut Vec<(Rank, Hit)>,
    ) -> Result<(), StoreError> {
        for row in sql.all(store.lister()).await? {
            let hit = self.read(&row)?;
            if !hits.iter().any(|(_, known)| known.id == hit.id) {
                hits.push((rank(&hit.title, text), hit));
            }
        }
        Ok(())
    }

    fn read(&self, row: &QueryResult) -> Result<Hit, StoreError> {
        let title: String = row.try_get("", "title")?;
        let subject = match self.has_subject {
            true => {
                let kind: Option<String> = row.try_get("", "subject_kind")?;
                let id: Option<Uuid> = row.try_get("", "subject_id")?;
                let of = |(kind, id): (String, Uuid)| codec::subject("subject_kind", &kind, id);
                kind.zip(id).map(of).transpose()?
            }
            false => None,
        };
        Ok(Hit {
            kind: self.kind,
            id: row.try_get("", "id")?,
            title: match self.kind {
                HitKind::Note => beginning(&title),
                _ => title,
            },
            subtitle: row.try_get("", "subtitle")?,
            subject,
        })
    }
}

/// How well a title answers a text.
fn rank(title: &str, text: &str) -> Rank {
    let (title, text) = (fold(title), fold(text));
    let typed: String = text.split_whitespace().collect();
    if title == text {
        Rank::Exact
    } else if title.starts_with(&text)
        || spellings(&title)
            .iter()
            .any(|spelling| spelling.starts_with(&typed))
    {
        Rank::Start
    } else {
        Rank::Word
    }
}

/// The beginning of a longer text, on one line.
fn beginning(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(N_CHARS_OF_TITLE).collect()
}

async fn find_segments(store: &Store, text: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
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
                subject: None,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_answers_best_by_being_the_text() {
        for (title, text, expected) in [
            ("Lamp", "LAMP", Rank::Exact),
            ("Lamps", "lamp", Rank::Start),
            ("Old Lamp", "lamp", Rank::Word),
            ("李明", "李明", Rank::Exact),
            ("李明", "li ming", Rank::Start),
            ("李明", "lm", Rank::Start),
            ("王李明", "liming", Rank::Word),
        ] {
            assert_eq!(rank(title, text), expected, "{title} {text}");
        }
    }
}
