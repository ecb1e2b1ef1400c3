//! The layer around all handlers that answers with less.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::{Arc, OnceLock};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{MatchedPath, OriginalUri, Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use rapport_domain::{CUSTOM_PREFIX, FieldRule, ObjectKind};
use rapport_store::StoreError;
use serde_json::{Map, Value};
use utoipa::openapi::OpenApi;

use super::selection::{Selectable, Selection, schema_of};
use super::shape::Shape;
use super::tag::{is_known, tag_of};
use crate::error::{ApiError, ApiResult};
use crate::state::Desk;

/// What is known of all answers.
#[derive(Debug, Clone)]
pub(crate) struct Answers {
    selectable: Selectable,
    /// By address and method, where something may be hidden.
    shapes: Arc<BTreeMap<(String, String), Shape>>,
}

impl Answers {
    /// Reads a document.
    pub(crate) fn of(document: &OpenApi) -> Self {
        let document = serde_json::to_value(document).expect("a document is JSON");
        let mut shapes = BTreeMap::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                for schema in ["200", "201"]
                    .iter()
                    .filter_map(|it| schema_of(operation, it))
                {
                    let shape = Shape::of(&document, schema);
                    if !shape.is_plain() {
                        shapes.insert((path.clone(), method.to_uppercase()), shape);
                    }
                }
            }
        }
        Self {
            selectable: Selectable::of_json(&document),
            shapes: Arc::new(shapes),
        }
    }

    fn shape(&self, path: &str, method: &Method) -> Option<&Shape> {
        self.shapes.get(&(path.to_owned(), method.to_string()))
    }

    /// What is made or changed by a request: the record that it is answered by.
    fn written(&self, path: &str, method: &Method) -> Option<ObjectKind> {
        if *method == Method::GET {
            return None;
        }
        self.shape(path, method)?.told()?.record()
    }
}

/// Through whose eyes a request is answered: the handler's permission says it to the layer around, and to
/// who reads the body.
#[derive(Debug, Clone, Default)]
pub(crate) struct Eyes {
    desk: Arc<OnceLock<Desk>>,
    /// What the request makes or changes.
    written: Option<ObjectKind>,
}

impl Eyes {
    /// Says who asks. A request has one caller, so that the first word stands.
    pub(crate) fn look(&self, desk: &Desk) {
        let _ = self.desk.set(desk.clone());
    }

    /// Refuses a body that names what the caller does not see of the record that it makes or changes, whatever
    /// it says of it. That comes before anything is looked at that could tell of the field.
    pub(crate) fn check_body(&self, body: &[u8]) -> ApiResult<()> {
        let (Some(desk), Some(object)) = (self.desk.get(), self.written) else {
            return Ok(());
        };
        let policy = &desk.access().policy;
        if !policy.hides_any() {
            return Ok(());
        }
        // What cannot be read is refused where it is read.
        let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
            return Ok(());
        };
        let is_hidden = |field: &String| policy.hides(object, field);
        let hidden = fields_of(&body).filter(is_hidden);
        let fields: Vec<_> = hidden.map(|field| (field, FieldRule::Hidden)).collect();
        match fields.is_empty() {
            true => Ok(()),
            false => Err(StoreError::FieldsNotAllowed { fields }.into()),
        }
    }
}

/// The fields that a body names, custom ones with their prefix.
pub(crate) fn fields_of(body: &Map<String, Value>) -> impl Iterator<Item = String> {
    let custom = body.get("custom").and_then(Value::as_object);
    let custom = custom.into_iter().flat_map(Map::keys);
    let custom = custom.map(|key| format!("{CUSTOM_PREFIX}{key}"));
    body.keys().cloned().chain(custom)
}

/// Answers without what the caller does not see, with the fields alone that are asked for, and not at all
/// where the caller has the answer already.
pub(crate) async fn answer_as_asked(
    State(answers): State<Answers>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let path = path.map_or_else(String::new, |path| path.as_str().to_owned());
    let selection = match selection(&answers.selectable, &path, &request) {
        Ok(selection) => selection,
        Err(error) => return error.into_response(),
    };
    let eyes = Eyes {
        written: answers.written(&path, request.method()),
        ..Eyes::default()
    };
    request.extensions_mut().insert(eyes.clone());
    let asked = Asked {
        method: request.method().clone(),
        path,
        selection,
        headers: request.headers().clone(),
    };
    let response = next.run(request).await;
    // Who is not told by a permission is shown no records.
    match eyes.desk.get() {
        Some(desk) if is_json(&response) => asked
            .narrowed(&answers, desk, response)
            .await
            .unwrap_or_else(|error| error.into_response()),
        _ => response,
    }
}

/// What a request asks of its answer.
struct Asked {
    method: Method,
    path: String,
    selection: Option<Selection>,
    headers: HeaderMap,
}

impl Asked {
    async fn narrowed(
        &self,
        answers: &Answers,
        desk: &Desk,
        response: Response,
    ) -> ApiResult<Response> {
        if let Some(selection) = &self.selection {
            selection.check(desk).await?;
        }
        let policy = &desk.access().policy;
        let shape = answers.shape(&self.path, &self.method);
        let shape = shape.filter(|_| policy.hides_any());
        // What has a version is one thing, at whatever address it stands.
        let is_record = self.method == Method::GET
            && (answers.selectable.is_record(&self.path)
                || response.headers().contains_key(header::ETAG));
        if shape.is_none() && self.selection.is_none() && !is_record {
            return Ok(response);
        }
        let (mut parts, body) = response.into_parts();
        let mut bytes = to_bytes(body, usize::MAX)
            .await
            .map_err(|e| unreadable(&e))?;
        if shape.is_some() || self.selection.is_some() {
            let mut answer: Value = serde_json::from_slice(&bytes).map_err(|e| unreadable(&e))?;
            if let Some(shape) = shape {
                shape.strip(&mut answer, policy);
            }
            if let Some(selection) = &self.selection {
                selection.keep(&mut answer);
            }
            bytes = Bytes::from(answer.to_string());
            parts.headers.remove(header::CONTENT_LENGTH);
        }
        if is_record {
            let tag = tag_of(parts.headers.get(header::ETAG), &bytes);
            let known = self.headers.get(header::IF_NONE_MATCH);
            if known.is_some_and(|known| is_known(known, &tag)) {
                return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
            }
            parts.headers.insert(header::ETAG, tag);
        }
        Ok(Response::from_parts(parts, Body::from(bytes)))
    }
}

fn unreadable(error: &dyn Display) -> ApiError {
    ApiError::internal(format!("an answer cannot be narrowed: {error}"))
}

fn is_json(response: &Response) -> bool {
    let media_type = response.headers().get(header::CONTENT_TYPE);
    let media_type = media_type.and_then(|value| value.to_str().ok());
    response.status().is_success()
        && media_type.is_some_and(|media_type| media_type.starts_with("application/json"))
}

/// The fields that a request names; none where it names none.
fn selection(
    selectable: &Selectable,
    path: &str,
    request: &Request,
) -> ApiResult<Option<Selection>> {
    if request.method() != Method::GET {
        return Ok(None);
    }
    let uri = request.extensions().get::<OriginalUri>();
    let uri = uri.map_or(request.uri(), |OriginalUri(uri)| uri);
    // What cannot be read is refused where it is read.
    let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(uri) else {
        return Ok(None);
    };
    let named = pairs.into_iter().filter(|(name, _)| name == "fields");
    let named: Vec<String> = named.map(|(_, value)| value).collect();
    if named.is_empty() {
        return Ok(None);
    }
    let Some(choice) = selectable.at(path) else {
        let message = "fields cannot be chosen at this address; leave it out";
        return Err(ApiError::bad_request(
            "?fields",
            "unknown_parameter",
            message,
        ));
    };
    choice.select(&named.join(",")).map(Some)
}
