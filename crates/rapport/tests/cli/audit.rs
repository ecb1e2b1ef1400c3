//! `rapport audit`: the chain is checked, and where it ends is kept elsewhere.

use tempfile::TempDir;

use crate::program::{json, rapport, run};

#[test]
fn what_is_done_at_the_command_line_is_chained_and_compared_with_a_kept_end() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let add = ["user", "add", "--email", "ada@example.com", "--name", "Ada"];
    run(rapport(&data).args(add));

    let (output, _) = run(rapport(&data).args(["audit", "head"]));
    let head = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    assert!(head.starts_with("1:"), "{head}");
    run(rapport(&data).args(["user", "disable", "--email", "ada@example.com"]));

    let verify = ["audit", "verify", "--head", &head, "--json"];
    let (output, said) = run(rapport(&data).args(verify));
    assert!(output.status.success(), "{said}");
    let verdict = json(&output);
    assert_eq!(verdict["n_sound"], 2);
    assert_eq!(verdict["fault"], serde_json::Value::Null);
}

#[test]
fn an_end_that_is_not_in_the_chain_is_a_fault_and_no_end_at_all_bad_input() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let add = ["user", "add", "--email", "ada@example.com", "--name", "Ada"];
    run(rapport(&data).args(add));

    let other = format!("1:{}", "ab".repeat(32));
    let (output, said) = run(rapport(&data).args(["audit", "verify", "--head", &other]));
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("another hash than the one that was kept"),
        "{said}"
    );

    let (output, said) = run(rapport(&data).args(["audit", "verify", "--head", "x"]));
    assert_eq!(output.status.code(), Some(2), "{said}");
}
