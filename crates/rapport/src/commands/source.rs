//! `rapport source`: the systems that send events, and the keys that they send them with.

use anyhow::{Context, Result};
use rapport_pipelines::Workspace;
use rapport_store::write_keys::{self, WriteKey, WriteKeyRow};
use rapport_store::{sources, sources::Source};

use super::workspace;
use crate::cli::SourceAction;
use crate::config::Config;
use crate::output::{self, BadInput};

pub(crate) async fn run(config: Config, action: SourceAction) -> Result<()> {
    let workspace = workspace::open_signed(&config).await?;
    match action {
        SourceAction::Key { name } => {
            let key = make_key(&workspace, &name)
                .await
                .with_context(|| format!("making a key of {name:?}"))?;
            output::line(&format!("The write key of {name} is {key}"));
        }
        SourceAction::List => {
            for source in sources::list(&workspace.store).await? {
                let keys = write_keys::list_of(&workspace.store, source.id).await?;
                output::line(&line(&source, &keys));
            }
        }
        SourceAction::Revoke { prefix } => {
            let (source, key) = find_key(&workspace, &prefix).await?;
            write_keys::revoke(&workspace.store, key.id, workspace.clock.now()).await?;
            output::line(&format!(
                "{} may no longer send events with {}.",
                source.name, key.prefix
            ));
        }
    }
    Ok(())
}

/// A new key of the source of that name, which is made where there is none.
async fn make_key(workspace: &Workspace, name: &str) -> Result<WriteKey> {
    let (store, now) = (&workspace.store, workspace.clock.now());
    if name.trim().is_empty() {
        return Err(BadInput("name the source".to_owned()).into());
    }
    let source = sources::find_or_create(store, name, workspace.ids.next(now), now).await?;
    let key = WriteKey::generate();
    write_keys::create(store, &key, workspace.ids.next(now), source.id, now).await?;
    Ok(key)
}

fn line(source: &Source, keys: &[WriteKeyRow]) -> String {
    let active = keys.iter().filter(|key| key.revoked_at.is_none());
    let prefixes: Vec<&str> = active.map(|key| key.prefix.as_str()).collect();
    format!("{}\t{}", source.name, prefixes.join(" "))
}

/// The only key that counts and begins so.
async fn find_key(workspace: &Workspace, prefix: &str) -> Result<(Source, WriteKeyRow)> {
    let mut found = Vec::new();
    for source in sources::list(&workspace.store).await? {
        let keys = write_keys::list_of(&workspace.store, source.id).await?;
        let fits = |key: &WriteKeyRow| {
            key.revoked_at.is_none() && !prefix.is_empty()
                // Who has the whole key names it by all of its characters.
                && (key.prefix.starts_with(prefix) || prefix.starts_with(&key.prefix))
        };
        found.extend(
            keys.into_iter()
                .filter(fits)
                .map(|key| (source.clone(), key)),
        );
    }
    if found.len() > 1 {
        let advice = format!("{} keys begin with {prefix}; name more of it", found.len());
        return Err(BadInput(advice).into());
    }
    found.pop().ok_or_else(|| {
        BadInput(format!(
            "no key that counts begins with {prefix}; see `rapport source list`"
        ))
        .into()
    })
}
