//! Identities: each source's view of a person, and the records that feed a contact.

mod lineage;
mod resolve;

pub use lineage::{IdentityRow, SourceRecordRow, list_of, list_source_records};
pub use resolve::{Address, PersonKey, PersonMatch, Reached, find_profiles, find_reached, resolve};
