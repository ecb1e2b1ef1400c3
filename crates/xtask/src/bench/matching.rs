//! Matching beside Splink, in one run: a million made people, two sources linked, files of people whose truth
//! is known; and what the product finds in made companies.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::{tool::Tool, workspace::Workspace};

const PACKAGE: &str = "rapport-identity";
const PRODUCT: &str = "rapport-pipelines";
/// Made companies on which nothing was chosen.
const SEEDS: &str = "201,202,203,204,205";
/// Records of each of two sources that are linked.
const N_LINKED: &str = "5000";
/// Files and what the peer's program calls them.
const FILES: [(&str, &str); 5] = [
    ("febrl", "febrl/dataset1.csv.gz"),
    ("febrl", "febrl/dataset2.csv.gz"),
    ("febrl", "febrl/dataset3.csv.gz"),
    ("fake_1000", "fake_1000/fake_1000.csv.gz"),
    (
        "historical",
        "historical_people/historical_50k_train.csv.gz",
    ),
];

/// Prints our figures and the peer's, file by file.
pub(super) fn run(workspace: &Workspace) -> Result<()> {
    let data = workspace.root().join("../shared/data");
    for (_, file) in FILES {
        if !data.join(file).is_file() {
            bail!("../shared/data/{file} is not there; put the file in its place");
        }
    }
    let python = installed(workspace)?;
    let peer = workspace.root().join("bench/peers/matching.py");
    let linked = workspace.target().join("xtask/linked");

    example(
        workspace,
        PACKAGE,
        "million",
        &["--link", N_LINKED, "--write"],
    )
    .arg(&linked)
    .run()?;
    Tool::new(&python)
        .arg(&peer)
        .arg("made")
        .arg(linked.with_extension("left.csv"))
        .arg("--right")
        .arg(linked.with_extension("right.csv"))
        .run()?;
    for (task, file) in FILES {
        let file = data.join(file);
        example(workspace, PACKAGE, "people", &[])
            .arg(&file)
            .run()?;
        Tool::new(&python).arg(&peer).arg(task).arg(&file).run()?;
    }
    example(workspace, PACKAGE, "million", &[]).run()?;
    example(workspace, PRODUCT, "twin_matching", &["--seeds", SEEDS]).run()
}

fn example(workspace: &Workspace, package: &str, name: &str, arguments: &[&str]) -> Tool {
    Tool::cargo(workspace.root())
        .args([
            "run",
            "--quiet",
            "--release",
            "--package",
            package,
            "--example",
            name,
            "--",
        ])
        .args(arguments)
}

/// A Python that has Splink, installed on first use into a folder of its own, in the version that the list of
/// peers names.
fn installed(workspace: &Workspace) -> Result<PathBuf> {
    let list = workspace.root().join("bench/peers/requirements.txt");
    let list = fs::read_to_string(&list)?;
    let wanted = list.lines().find(|line| line.starts_with("splink=="));
    let wanted = wanted.context("bench/peers/requirements.txt names no version of splink")?;
    let venv = workspace.target().join("xtask/splink");
    let (python, mark) = (venv.join("bin/python"), venv.join("version"));
    if !python.exists() {
        let make = Tool::new("python3").args(["-m", "venv"]).arg(&venv);
        make.run()
            .context("splink needs Python 3 with venv (Debian: apt-get install python3-venv)")?;
    }
    if fs::read_to_string(&mark).ok().as_deref() != Some(wanted) {
        let packages = [wanted, "pyarrow"];
        Tool::new(&python)
            .args(["-m", "pip", "install", "--quiet"])
            .args(packages)
            .run()?;
        fs::write(&mark, wanted)?;
    }
    Ok(python)
}
