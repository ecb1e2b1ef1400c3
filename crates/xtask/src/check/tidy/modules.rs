//! Which files of a package the compiler reads, found by following `mod`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// A `mod name;` in a file.
#[derive(Debug, PartialEq, Eq)]
struct Declaration {
    name: String,
    /// From `#[path = "…"]`.
    path: Option<String>,
    is_test: bool,
}

/// Every file that can be reached from the roots of a package's targets, with whether it is
/// compiled for tests only.
pub(crate) fn reach<'a>(roots: impl Iterator<Item = &'a Path>) -> Result<BTreeMap<PathBuf, bool>> {
    let mut reached = BTreeMap::new();
    for root in roots {
        let is_test = root.components().any(|part| part.as_os_str() == "tests");
        let folder = root.parent().context("a source file lies in a folder")?;
        follow(root, folder, is_test, &mut reached)?;
    }
    Ok(reached)
}

/// Adds `file` and all that it declares; `folder` is where its modules lie.
fn follow(
    file: &Path,
    folder: &Path,
    is_test: bool,
    reached: &mut BTreeMap<PathBuf, bool>,
) -> Result<()> {
    // A file reached both ways belongs to the product.
    let was_test = reached.get(file).copied();
    if was_test == Some(false) || was_test == Some(is_test) {
        return Ok(());
    }
    reached.insert(file.to_owned(), is_test);
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    for declaration in declarations(&text) {
        if let Some((child, child_folder)) = locate(&declaration, file, folder) {
            follow(
                &child,
                &child_folder,
                is_test || declaration.is_test,
                reached,
            )?;
        }
    }
    Ok(())
}

/// The file of a module and the folder of its own modules. None if there is no such file, which
/// the compiler would have said of a true declaration: it stands in a text.
fn locate(declaration: &Declaration, file: &Path, folder: &Path) -> Option<(PathBuf, PathBuf)> {
    if let Some(path) = &declaration.path {
        let child = file.parent()?.join(path);
        return child
            .is_file()
            .then(|| (child.clone(), child.parent().map(Path::to_owned)))
            .and_then(|(child, parent)| Some((child, parent?)));
    }
    let own_folder = folder.join(&declaration.name);
    let candidates = [
        folder.join(format!("{}.rs", declaration.name)),
        own_folder.join("mod.rs"),
    ];
    let child = candidates
        .into_iter()
        .find(|candidate| candidate.is_file())?;
    Some((child, own_folder))
}

fn declarations(text: &str) -> Vec<Declaration> {
    let mut found = Vec::new();
    let (mut path, mut is_test) = (None, false);
    for line in text.lines().map(str::trim) {
        if let Some(name) = declared(line) {
            found.push(Declaration {
                name: name.to_owned(),
                path: path.take(),
                is_test,
            });
        } else if let Some(value) = line.strip_prefix("#[path = \"") {
            path = value.strip_suffix("\"]").map(str::to_owned);
            continue;
        } else if line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test") {
            is_test = true;
            continue;
        } else if line.starts_with('#') || line.starts_with("//") {
            continue;
        }
        (path, is_test) = (None, false);
    }
    found
}

/// The name in `mod name;`, with any visibility before it.
fn declared(line: &str) -> Option<&str> {
    let line = line.strip_suffix(';')?;
    let (before, name) = line.rsplit_once("mod ")?;
    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.is_empty();
    let before = before.trim_end();
    let is_visibility = before.is_empty() || before == "pub" || before.starts_with("pub(");
    (is_name && is_visibility).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found_with_their_attributes() {
        let text = "mod a;\npub(crate) mod b;\n#[cfg(test)]\nmod tests;\nmod inline {\n}\n\
                    #[path = \"../x/c.rs\"]\nmod c;\nlet x = mod_d;\n";

        let found = declarations(text);

        let names: Vec<&str> = found.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "tests", "c"]);
        assert_eq!(found[3].path.as_deref(), Some("../x/c.rs"));
        assert_eq!(
            found.iter().map(|found| found.is_test).collect::<Vec<_>>(),
            [false, false, true, false]
        );
    }

    #[test]
    fn files_are_reached_through_both_forms_of_folder() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("lib.rs", "mod a;\nmod b;\n#[cfg(test)]\nmod tests;\n");
        write("a.rs", "pub mod inner;\n");
        write("a/inner.rs", "");
        write("b/mod.rs", "mod deep;\n");
        write("b/deep.rs", "mod not_there;\n");
        write("tests.rs", "mod cases;\n");
        write("tests/cases.rs", "");
        write("orphan.rs", "");

        let root = folder.path().join("lib.rs");
        let reached = reach([root.as_path()].into_iter()).unwrap();

        let check = |name: &str| reached.get(&folder.path().join(name)).copied();
        for name in ["lib.rs", "a.rs", "a/inner.rs", "b/mod.rs", "b/deep.rs"] {
            assert_eq!(check(name), Some(false), "{name}");
        }
        assert_eq!(check("tests.rs"), Some(true));
        assert_eq!(check("tests/cases.rs"), Some(true));
        assert_eq!(check("orphan.rs"), None);
    }
}
