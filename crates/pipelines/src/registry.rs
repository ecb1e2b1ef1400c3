//! The registry of models as people use it: stages changed and news of it told.

use rapport_learn::read_card;
use rapport_store::models::{self, ModelVersion, RollBack, StageChange};

use crate::Workspace;
use crate::changes::Change;
use crate::error::PipelineError;

/// Changes the stage of a version.
///
/// # Errors
/// [`PipelineError::Store`] with what refused: the rule of stages, that of promotion, an outdated
/// revision, or the records.
pub async fn change_stage(
    workspace: &Workspace,
    change: StageChange,
    revision: i64,
) -> Result<(), PipelineError> {
    let kind = change.kind.clone();
    models::change_stage(&workspace.store, change, revision, workspace.clock.now()).await?;
    announce(workspace, &kind).await
}

/// Brings the champion before the present one back.
///
/// # Errors
/// [`PipelineError::Store`] with what refused.
pub async fn roll_back(
    workspace: &Workspace,
    roll_back: RollBack,
    revision: i64,
) -> Result<(), PipelineError> {
    let kind = roll_back.kind.clone();
    models::roll_back(&workspace.store, roll_back, revision, workspace.clock.now()).await?;
    announce(workspace, &kind).await
}

/// The card of a version, for people; none where its folder has none.
///
/// # Errors
/// [`PipelineError::Model`] where the card cannot be read.
pub async fn card(
    workspace: &Workspace,
    version: &ModelVersion,
) -> Result<Option<String>, PipelineError> {
    let folder = workspace.model_path(version.id);
    Ok(tokio::task::spawn_blocking(move || read_card(&folder)).await??)
}

/// Tells that something about a kind changed, and that other segments may be shown.
pub(crate) async fn announce(workspace: &Workspace, kind: &str) -> Result<(), PipelineError> {
    let Some(line) = models::find_line(&workspace.store, kind).await? else {
        return Ok(());
    };
    workspace.changes.announce(Change::Model(line.latest.id));
    let shown = rapport_store::segmentations::find_current(&workspace.store).await?;
    if let Some(shown) = shown.filter(|_| kind == crate::segmentations::MODEL_KIND) {
        workspace.changes.announce(Change::Segmentation(shown.id));
    }
    Ok(())
}
