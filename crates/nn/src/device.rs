//! Where a network computes.

use std::fmt;
use std::str::FromStr;

use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use crate::NnError;

/// A device by its name: `cpu`, `cuda` or `cuda:1`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum DeviceName {
    /// The processor.
    #[default]
    Cpu,
    /// An NVIDIA device by its number.
    Cuda(usize),
}

impl DeviceName {
    /// The device, to be handed to `init`.
    ///
    /// # Errors
    /// [`NnError::Device`] when the program was built without it or the machine lacks it.
    pub fn open(self) -> Result<Device, NnError> {
        match self {
            Self::Cpu => Ok(Device::flex()),
            Self::Cuda(idx) => open_cuda(idx),
        }
    }
}

#[cfg(feature = "cuda")]
fn open_cuda(idx: usize) -> Result<Device, NnError> {
    use burn::tensor::DeviceType;

    let n_devices =
        std::panic::catch_unwind(|| Device::enumerate(DeviceType::Cuda).len()).unwrap_or_default();
    if idx < n_devices {
        return Ok(Device::cuda(idx));
    }
    Err(NnError::Device {
        device: DeviceName::Cuda(idx).to_string(),
        reason: format!("this machine has {n_devices} CUDA devices; use `cpu`"),
    })
}

#[cfg(not(feature = "cuda"))]
fn open_cuda(idx: usize) -> Result<Device, NnError> {
    Err(NnError::Device {
        device: DeviceName::Cuda(idx).to_string(),
        reason: "this program was built without CUDA; build it with `--features cuda` or use \
                 `cpu`"
            .to_owned(),
    })
}

impl fmt::Display for DeviceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda(idx) => write!(f, "cuda:{idx}"),
        }
    }
}

impl FromStr for DeviceName {
    type Err = NnError;

    fn from_str(name: &str) -> Result<Self, NnError> {
        let idx = match name {
            "cpu" => return Ok(Self::Cpu),
            "cuda" => Some(0),
            _ => name.strip_prefix("cuda:").and_then(|idx| idx.parse().ok()),
        };
        idx.map(Self::Cuda).ok_or_else(|| NnError::Device {
            device: name.to_owned(),
            reason: "devices are `cpu`, `cuda` and `cuda:1`, `cuda:2`, ...".to_owned(),
        })
    }
}

impl TryFrom<String> for DeviceName {
    type Error = NnError;

    fn try_from(name: String) -> Result<Self, NnError> {
        name.parse()
    }
}

impl From<DeviceName> for String {
    fn from(name: DeviceName) -> Self {
        name.to_string()
    }
}

/// Where the tests of this crate compute: see [`rapport_testing::device_name`].
#[cfg(test)]
pub(crate) fn of_tests() -> Device {
    let name: DeviceName = rapport_testing::device_name().parse().unwrap();
    name.open().unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_written() {
        for (name, device) in [("cpu", DeviceName::Cpu), ("cuda:3", DeviceName::Cuda(3))] {
            assert_eq!(name.parse::<DeviceName>().unwrap(), device);
            assert_eq!(device.to_string(), name);
        }
        assert_eq!("cuda".parse::<DeviceName>().unwrap(), DeviceName::Cuda(0));
    }

    #[test]
    fn an_unknown_name_says_which_there_are() {
        let error = "gpu".parse::<DeviceName>().unwrap_err();
        assert!(
            error.to_string().contains("devices are `cpu`, `cuda`"),
            "{error}"
        );
    }

    #[test]
    fn a_device_that_is_not_there_is_refused_before_work_starts() {
        let error = DeviceName::Cuda(99).open().unwrap_err();
        assert!(error.to_string().starts_with("device `cuda:99`"), "{error}");
    }
}
