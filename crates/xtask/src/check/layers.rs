//! The table of layers, held true against Cargo's metadata.

use cargo_metadata::{DependencyKind, Package};

/// A crate of ours and the crates of ours that it may depend on.
type Layer = (&'static str, &'static [&'static str]);

/// From the bottom up; arrows point up in this list and down in `ARCHITECTURE.md`. A crate that
/// is not named here is refused, so that a new one gets its place with its first commit.
const LAYERS: &[Layer] = &[
    ("rapport-domain", &[]),
    ("rapport-store", &["rapport-domain"]),
    ("rapport-lake", &["rapport-domain"]),
    ("rapport-ingest", &["rapport-domain"]),
    ("rapport-mailbox", &[]),
    ("rapport-features", &["rapport-domain", "rapport-lake"]),
    ("rapport-learn", &[]),
    ("rapport-kernels", &[]),
    ("rapport-nn", &["rapport-kernels", "rapport-learn"]),
    (
        "rapport-identity",
        &["rapport-domain", "rapport-learn", "rapport-nn"],
    ),
    (
        "rapport-segment",
        &["rapport-kernels", "rapport-learn", "rapport-domain"],
    ),
    (
        "rapport-pipelines",
        &[
            "rapport-domain",
            "rapport-store",
            "rapport-lake",
            "rapport-ingest",
            "rapport-mailbox",
            "rapport-features",
            "rapport-learn",
            "rapport-identity",
            "rapport-segment",
        ],
    ),
    ("rapport-ui", &[]),
    (
        "rapport-server",
        &[
            "rapport-domain",
            "rapport-store",
            "rapport-lake",
            "rapport-ingest",
            "rapport-features",
            "rapport-segment",
            "rapport-pipelines",
            "rapport-ui",
        ],
    ),
    ("rapport-twin", &["rapport-domain"]),
    (
        "rapport",
        &[
            "rapport-domain",
            "rapport-store",
            "rapport-lake",
            "rapport-ingest",
            "rapport-mailbox",
            "rapport-features",
            "rapport-learn",
            "rapport-identity",
            "rapport-segment",
            "rapport-pipelines",
            "rapport-ui",
            "rapport-server",
            "rapport-twin",
        ],
    ),
    ("rapport-testing", &["rapport-domain"]),
    ("xtask", &[]),
];

/// What tests of any crate may use besides the layers below.
const FOR_TESTS: &[&str] = &["rapport-testing", "rapport-twin"];

/// Crates that are no part of the product, so that nothing of it may depend on them.
const BESIDE_THE_PRODUCT: &[&str] = &["rapport-testing", "xtask"];

/// Every dependency between our crates that the table does not allow.
pub(crate) fn violations(packages: &[Package]) -> Vec<String> {
    let mut found = Vec::new();
    for package in packages {
        let name = package.name.as_str();
        let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == name) else {
            found.push(format!(
                "{name} has no place in LAYERS (crates/xtask/src/check/layers.rs)"
            ));
            continue;
        };
        let ours = package
            .dependencies
            .iter()
            .filter(|dependency| dependency.path.is_some());
        for dependency in ours {
            let is_for_tests = dependency.kind == DependencyKind::Development;
            found.extend(violation(name, allowed, &dependency.name, is_for_tests));
        }
    }
    found
}

fn violation(name: &str, allowed: &[&str], needed: &str, is_for_tests: bool) -> Option<String> {
    if allowed.contains(&needed) || (is_for_tests && FOR_TESTS.contains(&needed)) {
        return None;
    }
    let what = if is_for_tests {
        "its tests depend on"
    } else {
        "depends on"
    };
    let why = if BESIDE_THE_PRODUCT.contains(&needed) {
        "that is no part of the product; use it in tests only".to_owned()
    } else if allowed.is_empty() {
        "it may depend on no crate of ours".to_owned()
    } else {
        format!("it may depend on {} only", allowed.join(", "))
    };
    Some(format!("{name}: {what} {needed}, but {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;

    #[test]
    fn crates_depend_only_on_layers_below() {
        let workspace = Workspace::load().unwrap();

        let found = violations(workspace.packages());

        assert!(found.is_empty(), "{}", found.join("\n"));
    }

    #[test]
    fn every_layer_is_a_crate() {
        let workspace = Workspace::load().unwrap();

        for (layer, _) in LAYERS {
            let exists = workspace
                .packages()
                .iter()
                .any(|package| package.name.as_str() == *layer);
            assert!(
                exists,
                "{layer} is in the table of layers, but not in the workspace"
            );
        }
    }

    #[test]
    fn a_layer_names_only_layers_below_itself() {
        for (i, (layer, allowed)) in LAYERS.iter().enumerate() {
            for below in *allowed {
                let is_below = LAYERS[..i].iter().any(|(name, _)| name == below);
                assert!(
                    is_below,
                    "{layer} may not name {below}, which stands above it"
                );
            }
        }
    }

    #[test]
    fn test_builders_stay_out_of_the_product() {
        let domain = &["rapport-domain"];

        assert_eq!(
            violation("rapport-store", domain, "rapport-domain", false),
            None
        );
        assert_eq!(
            violation("rapport-store", domain, "rapport-testing", true),
            None
        );
        let refused = violation("rapport-store", domain, "rapport-testing", false).unwrap();
        assert!(refused.contains("use it in tests only"), "{refused}");
        let refused = violation("rapport-learn", &[], "rapport-store", true).unwrap();
        assert!(
            refused.contains("may depend on no crate of ours"),
            "{refused}"
        );
    }
}
