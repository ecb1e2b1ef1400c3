//! A team and its members as the API shows and takes them.

use rapport_store::teams;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::respond::Meta;
use crate::wire::{Reference, TeamKind};

/// A group of colleagues.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Team {
    /// Identifier.
    id: Uuid,
    /// Name.
    name: String,
    /// The team above; none at the top.
    parent_id: Option<Uuid>,
    /// What it is called.
    kind: TeamKind,
}

/// All teams.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamList {
    /// The teams, by name.
    pub(super) teams: Vec<Team>,
    /// Always the only page.
    pub(super) meta: Meta,
}

/// A team to be made or written anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeamInput {
    /// Name.
    name: String,
    /// The team above; none at the top.
    parent_id: Option<Uuid>,
    /// What it is called.
    kind: TeamKind,
}

/// Somebody in a team.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamMember {
    /// Who.
    user: Reference,
    /// Whether the member leads the team.
    is_lead: bool,
}

/// Who is in a team.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamMemberList {
    /// The members, by name.
    pub(super) members: Vec<TeamMember>,
}

/// Somebody to be in a team.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeamMemberInput {
    /// Who.
    pub(super) user_id: Uuid,
    /// Whether the member leads the team.
    #[serde(default)]
    pub(super) is_lead: bool,
}

/// Everybody who is to be in a team.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeamMembersInput {
    /// The members.
    pub(super) members: Vec<TeamMemberInput>,
}

impl TeamInput {
    pub(super) fn into_team(self, id: Uuid) -> rapport_domain::Team {
        rapport_domain::Team {
            id: id.into(),
            name: self.name.trim().to_owned(),
            parent_id: self.parent_id.map(Into::into),
            kind: self.kind.into(),
        }
    }
}

impl From<rapport_domain::Team> for Team {
    fn from(team: rapport_domain::Team) -> Self {
        Self {
            id: team.id.0,
            name: team.name,
            parent_id: team.parent_id.map(Into::into),
            kind: team.kind.into(),
        }
    }
}

impl From<teams::TeamMember> for TeamMember {
    fn from(member: teams::TeamMember) -> Self {
        Self {
            user: member.user.into(),
            is_lead: member.is_lead,
        }
    }
}
