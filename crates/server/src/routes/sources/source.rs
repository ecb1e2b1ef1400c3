//! A source as the API shows and takes it.

use rapport_domain::{SourceId, Violation};
use rapport_store::sources;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{ApiError, ApiResult};
use crate::state::Desk;

/// Longest name of a source, in characters.
const NAME_CHARS_MAX: usize = 200;

/// A system that records and events come from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Source {
    /// Identifier.
    pub(crate) id: Uuid,
    /// Its name, unique.
    pub(crate) name: String,
}

/// All sources.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourceList {
    /// The sources, by name.
    pub(crate) sources: Vec<Source>,
}

/// A new source.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceInput {
    /// Its name, such as `Web shop`; a known name is the source that bears it.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) name: String,
}

impl SourceInput {
    /// The name, if it can be one.
    pub(super) fn name(&self) -> ApiResult<&str> {
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            let message = "name the source in 1 to 200 characters";
            ApiError::check(vec![Violation::new("/name", "bad_length", message)])?;
        }
        Ok(name)
    }
}

impl From<sources::Source> for Source {
    fn from(source: sources::Source) -> Self {
        Self {
            id: source.id.0,
            name: source.name,
        }
    }
}

/// The source of this id.
pub(super) async fn find(app: &Desk, id: SourceId) -> ApiResult<sources::Source> {
    let source = sources::find(app.store(), id).await?;
    source.ok_or_else(|| ApiError::not_found("source"))
}
