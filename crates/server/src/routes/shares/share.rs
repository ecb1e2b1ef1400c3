//! With whom a record is shared, as the API shows and takes it.

use rapport_domain::{Share as Domain, Sharer};
use rapport_store::shares::ShareRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{ApiError, ApiResult};
use crate::wire::Reference;

/// With whom a record is shared: a colleague or a team.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Share {
    /// The colleague.
    user: Option<Reference>,
    /// The team; everybody in it and in every team below.
    team: Option<Reference>,
    /// Whether they may change the record, too.
    may_write: bool,
}

/// With whom a record is shared.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShareList {
    /// The shares, by name.
    pub(super) shares: Vec<Share>,
}

/// With whom to share: one of a colleague and a team.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShareInput {
    /// The colleague.
    user_id: Option<Uuid>,
    /// The team.
    team_id: Option<Uuid>,
    /// Whether they may change the record, too.
    #[serde(default)]
    may_write: bool,
}

/// Everybody with whom to share.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SharesInput {
    /// The shares.
    pub(super) shares: Vec<ShareInput>,
}

impl ShareInput {
    pub(super) fn read(self) -> ApiResult<Domain> {
        let with = match (self.user_id, self.team_id) {
            (Some(user), None) => Sharer::User(user.into()),
            (None, Some(team)) => Sharer::Team(team.into()),
            _ => {
                let message = "name either a colleague or a team in each share";
                return Err(ApiError::unprocessable("/shares", "one_of", message));
            }
        };
        Ok(Domain {
            with,
            may_write: self.may_write,
        })
    }
}

impl From<ShareRow> for Share {
    fn from(ShareRow { share, name }: ShareRow) -> Self {
        let (user, team) = match share.with {
            Sharer::User(user) => (Some(Reference::new(user, name)), None),
            Sharer::Team(team) => (None, Some(Reference::new(team, name))),
        };
        Self {
            user,
            team,
            may_write: share.may_write,
        }
    }
}
