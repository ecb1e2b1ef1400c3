//! Reading the registry.

use std::collections::{BTreeMap, HashSet};

use rapport_domain::{ModelId, Timestamp};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QueryResult, QuerySelect as _,
};
use uuid::Uuid;

use super::transitions::{champion_in, judge};
use super::{ModelStage, ModelVersion, PromotionRefusal, Transition};
use crate::entities::model;
use crate::record::Named;
use crate::sql::{self, Sql};
use crate::{Store, StoreError, codec};

/// All versions of one kind, in short.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelLine {
    /// What they do.
    pub kind: String,
    /// Grows with every change of the kind; an edit names it. 0 before the first that was noted.
    pub revision: i64,
    /// Versions by stage.
    pub n_by_stage: BTreeMap<ModelStage, u64>,
    /// The version that serves.
    pub champion: Option<ModelVersion>,
    /// The newest version.
    pub latest: ModelVersion,
    /// The version that a roll-back brings back.
    pub roll_back_to: Option<u64>,
}

impl ModelLine {
    /// Versions in all.
    pub fn n_versions(&self) -> u64 {
        self.n_by_stage.values().sum()
    }

    /// Whether a version of this kind could become champion, apart from its way through the shadow.
    ///
    /// # Errors
    /// Why it could not.
    pub fn judge(&self, version: &ModelVersion) -> Result<(), PromotionRefusal> {
        let champion = self.champion.as_ref();
        let champion = champion.map(|champion| (champion.id, champion.version));
        judge(version, champion)
    }
}

/// The kinds of models there are, by name.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_lines(store: &Store) -> Result<Vec<ModelLine>, StoreError> {
    let mut sql = Sql::new(store.backend());
    sql.push("SELECT DISTINCT kind FROM models ORDER BY kind");
    let mut lines = Vec::new();
    for row in sql.all(store.reader()).await? {
        let kind: String = row.try_get("", "kind")?;
        lines.extend(find_line(store, &kind).await?);
    }
    Ok(lines)
}

/// Finds a kind of model.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_line(store: &Store, kind: &str) -> Result<Option<ModelLine>, StoreError> {
    // Read first: what changes while the rest is read makes this one outdated, and a change that
    // rests on it is refused.
    let revision = revision(store.reader(), kind).await?;
    let latest = list_versions(store, kind, 1).await?.pop();
    let Some(latest) = latest else {
        return Ok(None);
    };
    let text = "SELECT status, count(*) AS n FROM models WHERE kind = ? GROUP BY status";
    let counted = Sql::of(store.backend(), text, [sql::text(kind)]);
    let mut n_by_stage: BTreeMap<ModelStage, u64> = ModelStage::ALL.map(|stage| (stage, 0)).into();
    for row in counted.all(store.reader()).await? {
        let stage: String = row.try_get("", "status")?;
        let n = codec::unsigned(row.try_get("", "n")?);
        n_by_stage.insert(codec::member("models.status", &stage)?, n);
    }
    let before = champion_before(store.reader(), kind).await?;
    Ok(Some(ModelLine {
        kind: kind.to_owned(),
        revision,
        n_by_stage,
        champion: find_champion(store, kind).await?,
        latest,
        roll_back_to: before.map(|(_, version)| version),
    }))
}

/// Finds the kind that a model is a version of.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_line_of(store: &Store, id: ModelId) -> Result<Option<ModelLine>, StoreError> {
    let row = model::Entity::find_by_id(Uuid::from(id))
        .one(store.reader())
        .await?;
    match row {
        Some(row) => find_line(store, &row.kind).await,
        None => Ok(None),
    }
}

/// The versions of a kind, the newest first.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_versions(
    store: &Store,
    kind: &str,
    limit: u64,
) -> Result<Vec<ModelVersion>, StoreError> {
    let rows = model::Entity::find()
        .filter(model::Column::Kind.eq(kind))
        .order_by_desc(model::Column::Version)
        .limit(limit)
        .all(store.reader())
        .await?;
    rows.into_iter().map(ModelVersion::try_from).collect()
}

/// Finds a version of a kind.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_version(
    store: &Store,
    kind: &str,
    version: u64,
) -> Result<Option<ModelVersion>, StoreError> {
    let row = model::Entity::find()
        .filter(model::Column::Kind.eq(kind))
        .filter(model::Column::Version.eq(codec::signed(version)))
        .one(store.reader())
        .await?;
    row.map(ModelVersion::try_from).transpose()
}

/// Finds the version of a kind that serves.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_champion(store: &Store, kind: &str) -> Result<Option<ModelVersion>, StoreError> {
    let row = model::Entity::find()
        .filter(model::Column::Kind.eq(kind))
        .filter(model::Column::Status.eq(ModelStage::Champion.as_str()))
        .one(store.reader())
        .await?;
    row.map(ModelVersion::try_from).transpose()
}

/// Why a version does not serve; none where it does, could, or is not there.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn find_refusal(
    store: &Store,
    id: ModelId,
) -> Result<Option<PromotionRefusal>, StoreError> {
    let row = model::Entity::find_by_id(Uuid::from(id))
        .one(store.reader())
        .await?;
    let Some(version) = row.map(ModelVersion::try_from).transpose()? else {
        return Ok(None);
    };
    let Some(line) = find_line(store, &version.kind).await? else {
        return Ok(None);
    };
    let refusal = line.judge(&version).err();
    Ok(refusal.filter(|refusal| *refusal != PromotionRefusal::IsChampion))
}

/// When a version was last promoted; a roll-back brought it back and does not count. None where that
/// was never, or before changes were noted.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn promoted_at(store: &Store, id: ModelId) -> Result<Option<Timestamp>, StoreError> {
    let text = "SELECT max(at) AS at FROM model_transitions \
                WHERE model_id = ? AND from_stage = 'shadow' AND to_stage = 'champion'";
    let sql = Sql::of(store.backend(), text, [sql::id(id)]);
    let at = match sql.one(store.reader()).await? {
        Some(row) => row.try_get::<Option<i64>>("", "at")?,
        None => None,
    };
    Ok(at.map(Timestamp::from_micros))
}

/// The changes of a kind's stages, the latest first.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_transitions(
    store: &Store,
    kind: &str,
    limit: u64,
) -> Result<Vec<Transition>, StoreError> {
    let text = format!(
        "SELECT m.version, t.from_stage, t.to_stage, t.reason, t.at, u.id AS u_id, u.name AS u_name \
         FROM model_transitions t JOIN models m ON m.id = t.model_id \
         LEFT JOIN users u ON u.id = t.actor_id WHERE t.kind = ? ORDER BY t.number DESC LIMIT {limit}"
    );
    let sql = Sql::of(store.backend(), &text, [sql::text(kind)]);
    let rows = sql.all(store.reader()).await?;
    rows.iter().map(transition).collect()
}

fn transition(row: &QueryResult) -> Result<Transition, StoreError> {
    let stage = |name: String| codec::member("model_transitions.to_stage", &name);
    let from: Option<String> = row.try_get("", "from_stage")?;
    Ok(Transition {
        version: codec::unsigned(row.try_get("", "version")?),
        from: from.map(stage).transpose()?,
        to: stage(row.try_get("", "to_stage")?)?,
        reason: row.try_get("", "reason")?,
        actor: Named::read(row, "u_")?,
        at: Timestamp::from_micros(row.try_get("", "at")?),
    })
}

/// All models that are registered and have their files.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn list_ids(store: &Store) -> Result<HashSet<ModelId>, StoreError> {
    let mut sql = Sql::new(store.backend());
    sql.push("SELECT id FROM models WHERE files_dropped_at IS NULL");
    let rows = sql.all(store.reader()).await?;
    let id = |row: QueryResult| -> Result<ModelId, StoreError> {
        Ok(row.try_get_by_index::<Uuid>(0)?.into())
    };
    rows.into_iter().map(id).collect()
}

/// The revision of a kind: the number of its latest change.
pub(super) async fn revision(
    connection: &impl ConnectionTrait,
    kind: &str,
) -> Result<i64, StoreError> {
    let text = "SELECT max(number) AS number FROM model_transitions WHERE kind = ?";
    let sql = Sql::of(connection.get_database_backend(), text, [sql::text(kind)]);
    let number = match sql.one(connection).await? {
        Some(row) => row.try_get::<Option<i64>>("", "number")?,
        None => None,
    };
    Ok(number.unwrap_or(0))
}

/// The champion before the present one, by what was noted: the one that had retired last when the
/// present one was promoted; where nobody serves, the one that retired last. So a version that was
/// rolled back does not come back over the one it had to make room for. Versions from before changes
/// were noted have all served: of those the newest that is older.
pub(super) async fn champion_before(
    connection: &impl ConnectionTrait,
    kind: &str,
) -> Result<Option<(ModelId, u64)>, StoreError> {
    let present = champion_in(connection, kind).await?;
    let promoted = match present {
        Some((id, _)) => number_of_promotion(connection, id).await?,
        None => Some(i64::MAX),
    };
    if let Some(promoted) = promoted {
        let text = "SELECT m.id, m.version FROM model_transitions t \
                    JOIN models m ON m.id = t.model_id WHERE t.kind = ? AND t.number < ? \
                    AND t.from_stage = 'champion' AND t.to_stage = 'retired' \
                    AND m.status = 'retired' \
                    ORDER BY t.number DESC LIMIT 1";
        let values = [sql::text(kind), promoted.into()];
        let sql = Sql::of(connection.get_database_backend(), text, values);
        if let Some(row) = sql.one(connection).await? {
            return id_and_version(&row).map(Some);
        }
    }
    let below = present.map_or(i64::MAX, |(_, version)| codec::signed(version));
    let text = "SELECT m.id, m.version FROM models m \
                WHERE m.kind = ? AND m.status = 'retired' AND m.version < ? \
                AND NOT EXISTS (SELECT 1 FROM model_transitions t WHERE t.model_id = m.id) \
                ORDER BY m.version DESC LIMIT 1";
    let values = [sql::text(kind), below.into()];
    let sql = Sql::of(connection.get_database_backend(), text, values);
    let found = sql.one(connection).await?;
    found.as_ref().map(id_and_version).transpose()
}

/// The number of the note with which a version was last promoted from the shadow; none where that was
/// before changes were noted.
async fn number_of_promotion(
    connection: &impl ConnectionTrait,
    id: ModelId,
) -> Result<Option<i64>, StoreError> {
    let text = "SELECT max(number) AS number FROM model_transitions \
                WHERE model_id = ? AND from_stage = 'shadow' AND to_stage = 'champion'";
    let sql = Sql::of(connection.get_database_backend(), text, [sql::id(id)]);
    match sql.one(connection).await? {
        Some(row) => Ok(row.try_get("", "number")?),
        None => Ok(None),
    }
}

fn id_and_version(row: &QueryResult) -> Result<(ModelId, u64), StoreError> {
    let id: Uuid = row.try_get("", "id")?;
    let version = codec::unsigned(row.try_get("", "version")?);
    Ok((id.into(), version))
}
