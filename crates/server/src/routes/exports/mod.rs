//! Exports: whole lists as files, read page by page while they are sent.

mod columns;
mod rows;
mod show;

use rapport_domain::{AuditAction, AuditObject};
use rapport_store::audit;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::error::ApiResult;
use crate::state::{AppState, Desk};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show::show_export))
}

/// Notes that a list is taken away as a file, before its first byte is sent. `asked` is what it was asked
/// for with, without values.
pub(crate) async fn note_export(
    app: &Desk,
    file: &str,
    id: Option<Uuid>,
    asked: Option<&str>,
) -> ApiResult<()> {
    let told = json!({ "file": file, "query": asked.filter(|query| !query.is_empty()) });
    let list = AuditObject::List;
    audit::note(app.store(), AuditAction::Exported, list, id, &told).await?;
    Ok(())
}
