//! `rapport lab`: a learning task on files.

mod files;
mod matching;
mod score;
mod segment;

use anyhow::Result;

use crate::cli::{LabArgs, LabTask};

pub(crate) async fn run(args: LabArgs) -> Result<()> {
    match args.task {
        LabTask::Segment(args) => segment::run(args).await,
        LabTask::Match(args) => matching::run(&args),
        LabTask::Score(args) => score::run(&args),
    }
}
