//! The guard around other code of ours: a mistake in one piece of work must not end the worker.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;

use crate::error::PipelineError;

/// Does the work and makes an error of a panic in it.
///
/// What the work has borrowed is not looked at afterwards: the store undoes a transaction that was
/// not finished, and everything else that it shares is behind locks or replaced as a whole.
pub(crate) async fn guarded<T>(
    work: impl Future<Output = Result<T, PipelineError>>,
) -> Result<T, PipelineError> {
    let caught = AssertUnwindSafe(work).catch_unwind().await;
    caught.unwrap_or_else(|panic| {
        let reason = message_of(&*panic);
        tracing::error!(reason, "a mistake in the program stopped a piece of work");
        Err(PipelineError::Panicked { reason })
    })
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_becomes_an_error_with_its_message() {
        let caught = guarded::<()>(async { panic!("row {} is missing", 7) }).await;

        let error = caught.unwrap_err();
        assert!(matches!(&error, PipelineError::Panicked { .. }));
        assert!(error.to_string().contains("row 7 is missing"), "{error}");
    }

    #[tokio::test]
    async fn what_ends_well_is_handed_on() {
        assert_eq!(guarded(async { Ok(7) }).await.unwrap(), 7);
    }
}
