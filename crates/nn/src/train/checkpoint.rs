//! A training on disk, from which it goes on to the same bits.

use std::fs;
use std::path::{Path, PathBuf};

use burn::module::{Module, Param};
use burn::store::{ModuleSnapshot, SafetensorsStore};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::optimizer::Optimizer;
use super::trainer::State;
use crate::NnError;

/// The folder of a training's checkpoint.
///
/// It holds `state.json`, written last and moved into place, which names the files of weights that
/// belong to it. A kill at any point leaves the last whole checkpoint.
#[derive(Debug, Clone)]
pub(super) struct Checkpoint {
    folder: PathBuf,
}

/// Flat tensors in a row, as a module that the weight files can hold.
#[derive(Module, Debug)]
struct Flat {
    tensors: Vec<Param<Tensor<1>>>,
}

/// What `state.json` says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Saved {
    pub(super) state: State,
    /// Per weight tensor how many moments it has.
    n_moments: Vec<usize>,
    /// Sizes of all moments, in order.
    sizes: Vec<usize>,
}

impl Checkpoint {
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes everything that the training needs to go on.
    pub(super) fn save<M: Module>(
        &self,
        network: &M,
        best: Option<&M>,
        optimizer: &Optimizer,
        state: &State,
    ) -> Result<(), NnError> {
        fs::create_dir_all(&self.folder).map_err(|error| self.failure("", &error))?;
        let step = state.step;
        self.write(network, &format!("network-{step}"))?;
        if let Some(best) = best {
            self.write(best, &format!("best-{step}"))?;
        }
        let moments: Vec<Tensor<1>> = optimizer.moments.iter().flatten().cloned().collect();
        let file = Saved {
            state: state.clone(),
            n_moments: optimizer.moments.iter().map(Vec::len).collect(),
            sizes: moments.iter().map(|moment| moment.dims()[0]).collect(),
        };
        let tensors = moments.into_iter().map(Param::from_tensor).collect();
        self.write(&Flat { tensors }, &format!("moments-{step}"))?;
        let json = serde_json::to_vec(&file).map_err(|error| self.failure("state.json", &error))?;
        let next = self.folder.join("state.json.next");
        fs::write(&next, json)
            .and_then(|()| fs::rename(&next, self.folder.join("state.json")))
            .map_err(|error| self.failure("state.json", &error))?;
        self.forget_all_but(step)
    }

    /// What was saved of the training beside its weights; `None` when there is no checkpoint.
    pub(super) fn saved(&self) -> Result<Option<Saved>, NnError> {
        let json = match fs::read(self.folder.join("state.json")) {
            Ok(json) => json,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failure("state.json", &error)),
        };
        let saved =
            serde_json::from_slice(&json).map_err(|error| self.failure("state.json", &error))?;
        Ok(Some(saved))
    }

    /// The training as it was saved.
    pub(super) fn load<M: Module>(
        &self,
        file: Saved,
        network: M,
        device: &Device,
    ) -> Result<Loaded<M>, NnError> {
        let step = file.state.step;
        let best = match file.state.best {
            Some(_) => Some(self.read(network.clone(), &format!("best-{step}"))?),
            None => None,
        };
        let network = self.read(network, &format!("network-{step}"))?;
        let blank = |size: &usize| Param::from_tensor(Tensor::zeros([*size], device));
        let flat = Flat {
            tensors: file.sizes.iter().map(blank).collect(),
        };
        let flat = self.read(flat, &format!("moments-{step}"))?;
        let mut tensors = flat.tensors.into_iter().map(|tensor| tensor.val().inner());
        let moments = file
            .n_moments
            .iter()
            .map(|n| tensors.by_ref().take(*n).collect())
            .collect();
        let optimizer = Optimizer {
            time: file.state.optimizer_time,
            moments,
        };
        Ok(Loaded {
            network,
            best,
            optimizer,
            state: file.state,
        })
    }

    fn write<M: Module>(&self, module: &M, name: &str) -> Result<(), NnError> {
        let path = self.path(name);
        let mut store = SafetensorsStore::from_file(&path).overwrite(true);
        module
            .save_into(&mut store)
            .map_err(|error| self.failure(name, &error))
    }

    fn read<M: Module>(&self, mut module: M, name: &str) -> Result<M, NnError> {
        let mut store = SafetensorsStore::from_file(self.path(name));
        module
            .load_from(&mut store)
            .map_err(|error| self.failure(name, &error))?;
        Ok(module)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.safetensors"))
    }

    /// Removes the weights of other checkpoints.
    fn forget_all_but(&self, step: usize) -> Result<(), NnError> {
        let kept = step.to_string();
        let entries = fs::read_dir(&self.folder).map_err(|error| self.failure("", &error))?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if step_of(&name).is_some_and(|step| step != kept) {
                fs::remove_file(entry.path()).map_err(|error| self.failure(&name, &error))?;
            }
        }
        Ok(())
    }

    fn failure(&self, name: &str, error: &dyn std::fmt::Display) -> NnError {
        NnError::File {
            path: self.folder.join(name),
            reason: error.to_string(),
        }
    }
}

/// A training that goes on.
pub(super) struct Loaded<M> {
    pub(super) network: M,
    pub(super) best: Option<M>,
    pub(super) optimizer: Optimizer,
    pub(super) state: State,
}

/// The step of a file of weights that a checkpoint wrote, as it stands in its name. A folder may hold
/// other weights, and those are not ours to remove.
fn step_of(name: &str) -> Option<&str> {
    let (part, step) = name.strip_suffix(".safetensors")?.split_once('-')?;
    let is_step = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    (is_step && ["network", "best", "moments"].contains(&part)).then_some(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_weights_that_a_checkpoint_wrote_have_a_step() {
        assert_eq!(step_of("network-12.safetensors"), Some("12"));
        assert_eq!(step_of("moments-0.safetensors"), Some("0"));
        for name in [
            "model.safetensors",
            "model-00001.safetensors",
            "network-.safetensors",
            "network-12-old.safetensors",
            "network-12.json",
            "state.json",
        ] {
            assert_eq!(step_of(name), None, "{name}");
        }
    }
}
