//! Which files belong to which name of the records: an upload is one file, a model a folder.

use std::collections::HashSet;

use rapport_store::backup::NamedFiles;

use super::super::make::LAKE;

/// The name by which records know a file of an archive, given its path there.
pub(super) fn root_of(path: &str) -> &str {
    let n_parts = match path.split('/').next() {
        Some("uploads" | "models") => 2,
        // Beside each table of features stands what its columns mean.
        Some("features") => return path.rsplit_once('.').map_or(path, |(stem, _)| stem),
        _ => return path,
    };
    let end = path.match_indices('/').nth(n_parts - 1);
    end.map_or(path, |(end, _)| &path[..end])
}

/// Every name that the records know.
pub(super) fn roots_of(named: &NamedFiles) -> HashSet<String> {
    let segments = named
        .segments
        .iter()
        .map(|file| format!("{LAKE}{}", file.path));
    let uploads = named.imports.iter().map(|id| format!("uploads/{id}"));
    let models = named.models.iter().map(|id| format!("models/{id}"));
    let features = named.feature_snapshots.iter();
    segments
        .chain(uploads)
        .chain(models)
        .chain(features.map(|path| root_of(path).to_owned()))
        .collect()
}

/// Only what is named and not in `known`.
pub(super) fn without(mut named: NamedFiles, known: &HashSet<String>) -> NamedFiles {
    let is_new = |root: &str| !known.contains(root);
    named
        .segments
        .retain(|file| is_new(&format!("{LAKE}{}", file.path)));
    named.imports.retain(|id| is_new(&format!("uploads/{id}")));
    named.models.retain(|id| is_new(&format!("models/{id}")));
    named.feature_snapshots.retain(|path| is_new(root_of(path)));
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_belongs_to_what_the_records_name() {
        let cases = [
            ("lake/inbox/a.parquet", "lake/inbox/a.parquet"),
            ("uploads/1", "uploads/1"),
            ("models/1/weights.safetensors", "models/1"),
            ("models/1/deep/er.json", "models/1"),
            ("features/1.parquet", "features/1"),
            ("features/1.json", "features/1"),
        ];
        for (path, root) in cases {
            assert_eq!(root_of(path), root);
        }
    }
}
