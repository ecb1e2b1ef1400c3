//! The web app's weight.

use anyhow::Result;

use crate::{node, tool::Tool, workspace::Workspace};

/// Builds the app and prints the sizes of its parts beside their budgets.
pub(super) fn run(workspace: &Workspace) -> Result<()> {
    println!("{}", node::prepare(workspace)?);
    Tool::npm(&workspace.ui()).args(["run", "build"]).run()?;
    Tool::npm(&workspace.ui()).args(["run", "budget"]).run()
}
