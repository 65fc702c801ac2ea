//! Headers that say what browsers may not do with an answer: every one of them, exactly,
//! of every operation, whatever was asked and however that went.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use hyper::{Method, Request};

use crate::{
    deny::{assert_taken, target},
    harness::{Answer, Server, get},
    operations::{self, Needs},
};

/// Of an answer that is no page: opened as one it runs nothing, and no page shows it.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

const PAGE: &str = "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'; \
    sandbox allow-scripts allow-same-origin allow-downloads; ";

/// The frame's, up to its `report-uri`, which names the embed.
const FRAME: &str = "script-src 'sha384-AAAA' 'sha384-AAAA' 'wasm-unsafe-eval'; \
    style-src 'sha384-AAAA'; frame-ancestors https://portal.example.com; report-uri ";

const CLOSED: &str = "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), \
    clipboard-write=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), \
    gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), \
    picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), \
    xr-spatial-tracking=()";

/// Who may load an answer: pages with COEP only what says `cross-origin`.
const OURS: &str = "same-origin";
const ANYBODY: &str = "cross-origin";

/// What somebody's data is kept with: by their browser alone, and asked for each time.
const OWN: &str = "private, no-cache";

/// CORP and Cache-Control of good answers, and whose those are. What carries a token, or
/// is for a tenant's backend, is stored nowhere.
const ROWS: [(&str, &str, &[&str]); 6] = [
    (ANYBODY, "public, no-cache", &["read_loader"]),
    (ANYBODY, "no-cache", &["read_frame"]),
    (
        ANYBODY,
        "public, max-age=31536000, immutable",
        &["read_asset"],
    ),
    (OURS, "public, max-age=60", &["read_jwks"]),
    (
        OURS,
        OWN,
        &[
            "list_labels",
            "list_people",
            "list_projects",
            "list_tasks",
            "read_dashboard",
            "read_task",
            "read_timeline",
        ],
    ),
    (
        OURS,
        "no-store",
        &[
            "approve_authorization",
            "authorize",
            "create_access_token",
            "create_embed",
            "create_project",
            "create_task",
            "create_user",
            "delete_embed",
            "delete_project",
            "delete_task",
            "delete_user",
            "deny_authorization",
            "export_tasks",
            "introspect_token",
            "list_audit_entries",
            "list_embed_resources",
            "list_project_resources",
            "list_task_resources",
            "list_tenant_keys",
            "list_user_resources",
            "mint_embed_token",
            "put_project_by_external_id",
            "put_task_by_external_id",
            "put_user_by_external_id",
            "read_authorization",
            "read_authorization_server_metadata",
            "read_embed_resource",
            "read_health",
            "read_project_resource",
            "read_readiness",
            "read_session",
            "read_task_resource",
            "read_user_resource",
            "register_tenant_key",
            "report_csp_violation",
            "retire_tenant_key",
            "revoke_embed_tokens",
            "revoke_token",
            "stream_events",
            "update_embed",
            "update_project",
            "update_task",
            "update_user",
            "write_tasks",
        ],
    ),
];

/// What an answer has to say, to the letter.
struct Expected<'a> {
    policy: &'a str,
    opener: &'a str,
    permissions: &'a str,
    corp: &'a str,
    cache: &'a str,
}

/// A problem, or whatever else nobody may show or keep.
const REFUSAL: Expected<'_> = Expected {
    policy: NOTHING,
    opener: "same-origin",
    permissions: "",
    corp: OURS,
    cache: "no-store",
};

#[track_caller]
fn assert_says(what: &str, answer: &Answer, expected: &Expected<'_>) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("strict-transport-security", "max-age=63072000"),
        ("cross-origin-opener-policy", expected.opener),
        ("cross-origin-embedder-policy", "require-corp"),
        ("cross-origin-resource-policy", expected.corp),
        ("content-security-policy", expected.policy),
        ("permissions-policy", expected.permissions),
        ("cache-control", expected.cache),
        ("set-cookie", ""),
        ("x-frame-options", ""),
    ] {
        let all: Vec<_> = answer.headers.get_all(name).iter().collect();
        let wanted: Vec<_> = [value].into_iter().filter(|one| !one.is_empty()).collect();
        assert_eq!(all, wanted, "{what}: {name}");
    }
}

#[tokio::test]
async fn every_good_answer_says_exactly_what_browsers_may_not_do_with_it() {
    let server = Server::start().await;
    let target = target(&server, &server.ours).await;
    let frame = format!("{PAGE}{FRAME}/v1/csp-reports/{}", target.embed);
    for operation in operations::all() {
        let id = operation.id.as_str();
        let (corp, cache, _) = ROWS
            .iter()
            .find(|(.., of)| of.contains(&id))
            .unwrap_or_else(|| panic!("`{id}`: add to `ROWS` what its answers say"));
        let is_page = id == "read_frame";
        let expected = Expected {
            policy: if is_page { &frame } else { NOTHING },
            // On the way through it a window must not lose the app's page that opened it.
            opener: if id == "authorize" {
                "unsafe-none"
            } else {
                "same-origin"
            },
            permissions: if is_page { CLOSED } else { "" },
            corp,
            cache,
        };
        let mut request = match operation.needs {
            Needs::Nothing => operation.request(&target),
            Needs::ClientCredentials => {
                let pair = format!("{}:{}", server.ours.client.id, server.ours.secret);
                let mut request = operation.request(&target);
                let basic = format!("Basic {}", BASE64.encode(pair)).parse().unwrap();
                request.headers_mut().insert("authorization", basic);
                request
            }
            Needs::Access(_) | Needs::Embed(_) => {
                let token = operation.good_token(&server, &server.ours).await;
                operation.request_with(&target, &token)
            }
        };
        let answer = server.send(request.clone()).await;
        assert_taken("a good request", &operation, &answer);
        assert_says(id, &answer, &expected);
        // A browser takes the headers of what it keeps from the answer that it is unchanged.
        let Some(etag) = answer.headers.get("etag") else {
            continue;
        };
        if operation.method != Method::GET {
            continue;
        }
        request.headers_mut().insert("if-none-match", etag.clone());
        let unchanged = server.send(request).await;
        assert_eq!(unchanged.status, 304, "{id}");
        assert_says(&format!("{id}, unchanged"), &unchanged, &expected);
    }
    let listed: BTreeSet<_> = ROWS
        .iter()
        .flat_map(|(.., of)| of.iter().copied())
        .collect();
    let all = operations::all();
    let known: BTreeSet<_> = all.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(listed, known, "`ROWS` has what is no operation");
}

#[tokio::test]
async fn every_refusal_is_for_nobody_and_stored_nowhere() {
    let server = Server::start().await;
    let target = target(&server, &server.ours).await;
    for operation in operations::guarded() {
        let id = operation.id.as_str();
        for request in [
            operation.request(&target),
            operation.request_with(&target, "nonsense"),
        ] {
            let answer = server.send(request).await;
            assert_eq!(answer.status, 401, "{id}");
            assert_says(id, &answer, &REFUSAL);
        }
    }
    let nowhere = server.send(get("/nowhere")).await;
    assert_eq!(nowhere.code(), "not_found");
    assert_says("no route", &nowhere, &REFUSAL);
    let nothing = Request::patch("/healthz").body(http_body_util::Full::default());
    let method = server.send_unchecked(nothing.unwrap()).await;
    assert_eq!(method.code(), "method_not_allowed");
    assert_says("no method", &method, &REFUSAL);
}

#[tokio::test]
async fn the_page_of_an_unknown_embed_is_as_closed_as_a_frame() {
    let server = Server::start().await;
    let answer = server.get("/v1/frame/nonsense").await;
    assert_eq!(answer.status, 404);
    let expected = Expected {
        policy: &format!("{PAGE}frame-ancestors 'none'"),
        opener: "same-origin",
        permissions: CLOSED,
        corp: ANYBODY,
        cache: "no-cache",
    };
    assert_says("unknown", &answer, &expected);
}
