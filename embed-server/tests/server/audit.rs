//! The audit log over HTTP: what is entered, for whom, and what is not.

use std::collections::BTreeSet;

use hyper::StatusCode;
use oriel_store::{AuditVerdict, Chain};
use serde_json::{Value, json};

use crate::{
    forge::Forge,
    harness::{Party, Server, form, get, mint_body, mint_request, with_token},
    raw,
};

/// The entries of a party's log, oldest first, but for those of its making
/// and of calls.
async fn entries(server: &Server, party: &Party) -> Vec<Value> {
    server.app.audit.flush(server.now()).await.unwrap();
    let access = server.access_token(party).await;
    let page = server
        .get_with("/v1/audit-entries?limit=200", &access)
        .await;
    assert_eq!(page.header("cache-control"), "no-store");
    let mut all = page.json()["items"].as_array().unwrap().clone();
    all.reverse();
    let of_making = [
        "tenant.created",
        "signing_key.created",
        "client.created",
        "embed.created",
        // Reading the log is a call, too.
        "api.called",
    ];
    all.retain(|entry| !of_making.contains(&entry["kind"].as_str().unwrap()));
    all
}

/// Kind, actor, subject and outcome of all, each once and in this order: the server
/// writes by its own clock too, and may have entered one denial in two parts.
fn said(entries: &[Value]) -> Vec<[&str; 4]> {
    let each = entries
        .iter()
        .map(|entry| ["kind", "actor", "subject", "outcome"].map(|it| entry[it].as_str().unwrap()));
    each.collect::<BTreeSet<_>>().into_iter().collect()
}

/// How many denials were entered.
fn denials(entries: &[Value]) -> u64 {
    let counts = entries
        .iter()
        .filter_map(|entry| entry["detail"]["count"].as_u64());
    counts.sum()
}

#[tokio::test]
async fn mint_first_view_export_denial_and_revocation_are_entered_and_others_see_none() {
    let server = Server::start().await;
    let client = server.ours.client.id.as_str();
    let minted = server
        .mint(&server.ours, json!({ "scope": "tasks:read" }))
        .await;
    let (sid, token) = (minted.session.as_str(), minted.token.as_str());
    for _ in 0..3 {
        assert_eq!(server.get_with("/v1/embed/tasks", token).await.status, 200);
        assert_eq!(
            server.get_with("/v1/embed/dashboard", token).await.status,
            403
        );
    }
    assert_eq!(
        server
            .get_with("/v1/embed/tasks/export", token)
            .await
            .status,
        200
    );
    let entered = entries(&server, &server.ours).await;
    let embed = server.ours.embed.id.as_str();
    assert_eq!(
        said(&entered),
        [
            [
                "access.denied",
                sid,
                "/v1/embed/dashboard",
                "insufficient_scope"
            ],
            ["embed_token.minted", client, sid, "ok"],
            ["session.first_viewed", sid, sid, "ok"],
            ["tasks.exported", sid, embed, "ok"],
        ]
    );
    assert_eq!(entered[0]["detail"]["viewer"], "viewer-1");
    assert_eq!(denials(&entered), 3);

    let access = server.access_token(&server.ours).await;
    let body = json!({ "session": sid });
    let request = hyper::Request::post("/v1/revocations")
        .header("content-type", "application/json")
        .body(http_body_util::Full::from(body.to_string()))
        .unwrap();
    assert_eq!(server.send(with_token(request, &access)).await.status, 201);
    server.clock.advance_ms(250);
    assert_eq!(
        server.get_with("/v1/embed/tasks", token).await.code(),
        "session_revoked"
    );
    let entered = entries(&server, &server.ours).await;
    let all = said(&entered);
    for entry in [
        ["tokens.revoked", client, sid, "ok"],
        ["access.denied", sid, "/v1/embed/tasks", "session_revoked"],
    ] {
        assert!(all.contains(&entry), "{all:?}");
    }
    assert_eq!(entries(&server, &server.other).await, Vec::<Value>::new());
    let verdict = server
        .store
        .verify_audit(&Chain::Tenant(server.ours.tenant.id.clone()))
        .await;
    assert!(matches!(verdict.unwrap(), AuditVerdict::Holds(_)));
}

#[tokio::test]
async fn an_expired_token_is_entered_for_its_session_also_where_it_is_new_here() {
    let server = Server::start().await;
    let minted = server.mint(&server.ours, json!({})).await;
    server.clock.advance_ms(331_000);
    assert_eq!(
        server
            .get_with("/v1/embed/tasks", &minted.token)
            .await
            .code(),
        "token_expired"
    );
    let entered = entries(&server, &server.ours).await;
    let sid = minted.session.as_str();
    let denied = ["access.denied", sid, "/v1/embed/tasks", "token_expired"];
    assert!(said(&entered).contains(&denied), "{entered:?}");
}

/// Anybody can write a tenant's id into a token that they make up.
#[tokio::test]
async fn what_nobody_has_signed_is_entered_for_no_tenant() {
    let server = Server::start().await;
    let forge = Forge::of(&server, &server.ours).await;
    let good = forge.token();
    let (signed, _) = good.rsplit_once('.').unwrap();
    let unsigned = format!("{signed}.{}", "A".repeat(86));
    server.get_with("/v1/embed/tasks", &unsigned).await;
    server.send(get("/v1/embed/tasks")).await;
    let body = "grant_type=client_credentials&client_id=cli_x&client_secret=x";
    server.send(form("/oauth/token", body)).await;

    assert_eq!(entries(&server, &server.ours).await, Vec::<Value>::new());
    let all = server
        .store
        .audit_entries(&Chain::Operator, None, None, 10)
        .await
        .unwrap();
    let mut why: Vec<_> = all
        .iter()
        .map(|entry| {
            (
                entry.subject.as_str(),
                entry.outcome.as_str(),
                entry.actor.as_str(),
            )
        })
        .collect();
    why.sort_unstable();
    assert_eq!(
        why,
        [
            ("/oauth/token", "invalid_client", ""),
            ("/v1/embed/tasks", "token_invalid", ""),
            ("/v1/embed/tasks", "token_missing", ""),
        ]
    );
}

#[tokio::test]
async fn a_flood_of_denials_is_a_bounded_number_of_entries() {
    let server = Server::start().await;
    for n in 0..2_000 {
        let why = "token_invalid".to_owned();
        let denial = oriel::audit::Denial::access(None, &format!("/{n}"), why);
        server.app.audit.denied(denial, "request-1", server.now());
    }
    server.app.audit.flush(server.now()).await.unwrap();
    let all = server
        .store
        .audit_entries(&Chain::Operator, None, None, 5_000)
        .await
        .unwrap();
    assert_eq!(all.len(), 501);
    let counts = all
        .iter()
        .map(|entry| serde_json::from_str::<Value>(&entry.detail).unwrap());
    let counts: u64 = counts.map(|detail| detail["count"].as_u64().unwrap()).sum();
    assert_eq!(counts, 2_000);
}

#[tokio::test]
async fn no_token_is_minted_that_cannot_be_entered_and_no_denial_is_lost_meanwhile() {
    let server = Server::start().await;
    let access = server.access_token(&server.ours).await;
    raw::execute(
        &server,
        "ALTER TABLE audit_entries RENAME TO gone".to_owned(),
    )
    .await;
    let answer = server
        .send_unchecked(mint_request(&access, &mint_body(&server.ours, json!({}))))
        .await;
    assert!(answer.status.is_server_error());
    assert_ne!(answer.status, StatusCode::CREATED);
    server.send(get("/v1/embed/tasks")).await;
    assert!(server.app.audit.flush(server.now()).await.is_err());
    raw::execute(
        &server,
        "ALTER TABLE gone RENAME TO audit_entries".to_owned(),
    )
    .await;
    server.app.audit.flush(server.now()).await.unwrap();
    let all = server
        .store
        .audit_entries(&Chain::Operator, None, None, 10)
        .await
        .unwrap();
    assert_eq!(all.len(), 1);
}

#[tokio::test]
async fn a_session_is_first_viewed_once_over_restarts() {
    let server = Server::start().await;
    let minted = server.mint(&server.ours, json!({})).await;
    for _ in 0..2 {
        // A new one knows nothing of what the one before has seen.
        let audit = oriel::audit::Audit::new(server.store.clone());
        let session = server
            .app
            .tokens
            .embed(&minted.token, server.now())
            .await
            .unwrap();
        audit.viewed(&session, "request-1");
        audit.flush(server.now()).await.unwrap();
    }
    let kind = "session.first_viewed";
    let entered = entries(&server, &server.ours).await;
    assert_eq!(
        entered.iter().filter(|entry| entry["kind"] == kind).count(),
        1
    );
}

#[tokio::test]
async fn the_log_is_paged_and_found_by_kind() {
    let server = Server::start().await;
    for _ in 0..3 {
        server.mint(&server.ours, json!({})).await;
    }
    let access = server.access_token(&server.ours).await;
    let mut path = "/v1/audit-entries?kind=embed_token.minted&limit=2".to_owned();
    let mut count = Vec::new();
    loop {
        let page = server.get_with(&path, &access).await.json();
        count.push(page["items"].as_array().unwrap().len());
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/v1/audit-entries?kind=embed_token.minted&limit=2&cursor={next}");
    }
    assert_eq!(count, [2, 1]);
    // Places and names that the contract allows, and none is there.
    let long = format!("kind={}", "%C3%A9".repeat(64));
    for taken in ["cursor=99999999999999999999", "cursor=00", long.as_str()] {
        let answer = server
            .get_with(&format!("/v1/audit-entries?{taken}"), &access)
            .await;
        assert_eq!(answer.status, 200, "{taken}");
    }
    for wrong in [
        "cursor=x",
        "cursor=-1",
        "cursor=%2B1",
        "cursor=100000000000000000000",
        "kind=",
        "limit=0",
        "since=1",
    ] {
        let answer = server
            .get_with(&format!("/v1/audit-entries?{wrong}"), &access)
            .await;
        assert_eq!(answer.status, 400, "{wrong}");
    }
}
