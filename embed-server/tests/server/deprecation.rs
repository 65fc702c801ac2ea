//! What answers say of an operation that will go. Nothing is deprecated in our contract,
//! so each test marks some of it.

use hyper::Method;
use oriel::{app::App, clock::Entropy, serve};
use oriel_store::Store;
use tokio::net::TcpListener;

use crate::{
    harness::{Answer, Server, get, method},
    sample::bundle,
};

const CONTRACT: &str = include_str!("../../../contract/openapi.yaml");

const MARKS: &str = "
      deprecated: true
      x-deprecated-at: 2025-01-31
      x-sunset: 2025-12-31
      x-deprecation-link: https://docs.example.com/moving-to-projects";

/// The contract with marks on an operation.
fn marked(operation: &str, marks: &str) -> String {
    let named = format!("operationId: {operation}\n");
    assert_eq!(CONTRACT.matches(&named).count(), 1, "{operation}");
    CONTRACT.replace(&named, &format!("{}{marks}\n", named.trim_end()))
}

async fn app_under(server: &Server, contract: &str) -> anyhow::Result<App> {
    let config = server.app.config.clone();
    let store = Store::connect(config.database_url.reveal()).await?;
    let (clock, entropy) = (server.clock.clone(), Entropy::from_seed(2));
    let contract = serde_norway::from_str(contract).unwrap();
    App::with_contract(config, store, clock, entropy, bundle(), &contract).await
}

/// A server that goes by another contract than ours.
async fn under(contract: &str) -> Server {
    let mut server = Server::start().await;
    let app = app_under(&server, contract).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    server.address = listener.local_addr().unwrap();
    tokio::spawn(serve::serve(app, listener, std::future::pending()));
    server
}

fn told(answer: &Answer) -> [&str; 3] {
    ["deprecation", "sunset", "link"].map(|name| answer.header(name))
}

/// 31 January 2025 as RFC 9745 writes it, and the last day of the year as RFC 8594 does.
const TOLD: [&str; 3] = [
    "@1738281600",
    "Wed, 31 Dec 2025 00:00:00 GMT",
    "<https://docs.example.com/moving-to-projects>; rel=\"deprecation\"",
];

#[tokio::test]
async fn every_answer_of_a_deprecated_operation_tells_since_when_and_until_when() {
    let server = under(&marked("list_projects", MARKS)).await;
    let token = server.embed_token().await;
    let answer = server.get_with("/v1/embed/projects", &token).await;
    assert_eq!(answer.status, 200);
    assert_eq!(told(&answer), TOLD);
    let refused = server.get("/v1/embed/projects").await;
    assert_eq!(refused.status, 401);
    assert_eq!(told(&refused), TOLD);
    let head = method(Method::HEAD, "/v1/embed/projects");
    let head = server.send_unchecked(head).await;
    assert_eq!(told(&head), TOLD);
}

#[tokio::test]
async fn an_operation_is_deprecated_by_its_route_and_not_by_its_address() {
    let server = under(&marked("read_task", MARKS)).await;
    let answer = server
        .get("/v1/embed/tasks/tsk_01jd8x0c6tfwasq9m2yjz0v4kb")
        .await;
    assert_eq!(told(&answer), TOLD);
    assert_eq!(told(&server.get("/v1/embed/tasks/export").await), [""; 3]);
}

#[tokio::test]
async fn other_methods_and_operations_tell_nothing() {
    let server = under(&marked("list_tenant_keys", MARKS)).await;
    assert_eq!(told(&server.get("/v1/tenant-keys").await), TOLD);
    for request in [
        method(Method::POST, "/v1/tenant-keys"),
        method(Method::PUT, "/v1/tenant-keys"),
        get("/v1/embed/session"),
        get("/nowhere"),
    ] {
        let what = format!("{} {}", request.method(), request.uri());
        assert_eq!(told(&server.send(request).await), [""; 3], "{what}");
    }
}

#[tokio::test]
async fn links_of_a_frame_stay_beside_the_one_to_the_guide() {
    let server = under(&marked("read_frame", MARKS)).await;
    let answer = server
        .get(&format!("/v1/frame/{}", server.ours.embed.id))
        .await;
    let links: Vec<_> = answer.headers.get_all("link").iter().collect();
    assert_eq!(links.len(), 2, "{links:?}");
    assert_eq!(links[1], TOLD[2]);
}

#[tokio::test]
async fn a_server_does_not_start_with_half_a_mark() {
    let server = Server::start().await;
    for mark in ["x-deprecated-at", "x-sunset", "x-deprecation-link"] {
        let lines = MARKS.split('\n').filter(|line| !line.contains(mark));
        let rest = lines.collect::<Vec<_>>().join("\n");
        let error = app_under(&server, &marked("read_frame", &rest)).await.err();
        let error = error.map(|error| format!("{error:#}")).unwrap_or_default();
        assert!(
            error.contains("the marks of get /v1/frame/{embed} are not whole"),
            "{error}"
        );
        assert!(error.contains(mark), "{error}");
    }
}
