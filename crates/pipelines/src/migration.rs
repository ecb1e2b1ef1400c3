//! Moves the records of a data directory to a server, and says so in the directory.

use std::path::{Path, PathBuf};

use rapport_domain::Timestamp;
use rapport_store::StoreConfig;
use rapport_store::transfer::{self, MovedTable, Progress, TransferError};
use thiserror::Error;

/// Says in a data directory that its records are elsewhere, and how to start with them.
const NOTE: &str = "records-moved.toml";

/// A move that did not come to its end.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// The records could not be moved.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// They were moved before.
    #[error("the records were moved already; {} says where to", path.display())]
    MovedBefore {
        /// The note that says so.
        path: PathBuf,
    },
    /// All is on the server, but the directory could not be told.
    #[error(
        "the records are on the server, but {} cannot be written: {reason}; set `database` to the server's address before the next start",
        path.display()
    )]
    Note {
        /// The note.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

/// Moves the records of a data directory from SQLite to the PostgreSQL server at an address. All other
/// files stay where they are; so does the SQLite file, which nobody opens any more.
///
/// Dropped or killed, the next call goes on behind the last whole table.
///
/// # Errors
/// [`MigrateError`] as its variants say.
pub async fn migrate(
    data_dir: &Path,
    address: &str,
    now: Timestamp,
    told: &mut (dyn FnMut(Progress<'_>) + Send),
) -> Result<Vec<MovedTable>, MigrateError> {
    if let Some(path) = note_of_move(data_dir) {
        return Err(MigrateError::MovedBefore { path });
    }
    let file = StoreConfig::file_in_directory(data_dir);
    // Holds the directory until the note is there.
    let moved = transfer::transfer(&file, address, told).await?;
    let path = data_dir.join(NOTE);
    let written = write_synced(&path, &note(address, now));
    written.map_err(|error| MigrateError::Note {
        path,
        reason: error.to_string(),
    })?;
    Ok(moved.tables)
}

/// The note that a directory's records are elsewhere, where there is one.
pub(crate) fn note_of_move(data_dir: &Path) -> Option<PathBuf> {
    let path = data_dir.join(NOTE);
    path.exists().then_some(path)
}

fn note(address: &str, now: Timestamp) -> String {
    format!(
        "# The records of this directory were moved to PostgreSQL at {now}. Start with this line in\n\
         # rapport.toml (and the password, which is not written down here), or with the variable\n\
         # RAPPORT_DATABASE:\n\
         database = \"{}\"\n\
         # Uploads, models, features and events are still in this directory. records.sqlite is as it was\n\
         # on that day; to go back to it and lose what came after, delete this file and the line above.\n",
        without_password(address)
    )
}

/// An address as it may be shown: with `…` for a password.
fn without_password(address: &str) -> String {
    let (place, query) = address.split_once('?').unwrap_or((address, ""));
    let hidden = place.split_once("://").and_then(|(scheme, rest)| {
        let (user, host) = rest.rsplit_once('@')?;
        let (user, _) = user.split_once(':')?;
        Some(format!("{scheme}://{user}:…@{host}"))
    });
    let place = hidden.unwrap_or_else(|| place.to_owned());
    let options = query.split('&').filter(|option| !option.is_empty());
    let options: Vec<&str> = options
        .map(|option| match option.split_once('=') {
            Some(("password", _)) => "password=…",
            _ => option,
        })
        .collect();
    if options.is_empty() {
        return place;
    }
    format!("{place}?{}", options.join("&"))
}

fn write_synced(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;

    let mut file = std::fs::File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_written_down() {
        let check = |address, shown| assert_eq!(without_password(address), shown);

        check("postgres://ann:p@ss@host/crm", "postgres://ann:…@host/crm");
        check("postgres://host/crm", "postgres://host/crm");
        check(
            "postgres://ann@host/crm?password=x&options[search_path]=a",
            "postgres://ann@host/crm?password=…&options[search_path]=a",
        );
    }

    #[test]
    fn the_note_is_a_setting_that_can_be_read() {
        let text = note("postgres://ann:secret@host/crm", Timestamp::from_micros(0));

        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(lines, ["database = \"postgres://ann:…@host/crm\""]);
    }
}
