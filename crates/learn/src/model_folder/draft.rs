//! Where a model folder is written before it is in place: beside it, in a folder of its own.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{ModelFolderError, io_error, parent_of};

/// What stands between the name of a model's folder and the numbers of a draft.
const MARK: &str = ".draft-";

/// Drafts that this process has begun.
static N_BEGUN: AtomicU64 = AtomicU64::new(0);

/// Makes an empty folder that is nobody else's: `churn.v2.draft-4711-0` for `churn.v2`.
///
/// The whole name comes first: models whose names differ after a point never share a draft, and who
/// clears up by what names begin with finds the drafts of a model, too.
pub(super) fn create(folder: &Path) -> Result<PathBuf, ModelFolderError> {
    let (name, parent) = (name_of(folder)?, parent_of(folder));
    fs::create_dir_all(parent).map_err(io_error("create", parent))?;
    loop {
        let n = N_BEGUN.fetch_add(1, Ordering::Relaxed);
        let mut own_name = name.to_owned();
        own_name.push(format!("{MARK}{}-{n}", process::id()));
        let draft = folder.with_file_name(own_name);
        match fs::create_dir(&draft) {
            Ok(()) => return Ok(draft),
            // Of a process that is dead, or that has the same number on another machine.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(io_error("create", &draft)(error)),
        }
    }
}

/// Removes what drafts there are of a folder that is in place: of runs that were killed, and of those
/// that were slower.
///
/// What cannot be removed is only in the way, and the model is saved all the same.
pub(super) fn sweep(folder: &Path) {
    let (Ok(name), Ok(entries)) = (name_of(folder), fs::read_dir(parent_of(folder))) else {
        return;
    };
    for entry in entries.flatten() {
        if is_draft_of(name, &entry.file_name()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn name_of(folder: &Path) -> Result<&OsStr, ModelFolderError> {
    let nameless = || io_error("create", folder)(io::ErrorKind::InvalidInput.into());
    folder.file_name().ok_or_else(nameless)
}

/// Whether a name is one that [`create`] gives: two numbers behind the mark.
fn is_draft_of(name: &OsStr, other: &OsStr) -> bool {
    let numbers = other
        .as_encoded_bytes()
        .strip_prefix(name.as_encoded_bytes())
        .and_then(|rest| rest.strip_prefix(MARK.as_bytes()));
    let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    numbers.is_some_and(|numbers| {
        let parts = numbers.split(|&byte| byte == b'-');
        parts.map(is_number).eq([true, true])
    })
}
