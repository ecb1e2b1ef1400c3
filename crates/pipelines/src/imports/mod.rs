//! Imports: a file is uploaded, looked at, mapped, and read in by a job; another job takes it back.

mod assemble;
mod dry_run;
mod look;
mod order_match;
mod people;
mod reading;
mod recent;
mod records;
mod rejected;
mod rows;
mod run;
mod seen;
mod undo;
mod upload;

use rapport_domain::{CustomField, ImportId, Invalid, Violation};
use rapport_ingest::{Mapping, MappingReason, Preset};
use rapport_store::imports::{self, Import};
use rapport_store::jobs::{Job, NewJob};
use rapport_store::{StoreError, custom_fields, settings, users};
use serde_json::json;

pub(crate) use assemble::{AssembledTold, Join, NO_IMPORT, assemble_told};
pub(crate) use dry_run::{DRY_RUN_KIND, run as dry_run};
pub use dry_run::{DRY_RUN_ROWS_MAX, start_dry_run};
pub use look::FileLayout;
pub use reading::Pace;
pub use rejected::rejected_csv;
pub(crate) use run::{ImportPayload, run};
pub use undo::undo;
pub(crate) use undo::{UNDO_KIND, kept_messages, run as run_undo};
pub use upload::{default_source, upload};

use crate::Workspace;
use crate::changes::Change;
use crate::error::PipelineError;
use crate::jobs;

/// Kind of the job that reads a file in.
pub(crate) const JOB_KIND: &str = "import";

/// Replaces the guessed mapping by what a person chose.
///
/// # Errors
/// [`PipelineError::Invalid`] where a field is mapped twice or a required one is missing;
/// [`PipelineError::Store`] where the import is running or over.
pub async fn set_mapping(
    workspace: &Workspace,
    id: ImportId,
    mapping: Mapping,
) -> Result<Import, PipelineError> {
    mapping.check()?;
    check_custom(workspace, &mapping).await?;
    let import = find(workspace, id).await?;
    if mapping.column_names() != import.columns {
        let message = "list every column of the file once, in its order";
        return Err(Invalid::one("/columns", "columns_changed", message).into());
    }
    let value = to_json(&mapping)?;
    let import = imports::set_mapping(&workspace.store, id, mapping.entity, &value).await?;
    workspace.changes.announce(Change::Import(id));
    Ok(import)
}

/// Refuses a mapping that feeds custom fields which are not there, or not in use.
async fn check_custom(workspace: &Workspace, mapping: &Mapping) -> Result<(), PipelineError> {
    let Some(object) = assemble::object_of(mapping.entity) else {
        return Ok(());
    };
    let fields = custom_fields::list_active(&workspace.store, object).await?;
    let is_known = |key: &str| fields.iter().any(|field| field.key == key);
    let unknown = mapping.custom().filter(|(_, _, key, _)| !is_known(key));
    let violations = unknown.map(|(_, column, key, _)| {
        let message = format!(
            "column \"{column}\" feeds custom.{key}, which is no field in use; make it or choose another"
        );
        Violation::new("/columns", "unknown_field", message)
    });
    Ok(Invalid::check(violations.collect())?)
}

/// Lets columns that feed no field of ours feed the custom fields that they are called by.
async fn recognize_custom(
    workspace: &Workspace,
    mapping: &mut Mapping,
) -> Result<(), PipelineError> {
    let Some(object) = assemble::object_of(mapping.entity) else {
        return Ok(());
    };
    let mut fields = custom_fields::list_active(&workspace.store, object).await?;
    let free = mapping.columns.iter_mut();
    for column in free.filter(|column| column.field.is_none()) {
        let name = column.column.trim().to_lowercase();
        let key = name.strip_prefix(custom_fields::PREFIX).unwrap_or(&name);
        let is_called = |field: &CustomField| {
            let labels = [&field.label.en, &field.label.zh];
            field.key == key || labels.iter().any(|label| label.to_lowercase() == name)
        };
        if let Some(idx) = fields.iter().position(is_called) {
            column.custom = Some(fields.remove(idx).key);
            column.confidence = 1.0;
            column.reason = MappingReason::HeaderSynonym;
        }
    }
    Ok(())
}

/// Looks anew at the workbook of an import, at another of its sheets: columns, first rows and the
/// proposed mapping are those of that sheet.
///
/// # Errors
/// [`PipelineError::Ingest`] where there is no such sheet or no table in it; [`PipelineError::Store`]
/// where the import was run already; [`PipelineError::Io`] where the file cannot be read.
pub async fn set_sheet(
    workspace: &Workspace,
    id: ImportId,
    name: &str,
) -> Result<Import, PipelineError> {
    let import = imports::find_ready(&workspace.store, id).await?;
    let layout = from_json(import.format)?;
    let region = settings::workspace(&workspace.store).await?.default_region;
    let (path, name) = (workspace.upload_path(id), name.to_owned());
    let look =
        tokio::task::spawn_blocking(move || look::look_at_sheet(&path, layout, &name, &region));
    let mut look = look.await??;
    recognize_custom(workspace, look.mapping_mut()).await?;
    let look = look.to_store(import.bytes)?;
    let import = imports::set_look(&workspace.store, id, look).await?;
    workspace.changes.announce(Change::Import(id));
    Ok(import)
}

/// Maps the file of an import anew: by the preset with this key or, without one, by names and contents
/// alone.
///
/// # Errors
/// [`PipelineError::Invalid`] where there is no such preset; [`PipelineError::Store`] where the import
/// was run already; [`PipelineError::Ingest`] and [`PipelineError::Io`] where the file cannot be read.
pub async fn set_preset(
    workspace: &Workspace,
    id: ImportId,
    key: Option<&str>,
) -> Result<Import, PipelineError> {
    let choice = match key {
        None => look::PresetChoice::Without,
        Some(key) => look::PresetChoice::By(known_preset(key)?),
    };
    let import = imports::find_ready(&workspace.store, id).await?;
    let layout = from_json(import.format)?;
    let region = settings::workspace(&workspace.store).await?.default_region;
    let path = workspace.upload_path(id);
    let look = tokio::task::spawn_blocking(move || look::look_with(&path, layout, &region, choice));
    let mut look = look.await??;
    look.add_own_addresses(colleagues(workspace).await?);
    let look = look.to_store(import.bytes)?;
    let import = imports::set_look(&workspace.store, id, look).await?;
    workspace.changes.announce(Change::Import(id));
    Ok(import)
}

/// The addresses of everybody who works here, from whom a mailbox tells messages that were sent.
async fn colleagues(workspace: &Workspace) -> Result<Vec<String>, PipelineError> {
    let colleagues = users::list(&workspace.store).await?;
    Ok(colleagues
        .into_iter()
        .map(|user| user.email.to_string())
        .collect())
}

fn known_preset(key: &str) -> Result<&'static Preset, Invalid> {
    rapport_ingest::find_preset(key).ok_or_else(|| {
        let known: Vec<&str> = rapport_ingest::presets().map(|preset| preset.key).collect();
        let message = format!("there is no preset {key:?}; known are {}", known.join(", "));
        Invalid::one("/preset", "unknown_preset", message)
    })
}

/// Queues the import. One that failed or was cancelled goes on where it stopped.
///
/// # Errors
/// [`PipelineError::Ingest`] where the mapping cannot be used; [`PipelineError::Store`] where the
/// import is under way or done.
pub async fn start(workspace: &Workspace, id: ImportId) -> Result<Job, PipelineError> {
    let import = find(workspace, id).await?;
    let mapping = read_mapping(&import)?;
    mapping.check()?;
    check_custom(workspace, &mapping).await?;
    let job = job_of(workspace, id, JOB_KIND, Some(unique_key(id)));
    let job = imports::queue(&workspace.store, id, job, workspace.clock.now()).await?;
    Ok(announced(workspace, id, job))
}

/// A job that works on an import.
fn job_of(workspace: &Workspace, id: ImportId, kind: &str, unique_key: Option<String>) -> NewJob {
    let payload = json!(ImportPayload { import_id: id });
    jobs::new_job(workspace, kind, payload, unique_key)
}

/// Tells screens that a job was queued for an import.
fn announced(workspace: &Workspace, id: ImportId, job: Job) -> Job {
    workspace.changes.announce(Change::Import(id));
    workspace.changes.announce(Change::Job(job.id));
    job
}

/// Stops an import and its job: at once where no worker reads it, else after the batch under way.
/// What is in stays.
///
/// # Errors
/// [`PipelineError::Store`] where the import is over.
pub async fn cancel(workspace: &Workspace, id: ImportId) -> Result<Import, PipelineError> {
    let import = imports::cancel(&workspace.store, id, workspace.clock.now()).await?;
    if let Some(job_id) = import.job_id {
        workspace.changes.announce(Change::Job(job_id));
    }
    workspace.changes.announce(Change::Import(id));
    Ok(import)
}

/// One job at a time works on an import, whether it reads it in or takes it back.
fn unique_key(id: ImportId) -> String {
    format!("import:{id}")
}

async fn find(workspace: &Workspace, id: ImportId) -> Result<Import, PipelineError> {
    let found = imports::find(&workspace.store, id).await?;
    Ok(found.ok_or_else(|| StoreError::NotFound {
        object: "import",
        key: id.to_string(),
    })?)
}

pub(crate) fn read_mapping(import: &Import) -> Result<Mapping, PipelineError> {
    from_json(import.mapping.clone())
}

/// What cells do not say: the workspace's currency and region.
async fn read_options(workspace: &Workspace) -> Result<rapport_ingest::ReadOptions, PipelineError> {
    let settings = settings::workspace(&workspace.store).await?;
    Ok(rapport_ingest::ReadOptions {
        default_currency: settings.default_currency,
        default_region: Some(settings.default_region),
    })
}

fn to_json(value: &impl serde::Serialize) -> Result<serde_json::Value, PipelineError> {
    serde_json::to_value(value).map_err(unreadable)
}

fn from_json<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> Result<T, PipelineError> {
    serde_json::from_value(value).map_err(unreadable)
}

fn unreadable(error: serde_json::Error) -> PipelineError {
    PipelineError::Job {
        kind: JOB_KIND.to_owned(),
        reason: error.to_string(),
    }
}
