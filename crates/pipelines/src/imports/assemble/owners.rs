//! Colleagues in charge, as sources call them.

use std::collections::HashMap;

use rapport_domain::UserId;
use rapport_ingest::ParsedRow;
use rapport_store::users;

use super::Assembler;
use crate::error::PipelineError;

/// Users by what a file may call them: e-mail address, or name where it is one user's alone.
#[derive(Debug)]
pub(super) struct Owners(HashMap<String, Option<UserId>>);

impl Assembler<'_> {
    /// Reads the users, once for a run, where a row names an owner.
    pub(super) async fn read_owners(&mut self, rows: &[ParsedRow]) -> Result<(), PipelineError> {
        if self.owners.is_some() || !rows.iter().any(|row| row.owner().is_some()) {
            return Ok(());
        }
        let mut owners: HashMap<String, Option<UserId>> = HashMap::new();
        for user in users::list(&self.workspace.store).await? {
            let names = [fold(user.email.as_str()), fold(&user.name)];
            for name in names {
                owners
                    .entry(name)
                    .and_modify(|owner| *owner = owner.filter(|&owner| owner == user.id))
                    .or_insert(Some(user.id));
            }
        }
        self.owners = Some(Owners(owners));
        Ok(())
    }

    /// The user that a source's name for an owner stands for, where that is clear.
    pub(super) fn owner(&self, name: Option<&str>) -> Option<UserId> {
        let Owners(owners) = self.owners.as_ref()?;
        owners.get(&fold(name?)).copied().flatten()
    }
}

fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}
