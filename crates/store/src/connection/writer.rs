//! The writer. On SQLite, writes that wait together share one transaction and one sync of the disk.
//!
//! One task owns the only writing connection. It takes what is waiting, runs each piece of work
//! under a savepoint of its own, commits once, and only then answers. A failing piece undoes
//! itself and leaves its neighbors alone; a failing commit fails all. Since the task runs the
//! work, a caller that goes away in the middle cannot leave a transaction half done. Whoever reads
//! the log can have the task wait between two transactions.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait as _,
};
use tokio::sync::{mpsc, oneshot};

use super::close_pool;
use crate::StoreError;

/// Writes that may share a commit. More would make the first of them wait too long.
const N_SHARED_MAX: usize = 64;

/// The door to the writing side of a database.
#[derive(Debug)]
pub(crate) enum Writer {
    /// One task with one connection (SQLite).
    Shared {
        sender: mpsc::Sender<Message>,
        connection: DatabaseConnection,
    },
    /// Every write takes a connection of the pool (PostgreSQL).
    Pooled(DatabaseConnection),
}

impl Writer {
    /// Starts the writing task over a pool of one connection.
    pub(crate) fn shared(connection: DatabaseConnection) -> Self {
        let (sender, receiver) = mpsc::channel(N_SHARED_MAX);
        tokio::spawn(run(connection.clone(), receiver));
        Self::Shared { sender, connection }
    }

    /// Writes over a pool of connections that the server keeps apart.
    pub(crate) const fn pooled(connection: DatabaseConnection) -> Self {
        Self::Pooled(connection)
    }

    /// Closes the connections once what is being written is done.
    pub(crate) async fn close(&self) {
        match self {
            Self::Shared { connection, .. } | Self::Pooled(connection) => {
                close_pool(connection).await;
            }
        }
    }

    /// The door by which the writing task is told to wait; a server's writers are not ours to stop.
    pub(crate) fn pauser(&self) -> Option<Pauser> {
        match self {
            Self::Shared { sender, .. } => Some(Pauser(sender.clone())),
            Self::Pooled(_) => None,
        }
    }

    /// Runs `work` in a transaction; see [`crate::Store::write`].
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c DatabaseTransaction) -> BoxFuture<'c, Result<T, StoreError>>
            + Send
            + 'static,
    {
        match self {
            Self::Shared { sender, .. } => {
                let (reply, outcome) = oneshot::channel();
                let pending = Pending {
                    work: Some(work),
                    outcome: None,
                    reply,
                };
                let sent = sender.send(Message::Write(Box::new(pending))).await;
                sent.map_err(|_| StoreError::Closed)?;
                outcome.await.map_err(|_| StoreError::Closed)?
            }
            Self::Pooled(connection) => {
                let transaction = connection.begin().await?;
                match work(&transaction).await {
                    Ok(value) => {
                        transaction.commit().await?;
                        Ok(value)
                    }
                    Err(error) => {
                        transaction.rollback().await?;
                        Err(error)
                    }
                }
            }
        }
    }
}

/// What the writing task is asked for.
#[derive(Debug)]
pub(crate) enum Message {
    /// To write.
    Write(Box<dyn PendingWrite>),
    /// To wait until it is told to go on.
    Pause {
        begun: oneshot::Sender<()>,
        over: oneshot::Receiver<()>,
    },
}

/// Tells the writing task to wait.
#[derive(Debug, Clone)]
pub(crate) struct Pauser(mpsc::Sender<Message>);

impl Pauser {
    /// Waits until what was asked for before is committed; nothing is written from then on until the
    /// pause is dropped. Those who want to write wait.
    pub(crate) async fn pause(&self) -> Result<Pause, StoreError> {
        let (begun, has_begun) = oneshot::channel();
        let (end, over) = oneshot::channel();
        let sent = self.0.send(Message::Pause { begun, over }).await;
        sent.map_err(|_| StoreError::Closed)?;
        has_begun.await.map_err(|_| StoreError::Closed)?;
        Ok(Pause { _end: end })
    }
}

/// Nothing is written while this lives.
#[derive(Debug)]
pub struct Pause {
    _end: oneshot::Sender<()>,
}

/// A piece of work with its result type erased.
pub(crate) trait PendingWrite: Send {
    /// Does the work inside of a transaction; the error tells whether to undo it.
    fn run<'c>(
        &'c mut self,
        transaction: &'c DatabaseTransaction,
    ) -> BoxFuture<'c, Result<(), StoreError>>;

    /// Answers the caller: with its own result if the commit held, else with the commit's error.
    fn settle(self: Box<Self>, commit: Result<(), StoreError>);
}

impl std::fmt::Debug for dyn PendingWrite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PendingWrite")
    }
}

struct Pending<T, F> {
    work: Option<F>,
    outcome: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> PendingWrite for Pending<T, F>
where
    T: Send,
    F: for<'c> FnOnce(&'c DatabaseTransaction) -> BoxFuture<'c, Result<T, StoreError>> + Send,
{
    fn run<'c>(
        &'c mut self,
        transaction: &'c DatabaseTransaction,
    ) -> BoxFuture<'c, Result<(), StoreError>> {
        let work = self.work.take().expect("a piece of work runs once");
        async move {
            // A bug in one piece of work must not take the only writer down with it.
            let result = AssertUnwindSafe(work(transaction)).catch_unwind().await;
            let outcome = result.unwrap_or(Err(StoreError::Closed));
            let verdict = match &outcome {
                Ok(_) => Ok(()),
                Err(error) => Err(error.clone()),
            };
            self.outcome = Some(outcome);
            verdict
        }
        .boxed()
    }

    fn settle(self: Box<Self>, commit: Result<(), StoreError>) {
        let answer = match (commit, self.outcome) {
            (_, Some(Err(error))) | (Err(error), _) => Err(error),
            (Ok(()), Some(Ok(value))) => Ok(value),
            (Ok(()), None) => Err(StoreError::Closed),
        };
        // The caller may be gone; its work is done all the same.
        let _ = self.reply.send(answer);
    }
}

async fn run(connection: DatabaseConnection, mut receiver: mpsc::Receiver<Message>) {
    while let Some(first) = receiver.recv().await {
        let mut waiting = Vec::new();
        let mut pause = None;
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Write(pending) => waiting.push(pending),
                Message::Pause { begun, over } => {
                    pause = Some((begun, over));
                    break;
                }
            }
            let has_room = waiting.len() < N_SHARED_MAX;
            next = has_room.then(|| receiver.try_recv().ok()).flatten();
        }
        if !waiting.is_empty() {
            let commit = write_together(&connection, &mut waiting).await;
            for pending in waiting {
                pending.settle(commit.clone());
            }
        }
        if let Some((begun, over)) = pause
            && begun.send(()).is_ok()
        {
            // Over when its end is dropped, by whatever way.
            let _ = over.await;
        }
    }
}

async fn write_together(
    connection: &DatabaseConnection,
    waiting: &mut [Box<dyn PendingWrite>],
) -> Result<(), StoreError> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = connection.begin_with_options(options).await?;
    if let [only] = waiting {
        if let Err(error) = only.run(&transaction).await {
            transaction.rollback().await?;
            return Err(error);
        }
        return Ok(transaction.commit().await?);
    }
    for pending in waiting {
        let savepoint = transaction.begin().await?;
        match pending.run(&savepoint).await {
            Ok(()) => savepoint.commit().await?,
            Err(error) if error.is_fatal() => {
                // SQLite may have undone everything by itself; nothing of this round counts.
                drop(savepoint);
                transaction.rollback().await?;
                return Err(error);
            }
            Err(_) => savepoint.rollback().await?,
        }
    }
    Ok(transaction.commit().await?)
}
