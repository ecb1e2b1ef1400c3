//! What can go wrong in a pipeline; the layer below says what to do, this one says where.

use rapport_domain::{Invalid, JobId};
use rapport_features::FeatureError;
use rapport_identity::IdentityError;
use rapport_ingest::IngestError;
use rapport_lake::LakeError;
use rapport_learn::metrics::MetricError;
use rapport_learn::{LearnError, ModelFolderError};
use rapport_segment::SegmentError;
use rapport_store::StoreError;
use thiserror::Error;

use crate::backup::BackupError;

/// A failure of a pipeline.
#[derive(Debug, Error)]
pub enum PipelineError {
    /// The records refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The event history refused.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// A file cannot be understood.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// Features cannot be built.
    #[error(transparent)]
    Features(#[from] FeatureError),
    /// Segments cannot be made.
    #[error(transparent)]
    Segment(#[from] SegmentError),
    /// Learning stopped.
    #[error(transparent)]
    Learn(#[from] LearnError),
    /// Contacts cannot be matched.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// A figure cannot be worked out.
    #[error(transparent)]
    Metric(#[from] MetricError),
    /// A model folder cannot be written or read.
    #[error(transparent)]
    Model(#[from] ModelFolderError),
    /// What a person asked for breaks a rule.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A file of the data directory cannot be read or written.
    #[error("cannot {action} {path}; check the disk's space and permissions: {source}")]
    Io {
        /// What was being done.
        action: &'static str,
        /// Where.
        path: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// An upload is larger than allowed.
    #[error("the file is larger than {limit_bytes} bytes; split it or raise upload_limit_mib")]
    TooLarge {
        /// The limit.
        limit_bytes: u64,
    },
    /// Who asked for a piece of work is gone or locked out.
    #[error("the user who asked for this is gone or locked out; whoever may do it, ask again")]
    UserGone,
    /// A job was told to stop.
    #[error("stopped as asked")]
    Cancelled,
    /// The process ends; the job goes on at the next start.
    #[error("stopped with the server; the work goes on at its next start")]
    ShuttingDown,
    /// A mistake of ours in a piece of work.
    #[error("a mistake in the program stopped this ({reason}); the log has more, please report it")]
    Panicked {
        /// What the program said.
        reason: String,
    },
    /// The worker of this process ended without being told to.
    #[error("the worker ended early; the log says why, start the program again")]
    WorkerLost,
    /// Another segmentation is under way.
    #[error(
        "a segmentation with other parameters is under way (job {job}); wait for it or cancel it"
    )]
    SegmentationUnderWay {
        /// Its job.
        job: JobId,
    },
    /// More events wait for their files than a reader can take.
    #[error(
        "more than {limit} events wait to be moved to their files; free some disk space if the log says so, else try again in a minute"
    )]
    InboxTooLong {
        /// How many a reader takes.
        limit: u64,
    },
    /// A backup was not restored to its end.
    #[error("a restoration into {path} was broken off; delete the folder and restore again")]
    HalfRestored {
        /// The data directory.
        path: String,
    },
    /// The records of the directory are on a server now.
    #[error(
        "the records of this directory were moved to PostgreSQL; set `database` as {path} says, or delete that file to go back to the records of before"
    )]
    RecordsMoved {
        /// The note that says so.
        path: String,
    },
    /// An archive was asked for of records that are on a server.
    #[error(
        "records on PostgreSQL are not archived by this program; use the server's own archiving (archive_command or pgBackRest) and leave `archive` out of the settings"
    )]
    ArchiveOnServer,
    /// The archive could not be begun.
    #[error("cannot begin to archive the records: {0}")]
    Archive(Box<BackupError>),
    /// The address of the records is of a kind that nobody knows.
    #[error(
        "cannot use a database address that begins with {scheme:?}; give postgres://USER:PASSWORD@HOST/DATABASE, or leave database out for SQLite in the data directory"
    )]
    DatabaseAddress {
        /// What it begins with; the rest may hold a password.
        scheme: String,
    },
    /// A mailbox cannot be read.
    #[error(transparent)]
    Mailbox(#[from] rapport_mailbox::MailboxError),
    /// A job's payload is not what its kind expects, or nobody knows the kind.
    #[error("job of kind {kind:?} cannot be read; it was made by another version: {reason}")]
    Job {
        /// The kind.
        kind: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A thread of ours ended without an answer: a bug.
    #[error("a mistake in the program stopped this ({0}); the log has more, please report it")]
    Thread(#[from] tokio::task::JoinError),
}

impl PipelineError {
    pub(crate) fn io<'a>(
        action: &'static str,
        path: &'a std::path::Path,
    ) -> impl FnOnce(std::io::Error) -> Self + use<'a> {
        move |source| Self::Io {
            action,
            path: path.display().to_string(),
            source,
        }
    }

    /// Whether trying again can only help once a person has mended something: made room, or put a file
    /// back.
    pub(crate) const fn needs_a_person(&self) -> bool {
        matches!(
            self,
            Self::Io { .. }
                | Self::Store(StoreError::DiskFull)
                | Self::Lake(LakeError::Io { .. })
                | Self::Model(ModelFolderError::Io { .. })
        )
    }

    /// Whether trying again can help: the disk may have room and the database time later.
    pub(crate) const fn is_worth_a_retry(&self) -> bool {
        matches!(
            self,
            Self::Io { .. }
                // What a record refers to was deleted meanwhile: a new attempt knows of it no more.
                | Self::Store(
                    StoreError::DiskFull
                        | StoreError::Busy
                        | StoreError::Unreachable { .. }
                        | StoreError::BrokenReference { .. }
                )
                | Self::Lake(LakeError::Io { .. } | LakeError::Store(_))
                | Self::Model(ModelFolderError::Io { .. })
        )
    }
}
