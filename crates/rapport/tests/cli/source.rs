use std::path::Path;

use tempfile::TempDir;

use crate::program::{rapport, run};

/// What a command about sources says, if it ends well.
fn source(data: &Path, args: &[&str]) -> String {
    let (output, errors) = run(rapport(data).arg("source").args(args));
    assert!(output.status.success(), "{args:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_source_gets_a_key_that_is_listed_by_its_beginning_and_revoked() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");

    let said = source(&data, &["key", "--name", "Web shop"]);
    let key = said.trim().rsplit(' ').next().unwrap().to_owned();
    let listed = source(&data, &["list"]);
    source(&data, &["revoke", &key[..8]]);
    let after = source(&data, &["list"]);

    assert!(key.starts_with("wk_") && key.len() == 35, "{said}");
    assert_eq!(listed, format!("Web shop\t{}\n", &key[..8]));
    assert_eq!(after, "Web shop\t\n");
}

#[test]
fn a_key_that_is_none_is_not_revoked() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");

    let (output, errors) = run(rapport(&data).args(["source", "revoke", "wk_00000"]));

    assert_eq!(output.status.code(), Some(2));
    assert!(errors.contains("rapport source list"), "{errors}");
}
