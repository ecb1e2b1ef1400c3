//! Whose lake it is: a small file at its root, so that no workspace takes another's files for
//! leftovers of its own.

use object_store::{ObjectStoreExt, PutMode, PutOptions};
use uuid::Uuid;

use crate::{Lake, LakeError};

/// Name of the file; it holds the workspace's id.
const NAME: &str = "rapport-lake";

impl Lake {
    /// Claims the lake for a workspace. One that nobody has claimed becomes its own.
    ///
    /// # Errors
    /// [`LakeError::Foreign`] where another workspace has it; [`LakeError::Store`] where the marker
    /// cannot be read or written.
    pub async fn claim(&self, workspace: Uuid) -> Result<(), LakeError> {
        let path = self.location.path_of(NAME);
        let only_new = PutOptions::from(PutMode::Create);
        let text = workspace.to_string();
        let owner = match self
            .store
            .put_opts(&path, text.clone().into(), only_new)
            .await
        {
            Ok(_) => return Ok(()),
            Err(object_store::Error::AlreadyExists { .. }) => {
                let bytes = self.store.get(&path).await?.bytes().await?;
                String::from_utf8_lossy(&bytes).trim().to_owned()
            }
            Err(error) => return Err(error.into()),
        };
        if owner == text {
            return Ok(());
        }
        Err(LakeError::Foreign {
            location: format!("{:?}", self.location),
            owner,
            marker: NAME,
        })
    }
}
