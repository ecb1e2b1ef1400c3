//! Whether the API is what its description says: schemathesis makes requests up from the description, right
//! ones and wrong ones, one by one and in sequences, and holds every answer against it.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::{
    browser::Browser,
    options::Options,
    server::{fresh_folder, program},
};
use crate::{server::Server, tool::Tool, workspace::Workspace};

pub(super) const OPTIONS: &[&str] = &["--examples", "--seed", "--binary"];
/// Made-up requests for each operation and phase.
const N_EXAMPLES: u64 = 50;
const N_CUSTOMERS: u32 = 200;
/// What has no end, and what would end the session that the requests are made with.
const LEFT_OUT: [&str; 5] = [
    "show_stream",
    "delete_session",
    "delete_own_session",
    "delete_user_sessions",
    "update_password",
];

pub(super) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let n_examples = options.number("--examples", N_EXAMPLES)?;
    let seed = options.number("--seed", 1)?;
    let schemathesis = installed(workspace)?;
    let binary = program(workspace, options)?;
    let folder = fresh_folder(workspace, "schema")?;
    let server = Server::start(&binary, &folder.join("server"), N_CUSTOMERS)?;
    let login = server.login();
    let address = login.socket_address()?;
    let mut browser = Browser::sign_in(address, &login.email, &login.password)?;
    let key = make_key(&mut browser)?;

    let mut outcome = Ok(());
    // Keys reach records; accounts, sessions and settings are for people who are signed in.
    for (name, headers) in [
        ("api-key", vec![format!("authorization: Bearer {key}")]),
        ("session", browser.headers.clone()),
    ] {
        let mut tool = Tool::new(&schemathesis)
            .arg("--config-file")
            .arg(peer(workspace).join("schemathesis.toml"))
            .args(["run", &format!("{}/api/v1/openapi.json", login.url)])
            .args(["--phases", "examples,coverage,fuzzing,stateful"])
            .args(["--max-examples", &n_examples.to_string()])
            .args(["--seed", &seed.to_string(), "--workers", "1"])
            .args(["--report", "junit", "--report-junit-path"])
            .arg(folder.join(format!("{name}.xml")))
            .dir(&folder);
        for header in headers {
            tool = tool.args(["--header", &header]);
        }
        for operation in LEFT_OUT {
            tool = tool.args(["--exclude-operation-id", operation]);
        }
        // All of the API is tried before the first failure ends the command.
        outcome = outcome.and(tool.run());
    }
    if outcome.is_err() {
        println!("{}", server.log());
        bail!("answers were not as described; see {}", folder.display());
    }
    drop(server);
    fs::remove_dir_all(folder)?;
    Ok(())
}

fn peer(workspace: &Workspace) -> PathBuf {
    workspace.root().join("bench/peers/schema")
}

/// The program `schemathesis`, installed on first use from `requirements.txt` into a folder of its own.
fn installed(workspace: &Workspace) -> Result<PathBuf> {
    let venv = workspace.target().join("xtask/schemathesis");
    let wanted = peer(workspace).join("requirements.txt");
    let list = venv.join("requirements.txt");
    if !venv.join("bin/python").exists() {
        let make = Tool::new("python3").args(["-m", "venv"]).arg(&venv);
        make.run().context(
            "schemathesis needs Python 3 with venv (Debian: apt-get install python3-venv)",
        )?;
    }
    // A copy of the list beside the packages says whether they are the ones that are wanted.
    if fs::read(&list).ok() != Some(fs::read(&wanted)?) {
        Tool::new(venv.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "-r"])
            .arg(&wanted)
            .run()?;
        fs::copy(&wanted, &list)?;
    }
    Ok(venv.join("bin/schemathesis"))
}

/// Makes an API key that may do all that keys may do.
fn make_key(browser: &mut Browser) -> Result<String> {
    let scopes: Value = browser.read("api_keys")?["scopes"].take();
    let input = json!({"name": "schemathesis", "scopes": scopes});
    let answer = browser.post("api_keys", &input)?;
    let made: Value = serde_json::from_slice(&answer.body)?;
    let key = made["key"].as_str().map(str::to_owned);
    key.with_context(|| format!("making a key was answered {made}"))
}
