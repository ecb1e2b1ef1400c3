//! News of what changed, for screens that follow along.

use rapport_domain::{ImportId, JobId, ModelId, RunId, SegmentationId};
use tokio::sync::broadcast;

/// Something that a screen may want to read anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A job's status or progress.
    Job(JobId),
    /// An import's status, counts or progress.
    Import(ImportId),
    /// A segmentation was published.
    Segmentation(SegmentationId),
    /// A run's status, curves or trials.
    Run(RunId),
    /// A model was registered, or its kind's stages changed.
    Model(ModelId),
    /// What somebody may see: a role, a team or a user was changed.
    Access,
}

/// Where changes are announced. They are hints, not history: a listener that falls behind misses
/// some and reads the present state instead.
#[derive(Debug, Clone)]
pub struct Changes(broadcast::Sender<Change>);

impl Changes {
    /// Room for the changes of a slow listener.
    const CAPACITY: usize = 256;

    pub(crate) fn new() -> Self {
        Self(broadcast::Sender::new(Self::CAPACITY))
    }

    /// Announces a change to whoever listens.
    pub fn announce(&self, change: Change) {
        // Without a listener there is nobody to tell, which is fine.
        let _ = self.0.send(change);
    }

    /// Listens from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.0.subscribe()
    }
}
