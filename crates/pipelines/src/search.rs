//! Upkeep of search: records that were there before it knew them are indexed in pieces.

use std::convert::Infallible;
use std::time::Duration;

use rapport_store::search;

use crate::Workspace;

/// Records of one piece: a tenth of a second, for which other writes wait.
const N_OF_PIECE: u64 = 2_000;
/// Between two pieces, so that those who wait come first.
const PAUSE: Duration = Duration::from_millis(20);
/// After a failure of the records.
const WAIT: Duration = Duration::from_secs(5);

/// Indexes what is not indexed yet, then rests. May be stopped anywhere: a piece is whole or not
/// there, and the next start goes on with the piece after it.
pub(crate) async fn tend(workspace: &Workspace) -> Infallible {
    loop {
        match search::catch_up(&workspace.store, N_OF_PIECE).await {
            Ok(true) => tokio::time::sleep(PAUSE).await,
            Ok(false) => std::future::pending().await,
            Err(error) => {
                tracing::error!(%error, "search could not be brought up to date; trying again");
                tokio::time::sleep(WAIT).await;
            }
        }
    }
}
