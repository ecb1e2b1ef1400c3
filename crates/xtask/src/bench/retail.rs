//! The retail file, from upload to segments.

use std::fs;

use anyhow::{Result, bail};

use super::server::{build, fresh_folder};
use crate::{tool::Tool, workspace::Workspace};

const FILE: &str = "../shared/data/online_retail/online_retail_to_2011-10-14.csv.gz";

/// Prints the summary that `rapport demo --once --json` gives.
pub(super) fn run(workspace: &Workspace) -> Result<()> {
    let file = workspace.root().join(FILE);
    if !file.is_file() {
        bail!("{FILE} is not there; put the retail file in its place");
    }
    let binary = build(workspace)?;
    let folder = fresh_folder(workspace, "retail")?;
    let result = Tool::new(binary)
        .args(["demo", "--once", "--json", "--data"])
        .arg(file)
        .arg("--data-dir")
        .arg(folder.join("data"))
        .run();
    fs::remove_dir_all(&folder)?;
    result
}
