use std::time::Duration;

use rapport_server::{ServerConfig, bind, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::app::TestApp;

const SOON: Duration = Duration::from_secs(10);

async fn start(app: &TestApp, config: ServerConfig) -> std::net::SocketAddr {
    let listener = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let workspace = app.workspace.clone();
    tokio::spawn(serve(workspace, config, listener, CancellationToken::new()));
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_says_nothing_is_closed() {
    let app = TestApp::start().await;
    let config = ServerConfig {
        header_timeout: Duration::from_millis(100),
        ..ServerConfig::default()
    };
    let address = start(&app, config).await;
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut slow = TcpStream::connect(address).await.unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nhost: loc")
        .await
        .unwrap();

    for connection in [&mut silent, &mut slow] {
        let mut said = Vec::new();
        let closed = timeout(SOON, connection.read_to_end(&mut said)).await;
        assert!(closed.is_ok(), "closed by the server in time");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_beyond_the_limit_waits_for_another_to_close() {
    let app = TestApp::start().await;
    let config = ServerConfig {
        connections_max: 1,
        ..ServerConfig::default()
    };
    let address = start(&app, config).await;
    let first = TcpStream::connect(address).await.unwrap();
    // The server has taken the first before the second comes.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut second = TcpStream::connect(address).await.unwrap();

    let request = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    second.write_all(request).await.unwrap();
    let waits = timeout(Duration::from_millis(300), second.peek(&mut [0])).await;
    assert!(waits.is_err(), "no answer while the only place is taken");
    drop(first);

    let mut answer = String::new();
    let read = timeout(SOON, second.read_to_string(&mut answer)).await;
    assert!(read.is_ok(), "an answer once there is room");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
