//! The one place where stages change.

use futures::FutureExt as _;
use rapport_domain::{AuditAction, AuditObject, ModelId, Timestamp, UserId};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait as _,
    QueryFilter as _,
};
use serde_json::json;
use uuid::Uuid;

use super::{ModelStage, ModelVersion, PromotionRefusal, StageRefusal, read};
use crate::audit::{self, Draft, replaced};
use crate::entities::{model, model_transition};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk, codec, segmentations};

/// A stage that somebody wants to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageChange {
    /// What the model does.
    pub kind: String,
    /// Which version.
    pub version: u64,
    /// Where it is to stand.
    pub to: ModelStage,
    /// Why.
    pub reason: String,
    /// Who wants it; none for the program itself.
    pub actor: Option<UserId>,
}

/// A champion that somebody wants back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollBack {
    /// What the model does.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// Who wants it; none for the program itself.
    pub actor: Option<UserId>,
}

/// Changes the stage of a version, if its kind still has the revision that the caller read. A new
/// champion retires the one before it, and the segmentation that it made, if any, is shown.
///
/// # Errors
/// [`StoreError::Stage`] where the rule of stages or that of promotion refuses;
/// [`StoreError::Conflict`] where something changed meanwhile; [`StoreError::NotFound`].
pub async fn change_stage(
    store: &Store,
    change: StageChange,
    revision: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let noted = change_in(tx, change, revision, now).await?;
                audit::write(tx, &lens, vec![noted]).await
            }
            .boxed()
        })
        .await
}

async fn change_in(
    tx: &DatabaseTransaction,
    change: StageChange,
    revision: i64,
    now: Timestamp,
) -> Result<Draft, StoreError> {
    lock(tx).await?;
    let row = model::Entity::find()
        .filter(model::Column::Kind.eq(change.kind.as_str()))
        .filter(model::Column::Version.eq(codec::signed(change.version)))
        .one(tx)
        .await?;
    let key = || format!("{} {}", change.kind, change.version);
    let row = row.ok_or_else(|| StoreError::not_found("model version", key()))?;
    require_revision(tx, &change.kind, revision).await?;
    let found = ModelVersion::try_from(row)?;
    let (from, to) = (found.stage, change.to);
    let note = Note {
        kind: &change.kind,
        model_id: found.id,
        actor: change.actor,
        at: now,
    };
    if !from.next().contains(&to) {
        return Err(StageRefusal::NoSuchStep { from, to }.into());
    }
    if to != ModelStage::Retired {
        require_files(&found).map_err(StageRefusal::from)?;
    }
    if to == ModelStage::Champion {
        let champion = champion_in(tx, &change.kind).await?;
        judge(&found, champion).map_err(StageRefusal::from)?;
        note.crown(tx, from, &change.reason).await?;
    } else {
        note.move_to(tx, from, to, &change.reason).await?;
    }
    Ok(noted(
        AuditAction::Updated,
        found.id,
        (from, to),
        &change.reason,
    ))
}

/// What the audit tells of a changed stage.
fn noted(
    action: AuditAction,
    model: ModelId,
    (from, to): (ModelStage, ModelStage),
    reason: &str,
) -> Draft {
    let before = json!({"stage": from.as_str()});
    let after = json!({"stage": to.as_str(), "reason": reason});
    Draft::of(action, AuditObject::Model, model).with(replaced(Some(&before), Some(&after)))
}

/// Whether a version could become champion, apart from its way through the shadow.
pub(super) fn judge(
    version: &ModelVersion,
    champion: Option<(ModelId, u64)>,
) -> Result<(), PromotionRefusal> {
    require_files(version)?;
    match version.stage {
        ModelStage::Champion => Err(PromotionRefusal::IsChampion),
        ModelStage::Retired => Err(PromotionRefusal::IsRetired),
        ModelStage::Candidate | ModelStage::Shadow => version
            .evidence
            .as_ref()
            .ok_or(PromotionRefusal::NoEvidence)?
            .judge(champion),
    }
}

fn require_files(version: &ModelVersion) -> Result<(), PromotionRefusal> {
    match version.files_dropped_at {
        Some(_) => Err(PromotionRefusal::FilesDropped),
        None => Ok(()),
    }
}

/// Brings the champion before the present one back, if the kind still has the revision that the
/// caller read. It has proved itself in service: no evidence is asked for.
///
/// # Errors
/// [`StoreError::Stage`] where no champion came before; [`StoreError::Conflict`] where something
/// changed meanwhile; [`StoreError::NotFound`] where there is no such kind.
pub async fn roll_back(
    store: &Store,
    roll_back: RollBack,
    revision: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let noted = roll_back_in(tx, roll_back, revision, now).await?;
                audit::write(tx, &lens, vec![noted]).await
            }
            .boxed()
        })
        .await
}

async fn roll_back_in(
    tx: &DatabaseTransaction,
    roll_back: RollBack,
    revision: i64,
    now: Timestamp,
) -> Result<Draft, StoreError> {
    lock(tx).await?;
    let kind = roll_back.kind.as_str();
    let any = model::Entity::find().filter(model::Column::Kind.eq(kind));
    if any.one(tx).await?.is_none() {
        return Err(StoreError::not_found(super::OBJECT, kind));
    }
    require_revision(tx, kind, revision).await?;
    let before = read::champion_before(tx, kind).await?;
    let (model_id, _) = before.ok_or(StageRefusal::NothingToRollBack)?;
    let note = Note {
        kind,
        model_id,
        actor: roll_back.actor,
        at: now,
    };
    let from = ModelStage::Retired;
    note.crown(tx, from, &roll_back.reason).await?;
    let stages = (from, ModelStage::Champion);
    Ok(noted(
        AuditAction::Undone,
        model_id,
        stages,
        &roll_back.reason,
    ))
}

/// Lets changes of the registry take turns. SQLite has one writer anyway.
pub(super) async fn lock(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let text = "LOCK TABLE model_transitions IN SHARE ROW EXCLUSIVE MODE";
        tx.execute_unprepared(text).await?;
    }
    Ok(())
}

async fn require_revision(
    tx: &DatabaseTransaction,
    kind: &str,
    expected: i64,
) -> Result<(), StoreError> {
    let found = read::revision(tx, kind).await?;
    if found == expected {
        return Ok(());
    }
    Err(StoreError::Conflict {
        object: super::OBJECT,
        expected,
        found,
    })
}

/// The champion of a kind and its version.
pub(crate) async fn champion_in(
    connection: &impl ConnectionTrait,
    kind: &str,
) -> Result<Option<(ModelId, u64)>, StoreError> {
    let row = model::Entity::find()
        .filter(model::Column::Kind.eq(kind))
        .filter(model::Column::Status.eq(ModelStage::Champion.as_str()))
        .one(connection)
        .await?;
    Ok(row.map(|row| (row.id.into(), codec::unsigned(row.version))))
}

/// Whose stage changes, who changes it and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Note<'a> {
    pub(super) kind: &'a str,
    pub(super) model_id: ModelId,
    pub(super) actor: Option<UserId>,
    pub(super) at: Timestamp,
}

impl Note<'_> {
    /// Makes the model the champion; the one before it retires.
    pub(super) async fn crown(
        self,
        tx: &DatabaseTransaction,
        from: ModelStage,
        reason: &str,
    ) -> Result<(), StoreError> {
        if let Some((champion, _)) = champion_in(tx, self.kind).await? {
            let old = Note {
                model_id: champion,
                ..self
            };
            old.move_to(tx, ModelStage::Champion, ModelStage::Retired, reason)
                .await?;
        }
        self.move_to(tx, from, ModelStage::Champion, reason).await?;
        segmentations::show_of_model_in(tx, self.model_id).await
    }

    /// Changes the stage and notes it.
    pub(super) async fn move_to(
        self,
        tx: &DatabaseTransaction,
        from: ModelStage,
        to: ModelStage,
        reason: &str,
    ) -> Result<(), StoreError> {
        let text = "UPDATE models SET status = ? WHERE id = ?";
        let values = [sql::text(to.as_str()), sql::id(self.model_id)];
        Sql::of(tx.get_database_backend(), text, values)
            .execute(tx)
            .await?;
        self.write(tx, Some(from), to, reason).await
    }

    /// Notes a change.
    pub(super) async fn write(
        self,
        tx: &DatabaseTransaction,
        from: Option<ModelStage>,
        to: ModelStage,
        reason: &str,
    ) -> Result<(), StoreError> {
        let row = model_transition::Model {
            number: 0,
            kind: self.kind.to_owned(),
            model_id: Uuid::from(self.model_id),
            from_stage: from.map(|from| from.as_str().to_owned()),
            to_stage: to.as_str().to_owned(),
            reason: reason.to_owned(),
            actor_id: self.actor.map(Into::into),
            at: self.at.as_micros(),
        };
        let rows = vec![row];
        bulk::insert_except::<model_transition::Entity>(tx, rows, &["number"], "").await?;
        Ok(())
    }
}
