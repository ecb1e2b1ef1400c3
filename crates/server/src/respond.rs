//! The forms that answers take: pages with links, records with versions, things just made.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a list says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Meta {
    /// Hand this back as `cursor` for the next page; none on the last page.
    pub(crate) next_cursor: Option<String>,
    /// Roughly how many there are, where `count=estimate` asked for it.
    pub(crate) estimate: Option<u64>,
}

/// One page of a list, with the next page's address as an RFC 8288 link.
#[derive(Debug)]
pub(crate) struct Paged<T> {
    pub(crate) body: T,
    /// Path and query of the next page.
    pub(crate) next: Option<String>,
}

impl<T: Serialize> IntoResponse for Paged<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.body).into_response();
        let link = self.next.map(|next| format!("<{next}>; rel=\"next\""));
        if let Some(Ok(value)) = link.map(|link| HeaderValue::from_str(&link)) {
            response.headers_mut().insert(header::LINK, value);
        }
        response
    }
}

/// A record with the version that an edit must name.
#[derive(Debug)]
pub(crate) struct Record<T> {
    pub(crate) body: T,
    pub(crate) version: i64,
}

impl<T: Serialize> IntoResponse for Record<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.body).into_response();
        let tag = format!("\"{}\"", self.version);
        if let Ok(value) = HeaderValue::from_str(&tag) {
            response.headers_mut().insert(header::ETAG, value);
        }
        response
    }
}

/// Something just made, with its address: 201.
#[derive(Debug)]
pub(crate) struct Created<R> {
    location: String,
    answer: R,
}

impl<R: IntoResponse> Created<R> {
    /// `collection` is the plural under `/api/v1`.
    pub(crate) fn new(collection: &str, id: Uuid, answer: R) -> Self {
        Self {
            location: format!("/api/v1/{collection}/{id}"),
            answer,
        }
    }
}

impl<R: IntoResponse> IntoResponse for Created<R> {
    fn into_response(self) -> Response {
        let mut response = self.answer.into_response();
        *response.status_mut() = StatusCode::CREATED;
        if let Ok(value) = HeaderValue::from_str(&self.location) {
            response.headers_mut().insert(header::LOCATION, value);
        }
        response
    }
}

/// An answer with a secret in it, which is told once and kept nowhere.
#[derive(Debug)]
pub(crate) struct ShownOnce<R>(pub(crate) R);

/// Stands beside a response that must be kept nowhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Secret;

impl<R: IntoResponse> IntoResponse for ShownOnce<R> {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        response.extensions_mut().insert(Secret);
        response
    }
}
