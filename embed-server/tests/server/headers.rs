//! Headers that say what browsers may not do with an answer: every one of them, exactly,
//! of every operation, whatever was asked and however that went.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use hyper::Request;

use crate::{
    deny::target,
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

/// CORP and Cache-Control of each operation's good answers. What carries a token, or tells
/// of a tenant's keys and audit log, is stored nowhere.
const ROWS: [(&str, &str, &str); 25] = [
    ("create_access_token", OURS, "no-store"),
    ("read_authorization_server_metadata", OURS, "no-store"),
    ("read_jwks", OURS, "public, max-age=60"),
    ("mint_embed_token", OURS, "no-store"),
    ("revoke_embed_tokens", OURS, "no-store"),
    ("list_tenant_keys", OURS, "no-store"),
    ("register_tenant_key", OURS, "no-store"),
    ("retire_tenant_key", OURS, "no-store"),
    ("list_audit_entries", OURS, "no-store"),
    ("read_loader", ANYBODY, "public, no-cache"),
    ("read_frame", ANYBODY, "no-cache"),
    ("report_csp_violation", OURS, "no-store"),
    ("read_asset", ANYBODY, "public, max-age=31536000, immutable"),
    ("read_session", OURS, "no-store"),
    ("stream_events", OURS, "no-store"),
    ("read_dashboard", OURS, OWN),
    ("list_projects", OURS, OWN),
    ("list_tasks", OURS, OWN),
    ("export_tasks", OURS, "no-store"),
    ("read_task", OURS, OWN),
    ("read_timeline", OURS, OWN),
    ("list_people", OURS, OWN),
    ("list_labels", OURS, OWN),
    ("read_health", OURS, "no-store"),
    ("read_readiness", OURS, "no-store"),
];

/// What an answer has to say, to the letter.
struct Expected<'a> {
    policy: &'a str,
    permissions: &'a str,
    corp: &'a str,
    cache: &'a str,
}

/// A problem, or whatever else nobody may show or keep.
const REFUSAL: Expected<'_> = Expected {
    policy: NOTHING,
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
        ("cross-origin-opener-policy", "same-origin"),
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
    let mut seen = BTreeSet::new();
    for operation in operations::all() {
        let id = operation.id.as_str();
        let (_, corp, cache) = ROWS
            .iter()
            .find(|(of, ..)| *of == id)
            .unwrap_or_else(|| panic!("`{id}`: add a row with what its answers say"));
        seen.insert(id.to_owned());
        let is_page = id == "read_frame";
        let expected = Expected {
            policy: if is_page { &frame } else { NOTHING },
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
        assert!(answer.status.is_success(), "{id}: {:?}", answer.body);
        assert_says(id, &answer, &expected);
        // A browser takes the headers of what it keeps from the answer that it is unchanged.
        let Some(etag) = answer.headers.get("etag") else {
            continue;
        };
        request.headers_mut().insert("if-none-match", etag.clone());
        let unchanged = server.send(request).await;
        assert_eq!(unchanged.status, 304, "{id}");
        assert_says(&format!("{id}, unchanged"), &unchanged, &expected);
    }
    assert_eq!(seen.len(), ROWS.len(), "a row is of no operation");
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
        permissions: CLOSED,
        corp: ANYBODY,
        cache: "no-cache",
    };
    assert_says("unknown", &answer, &expected);
}
