use std::time::Duration;

use rapport_server::{ServerConfig, bind, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::app::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_answers_over_the_network_and_stops_when_told() {
    let app = TestApp::start().await;
    let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = CancellationToken::new();
    let config = ServerConfig::default();
    let server = tokio::spawn(serve(
        app.workspace.clone(),
        config,
        listener,
        shutdown.clone(),
    ));

    let mut connection = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

    shutdown.cancel();
    let stopped = timeout(Duration::from_secs(5), server)
        .await
        .expect("stops in time");
    stopped.unwrap().unwrap();
    assert!(
        TcpStream::connect(address).await.is_err(),
        "no new connection is accepted"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_stream_of_changes_does_not_hold_the_server_up() {
    let app = TestApp::start().await;
    let cookie = app.viewer().await.cookie();
    let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = CancellationToken::new();
    let config = ServerConfig::default();
    let server = serve(app.workspace.clone(), config, listener, shutdown.clone());
    let server = tokio::spawn(server);
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request =
        format!("GET /api/v1/stream HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut begin = [0; 15];
    stream.read_exact(&mut begin).await.unwrap();
    assert_eq!(&begin, b"HTTP/1.1 200 OK");

    shutdown.cancel();

    let stopped = timeout(Duration::from_secs(5), server)
        .await
        .expect("stops in time");
    stopped.unwrap().unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    assert!(rest.ends_with(b"0\r\n\r\n"), "the stream came to its end");
}
