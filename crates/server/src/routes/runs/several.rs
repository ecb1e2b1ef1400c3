//! Several runs named in one request.

use std::collections::HashMap;

use rapport_domain::RunId;
use rapport_store::runs::{self, RunRow};

use crate::error::{ApiError, ApiResult};
use crate::state::Desk;

/// Runs that one request may name.
const N_RUNS_MAX: usize = 20;

/// The identifiers in a text with commas between them.
pub(super) fn read(text: &str) -> ApiResult<Vec<RunId>> {
    let bad = || {
        let message = format!("name 1 to {N_RUNS_MAX} runs by their ids, with commas between them");
        ApiError::bad_request("?run", "bad_runs", message)
    };
    let ids = text.split(',').map(|id| id.trim().parse::<RunId>());
    let ids: Vec<RunId> = ids.collect::<Result<_, _>>().map_err(|_| bad())?;
    let is_within = (1..=N_RUNS_MAX).contains(&ids.len());
    is_within.then_some(ids).ok_or_else(bad)
}

/// Finds runs in the order in which they are named; 404 where one is not there.
pub(super) async fn find(app: &Desk, ids: &[RunId]) -> ApiResult<Vec<RunRow>> {
    let found = runs::find_many(app.store(), ids).await?;
    let by_id: HashMap<RunId, RunRow> = found.into_iter().map(|row| (row.run.id, row)).collect();
    let rows = ids.iter().map(|id| by_id.get(id).cloned());
    let rows: Option<Vec<RunRow>> = rows.collect();
    rows.ok_or_else(|| ApiError::not_found("run"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_twenty_ids_are_read() {
        let id = "0198c0de-0000-7000-8000-000000000001";
        let many = |n| vec![id; n].join(",");

        assert_eq!(read(&many(20)).unwrap().len(), 20);
        for text in [many(21), String::new(), "x".to_owned(), format!("{id},")] {
            assert_eq!(read(&text).unwrap_err().errors[0].pointer, "?run");
        }
    }
}
