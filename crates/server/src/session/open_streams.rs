//! How many streams of changes each session has open: every one holds a connection for hours.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rapport_store::sessions::SessionToken;

/// Streams of one session at once. A browser opens one for each of its tabs, and at most six.
const N_STREAMS_MAX: usize = 8;

/// The number of open streams by session.
#[derive(Debug, Clone, Default)]
pub(crate) struct OpenStreams(Arc<Mutex<HashMap<SessionToken, usize>>>);

/// One open stream; dropping it makes room for another.
#[derive(Debug)]
pub(crate) struct OpenStream {
    streams: OpenStreams,
    token: SessionToken,
}

impl OpenStreams {
    /// Takes one of the session's places; none where all are taken.
    pub(crate) fn open(&self, token: &SessionToken) -> Option<OpenStream> {
        let mut counts = self.lock();
        let n_open = counts.entry(token.clone()).or_default();
        (*n_open < N_STREAMS_MAX).then(|| {
            *n_open += 1;
            OpenStream {
                streams: self.clone(),
                token: token.clone(),
            }
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SessionToken, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut counts = self.streams.lock();
        if let Some(n_open) = counts.get_mut(&self.token) {
            *n_open -= 1;
            if *n_open == 0 {
                counts.remove(&self.token);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_stream_makes_room_for_another_and_leaves_nothing_behind() {
        let streams = OpenStreams::default();
        let token = SessionToken::generate();
        let mut open: Vec<_> = (0..N_STREAMS_MAX).map(|_| streams.open(&token)).collect();

        assert!(open.iter().all(Option::is_some));
        assert!(streams.open(&token).is_none());
        assert!(streams.open(&SessionToken::generate()).is_some());
        open.pop();
        assert!(streams.open(&token).is_some());
        open.clear();
        assert!(streams.lock().is_empty());
    }
}
