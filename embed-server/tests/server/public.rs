//! The operations that need no token of ours: which they are is written down here too, so
//! that none becomes public by an oversight.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    deny::{assert_taken, target},
    harness::Server,
    operations::{self, Needs},
};

/// Operations that take no token, and why that is right.
const PUBLIC: [(&str, &str); 9] = [
    (
        "authorize",
        "a browser is sent there, whose user is asked for nothing here",
    ),
    (
        "read_authorization_server_metadata",
        "clients begin with it",
    ),
    ("read_jwks", "public keys, for whoever verifies"),
    ("read_loader", "a script of every host page"),
    (
        "read_frame",
        "holds no data, and is loaded before there is a token",
    ),
    (
        "report_csp_violation",
        "browsers send it, without any credentials",
    ),
    ("read_asset", "the program, alike for all"),
    ("read_health", "a load balancer has no token"),
    ("read_readiness", "a load balancer has no token"),
];

#[tokio::test]
async fn what_needs_no_token_is_listed_and_never_asks_for_one() {
    let server = Server::start().await;
    let target = target(&server, &server.ours).await;
    let all = operations::all().into_iter();
    let public: Vec<_> = all.filter(|one| one.needs == Needs::Nothing).collect();
    let found: BTreeSet<&str> = public.iter().map(|one| one.id.as_str()).collect();
    let listed: BTreeSet<&str> = PUBLIC.iter().map(|(id, _)| *id).collect();
    assert_eq!(
        found, listed,
        "add what is public to `PUBLIC`, with the reason"
    );
    let tokens = [
        server.embed_token().await,
        server.access_token(&server.ours).await,
        "nonsense".to_owned(),
    ];
    for operation in public {
        let plain = server.send(operation.request(&target)).await;
        assert_taken("no token", &operation, &plain);
        for token in &tokens {
            let answer = server.send(operation.request_with(&target, token)).await;
            assert_eq!(answer.status, plain.status, "{}", operation.id);
            assert_eq!(answer.body, plain.body, "{}", operation.id);
        }
    }
}

#[tokio::test]
async fn no_token_of_any_kind_is_client_credentials() {
    let server = Server::start().await;
    let target = target(&server, &server.ours).await;
    let all = operations::all().into_iter();
    for operation in all.filter(|one| one.needs == Needs::ClientCredentials) {
        let mut requests = vec![operation.request(&target)];
        for token in [
            server.embed_token().await,
            server.access_token(&server.ours).await,
        ] {
            requests.push(operation.request_with(&target, &token));
        }
        for request in requests {
            let answer = server.send(request).await;
            let error = &answer.json()["error"];
            assert_eq!(
                (answer.status.as_u16(), error),
                (401, &json!("invalid_client"))
            );
            let challenge = answer.header("www-authenticate");
            assert!(challenge.starts_with("Basic realm="), "{challenge}");
        }
    }
}
