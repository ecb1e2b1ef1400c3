//! `cargo xtask fixture`: files that stand for what versions of today leave on people's disks.

use anyhow::Result;

use crate::{tool::Tool, workspace::Workspace};

/// Makes the database of a past schema: the test that reads such makes it where it is told to.
///
/// # Errors
/// Where there is one already, or no step of that name.
pub(crate) fn make_schema(workspace: &Workspace, step: &str) -> Result<()> {
    Tool::cargo(workspace.root())
        .args(["test", "--package", "rapport-store", "--lib", "--"])
        .args([
            "tests::schemas::the_fixture_that_is_asked_for_is_made",
            "--exact",
        ])
        .env("RAPPORT_MAKE_FIXTURE", step)
        .run()
}
