//! `GET /audit/verification`

use axum::Json;
use rapport_store::audit::{self, FaultKind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiResult;
use crate::permissions::ReadAudit;
use crate::session::Allowed;
use crate::sightings;
use crate::wire::Time;

/// What is wrong with a place in the chain.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AuditFaultKind {
    /// The entry is not what it was.
    Altered,
    /// There is no entry.
    Missing,
    /// The entry that belongs here stands elsewhere.
    OutOfOrder,
    /// What the entry tells is gone, and no entry says that it was erased.
    ValuesGone,
    /// The entry is not the one whose hash was kept elsewhere.
    NotAsKept,
    /// The chain does not end where it was left.
    Head,
}

/// The first place where the chain is not as it was written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuditFault {
    /// The place in the chain.
    seq: i64,
    /// The entry that stands there, if one does.
    entry_id: Option<i64>,
    /// What is wrong there.
    kind: AuditFaultKind,
    /// Where the entry that belongs here stands, if it was found.
    stands_at: Option<i64>,
}

/// What a check of the whole chain has found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuditVerification {
    /// When it was checked.
    checked_at: Time,
    /// Entries that are as they were written, from the first one on.
    n_sound: i64,
    /// The end of the chain, to be kept elsewhere: whoever has it can tell later that nothing before it
    /// was changed.
    head: String,
    /// The first thing that is wrong; null where all is as it was written.
    fault: Option<AuditFault>,
}

/// Checks the whole chain: every entry by its hash and the one before it. Of very many entries it takes
/// longer than a request may; `rapport audit verify` has the time.
#[utoipa::path(
    get, path = "/audit/verification", tag = "audit",
    responses((status = 200, body = AuditVerification)),
)]
pub(super) async fn show_audit_verification(
    Allowed { app, .. }: Allowed<ReadAudit>,
) -> ApiResult<Json<AuditVerification>> {
    sightings::try_settle(app.app()).await?;
    let verdict = audit::verify(app.store(), None).await?;
    Ok(Json(AuditVerification {
        checked_at: app.now().into(),
        n_sound: verdict.n_sound,
        head: verdict.head.to_string(),
        fault: verdict.fault.map(AuditFault::from),
    }))
}

impl From<audit::Fault> for AuditFault {
    fn from(fault: audit::Fault) -> Self {
        let (kind, stands_at) = match fault.kind {
            FaultKind::Altered => (AuditFaultKind::Altered, None),
            FaultKind::Missing => (AuditFaultKind::Missing, None),
            FaultKind::OutOfOrder { stands_at } => (AuditFaultKind::OutOfOrder, Some(stands_at)),
            FaultKind::ValuesGone => (AuditFaultKind::ValuesGone, None),
            FaultKind::NotAsKept => (AuditFaultKind::NotAsKept, None),
            FaultKind::Head => (AuditFaultKind::Head, None),
        };
        Self {
            seq: fault.seq,
            entry_id: fault.entry,
            kind,
            stands_at,
        }
    }
}
