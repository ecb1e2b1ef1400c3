//! `POST /segmentations`

use axum::Json;
use axum::http::StatusCode;
use rapport_pipelines::segmentations::{self, SegmentationRequest};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::{ApiError, ApiResult};
use crate::extract::Body;
use crate::permissions::{PromoteModels, TrainModels};
use crate::routes::jobs::JobAccepted;
use crate::session::Allowed;

/// What to segment by; everything absent is chosen by stability and silhouette. What is named here serves
/// without having to beat the champion: naming it needs an administrator, as promoting does.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SegmentationInput {
    /// Method.
    method: Option<SegmentationMethod>,
    /// Number of segments, 2 to 20.
    #[schema(minimum = 2, maximum = 20)]
    k: Option<usize>,
}

/// A method of segmentation that can be asked for.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SegmentationMethod {
    /// Recency, frequency and monetary value in named groups.
    Rfm,
    /// k-means.
    Kmeans,
    /// Hierarchical by Ward's criterion.
    Ward,
}

/// Starts a new segmentation of all customers; follow its job.
#[utoipa::path(
    post, path = "/segmentations", tag = "segmentations", request_body = SegmentationInput,
    responses((status = 202, body = JobAccepted)),
)]
pub(super) async fn create_segmentation(
    user: Allowed<TrainModels>,
    Body(input): Body<SegmentationInput>,
) -> ApiResult<(StatusCode, Json<JobAccepted>)> {
    let app = &user.app;
    if input.method.is_some() || input.k.is_some() {
        user.require::<PromoteModels>()?;
    }
    if input.k.is_some_and(|k| !(2..=20).contains(&k)) {
        let message = "choose 2 to 20 segments";
        return Err(ApiError::unprocessable("/k", "out_of_range", message));
    }
    let job = segmentations::start(app.workspace(), input.into()).await?;
    Ok((StatusCode::ACCEPTED, Json(JobAccepted { job: job.into() })))
}

impl From<SegmentationInput> for SegmentationRequest {
    fn from(input: SegmentationInput) -> Self {
        use rapport_pipelines::segmentations::SegmentationMethod as Method;
        let method = input.method.map(|method| match method {
            SegmentationMethod::Rfm => Method::Rfm,
            SegmentationMethod::Kmeans => Method::Kmeans,
            SegmentationMethod::Ward => Method::Ward,
        });
        Self {
            method,
            k: input.k,
            ..Self::default()
        }
    }
}
