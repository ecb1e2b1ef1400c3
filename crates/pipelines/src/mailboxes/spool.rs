//! Messages on their way from a server to an import: gathered to mailbox files of a good size, each
//! imported before the mark of its last message is kept.

use rapport_domain::ImportId;
use rapport_ingest::{ImportMode, Mapping};
use rapport_mailbox::{Batch, Keep, Mark, Missed, write_mbox};

use super::watch::Watch;
use super::{Mailbox, state};
use crate::Workspace;
use crate::error::PipelineError;
use crate::imports;

/// Bytes of messages that are held before they become an import.
const SPOOL_BYTES: usize = 32 * 1024 * 1024;

/// Where messages go.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) mailbox: &'a Mailbox,
    pub(super) folder: &'a str,
}

/// Messages that are read and not yet kept.
pub(super) struct Spool<'a> {
    target: Target<'a>,
    watch: &'a Watch,
    bytes: Vec<u8>,
    n_read: u64,
    n_gone: u64,
    missed: Vec<Missed>,
    mark: Option<Mark>,
    imports: Vec<ImportId>,
}

impl<'a> Spool<'a> {
    pub(super) fn new(target: Target<'a>, watch: &'a Watch) -> Self {
        Self {
            target,
            watch,
            bytes: Vec::new(),
            n_read: 0,
            n_gone: 0,
            missed: Vec::new(),
            mark: None,
            imports: Vec::new(),
        }
    }

    /// Keeps what is left; the imports that were made.
    pub(super) async fn finish(mut self) -> Result<Vec<ImportId>, PipelineError> {
        self.flush().await?;
        Ok(self.imports)
    }

    async fn flush(&mut self) -> Result<(), PipelineError> {
        let Some(mark) = self.mark.take() else {
            return Ok(());
        };
        let _keeping = self.watch.keep().await;
        if !self.bytes.is_empty() {
            let bytes = std::mem::take(&mut self.bytes);
            self.imports.push(self.import(&bytes, mark).await?);
        }
        let Target {
            workspace,
            mailbox,
            folder,
        } = self.target;
        let (n_read, n_gone) = (
            std::mem::take(&mut self.n_read),
            std::mem::take(&mut self.n_gone),
        );
        let missed = std::mem::take(&mut self.missed);
        state::note(workspace, &mailbox.key, folder, |state| {
            state.n_seen += n_read + n_gone + missed.len() as u64;
            state.n_read += n_read;
            state.n_gone += n_gone;
            state.miss(missed);
            state.mark = Some(mark);
        })
        .await
    }

    /// Takes a file of messages in, mapped as any mailbox is.
    async fn import(&self, bytes: &[u8], mark: Mark) -> Result<ImportId, PipelineError> {
        let Target {
            workspace,
            mailbox,
            folder,
        } = self.target;
        let name = format!("{folder} {}-{}.mbox", mark.uid_validity, mark.last_uid);
        let name = name.replace(['/', '\\'], "-");
        let source = &mailbox.source;
        let import = imports::upload(workspace, &name, source, None, u64::MAX, bytes).await?;
        let mut mapping: Mapping = imports::read_mapping(&import)?;
        for address in &mailbox.own_addresses {
            let address = address.trim().to_lowercase();
            if !mapping.own_addresses.contains(&address) {
                mapping.own_addresses.push(address);
            }
        }
        if mailbox.makes_contacts {
            mapping.mode = ImportMode::Both;
        }
        imports::set_mapping(workspace, import.id, mapping).await?;
        imports::start(workspace, import.id).await?;
        Ok(import.id)
    }
}

impl Keep for Spool<'_> {
    type Error = PipelineError;

    async fn keep(&mut self, batch: Batch) -> Result<(), PipelineError> {
        self.n_read += batch.letters.len() as u64;
        self.n_gone += batch.n_gone;
        self.missed.extend(batch.missed);
        self.mark = Some(batch.mark);
        self.watch.count(batch.letters.len() as u64);
        for letter in &batch.letters {
            write_mbox(letter, &mut self.bytes).expect("memory takes what is written");
        }
        if self.bytes.len() >= SPOOL_BYTES {
            self.flush().await?;
        }
        Ok(())
    }
}
