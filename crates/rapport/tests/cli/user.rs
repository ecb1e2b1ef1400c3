use std::path::Path;

use tempfile::TempDir;

use crate::program::{rapport, run};

const EMAIL: &str = "ann@example.com";

/// What a command about users says, if it ends well.
fn user(data: &Path, args: &[&str]) -> String {
    let (output, errors) = run(rapport(data).arg("user").args(args));
    assert!(output.status.success(), "{args:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// A data directory with one administrator.
fn init(dir: &TempDir) -> std::path::PathBuf {
    let data = dir.path().join("data");
    let (output, errors) = run(rapport(&data).args(["init", "--email", "ada@example.com"]));
    assert!(output.status.success(), "{errors}");
    data
}

#[test]
fn a_user_is_added_with_a_password_and_given_another() {
    let dir = TempDir::new().unwrap();
    let data = init(&dir);

    let added = user(&data, &["add", "--email", EMAIL, "--name", "Ann"]);
    let reset = user(&data, &["reset-password", "--email", EMAIL]);

    let password = |said: &str| said.trim().rsplit(' ').next().unwrap().to_owned();
    assert_eq!(password(&added).len(), 16, "{added}");
    assert_eq!(password(&reset).len(), 16, "{reset}");
    assert_ne!(password(&added), password(&reset));
}

#[test]
fn a_user_is_locked_out_let_in_again_and_given_a_role() {
    let dir = TempDir::new().unwrap();
    let data = init(&dir);
    user(&data, &["add", "--email", EMAIL, "--name", "Ann"]);
    let ann = || {
        let list = user(&data, &["list"]);
        let line = list.lines().find(|line| line.starts_with(EMAIL));
        line.unwrap().to_owned()
    };

    user(&data, &["disable", "--email", EMAIL]);
    assert!(ann().ends_with("disabled"), "{}", ann());
    user(&data, &["enable", "--email", EMAIL]);
    assert!(ann().ends_with("active"), "{}", ann());
    user(&data, &["role", "--email", EMAIL, "viewer"]);
    assert!(ann().contains("Viewer"), "{}", ann());
}

#[test]
fn the_last_administrator_and_strangers_cannot_be_changed() {
    let dir = TempDir::new().unwrap();
    let data = init(&dir);

    let mut command = rapport(&data);
    let (output, errors) = run(command.args(["user", "disable", "--email", "ada@example.com"]));
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("last active administrator"), "{errors}");
    let mut command = rapport(&data);
    let (output, errors) = run(command.args(["user", "enable", "--email", EMAIL]));
    assert_eq!(output.status.code(), Some(2));
    assert!(errors.contains("nobody signs in"), "{errors}");
}
