//! Weights that somebody else trained, from a folder of safetensors.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use safetensors::{Dtype, SafeTensors};
use serde::de::DeserializeOwned;

use crate::NnError;

/// The tensors of one or more safetensors files, by name.
#[derive(Debug)]
pub struct WeightFolder {
    folder: PathBuf,
    tensors: BTreeMap<String, Stored>,
}

#[derive(Debug)]
struct Stored {
    shape: Vec<usize>,
    numbers: Vec<f32>,
}

impl WeightFolder {
    /// Reads every `*.safetensors` of a folder. Tensors of other than floating-point numbers are left
    /// out: positions and masks come as whole numbers, and no network of ours wants them.
    ///
    /// # Errors
    /// [`NnError::File`] when there is none, or one is cut short or damaged.
    pub fn open(folder: &Path) -> Result<Self, NnError> {
        let failure = |path: &Path, reason: String| NnError::File {
            path: path.to_owned(),
            reason,
        };
        let entries = fs::read_dir(folder).map_err(|error| failure(folder, error.to_string()))?;
        let mut paths: Vec<PathBuf> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "safetensors")
            })
            .collect();
        paths.sort();
        if paths.is_empty() {
            return Err(failure(
                folder,
                "the folder holds no `.safetensors` file".to_owned(),
            ));
        }
        let mut tensors = BTreeMap::new();
        for path in &paths {
            let bytes = fs::read(path).map_err(|error| failure(path, error.to_string()))?;
            let file = SafeTensors::deserialize(&bytes)
                .map_err(|error| failure(path, format!("not a whole safetensors file: {error}")))?;
            for (name, view) in file.iter() {
                let Some(numbers) = numbers(view.dtype(), view.data()) else {
                    continue;
                };
                let shape = view.shape().to_vec();
                tensors.insert(name.to_owned(), Stored { shape, numbers });
            }
        }
        Ok(Self {
            folder: folder.to_owned(),
            tensors,
        })
    }

    /// Whether there is a tensor of this name.
    pub fn has(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    /// The numbers of a tensor of this name and shape.
    ///
    /// # Errors
    /// [`NnError::File`] when there is none, [`NnError::Shape`] when it has another shape.
    pub fn numbers(&self, name: &str, shape: &[usize]) -> Result<&[f32], NnError> {
        let stored = self.tensors.get(name).ok_or_else(|| NnError::File {
            path: self.folder.clone(),
            reason: format!("the weights hold no `{name}`"),
        })?;
        if stored.shape != shape {
            return Err(NnError::Shape {
                what: name.to_owned(),
                expected: shape.to_vec(),
                actual: stored.shape.clone(),
            });
        }
        Ok(&stored.numbers)
    }

    /// A vector as a parameter.
    ///
    /// # Errors
    /// As for [`numbers`](Self::numbers).
    pub fn vector(
        &self,
        name: &str,
        n: usize,
        device: &Device,
    ) -> Result<Param<Tensor<1>>, NnError> {
        let numbers = self.numbers(name, &[n])?.to_vec();
        Ok(Param::from_tensor(Tensor::from_data(
            TensorData::new(numbers, [n]),
            device,
        )))
    }

    /// A table of rows as a parameter.
    ///
    /// # Errors
    /// As for [`numbers`](Self::numbers).
    pub fn table(
        &self,
        name: &str,
        shape: [usize; 2],
        device: &Device,
    ) -> Result<Param<Tensor<2>>, NnError> {
        let numbers = self.numbers(name, &shape)?.to_vec();
        Ok(Param::from_tensor(Tensor::from_data(
            TensorData::new(numbers, shape),
            device,
        )))
    }

    /// Several weights of linear layers over the same inputs, each `[n_outputs, n_inputs]` as PyTorch
    /// keeps them, side by side as one `[n_inputs, n_outputs]` as we keep them.
    ///
    /// # Errors
    /// As for [`numbers`](Self::numbers).
    pub fn joined(
        &self,
        names: &[(String, usize)],
        n_inputs: usize,
        device: &Device,
    ) -> Result<Param<Tensor<2>>, NnError> {
        // Sizes are what a configuration says until all are those of the files: no memory before.
        let parts = names
            .iter()
            .map(|(name, n)| self.numbers(name, &[*n, n_inputs]))
            .collect::<Result<Vec<_>, _>>()?;
        let n_outputs: usize = names.iter().map(|(_, n)| n).sum();
        let mut joined = vec![0.0; n_inputs * n_outputs];
        let mut from = 0;
        for ((_, n), numbers) in names.iter().zip(parts) {
            for (output, row) in numbers.chunks_exact(n_inputs).enumerate() {
                for (input, weight) in row.iter().enumerate() {
                    joined[input * n_outputs + from + output] = *weight;
                }
            }
            from += n;
        }
        let data = TensorData::new(joined, [n_inputs, n_outputs]);
        Ok(Param::from_tensor(Tensor::from_data(data, device)))
    }

    /// Several vectors one after the other.
    ///
    /// # Errors
    /// As for [`numbers`](Self::numbers).
    pub fn joined_vectors(
        &self,
        names: &[(String, usize)],
        device: &Device,
    ) -> Result<Param<Tensor<1>>, NnError> {
        let mut joined = Vec::new();
        for (name, n) in names {
            joined.extend_from_slice(self.numbers(name, &[*n])?);
        }
        let n = joined.len();
        Ok(Param::from_tensor(Tensor::from_data(
            TensorData::new(joined, [n]),
            device,
        )))
    }
}

/// A JSON file of such a folder.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, NnError> {
    let bytes = fs::read(path).map_err(|error| damaged(path, &error))?;
    serde_json::from_slice(&bytes).map_err(|error| damaged(path, &error))
}

/// A JSON file that such a folder may lack; one that is there is whole.
pub(crate) fn read_json_if_there<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, NnError> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| damaged(path, &error)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(damaged(path, &error)),
    }
}

fn damaged(path: &Path, error: &dyn Display) -> NnError {
    NnError::File {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}

/// Numbers of single precision; `None` for numbers that are no floating-point numbers.
fn numbers(dtype: Dtype, bytes: &[u8]) -> Option<Vec<f32>> {
    match dtype {
        Dtype::F32 => Some(
            bytes
                .chunks_exact(4)
                .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                .collect(),
        ),
        Dtype::F16 => Some(halves(bytes).map(half_precision).collect()),
        // The upper half of a number of single precision.
        Dtype::BF16 => Some(
            halves(bytes)
                .map(|bits| f32::from_bits(u32::from(bits) << 16))
                .collect(),
        ),
        Dtype::F64 => Some(
            bytes
                .chunks_exact(8)
                .map(|b| {
                    f64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]) as f32
                })
                .collect(),
        ),
        _ => None,
    }
}

fn halves(bytes: &[u8]) -> impl Iterator<Item = u16> {
    bytes
        .chunks_exact(2)
        .map(|b| u16::from_le_bytes([b[0], b[1]]))
}

/// A number of half precision: sign, five bits of exponent, ten of fraction (IEEE 754).
fn half_precision(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(bits >> 10 & 0x1f);
    let fraction = f32::from(bits & 0x3ff) / 1024.0;
    match exponent {
        0 => sign * fraction * 2.0_f32.powi(-14),
        31 if fraction == 0.0 => sign * f32::INFINITY,
        31 => f32::NAN,
        _ => sign * (1.0 + fraction) * 2.0_f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use safetensors::tensor::TensorView;

    use super::*;

    fn folder(name: &str, shape: Vec<usize>, numbers: &[f32]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let bytes: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
        let view = TensorView::new(Dtype::F32, shape, &bytes).unwrap();
        let file = safetensors::serialize([(name, view)], None).unwrap();
        fs::write(folder.path().join("model.safetensors"), file).unwrap();
        folder
    }

    #[test]
    fn a_tensor_of_another_shape_is_refused_with_both_shapes() {
        let folder = folder("weight", vec![2, 3], &[0.0; 6]);
        let weights = WeightFolder::open(folder.path()).unwrap();

        let error = weights.numbers("weight", &[3, 2]).unwrap_err();

        assert_eq!(
            error.to_string(),
            "weight has the shape [2, 3], the network takes [3, 2]"
        );
    }

    #[test]
    fn a_name_that_is_not_there_is_said() {
        let folder = folder("weight", vec![1], &[0.0]);
        let weights = WeightFolder::open(folder.path()).unwrap();
        let error = weights.numbers("bias", &[1]).unwrap_err().to_string();
        assert!(error.ends_with("the weights hold no `bias`"), "{error}");
    }

    #[test]
    fn a_file_cut_short_is_refused() {
        let folder = folder("weight", vec![100], &[0.5; 100]);
        let path = folder.path().join("model.safetensors");
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() - 8]).unwrap();

        let error = WeightFolder::open(folder.path()).unwrap_err().to_string();

        assert!(error.contains("not a whole safetensors file"), "{error}");
    }

    #[test]
    fn a_folder_without_weights_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let error = WeightFolder::open(folder.path()).unwrap_err().to_string();
        assert!(error.contains("no `.safetensors` file"), "{error}");
    }

    #[test]
    fn weights_of_one_input_stand_side_by_side() {
        let folder = folder("w", vec![2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let weights = WeightFolder::open(folder.path()).unwrap();

        let names = [("w".to_owned(), 2), ("w".to_owned(), 2)];
        let joined = weights
            .joined(&names, 3, &crate::device::of_tests())
            .unwrap();

        let found: Vec<f32> = joined.val().into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(
            found,
            [1.0, 4.0, 1.0, 4.0, 2.0, 5.0, 2.0, 5.0, 3.0, 6.0, 3.0, 6.0]
        );
    }

    #[test]
    fn sizes_that_the_file_does_not_have_take_no_memory() {
        let folder = folder("w", vec![2, 3], &[0.0; 6]);
        let weights = WeightFolder::open(folder.path()).unwrap();

        let names = [("w".to_owned(), 2), ("w".to_owned(), usize::MAX)];
        let error = weights
            .joined(&names, 3, &crate::device::of_tests())
            .unwrap_err();

        assert!(matches!(error, NnError::Shape { .. }), "{error}");
    }

    #[test]
    fn whole_numbers_are_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = 7_i64.to_le_bytes();
        let view = TensorView::new(Dtype::I64, vec![1], &bytes).unwrap();
        let file = safetensors::serialize([("position_ids", view)], None).unwrap();
        fs::write(folder.path().join("model.safetensors"), file).unwrap();

        let weights = WeightFolder::open(folder.path()).unwrap();

        assert!(!weights.has("position_ids"));
    }

    #[test]
    fn a_file_that_may_be_missing_may_not_be_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.json");
        assert_eq!(read_json_if_there::<Vec<u8>>(&path).unwrap(), None);

        fs::write(&path, "[1, 2").unwrap();

        let error = read_json_if_there::<Vec<u8>>(&path).unwrap_err();
        assert!(matches!(error, NnError::File { .. }), "{error}");
    }

    #[test]
    fn half_precision_is_read_as_ieee_754_says() {
        let read = |bits: u16| numbers(Dtype::F16, &bits.to_le_bytes()).unwrap()[0];
        assert_eq!(read(0x3c00), 1.0);
        assert_eq!(read(0xc000), -2.0);
        assert_eq!(read(0x3555), 0.333_251_95);
        assert_eq!(read(0x0001), 5.960_464_5e-8);
        assert_eq!(read(0x7c00), f32::INFINITY);
        assert_eq!(
            numbers(Dtype::BF16, &0x3f80_u16.to_le_bytes()).unwrap(),
            [1.0]
        );
    }
}
