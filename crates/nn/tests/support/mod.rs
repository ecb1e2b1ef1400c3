//! What the tests of networks share.

use burn::tensor::Device;
use rapport_nn::DeviceName;

/// Where the tests compute: see [`rapport_testing::device_name`].
pub(crate) fn device() -> Device {
    let name: DeviceName = rapport_testing::device_name().parse().unwrap();
    name.open().unwrap()
}
