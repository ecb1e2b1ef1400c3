//! Why somebody changes what serves: it is part of the trail, and asked for.

use crate::error::{ApiError, ApiResult};

/// Characters that a reason may have.
pub(super) const LENGTH_MAX: usize = 500;

/// The reason without blanks around it.
pub(super) fn read(text: &str) -> ApiResult<String> {
    let text = text.trim();
    if (1..=LENGTH_MAX).contains(&text.chars().count()) {
        return Ok(text.to_owned());
    }
    let message = format!("say why, in 1 to {LENGTH_MAX} characters");
    Err(ApiError::unprocessable("/reason", "bad_reason", message))
}
