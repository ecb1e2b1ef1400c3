//! `rapport twin`: the make-believe company's files, with the truth beside them.

use anyhow::{Context, Result};
use rapport_twin::TwinParams;

use crate::cli::TwinArgs;
use crate::output;
use crate::progress::Step;

pub(crate) fn run(args: &TwinArgs) -> Result<()> {
    let twin = TwinParams::new(args.seed, args.customers).check()?;
    let step = Step::start("Making up a company");
    let counts = twin
        .write(&args.dir, &mut |done, total| step.update(done, Some(total)))
        .with_context(|| format!("writing to {}", args.dir.display()))?;
    step.finish(&format!("{} people", counts.people));
    output::line(&format!("The files are in {}.", args.dir.display()));
    Ok(())
}
