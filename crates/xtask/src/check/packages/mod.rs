//! Other people's packages: licences, one version of each, and who may name them.
//!
//! The rules stand in `deny.toml`, in the form of cargo-deny, which can check them too. Here they
//! are checked without it, so that nobody has to install it first.

mod licence;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Package};

use self::rules::Rules;
use crate::{tool::Tool, workspace::Workspace};

/// A package that is built for this machine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Built {
    name: String,
    version: String,
    /// An SPDX expression; empty if the package names none.
    licence: String,
}

/// How many packages are built, and every breach of the rules.
pub(crate) fn violations(workspace: &Workspace) -> Result<(usize, Vec<String>)> {
    let rules = Rules::read(&workspace.root().join("deny.toml"))?;
    let built = list_built(workspace)?;
    let mut found = unlicensed(&built, &rules);
    found.extend(repeated(&built, &rules));
    found.extend(misplaced(workspace.packages(), &rules));
    Ok((built.len(), found))
}

/// Asks `cargo tree`, which knows, as `cargo metadata` does not, what the chosen features build.
fn list_built(workspace: &Workspace) -> Result<BTreeSet<Built>> {
    let tree = Tool::cargo(workspace.root())
        .args(["tree", "--workspace", "--edges", "normal,build,dev"])
        .args(["--prefix", "none", "--format", "{p}|{l}"])
        .output()?;
    tree.lines()
        .filter(|line| !line.is_empty())
        .map(Built::parse)
        .collect()
}

impl Built {
    /// Reads `serde v1.0.1 (proc-macro)|MIT OR Apache-2.0 (*)`.
    fn parse(line: &str) -> Result<Self> {
        let (package, licence) = line.split_once('|').context("no licence column")?;
        let mut words = package.split(' ');
        let name = words.next().context("no name")?.to_owned();
        let version = words.next().and_then(|word| word.strip_prefix('v'));
        let version = version
            .with_context(|| format!("no version in `{line}`"))?
            .to_owned();
        let licence = licence.trim_end_matches("(*)").trim().to_owned();
        Ok(Self {
            name,
            version,
            licence,
        })
    }
}

fn unlicensed(built: &BTreeSet<Built>, rules: &Rules) -> Vec<String> {
    let mut found = Vec::new();
    for Built {
        name,
        version,
        licence,
    } in built
    {
        let accepted = |id: &str| rules.accepts(name, id);
        let verdict = match rules.clarified(name) {
            Some(clarified) => licence::is_met(clarified, accepted),
            None => licence::is_met(licence, accepted),
        };
        match verdict {
            Ok(true) => {}
            Ok(false) => found.push(format!(
                "{name} {version}: licence `{licence}` is not among those that deny.toml allows"
            )),
            Err(reason) => found.push(format!("{name} {version}: licence `{licence}`: {reason}")),
        }
    }
    found
}

fn repeated(built: &BTreeSet<Built>, rules: &Rules) -> Vec<String> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Built { name, version, .. } in built {
        versions.entry(name).or_default().push(version);
    }
    let mut found = Vec::new();
    for (name, versions) in &versions {
        if versions.len() > 1 && !rules.may_repeat(name) {
            found.push(format!(
                "{name} is built in {} versions ({}); bring its users to one, or list it with the reason under [bans] skip in deny.toml",
                versions.len(),
                versions.join(", ")
            ));
        }
    }
    for name in rules.repeatable() {
        if versions.get(name).is_none_or(|versions| versions.len() < 2) {
            found.push(format!(
                "{name} is built once by now; take it from [bans] skip in deny.toml"
            ));
        }
    }
    found
}

/// Packages of ours that name a package that is reserved to others. Tests may name anything.
fn misplaced(packages: &[Package], rules: &Rules) -> Vec<String> {
    let mut found = Vec::new();
    for package in packages {
        let named = package.dependencies.iter();
        for needed in named.filter(|needed| needed.kind != DependencyKind::Development) {
            if let Some(reason) = rules.refuses(&package.name, &needed.name) {
                found.push(format!(
                    "{} may not name {}: {reason}",
                    package.name, needed.name
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(lines: &[&str]) -> BTreeSet<Built> {
        lines
            .iter()
            .map(|line| Built::parse(line).unwrap())
            .collect()
    }

    fn rules() -> Rules {
        Rules::parse(
            r#"
            [licenses]
            allow = ["MIT", "Apache-2.0"]
            [bans]
            skip = [{ crate = "rand", reason = "an old one below" }]
            "#,
        )
        .unwrap()
    }

    #[test]
    fn lines_of_cargo_tree_are_read() {
        let found = built(&["serde_derive v1.0.1 (proc-macro)|MIT OR Apache-2.0 (*)"]);

        let found = found.first().unwrap();
        assert_eq!((&*found.name, &*found.version), ("serde_derive", "1.0.1"));
        assert_eq!(found.licence, "MIT OR Apache-2.0");
    }

    #[test]
    fn foreign_and_missing_licences_are_named() {
        let built = built(&[
            "good v1.0.0|MIT",
            "bad v1.0.0|GPL-3.0-only",
            "silent v1.0.0|",
        ]);

        let found = unlicensed(&built, &rules());

        assert_eq!(found.len(), 2);
        assert!(
            found[0].starts_with("bad 1.0.0: licence `GPL-3.0-only`"),
            "{found:?}"
        );
        assert!(found[1].starts_with("silent 1.0.0"), "{found:?}");
    }

    #[test]
    fn second_version_needs_a_reason_and_the_reason_a_second_version() {
        let twice = built(&["syn v1.0.0|MIT", "syn v2.0.0|MIT", "rand v0.8.0|MIT"]);

        let found = repeated(&twice, &rules());

        assert_eq!(found.len(), 2);
        assert!(
            found[0].starts_with("syn is built in 2 versions (1.0.0, 2.0.0)"),
            "{found:?}"
        );
        assert!(
            found[1].starts_with("rand is built once by now"),
            "{found:?}"
        );
    }

    #[test]
    fn each_reserved_package_is_named_by_its_owners_only() {
        let workspace = Workspace::load().unwrap();
        let rules = Rules::read(&workspace.root().join("deny.toml")).unwrap();

        let found = misplaced(workspace.packages(), &rules);

        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}
