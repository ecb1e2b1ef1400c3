//! Rules on a package as a whole.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use cargo_metadata::{Package, TargetKind};
use toml::{Table, Value};

const README_AS_DOCS: &str = "#![doc = include_str!(\"../README.md\")]";

/// Every breach in a package: a one-page README that is also its documentation, the workspace's
/// lints and edition, dependencies' versions in one place.
pub(crate) fn violations(package: &Package, folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    if !folder.join("README.md").is_file() {
        found.push(format!(
            "{}: README.md is missing: what for, what it lacks, one example",
            package.name
        ));
    }
    for target in &package.targets {
        let is_whole = target.is_kind(TargetKind::Lib) || target.name == package.name.as_str();
        let source = fs::read_to_string(&target.src_path)
            .with_context(|| format!("reading {}", target.src_path))?;
        if is_whole && !source.contains(README_AS_DOCS) {
            let file = target.src_path.file_name().unwrap_or_default();
            found.push(format!(
                "{}: begin {file} with {README_AS_DOCS}",
                package.name
            ));
        }
    }
    let manifest: Table = fs::read_to_string(&package.manifest_path)?
        .parse()
        .with_context(|| format!("reading {}", package.manifest_path))?;
    found.extend(of_manifest(&package.name, &manifest));
    Ok(found)
}

/// The crate of fused kernels.
const WITH_UNSAFE: &str = "rapport-kernels";

fn of_manifest(name: &str, manifest: &Table) -> Vec<String> {
    let mut found = Vec::new();
    let takes_workspace = |value: Option<&Value>| {
        value
            .and_then(|value| value.get("workspace"))
            .and_then(Value::as_bool)
            == Some(true)
    };
    // What the workspace forbids no crate can allow: the one with `unsafe` keeps a list of its own.
    if name != WITH_UNSAFE && !takes_workspace(manifest.get("lints")) {
        found.push(format!(
            "{name}: [lints] workspace = true is missing in its Cargo.toml"
        ));
    }
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let entries = manifest.get(kind).and_then(Value::as_table);
        for (needed, entry) in entries.into_iter().flatten() {
            if !takes_workspace(Some(entry)) {
                found.push(format!(
                    "{name}: the version of {needed} belongs into [workspace.dependencies]"
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_crate_with_unsafe_keeps_its_own_lints() {
        let own: Table = "[lints.rust]\nmissing_docs = \"warn\"".parse().unwrap();
        assert_eq!(of_manifest(WITH_UNSAFE, &own), Vec::<String>::new());
        assert_eq!(of_manifest("rapport-learn", &own).len(), 1);
    }

    #[test]
    fn lints_and_versions_come_from_the_workspace() {
        let good = "[lints]\nworkspace = true\n[dependencies]\nserde.workspace = true\n";
        let bad = "[dependencies]\nserde = \"1\"\nrand = { workspace = true }\n";

        let found = of_manifest("a", &good.parse().unwrap());
        assert!(found.is_empty(), "{found:?}");
        let found = of_manifest("a", &bad.parse().unwrap());
        assert_eq!(found.len(), 2);
        assert!(found[1].contains("version of serde"), "{found:?}");
    }
}
