//! The database goes away under a running server, and comes back.
//!
//! A file cannot be taken from a process that has it open, so this needs a
//! `PostgreSQL` server; a proxy in between is what goes away.

use std::net::SocketAddr;

use serde_json::json;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use url::Url;

use crate::{
    events::{Events, changed},
    harness::Server,
    raw::append_event,
};

/// Passes connections on until it is dropped, which cuts them all.
struct Proxy {
    address: SocketAddr,
    _running: JoinSet<()>,
}

impl Proxy {
    async fn start(at: SocketAddr, to: String) -> Self {
        let listener = TcpListener::bind(at).await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut running = JoinSet::new();
        running.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let to = to.clone();
                connections.spawn(async move {
                    let mut server = TcpStream::connect(to).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
                });
            }
        });
        Self {
            address,
            _running: running,
        }
    }
}

#[tokio::test]
#[ignore = "needs ORIEL_TEST_POSTGRES_URL: `cargo xtask test` sets it"]
async fn without_its_database_the_server_says_so_and_recovers() {
    let cluster = std::env::var("ORIEL_TEST_POSTGRES_URL").unwrap();
    let mut url: Url = cluster.parse().unwrap();
    let upstream = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432));
    let proxy = Proxy::start(([127, 0, 0, 1], 0).into(), upstream.clone()).await;
    let address = proxy.address;
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(address.port())).unwrap();

    let server = Server::start_on(url.as_str(), "").await;
    let token = server.mint(&server.ours, json!({})).await.token;
    let before = server.get_with("/v1/embed/dashboard", &token).await;
    assert_eq!(before.status, 200);
    assert_eq!(server.get("/readyz").await.status, 200);
    let mut events = Events::open(&server, &token).await;
    events.next().await.unwrap();

    drop(proxy);
    server.clock.advance_ms(250);
    for path in [
        "/v1/embed/dashboard",
        "/v1/embed/tasks",
        "/readyz",
        "/v1/frame/emb_01jd8x0c6tfwasq9m2yjz0v4kb",
    ] {
        let answer = server.get_with(path, &token).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (503, "unavailable"),
            "{path}"
        );
        assert_eq!(answer.header("retry-after"), "1");
        let text = String::from_utf8(answer.body.to_vec()).unwrap();
        assert!(
            !text.contains("sql") && !text.contains("127.0.0.1"),
            "{text}"
        );
    }
    assert_eq!(server.get("/healthz").await.status, 200);

    let _proxy = Proxy::start(address, upstream).await;
    server.clock.advance_ms(250);
    let after = server.get_with("/v1/embed/dashboard", &token).await;
    assert_eq!(after.status, 200);
    assert_eq!(after.body, before.body);
    let place = append_event(&server, &server.ours, "import.completed", "x").await;
    server.clock.advance_ms(250);
    assert_eq!(
        events.next().await,
        Some(changed(place)),
        "a stream outlives the outage"
    );
}
