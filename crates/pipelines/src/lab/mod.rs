//! The lab: a learning task tried on files, without a server and without keeping anything.

mod roles;
mod segment;
mod table;

pub use roles::Roles;
pub use segment::{LabResult, SegmentLab, segment};
pub use table::{LabError, LabTable};
