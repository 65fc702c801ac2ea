//! Requests that come again under an `Idempotency-Key`: one effect, one answer.

use hyper::Method;
use serde_json::{Value, json};

use crate::{
    caller::Caller,
    harness::{Answer, Server},
    operations::jwk,
};

on_both_databases! {
    "":
        every_post_gives_the_first_answer_again
        another_body_with_the_same_key_is_refused
        twenty_at_once_with_one_key_make_one_task
        what_was_refused_is_tried_again
        a_key_is_kept_for_a_day
        a_clock_that_is_set_back_keeps_what_was_answered
        what_is_no_key_is_named
        kept_answers_are_sealed;
}

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

async fn send(caller: &Caller<'_>, path: &str, key: &str, body: &Value) -> Answer {
    let request = caller.request(&Method::POST, path, &[("idempotency-key", key)], Some(body));
    caller.server.send(request).await
}

async fn every_post_gives_the_first_answer_again(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let project = caller.project("Site").await;
    let task = json!({ "title": "Pave", "project": project });
    let embed = server.ours.embed.id.as_str();
    for (path, body) in [
        ("/v1/projects", json!({ "name": "Roof" })),
        ("/v1/users", json!({ "name": "Ada" })),
        ("/v1/tasks", task.clone()),
        (
            "/v1/tasks/bulk",
            json!({ "items": [{ "action": "create", "task": task }] }),
        ),
        (
            "/v1/embeds",
            json!({ "title": "Board", "allowed_origins": [] }),
        ),
        ("/v1/embed-tokens", json!({ "embed": embed, "viewer": "v" })),
        ("/v1/revocations", json!({ "viewer": "nobody" })),
        ("/v1/tenant-keys", json!({ "jwk": jwk(3) })),
    ] {
        let first = send(&caller, path, "once", &body).await;
        assert!(first.status.is_success(), "{path}: {:?}", first.body);
        assert_eq!(first.header("idempotent-replayed"), "", "{path}");
        server.clock.advance_ms(60_000);
        let caller = Caller::of(&server, &server.ours).await;
        let again = send(&caller, path, "\"once\"", &body).await;
        assert_eq!(again.header("idempotent-replayed"), "true", "{path}");
        assert_eq!(
            (again.status, &again.body),
            (first.status, &first.body),
            "{path}"
        );
        for header in ["location", "etag", "content-type"] {
            assert_eq!(
                again.header(header),
                first.header(header),
                "{path}: {header}"
            );
        }
        // A good one, too: a space is another body.
        let other = format!("{body} ");
        let mut request = caller.request(
            &Method::POST,
            path,
            &[("idempotency-key", "once")],
            Some(&body),
        );
        *request.body_mut() = http_body_util::Full::from(other);
        let refused = server.send(request).await;
        assert_eq!(
            (refused.status.as_u16(), &*refused.code()),
            (422, "idempotency_key_reused"),
            "{path}"
        );
    }
    let projects = caller.get("/v1/projects?q=Roof").await.json();
    assert_eq!(projects["items"].as_array().unwrap().len(), 1);
}

async fn another_body_with_the_same_key_is_refused(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    assert_eq!(
        send(&caller, "/v1/projects", "k", &json!({ "name": "A" }))
            .await
            .status,
        201
    );
    let refused = send(&caller, "/v1/projects", "k", &json!({ "name": "B" })).await;
    assert_eq!(
        (refused.status.as_u16(), &*refused.code()),
        (422, "idempotency_key_reused")
    );
    // On another path, and for another tenant, it is another key.
    assert_eq!(
        send(&caller, "/v1/users", "k", &json!({ "name": "B" }))
            .await
            .status,
        201
    );
    let other = Caller::of(&server, &server.other).await;
    assert_eq!(
        send(&other, "/v1/projects", "k", &json!({ "name": "B" }))
            .await
            .status,
        201
    );
}

async fn twenty_at_once_with_one_key_make_one_task(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let project = caller.project("Site").await;
    let body = json!({ "title": "Only", "project": project });
    let all = (0..20).map(|_| send(&caller, "/v1/tasks", "k", &body));
    let mut ids = std::collections::BTreeSet::new();
    for answer in futures_util::future::join_all(all).await {
        match answer.status.as_u16() {
            201 => {
                ids.insert(answer.json()["id"].as_str().unwrap().to_owned());
            }
            409 => assert_eq!(answer.code(), "idempotency_key_in_use"),
            other => panic!("{other}: {:?}", answer.body),
        }
    }
    assert_eq!(ids.len(), 1);
    let made = caller.get("/v1/tasks?q=Only").await.json();
    assert_eq!(made["items"].as_array().unwrap().len(), 1);
}

/// A failure leaves nothing behind: the same request may well succeed later.
async fn what_was_refused_is_tried_again(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let body = json!({ "name": "A", "external_id": "x" });
    let there = caller.made("/v1/projects", body.clone()).await;
    assert_eq!(send(&caller, "/v1/projects", "k", &body).await.status, 409);
    let path = format!("/v1/projects/{}", there["id"].as_str().unwrap());
    assert_eq!(caller.delete(&path, &[]).await.status, 204);
    let made = send(&caller, "/v1/projects", "k", &body).await;
    assert_eq!(
        (made.status.as_u16(), made.header("idempotent-replayed")),
        (201, "")
    );
}

async fn a_key_is_kept_for_a_day(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let body = json!({ "name": "A" });
    let first = send(&caller, "/v1/projects", "k", &body).await.json();
    server.clock.advance_ms(DAY_MS - 1);
    let caller = Caller::of(&server, &server.ours).await;
    assert_eq!(
        send(&caller, "/v1/projects", "k", &body).await.json(),
        first
    );
    server.clock.advance_ms(1);
    let next = send(&caller, "/v1/projects", "k", &body).await;
    assert_eq!(next.header("idempotent-replayed"), "");
    assert_ne!(next.json()["id"], first["id"]);
    server.clock.advance_ms(DAY_MS);
    assert!(!server.store.sweep_kept_answers(server.now()).await.unwrap());
    let caller = Caller::of(&server, &server.ours).await;
    let last = send(&caller, "/v1/projects", "k", &json!({ "name": "B" })).await;
    assert_eq!(last.status, 201, "swept");
}

/// A clock that is set back must not let an effect happen twice.
async fn a_clock_that_is_set_back_keeps_what_was_answered(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let body = json!({ "name": "A" });
    let first = send(&caller, "/v1/projects", "k", &body).await;
    server.clock.advance_ms(-25_000);
    let again = send(&caller, "/v1/projects", "k", &body).await;
    assert_eq!(
        (again.header("idempotent-replayed"), &again.body),
        ("true", &first.body)
    );
}

async fn what_is_no_key_is_named(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let long = "x".repeat(256);
    for key in ["", "a b", "\"open", &long] {
        let refused = send(&caller, "/v1/projects", key, &json!({ "name": "A" })).await;
        assert_eq!(refused.status, 400, "{key}");
        assert_eq!(refused.errors_at(), ["Idempotency-Key"], "{key}");
    }
}

/// A kept answer may hold a token: whoever reads the database finds none.
async fn kept_answers_are_sealed(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let body = json!({ "embed": server.ours.embed.id, "viewer": "v" });
    let minted = send(&caller, "/v1/embed-tokens", "k", &body).await.json();
    let kept: Vec<u8> = crate::raw::bytes(&server, "SELECT body FROM idempotency_records").await;
    let signature = minted["token"]
        .as_str()
        .unwrap()
        .rsplit('.')
        .next()
        .unwrap()
        .to_owned();
    assert!(!kept.is_empty());
    assert!(!String::from_utf8_lossy(&kept).contains(&signature));
    assert!(!String::from_utf8_lossy(&kept).contains("token"));
}
