//! The audit of calls of the management API: each with who called, by what right, how it
//! ended and with which request.

use http_body_util::Full;
use hyper::{Method, Request, body::Bytes};
use oriel::{
    audit::{Attribution, Exchange},
    serve::{edge::RequestLine, passage::Passage},
};
use oriel_store::{AuditEntry, Chain};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::{
    events::awaited,
    harness::{Party, Server, get, method, mint_body, mint_request, with_token},
    raw,
};

/// The entries of a party's log of one kind, oldest first.
async fn entries(server: &Server, party: &Party, kind: &str) -> Vec<(AuditEntry, Value)> {
    server.app.audit.flush(server.now()).await.unwrap();
    let chain = Chain::Tenant(party.tenant.id.clone());
    let all = server.store.audit_entries(&chain, Some(kind), None, 1_000);
    let mut all = all.await.unwrap();
    all.reverse();
    let with_detail = |entry: AuditEntry| {
        let detail = serde_json::from_str(&entry.detail).unwrap();
        (entry, detail)
    };
    // Getting a token is a call, too, and not what these cases are about.
    let calls = all
        .into_iter()
        .filter(|entry| entry.subject != "POST /oauth/token");
    calls.map(with_detail).collect()
}

fn named(mut request: Request<Full<Bytes>>, id: &str) -> Request<Full<Bytes>> {
    let id = id.parse().unwrap();
    request.headers_mut().insert("x-request-id", id);
    request
}

fn post(path: &str, body: &Value) -> Request<Full<Bytes>> {
    Request::post(path)
        .header("content-type", "application/json")
        .body(Full::from(body.to_string()))
        .unwrap()
}

#[tokio::test]
async fn every_call_is_entered_once_with_actor_scope_outcome_and_request() {
    let server = Server::start().await;
    let access = server.access_token(&server.ours).await;
    let key = "/v1/tenant-keys/key_01jd8x0c6tfwasq9m2yjz0v4kb";
    let calls = [
        (get("/v1/tenant-keys"), 200, "GET /v1/tenant-keys", "ok"),
        (
            method(Method::HEAD, "/v1/tenant-keys"),
            200,
            "HEAD /v1/tenant-keys",
            "ok",
        ),
        (
            get("/v1/audit-entries?limit=0"),
            400,
            "GET /v1/audit-entries",
            "invalid_parameter",
        ),
        (
            method(Method::DELETE, key),
            404,
            "DELETE /v1/tenant-keys/{key}",
            "not_found",
        ),
        (
            post("/v1/revocations", &json!({})),
            422,
            "POST /v1/revocations",
            "invalid_body",
        ),
    ];
    let mut expected = Vec::new();
    for (n, (request, status, subject, outcome)) in calls.into_iter().enumerate() {
        let id = format!("call-number-{n}");
        let request = with_token(named(request, &id), &access);
        assert_eq!(server.send(request).await.status, status, "{subject}");
        expected.push((subject, outcome, status, id));
    }
    let entered = entries(&server, &server.ours, "api.called").await;
    assert_eq!(entered.len(), expected.len());
    for ((entry, detail), (subject, outcome, status, id)) in entered.iter().zip(&expected) {
        assert_eq!((&*entry.subject, &*entry.outcome), (*subject, *outcome));
        assert_eq!(entry.actor, server.ours.client.id.as_str());
        assert_eq!(detail["status"], *status);
        assert_eq!(detail["request_id"], **id);
        assert_eq!(detail["scope"], server.ours.client.scope);
        assert_eq!(detail["at"], server.now().to_string());
    }
    let theirs = entries(&server, &server.other, "api.called").await;
    assert!(theirs.is_empty());
}

#[tokio::test]
async fn what_enters_itself_is_not_entered_again_and_names_the_same_request() {
    let server = Server::start().await;
    let access = server.access_token(&server.ours).await;
    let body = mint_body(&server.ours, json!({ "scope": "tasks:read" }));
    let mint = named(mint_request(&access, &body), "mint-request");
    let minted = server.send(mint).await;
    assert_eq!(minted.status, 201);
    let revoke = json!({ "viewer": "viewer-2" });
    let revoke = named(post("/v1/revocations", &revoke), "revoke-request");
    let revoked = server.send(with_token(revoke, &access)).await;
    assert_eq!(revoked.status, 201);
    let token = minted.json()["token"].as_str().unwrap().to_owned();
    let read = named(get("/v1/embed/tasks/export"), "export-request");
    assert_eq!(server.send(with_token(read, &token)).await.status, 200);

    for (kind, request, scope) in [
        (
            "embed_token.minted",
            "mint-request",
            Some(&server.ours.client.scope),
        ),
        (
            "tokens.revoked",
            "revoke-request",
            Some(&server.ours.client.scope),
        ),
        ("session.first_viewed", "export-request", None),
        ("tasks.exported", "export-request", None),
    ] {
        let [(_, detail)] = &entries(&server, &server.ours, kind).await[..] else {
            panic!("{kind}: not one entry");
        };
        assert_eq!(detail["request_id"], request, "{kind}");
        let granted = detail["scope"].as_str();
        assert_eq!(granted, scope.map(String::as_str), "{kind}");
    }
    let called = entries(&server, &server.ours, "api.called").await;
    assert!(called.is_empty(), "{called:?}");
}

#[tokio::test]
async fn a_call_that_is_denied_is_entered_as_that_alone() {
    let server = Server::start().await;
    let body = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope=audit:read",
        server.ours.client.id, server.ours.secret
    );
    let answer = server
        .send(crate::harness::form("/oauth/token", &body))
        .await;
    let access = answer.json()["access_token"].as_str().unwrap().to_owned();
    for id in ["denied-one", "denied-two"] {
        let request = with_token(named(get("/v1/tenant-keys"), id), &access);
        assert_eq!(server.send(request).await.status, 403);
    }
    let denied = entries(&server, &server.ours, "access.denied").await;
    let (entry, detail) = &denied[0];
    assert_eq!(entry.actor, server.ours.client.id.as_str());
    assert_eq!(detail["scope"], "audit:read");
    // The server writes by its own clock too, and may have come between the two.
    let names_both = match denied.len() {
        1 => {
            detail["first_request_id"] == "denied-one" && detail["last_request_id"] == "denied-two"
        }
        _ => detail["request_id"] == "denied-one" && denied[1].1["request_id"] == "denied-two",
    };
    assert!(names_both, "{denied:?}");
    let called = entries(&server, &server.ours, "api.called").await;
    assert!(called.is_empty(), "{called:?}");
}

/// What the problem says, the log line says too; see `edge`.
#[tokio::test]
async fn a_call_that_breaks_is_entered_with_the_request_that_its_problem_names() {
    let server = Server::start().await;
    let access = server.access_token(&server.ours).await;
    let hide = "ALTER TABLE tenant_keys RENAME TO hidden";
    raw::execute(&server, hide.to_owned()).await;
    let request = with_token(get("/v1/tenant-keys"), &access);
    let answer = server.send_unchecked(request).await;
    assert_eq!((answer.status.as_u16(), &*answer.code()), (500, "internal"));
    let [(entry, detail)] = &entries(&server, &server.ours, "api.called").await[..] else {
        panic!("not one entry");
    };
    assert_eq!(entry.outcome, "internal");
    assert_eq!(detail["request_id"], answer.json()["request_id"]);
    assert_eq!(detail["request_id"], answer.header("x-request-id"));
}

/// The connection drops what it did not answer; what was done by then is done.
#[tokio::test]
async fn a_call_that_nobody_waited_for_is_entered() {
    let server = Server::start().await;
    let request = axum::extract::Request::new(axum::body::Body::empty());
    let line = RequestLine::of(&request);
    for caller in [None, Some("audit:read")] {
        let passage = Passage::default();
        if let Some(scope) = caller {
            passage.called_by(Attribution {
                tenant: server.ours.tenant.id.clone(),
                actor: server.ours.client.id.to_string(),
                scope: scope.to_owned(),
                user: None,
            });
        }
        drop(Exchange::begin(&server.app, &line, passage, "gone-request"));
    }
    let [(entry, detail)] = &entries(&server, &server.ours, "api.called").await[..] else {
        panic!("not one entry");
    };
    assert_eq!(entry.outcome, "client_left");
    assert_eq!(entry.actor, server.ours.client.id.as_str());
    assert_eq!(detail["scope"], "audit:read");
    assert_eq!(detail["request_id"], "gone-request");
    assert_eq!(detail["status"], Value::Null);
}

/// Whoever asks and sends no body has called all the same.
#[tokio::test]
async fn a_client_that_leaves_is_entered() {
    let server = Server::start().await;
    let access = server.access_token(&server.ours).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /v1/embed-tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {access}\r\n\
         Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut hello = [0; 25];
    tokio::io::AsyncReadExt::read_exact(&mut stream, &mut hello)
        .await
        .unwrap();
    drop(stream);
    let entered = awaited("the entry of a call", async {
        loop {
            let entered = entries(&server, &server.ours, "api.called").await;
            if !entered.is_empty() {
                break entered;
            }
            tokio::task::yield_now().await;
        }
    });
    let [(entry, _)] = &entered.await[..] else {
        panic!("not one entry");
    };
    assert_eq!(entry.subject, "POST /v1/embed-tokens");
    assert_ne!(entry.outcome, "ok");
}
