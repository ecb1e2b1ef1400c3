//! Settings of the workspace: named values, kept as JSON.

use futures::FutureExt as _;
use rapport_domain::{Currency, SourceId, Survivorship};
use sea_orm::{ConnectionTrait, EntityTrait as _};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::audit::Draft;
use crate::codec::Columns;
use crate::entities::setting;
use crate::imports::differ;
use crate::{Store, StoreError, audit, bulk, codec};

/// What everybody in the workspace shares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceSettings {
    /// Name of the workspace.
    pub name: String,
    /// Currency of amounts that do not name one.
    pub default_currency: Currency,
    /// Region of phone numbers that do not name one, as two letters of ISO 3166-1.
    pub default_region: String,
    /// Whether contacts are attached to the company of their e-mail domain by themselves.
    #[serde(default)]
    pub attaches_companies: bool,
}

impl Default for WorkspaceSettings {
    fn default() -> Self {
        Self {
            name: "Rapport".to_owned(),
            default_currency: Currency::USD,
            default_region: "US".to_owned(),
            attaches_companies: false,
        }
    }
}

/// How contacts of one person are found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MatchingSettings {
    /// Whether certain pairs are merged without a person.
    pub is_automatic: bool,
    /// The probability from which on a pair is certain.
    pub threshold: f64,
    /// Sources that hold each person once: two of their records are never one person.
    pub distinct_sources: Vec<SourceId>,
}

impl Default for MatchingSettings {
    fn default() -> Self {
        Self {
            is_automatic: false,
            threshold: 0.999,
            distinct_sources: Vec::new(),
        }
    }
}

const WORKSPACE: &str = "workspace";
const MATCHING: &str = "matching";
const SURVIVORSHIP: &str = "survivorship";

/// Which values survive a merge; the defaults where nothing was saved.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn survivorship(store: &Store) -> Result<Survivorship, StoreError> {
    survivorship_in(store.reader()).await
}

/// As [`survivorship`], within a transaction too.
pub(crate) async fn survivorship_in(
    connection: &impl ConnectionTrait,
) -> Result<Survivorship, StoreError> {
    Ok(find_in(connection, SURVIVORSHIP).await?.unwrap_or_default())
}

/// Saves which values survive a merge; holds for merges from then on.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn save_survivorship(store: &Store, rules: &Survivorship) -> Result<(), StoreError> {
    save(store, SURVIVORSHIP, rules).await
}

/// How contacts of one person are found; the defaults where nothing was saved.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn matching(store: &Store) -> Result<MatchingSettings, StoreError> {
    Ok(find(store, MATCHING).await?.unwrap_or_default())
}

/// The same within a transaction.
pub(crate) async fn matching_in(
    connection: &impl ConnectionTrait,
) -> Result<MatchingSettings, StoreError> {
    Ok(find_in(connection, MATCHING).await?.unwrap_or_default())
}

/// Saves how contacts of one person are found.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn save_matching(store: &Store, settings: &MatchingSettings) -> Result<(), StoreError> {
    save(store, MATCHING, settings).await
}

/// The workspace's settings; the defaults where none were saved.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn workspace(store: &Store) -> Result<WorkspaceSettings, StoreError> {
    Ok(find(store, WORKSPACE).await?.unwrap_or_default())
}

/// Saves the workspace's settings.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn save_workspace(store: &Store, settings: &WorkspaceSettings) -> Result<(), StoreError> {
    save(store, WORKSPACE, settings).await
}

/// Finds a setting.
///
/// # Errors
/// [`StoreError::Decode`] where what is stored is of another type.
pub async fn find<T: DeserializeOwned>(store: &Store, key: &str) -> Result<Option<T>, StoreError> {
    find_in(store.reader(), key).await
}

/// As [`find`], within a transaction too.
pub(crate) async fn find_in<T: DeserializeOwned>(
    connection: &impl ConnectionTrait,
    key: &str,
) -> Result<Option<T>, StoreError> {
    let row = setting::Entity::find_by_id(key).one(connection).await?;
    row.map(|row| codec::from_json("settings.value", &row.value))
        .transpose()
}

/// Saves a setting.
///
/// # Errors
/// [`StoreError`] where the database fails.
pub async fn save<T: Serialize>(store: &Store, key: &str, value: &T) -> Result<(), StoreError> {
    let row = setting::Model {
        key: key.to_owned(),
        value: codec::to_json(value),
    };
    let lens = store.lens().clone();
    store
        .write(move |tx| {
            async move {
                let before = find_in(tx, &row.key).await?.unwrap_or(Json::Null);
                let changes = differ(told(&row.key, before), told(&row.key, value_of(&row)?));
                let conflict = "ON CONFLICT (key) DO UPDATE SET value = excluded.value";
                bulk::insert::<setting::Entity>(tx, vec![row], conflict).await?;
                if changes.is_empty() {
                    return Ok(());
                }
                let draft = Draft::of_settings(changes);
                audit::write(tx, &lens, vec![draft]).await
            }
            .boxed()
        })
        .await
}

fn value_of(row: &setting::Model) -> Result<Json, StoreError> {
    codec::from_json("settings.value", &row.value)
}

/// A setting as the audit tells it: its fields below its key.
fn told(key: &str, value: Json) -> Columns {
    let fields = match value {
        Json::Object(fields) => fields,
        Json::Null => Columns::new(),
        value => return [(key.to_owned(), value)].into_iter().collect(),
    };
    let fields = fields.into_iter();
    fields
        .map(|(field, value)| (format!("{key}.{field}"), value))
        .collect()
}
