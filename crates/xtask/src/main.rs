#![doc = include_str!("../README.md")]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program talks to the person who typed it"
)]

mod bench;
mod check;
mod fetch;
mod fixture;
mod node;
mod report;
mod server;
mod test;
mod tool;
mod workspace;

use std::{env, path::Path, process::ExitCode};

use anyhow::{Result, bail};

use crate::workspace::Workspace;

const USAGE: &str = "usage:
  cargo xtask test [--rust] [--postgres] [--ui] [--stories]
                                                 all tests, or the named parts
  cargo xtask test --device NAME                 the tests of networks on another device, such as cuda
  cargo xtask check [NAME...]                    all checks, or the named ones: format, layers, packages,
                                                 tidy, lints, docs, ui, advisories
  cargo xtask bench [NAME [OPTION VALUE]...]     run a benchmark; without a name, list them
  cargo xtask fixture schema [STEP]              keep a database of the newest schema, or of that of a
                                                 step, for the tests of versions to come
  cargo xtask fetch minilm [--into DIR]          download weights of a sentence encoder, into the cache
                                                 (~/.cache/rapport/models/minilm) or a folder";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        ["test", "--device", device] => test::run_on(&Workspace::load()?, device),
        ["test", flags @ ..] => {
            let scope = test::Scope::parse(flags)?;
            test::run(&Workspace::load()?, scope)
        }
        ["check", names @ ..] => {
            let chosen = check::Chosen::parse(names)?;
            check::run(&Workspace::load()?, &chosen)
        }
        ["bench"] => {
            bench::list();
            Ok(())
        }
        ["bench", name, options @ ..] => bench::run(&Workspace::load()?, name, options),
        ["fixture", "schema"] => fixture::make_schema(&Workspace::load()?, "newest"),
        ["fixture", "schema", step] => fixture::make_schema(&Workspace::load()?, step),
        ["fetch", name] => fetch::run(name, None),
        ["fetch", name, "--into", folder] => fetch::run(name, Some(Path::new(folder))),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("`{}` is not a chore\n{USAGE}", arguments.join(" ")),
    }
}
