//! Files copied and read through, with the sums of their bytes.

use std::collections::BTreeSet;
use std::path::Path;

use futures::TryStreamExt as _;
use rapport_lake::Pieces;
use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::error::BackupError;
use super::manifest::hex;

/// Bytes that are moved at once.
const PIECE_BYTES: usize = 1024 * 1024;

/// What a file turned out to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Measured {
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

/// Told how many bytes were moved since the last time.
pub(super) type OnBytes<'a> = &'a mut (dyn FnMut(u64) + Send);

/// Where bytes go while they are counted and summed: to a new file, or nowhere.
struct Sink<'a> {
    target: Option<(File, &'a Path)>,
    hash: Sha256,
    bytes: u64,
}

impl<'a> Sink<'a> {
    async fn into_file(path: &'a Path) -> Result<Self, BackupError> {
        if let Some(folder) = path.parent() {
            let made = tokio::fs::create_dir_all(folder).await;
            made.map_err(BackupError::io("make the folder", folder))?;
        }
        let file = File::create_new(path).await;
        let file = file.map_err(BackupError::io("write", path))?;
        Ok(Self {
            target: Some((file, path)),
            ..Self::nowhere()
        })
    }

    fn nowhere() -> Self {
        Self {
            target: None,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    async fn take(&mut self, piece: &[u8]) -> Result<(), BackupError> {
        self.hash.update(piece);
        self.bytes += piece.len() as u64;
        if let Some((file, path)) = &mut self.target {
            let written = file.write_all(piece).await;
            written.map_err(BackupError::io("write", path))?;
        }
        Ok(())
    }

    /// Makes a written file durable.
    async fn finish(self) -> Result<Measured, BackupError> {
        if let Some((mut file, path)) = self.target {
            file.flush().await.map_err(BackupError::io("write", path))?;
            file.sync_all()
                .await
                .map_err(BackupError::io("sync", path))?;
        }
        Ok(Measured {
            bytes: self.bytes,
            sha256: hex(&self.hash.finalize()),
        })
    }
}

/// Copies a file to a new one; none where there is nothing to copy.
pub(super) async fn copy(
    from: &Path,
    to: &Path,
    on_bytes: OnBytes<'_>,
) -> Result<Option<Measured>, BackupError> {
    let Some(source) = open(from).await? else {
        return Ok(None);
    };
    pour(source, from, Sink::into_file(to).await?, on_bytes).await
}

/// Reads a file through; none where there is none.
pub(super) async fn measure(
    path: &Path,
    on_bytes: OnBytes<'_>,
) -> Result<Option<Measured>, BackupError> {
    match open(path).await? {
        Some(source) => pour(source, path, Sink::nowhere(), on_bytes).await,
        None => Ok(None),
    }
}

/// Copies what was found in a lake or a depot to a new file of this machine; none where nothing was.
pub(super) async fn copy_found(
    found: Option<Pieces>,
    to: &Path,
    on_bytes: OnBytes<'_>,
) -> Result<Option<Measured>, BackupError> {
    match found {
        Some(pieces) => pour_pieces(pieces, Sink::into_file(to).await?, on_bytes).await,
        None => Ok(None),
    }
}

/// Reads what was found in a depot through; none where nothing was.
pub(super) async fn measure_found(
    found: Option<Pieces>,
    on_bytes: OnBytes<'_>,
) -> Result<Option<Measured>, BackupError> {
    match found {
        Some(pieces) => pour_pieces(pieces, Sink::nowhere(), on_bytes).await,
        None => Ok(None),
    }
}

async fn pour_pieces(
    mut pieces: Pieces,
    mut sink: Sink<'_>,
    on_bytes: OnBytes<'_>,
) -> Result<Option<Measured>, BackupError> {
    while let Some(piece) = pieces.try_next().await? {
        sink.take(&piece).await?;
        on_bytes(piece.len() as u64);
    }
    Ok(Some(sink.finish().await?))
}

async fn open(path: &Path) -> Result<Option<File>, BackupError> {
    match File::open(path).await {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(BackupError::io("read", path)(error)),
    }
}

async fn pour(
    mut source: File,
    from: &Path,
    mut sink: Sink<'_>,
    on_bytes: OnBytes<'_>,
) -> Result<Option<Measured>, BackupError> {
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let n_bytes = source.read(&mut piece).await;
        match n_bytes.map_err(BackupError::io("read", from))? {
            0 => return Ok(Some(sink.finish().await?)),
            n_bytes => {
                sink.take(&piece[..n_bytes]).await?;
                on_bytes(n_bytes as u64);
            }
        }
    }
}

/// Makes the names of files in a folder survive a power cut; blocks.
pub(super) fn sync_folders<'a>(
    root: &Path,
    files: impl Iterator<Item = &'a str>,
) -> Result<(), BackupError> {
    let mut folders = BTreeSet::from([root.to_owned()]);
    for file in files {
        let parents = Path::new(file).ancestors().skip(1);
        folders.extend(parents.map(|parent| root.join(parent)));
    }
    for folder in folders {
        // Some systems (Windows) cannot open a folder; they keep names durable by themselves.
        if let Ok(handle) = std::fs::File::open(&folder) {
            let synced = handle.sync_all();
            synced.map_err(BackupError::io("sync", &folder))?;
        }
    }
    Ok(())
}
