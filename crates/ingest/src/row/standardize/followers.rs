//! What colleagues have noted of a contact in WeCom, in the list that its interface answers.

use serde::Deserialize;

/// A colleague who has the contact.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Follower {
    /// The colleague.
    pub(super) userid: Option<String>,
    /// What the colleague calls the contact.
    pub(super) remark: Option<String>,
    pub(super) description: Option<String>,
    pub(super) remark_corp_name: Option<String>,
    pub(super) remark_mobiles: Vec<String>,
    pub(super) tags: Vec<Tag>,
    /// Seconds since 1970.
    pub(super) createtime: Option<i64>,
}

/// A label.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tag {
    pub(super) tag_name: String,
}

/// The followers of a cell, who has the contact longest first; none where it is no such list.
pub(super) fn parse(cell: &str) -> Option<Vec<Follower>> {
    let mut followers: Vec<Follower> = serde_json::from_str(cell).ok()?;
    followers.sort_by_key(|follower| follower.createtime.unwrap_or(i64::MAX));
    Some(followers)
}
