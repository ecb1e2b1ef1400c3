//! The pipeline that a workspace begins with, so that deals have stages to stand in from the first file on.

use rapport_domain::{Language, Pipeline, PipelineId, StageId};
use rapport_store::{pipelines, settings};

use crate::error::PipelineError;
use crate::workspace::Workspace;

/// Gives a workspace without a pipeline the usual one, named in the language of its region.
///
/// # Errors
/// [`PipelineError::Store`] where the database fails.
pub async fn keep_first_pipeline(workspace: &Workspace) -> Result<(), PipelineError> {
    if !pipelines::list(&workspace.store).await?.is_empty() {
        return Ok(());
    }
    let region = settings::workspace(&workspace.store).await?.default_region;
    let now = workspace.clock.now();
    let id = workspace.ids.next::<PipelineId>(now);
    let usual = Pipeline::usual(Language::of_region(&region), id, || {
        workspace.ids.next::<StageId>(now)
    });
    pipelines::create_first(&workspace.store, usual, now).await?;
    Ok(())
}
