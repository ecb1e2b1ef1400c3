//! Whether the API is what its description says: schemathesis makes requests up from the description, right
//! ones and wrong ones, one by one and in sequences, and holds every answer against it.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::{
    browser::Browser,
    kept,
    options::Options,
    server::{fresh_folder, program},
};
use crate::{server::Server, tool::Tool, workspace::Workspace};

pub(super) const OPTIONS: &[&str] = &["--examples", "--seed", "--binary"];
/// Made-up requests for each operation and phase.
const N_EXAMPLES: u64 = 50;
const N_CUSTOMERS: u32 = 200;
/// What has no end, and what would end the session that the requests are made with or count as an attempt
/// to guess a password.
const LEFT_OUT: [&str; 6] = [
    "show_stream",
    "create_session",
    "delete_session",
    "delete_own_session",
    "delete_user_sessions",
    "update_password",
];

/// A way to show who asks, by the name that the description gives it.
struct Way {
    scheme: &'static str,
    /// The settings of schemathesis that hold the secret.
    settings: String,
    /// What is said to schemathesis besides.
    arguments: &'static [&'static str],
}

/// Tries the API of a server; on a PostgreSQL server where one is named.
pub(super) fn run(workspace: &Workspace, options: &Options, database: Option<&str>) -> Result<()> {
    let n_examples = options.number("--examples", N_EXAMPLES)?;
    let seed = options.number("--seed", 1)?;
    let schemathesis = installed(workspace)?;
    let binary = program(workspace, options)?;
    let folder = fresh_folder(workspace, "schema")?;
    let rapport = Tool::new(&binary);
    let rapport = match database {
        Some(address) => rapport.env("RAPPORT_DATABASE", address),
        None => rapport,
    };
    let server = Server::start(rapport, &folder.join("server"), N_CUSTOMERS)?;
    let login = server.login();
    let address = login.socket_address()?;
    let mut browser = Browser::sign_in(address, &login.email, &login.password)?;
    let document = browser.read("openapi.json")?;

    let mut outcome = Ok(());
    for way in ways(&mut browser)? {
        let described = folder.join(format!("{}.json", way.scheme));
        fs::write(&described, only(document.clone(), way.scheme).to_string())?;
        let config = folder.join(format!("{}.toml", way.scheme));
        let settings = fs::read_to_string(peer(workspace).join("schemathesis.toml"))?;
        fs::write(&config, format!("{settings}\n{}", way.settings))?;
        let mut tool = Tool::new(&schemathesis)
            .arg("--config-file")
            .arg(config)
            .arg("run")
            .arg(described)
            .args(["--url", &login.url])
            .args(["--phases", "examples,coverage,fuzzing,stateful"])
            .args(["--max-examples", &n_examples.to_string()])
            .args(["--seed", &seed.to_string(), "--workers", "1"])
            .args(way.arguments)
            .dir(&folder);
        for operation in LEFT_OUT {
            tool = tool.args(["--exclude-operation-id", operation]);
        }
        // All of the API is tried before the first failure ends the command.
        outcome = outcome.and(tool.run());
    }
    let failures = kept::failures_in(&server.log_file())?;
    drop(server);
    for failure in &failures {
        println!("{failure}");
    }
    outcome.context("answers were not as described")?;
    if !failures.is_empty() {
        bail!("the server's log tells of {} failures", failures.len());
    }
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// By an API key and by a session: keys reach records, while accounts and settings are for people who are
/// signed in.
fn ways(browser: &mut Browser) -> Result<[Way; 2]> {
    let cookie = browser
        .headers
        .iter()
        .find_map(|it| it.strip_prefix("cookie: "));
    let (_, token) = cookie
        .and_then(|cookie| cookie.split_once('='))
        .context("who is signed in has a cookie")?;
    let session = format!("[auth.openapi.session]\napi_key = \"{token}\"\n");
    let key = make_key(browser)?;
    Ok([
        Way {
            scheme: "api_key",
            settings: format!("[auth.openapi.api_key]\nbearer = \"{key}\"\n"),
            // Wrong keys are answered 429 after a while, and whoever shows no key is taken for a page that
            // forgot the header of changes: both checks want 401.
            arguments: &["--exclude-checks", "ignored_auth,missing_required_header"],
        },
        Way {
            scheme: "session",
            settings: session,
            arguments: &["--header", "x-rapport-csrf: 1"],
        },
    ])
}

/// The description with one way to show who asks.
fn only(mut document: Value, scheme: &str) -> Value {
    let schemes = document["components"]["securitySchemes"].as_object_mut();
    schemes
        .into_iter()
        .for_each(|all| all.retain(|name, _| name == scheme));
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (_, path) in paths {
        for (_, operation) in path.as_object_mut().into_iter().flatten() {
            let security = operation.get_mut("security").and_then(Value::as_array_mut);
            security
                .into_iter()
                .for_each(|all| all.retain(|it| it.get(scheme).is_some()));
        }
    }
    document
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_way_to_show_who_asks_is_left() {
        let document = json!({
            "components": {"securitySchemes": {"session": {}, "api_key": {}}},
            "paths": {"/a": {"get": {"security": [{"session": []}, {"api_key": []}]}, "post": {}}},
        });

        let left = only(document, "api_key");

        assert_eq!(
            left["components"]["securitySchemes"],
            json!({"api_key": {}})
        );
        assert_eq!(
            left["paths"]["/a"]["get"]["security"],
            json!([{"api_key": []}])
        );
    }
}
