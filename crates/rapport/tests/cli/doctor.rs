use tempfile::TempDir;

use crate::program::{Server, rapport, run};

#[test]
fn the_doctor_makes_nothing_and_finds_nothing_wrong_with_an_empty_place() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");

    let mut command = rapport(&data);
    command.env("RAPPORT_LISTEN", "127.0.0.1:0");
    let (output, errors) = run(command.arg("doctor"));

    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}{errors}");
    assert!(said.contains("No problems found."), "{said}");
    assert!(!data.exists());
}

#[test]
fn the_doctor_knows_a_healthy_server_that_runs() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    let mut server = Server::start(&data);

    let mut command = rapport(&data);
    command.env("RAPPORT_LISTEN", &server.address);
    let (output, errors) = run(command.arg("doctor"));

    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}{errors}");
    assert!(said.contains("A server is running"), "{said}");
    server.stop();
}

#[test]
fn the_doctor_tells_a_port_that_another_program_has() {
    let dir = TempDir::new().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();

    let mut command = rapport(&dir.path().join("data"));
    command.env("RAPPORT_LISTEN", taken.local_addr().unwrap().to_string());
    let (output, _) = run(command.arg("doctor"));

    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("problem: cannot listen"), "{said}");
}
