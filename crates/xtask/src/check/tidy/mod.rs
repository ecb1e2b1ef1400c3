//! House rules that no compiler knows.

mod lines;
mod manifests;
mod modules;
mod web;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// How many files were read, and every breach of a house rule.
pub(crate) fn violations(workspace: &Workspace) -> Result<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let mut n_files = 0;
    for package in workspace.packages() {
        let folder = package
            .manifest_path
            .parent()
            .context("a manifest lies in a folder")?;
        found.extend(manifests::violations(package, folder.as_std_path())?);

        let sources = list_files(folder.as_std_path(), &["rs"])?;
        let roots = package
            .targets
            .iter()
            .map(|target| target.src_path.as_std_path());
        let reached = modules::reach(roots)?;
        for path in &sources {
            let shown = workspace.shown(path);
            let Some(is_test) = reached.get(path) else {
                found.push(format!(
                    "{shown}: no `mod` reaches this file; delete or declare it"
                ));
                continue;
            };
            let text = read(path)?;
            let breaches = lines::violations(&text, *is_test);
            found.extend(breaches.iter().map(|breach| format!("{shown}:{breach}")));
        }
        n_files += sources.len();
    }
    let sources = list_files(&workspace.ui(), &["ts", "tsx", "mjs", "css"])?;
    for path in &sources {
        let breaches = web::violations(path, &read(path)?);
        let shown = workspace.shown(path);
        found.extend(breaches.iter().map(|breach| format!("{shown}:{breach}")));
    }
    Ok((n_files + sources.len(), found))
}

/// Files with one of the endings, in order; generated and installed ones left out.
fn list_files(folder: &Path, endings: &[&str]) -> Result<BTreeSet<PathBuf>> {
    const NOT_OURS: [&str; 6] = [
        "target",
        "node_modules",
        "dist",
        "test-results",
        "playwright-report",
        "fixtures",
    ];
    let mut files = BTreeSet::new();
    let entries = fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if path.is_dir() {
            if !NOT_OURS.contains(&name) && !name.starts_with('.') {
                files.extend(list_files(&path, endings)?);
            }
        } else if path
            .extension()
            .is_some_and(|ending| endings.iter().any(|one| ending == *one))
        {
            files.insert(path);
        }
    }
    Ok(files)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}
