//! What rows name and nobody knows, while they are taken all the same: an owner who is no colleague, a deal or
//! a ticket that is not here. The record is made without it, and the import says so.

use rapport_domain::{LeftOut, LeftOutReason};
use rapport_ingest::{Field, ParsedRow};

use super::Assembler;
use crate::error::PipelineError;

/// The longest value that is listed.
const VALUE_CHARS_MAX: usize = 200;

impl Assembler<'_> {
    /// The values of rows that name what is not here.
    pub(super) async fn left_out_of(
        &self,
        rows: &[ParsedRow],
    ) -> Result<Vec<LeftOut>, PipelineError> {
        let subjects = self.look_up_subjects(rows).await?;
        let mut left_out = Vec::new();
        for row in rows {
            let owner = self.unknown_owner(row);
            let subject = row.about().into_iter();
            let subject = subject.flat_map(|about| self.unknown_subjects(about, &subjects));
            for (field, value) in owner.into_iter().chain(subject) {
                left_out.push(LeftOut {
                    line: row.line(),
                    column: self.policy.column_of(field).cloned(),
                    value: value.chars().take(VALUE_CHARS_MAX).collect(),
                    reason: LeftOutReason::NoSuchRecord,
                });
            }
        }
        Ok(left_out)
    }
}

/// The field of a key that nothing is known by, with the key.
pub(super) fn unknown(
    field: Field,
    key: Option<&String>,
    is_known: impl Fn(&str) -> bool,
) -> Option<(Field, String)> {
    let key = key.filter(|key| !is_known(key))?;
    Some((field, key.clone()))
}
