use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::program::{Server, rapport, run};

/// Where nobody listens.
const AWAY: &str = "postgres://ann:secret@127.0.0.1:1/crm";

fn migrate(data: &Path, args: &[&str]) -> (Option<i32>, String) {
    let (output, errors) = run(rapport(data).arg("migrate").args(args));
    (output.status.code(), errors)
}

fn initialized(dir: &TempDir) -> PathBuf {
    let data = dir.path().join("data");
    let (output, errors) = run(rapport(&data).args(["init", "--email", "ada@example.com"]));
    assert!(output.status.success(), "{errors}");
    data
}

#[test]
fn what_cannot_be_asked_for_ends_with_code_2() {
    let dir = TempDir::new().unwrap();
    let data = initialized(&dir);

    let (no_server, errors_of_none) = migrate(&data, &[]);
    let (no_records, errors) = migrate(&dir.path().join("none"), &["--to", AWAY]);

    assert_eq!(no_server, Some(2), "{errors_of_none}");
    assert!(
        errors_of_none.contains("--to postgres://"),
        "{errors_of_none}"
    );
    assert_eq!(no_records, Some(2), "{errors}");
    assert!(errors.contains("there are no records"), "{errors}");
}

#[test]
fn a_server_that_is_away_is_told_without_its_password() {
    let dir = TempDir::new().unwrap();
    let data = initialized(&dir);

    let (code, errors) = migrate(&data, &["--to", AWAY]);

    assert_eq!(code, Some(1), "{errors}");
    assert!(errors.contains("cannot be reached"), "{errors}");
    assert!(!errors.contains("secret"), "{errors}");
    let (again, _) = run(rapport(&data).args(["user", "list"]));
    assert!(again.status.success(), "the records are as they were");
}

#[test]
fn records_that_are_served_are_not_moved() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let mut server = Server::start(&data);

    let (code, errors) = migrate(&data, &["--to", AWAY]);
    server.stop();

    assert_eq!(code, Some(1), "{errors}");
    assert!(errors.contains("in use"), "{errors}");
}
