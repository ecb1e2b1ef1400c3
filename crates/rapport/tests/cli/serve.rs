use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::Stdio;

use tempfile::TempDir;

use crate::program::{Server, rapport, run};

#[test]
fn a_second_process_on_one_directory_is_told_so() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let mut server = Server::start(&data);

    let (output, errors) = run(rapport(&data).args(["user", "list"]));

    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("in use"), "{errors}");
    server.stop();
}

#[test]
fn a_port_in_use_is_told_before_the_data_are_touched() {
    let dir = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = dir.path().join("data");

    let (output, errors) = run(rapport(&data).args(["serve", "--listen", &address]));

    assert_eq!(output.status.code(), Some(1));
    assert!(
        errors.contains("in use") && errors.contains("--listen"),
        "{errors}"
    );
    assert!(!data.exists());
}

#[test]
fn a_server_answers_and_stops_in_order_when_asked() {
    let dir = TempDir::new().unwrap();
    let mut server = Server::start(&dir.path().join("data"));

    assert!(server.get("/healthz").starts_with("HTTP/1.1 200"));
    assert!(server.get("/readyz").starts_with("HTTP/1.1 200"));
    assert!(server.get("/api/v1/contacts").starts_with("HTTP/1.1 401"));

    server.stop();
}

#[test]
fn a_server_that_nobody_can_sign_in_to_says_how_to_make_the_first_user() {
    let dir = TempDir::new().unwrap();
    let mut command = rapport(&dir.path().join("data"));
    let mut child = command
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env("RAPPORT_LOG", "warn")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();

    child.kill().unwrap();
    let mut errors = String::new();
    let mut stderr = child.stderr.take().unwrap();
    stderr.read_to_string(&mut errors).unwrap();
    child.wait().unwrap();
    assert!(errors.contains("rapport init --email"), "{errors}");
}
