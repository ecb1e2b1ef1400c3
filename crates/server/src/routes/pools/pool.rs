//! A pool as the API shows and takes it.

use rapport_domain::{ObjectKind as Object, PoolRule};
use rapport_store::pools;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ApiResult;
use crate::session::Allowed;
use crate::wire::ObjectKind;

/// The pool of one kind of record, and where the caller stands with it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Pool {
    /// The kind.
    object: ObjectKind,
    /// The most records that one colleague may have and still claim another; no limit where null.
    n_owned_max: Option<u32>,
    /// Days without activity after which a record returns to the pool; never where null.
    return_after_days: Option<u32>,
    /// How many records of the kind the caller has.
    n_owned: u64,
    /// Whether the caller's role claims and gives back.
    may_claim: bool,
}

/// The pools of all kinds of records that have an owner.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PoolList {
    /// The pools.
    pub(super) pools: Vec<Pool>,
}

/// The rule of a pool, written anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PoolInput {
    /// The most records that one colleague may have and still claim another; no limit where null.
    n_owned_max: Option<u32>,
    /// Days without activity after which a record returns to the pool; never where null.
    return_after_days: Option<u32>,
}

impl From<PoolInput> for PoolRule {
    fn from(input: PoolInput) -> Self {
        Self {
            n_owned_max: input.n_owned_max,
            return_after_days: input.return_after_days,
        }
    }
}

impl Pool {
    /// The pool as it is now.
    pub(super) async fn of<P>(caller: &Allowed<P>, object: Object) -> ApiResult<Self> {
        let (app, store) = (&caller.app, caller.app.store());
        let policy = &app.access().policy;
        let sets_owners = policy.field_rule(object, "owner_id").is_none();
        let rule = pools::rule(store, object).await?;
        Ok(Self {
            object: object.into(),
            n_owned_max: rule.n_owned_max,
            return_after_days: rule.return_after_days,
            n_owned: pools::n_owned(store, object, caller.id).await?,
            may_claim: policy.grant(object).pool && sets_owners,
        })
    }
}
