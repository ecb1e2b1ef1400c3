//! `POST /imports`: a file, streamed to disk as it arrives.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use futures::TryStreamExt;
use rapport_domain::UserId;
use rapport_pipelines::imports;
use tokio_util::io::StreamReader;
use utoipa::ToSchema;

use super::import::Import;
use crate::error::{ApiError, ApiResult};
use crate::permissions::ImportFiles;
use crate::respond::Created;
use crate::session::Allowed;
use crate::state::Desk;

/// The longest name of a system, in characters.
const SOURCE_CHARS_MAX: usize = 100;

/// Room for that name in any script. A form's text has no file to go to, so that a longer one would
/// only fill the memory.
const SOURCE_BYTES_MAX: usize = 1024;

/// A file with the name of the system that it comes from.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "describes the form; its parts are read as they arrive"
)]
pub(super) struct UploadInput {
    /// Name of the system that the file comes from; must come before the file. The file's name
    /// without its format's extension where absent.
    source: Option<String>,
    /// The file: CSV, TSV or JSON lines, plain or gzip.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Uploads a file. It is looked at, not imported: check the mapping, then run the import.
#[utoipa::path(
    post, path = "/imports", tag = "imports",
    request_body(content = UploadInput, content_type = "multipart/form-data"),
    responses((status = 201, body = Import)),
)]
pub(super) async fn create_import(
    user: Allowed<ImportFiles>,
    form: Result<Multipart, MultipartRejection>,
) -> ApiResult<Created<Json<Import>>> {
    let app = &user.app;
    let mut form = form.map_err(|_| {
        ApiError::bad_request("", "not_a_form", "send the file as multipart/form-data")
    })?;
    let mut source = None;
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        match field.name() {
            Some("source") if source.is_some() => {
                let message = "name the system once";
                return Err(ApiError::unprocessable("/source", "repeated", message));
            }
            Some("source") => source = Some(read_source(field).await?),
            Some("file") => return take(app, user.id, source, field).await,
            _ => {}
        }
    }
    Err(ApiError::bad_request(
        "/file",
        "required",
        "the form has no part named file",
    ))
}

/// The name of the system, read no further than a name can be long.
async fn read_source(mut field: Field<'_>) -> ApiResult<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
        if bytes.len() + chunk.len() > SOURCE_BYTES_MAX {
            return Err(source_too_long());
        }
        bytes.extend_from_slice(&chunk);
    }
    let text = String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'));
    text.ok_or_else(|| {
        let message = "write the name as UTF-8 text";
        ApiError::unprocessable("/source", "not_text", message)
    })
}

fn source_too_long() -> ApiError {
    let message = format!("write a name of at most {SOURCE_CHARS_MAX} characters");
    ApiError::unprocessable("/source", "too_long", message)
}

/// Hands the file on while it arrives.
async fn take(
    app: &Desk,
    user: UserId,
    source: Option<String>,
    field: Field<'_>,
) -> ApiResult<Created<Json<Import>>> {
    let file_name = file_name(&field);
    let source = source
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty());
    let source = source.unwrap_or_else(|| {
        let name = imports::default_source(&file_name);
        name.chars().take(SOURCE_CHARS_MAX).collect()
    });
    if source.chars().count() > SOURCE_CHARS_MAX {
        return Err(source_too_long());
    }
    // The importer sees a reader that failed; why it failed is kept aside.
    let broken = Arc::new(Mutex::new(None));
    let keep = Arc::clone(&broken);
    let body = StreamReader::new(field.map_err(move |error| {
        *keep.lock().unwrap_or_else(PoisonError::into_inner) = Some(unreadable(error));
        io::Error::other("the upload broke off")
    }));
    let limit = app.config().upload_limit_bytes;
    let taken = imports::upload(
        app.workspace(),
        &file_name,
        &source,
        Some(user),
        limit,
        body,
    )
    .await;
    let import = taken.map_err(|error| {
        let broken = broken.lock().unwrap_or_else(PoisonError::into_inner).take();
        broken.unwrap_or_else(|| error.into())
    })?;
    let id = import.id.0;
    Ok(Created::new(
        "imports",
        id,
        Json(Import::of(import, app.now())?),
    ))
}

/// The last part of the name that the client gave: a label for people, never a path.
fn file_name(field: &Field<'_>) -> String {
    let given = field.file_name().unwrap_or_default();
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let name: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    if name.is_empty() {
        "upload".to_owned()
    } else {
        name
    }
}

fn unreadable(error: MultipartError) -> ApiError {
    let status = error.status();
    let (code, detail) = if status == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        (
            "too_large",
            "the file is larger than this server takes; split it or raise upload_limit_mib",
        )
    } else {
        (
            "body_unreadable",
            "the upload broke off or is no multipart form; send it again",
        )
    };
    ApiError::new(status, code, detail)
}
