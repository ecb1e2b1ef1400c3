//! Who sends slowly gives way.

use std::time::Duration;

use axum::body::{Body, Bytes};
use futures::StreamExt as _;
use futures::stream;

use super::{Sender, track};

#[tokio::test]
async fn slow_senders_of_one_source_are_told_to_come_later_and_others_are_served() {
    let sender = Sender::start().await;
    let endless = || {
        let begin = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"{"))]);
        Body::from_stream(begin.chain(stream::pending()))
    };
    let slow = (0..64).map(|_| {
        let request = sender.request("/v1/batch").body(endless()).unwrap();
        tokio::time::timeout(Duration::from_secs(5), sender.client.send(request))
    });

    let answers = futures::future::join_all(slow).await;

    let told: Vec<_> = answers.into_iter().flatten().collect();
    assert_eq!(told.len(), 60, "four may take their time");
    for answer in told {
        answer.problem(429, "too_many_events");
    }
    sender
        .send("/v1/track", &track("m1"))
        .await
        .expect_status(200);
}
