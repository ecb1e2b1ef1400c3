//! The lab: a learning task tried on files, without a server and without keeping anything.

mod matching;
mod roles;
mod score;
mod segment;
mod table;

pub use matching::{MATCH_ROLES, MatchLab, MatchResult, PairsLab, match_pairs, match_records};
pub use roles::Roles;
pub use score::{ScoreLab, score};
pub use segment::{LabResult, SegmentLab, segment};
pub use table::{LabError, LabTable};
