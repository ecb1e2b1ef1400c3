//! `POST /sources`

use axum::Json;
use rapport_store::sources;

use super::source::{Source, SourceInput};
use crate::error::ApiResult;
use crate::extract::Body;
use crate::permissions::ManageSources;
use crate::respond::Created;
use crate::session::Allowed;

/// Makes a source, so that it can be given a key. A source of that name is answered as it is.
#[utoipa::path(
    post, path = "/sources", tag = "sources", request_body = SourceInput,
    responses((status = 201, body = Source)),
)]
pub(super) async fn create_source(
    Allowed { app, .. }: Allowed<ManageSources>,
    Body(input): Body<SourceInput>,
) -> ApiResult<Created<Json<Source>>> {
    let name = input.name()?;
    let made = sources::find_or_create(app.store(), name, app.new_id(), app.now()).await?;
    Ok(Created::new("sources", made.id.0, Json(made.into())))
}
