//! The deny matrix: every operation of the contract that needs a token × every reason to
//! refuse one. What is expected comes from the contract's `security`, so that a new
//! operation is held to all of it, or fails here until somebody says how it is asked.
//!
//! What can end under a token's feet is tried with one that was taken just before, which
//! the server remembers, and with one that it has never seen.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use hyper::{StatusCode, Uri, header};
use oriel::{
    provision::rotate_key,
    token::access::{EMBED_SCOPES, MANAGEMENT_SCOPES},
};
use oriel_contract::AccessTokenResponse;
use serde_json::json;

use crate::{
    apps,
    dpop::{self, Holder},
    harness::{Answer, ISSUER, Party, Server, form},
    operations::{self, Needs, Operation, Target},
    reads::{World, id},
    suspension::suspend,
};

const NO_TOKEN: &str = r#"Bearer realm="oriel""#;
const INVALID: &str = r#"Bearer realm="oriel", error="invalid_token""#;
const UNBOUND: &str = r#"DPoP realm="oriel", error="invalid_token", algs="ES256 EdDSA""#;
const UNPROVEN: &str = r#"DPoP realm="oriel", error="invalid_dpop_proof", algs="ES256 EdDSA""#;

/// Requests of apps that wait in a target: as many as a test answers, and more.
const WAITING: usize = 60;

/// Status, code and `WWW-Authenticate` of a refusal.
type Denial<'a> = (u16, &'a str, &'a str);

pub fn assert_denied(what: &str, operation: &Operation, answer: &Answer, denial: Denial<'_>) {
    let name = &operation.id;
    let status = answer.status.as_u16();
    assert!(!answer.status.is_success(), "{name}: takes {what}");
    let challenge = answer.header("www-authenticate");
    assert_eq!(
        (status, &*answer.code(), challenge),
        denial,
        "{name}: {what}"
    );
    assert_eq!(answer.header("cache-control"), "no-store", "{name}: {what}");
}

pub fn assert_taken(what: &str, operation: &Operation, answer: &Answer) {
    let (name, body) = (&operation.id, String::from_utf8_lossy(&answer.body));
    let is_taken = answer.status.is_success()
        || answer.status == StatusCode::SEE_OTHER
        || (operation.never_matches() && answer.status == StatusCode::PRECONDITION_FAILED);
    assert!(is_taken, "{name}: refuses {what}: {body}");
}

/// What there is of a party for requests to name.
pub async fn target(server: &Server, party: &Party) -> Target {
    let world = World::of(server, party).await;
    let access = server.access_token(party).await;
    let keys = operations::all();
    let register = keys.iter().find(|one| one.id == "register_tenant_key");
    let mut target = Target {
        embed: party.embed.id.to_string(),
        key: String::new(),
        project: id(&world.projects[0]).to_owned(),
        task: id(&world.tasks[0]["task"]).to_owned(),
        user: id(&world.people[0]).to_owned(),
        app: String::new(),
        authorizations: Arc::default(),
    };
    let app = apps::register(server, party, true).await;
    target.app = app.id().to_owned();
    for _ in 0..WAITING {
        let waiting = app.ask(server).await;
        target.authorizations.lock().unwrap().push(waiting);
    }
    let request = register.unwrap().request_with(&target, &access);
    id(&server.send(request).await.json()).clone_into(&mut target.key);
    target
}

/// A server, and tokens of each operation.
struct Matrix {
    server: Server,
    target: Target,
    /// What the other tenant names.
    theirs: Target,
    rows: Vec<Row>,
}

struct Row {
    operation: Operation,
    /// It was taken just before.
    warm: String,
    /// It was not sent yet.
    cold: String,
    /// Of the other tenant, and taken just before.
    theirs: String,
}

impl Matrix {
    async fn new() -> Self {
        let server = Server::start().await;
        let target = target(&server, &server.ours).await;
        let theirs = self::target(&server, &server.other).await;
        let mut rows = Vec::new();
        for operation in operations::guarded() {
            let row = Row {
                warm: operation.good_token(&server, &server.ours).await,
                cold: operation.good_token(&server, &server.ours).await,
                theirs: operation.good_token(&server, &server.other).await,
                operation,
            };
            rows.push(row);
        }
        let matrix = Self {
            server,
            target,
            theirs,
            rows,
        };
        for row in &matrix.rows {
            let taken = matrix.ask(row, &row.warm).await;
            assert_taken("a good token", &row.operation, &taken);
        }
        matrix.assert_theirs_are_taken("a good token").await;
        matrix
    }

    async fn ask(&self, row: &Row, token: &str) -> Answer {
        let request = row.operation.request_with(&self.target, token);
        self.server.send(request).await
    }

    async fn assert_ours_are_denied(&self, row: &Row, what: &str, denial: Denial<'_>) {
        for (which, token) in [("remembered", &row.warm), ("never seen", &row.cold)] {
            let what = format!("{what} ({which})");
            assert_denied(&what, &row.operation, &self.ask(row, token).await, denial);
        }
    }

    async fn assert_theirs_are_taken(&self, what: &str) {
        for row in &self.rows {
            let request = row.operation.request_with(&self.theirs, &row.theirs);
            let taken = self.server.send(request).await;
            assert_taken(&format!("theirs: {what}"), &row.operation, &taken);
        }
    }
}

/// RFC 6750 §3.1: without credentials no `error` is told.
#[tokio::test]
async fn without_a_token_in_its_header_nothing_is_answered() {
    let matrix = Matrix::new().await;
    for row in &matrix.rows {
        let request = || row.operation.request(&matrix.target);
        let mut in_query = request();
        let joint = if in_query.uri().query().is_some() {
            '&'
        } else {
            '?'
        };
        let uri = format!("{}{joint}access_token={}", in_query.uri(), row.warm);
        *in_query.uri_mut() = uri.parse::<Uri>().unwrap();
        let mut in_cookie = request();
        let cookie = format!("access_token={0}; token={0}", row.warm);
        let headers = in_cookie.headers_mut();
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        let mut basic = request();
        let headers = basic.headers_mut();
        headers.insert(header::AUTHORIZATION, "Basic YTpi".parse().unwrap());
        for (what, request) in [
            ("no token", request()),
            ("a token in the query", in_query),
            ("a token in a cookie", in_cookie),
            ("another scheme", basic),
        ] {
            let answer = matrix.server.send(request).await;
            let denial = (401, "token_missing", NO_TOKEN);
            assert_denied(what, &row.operation, &answer, denial);
        }
    }
}

#[tokio::test]
async fn a_token_that_is_none_or_of_another_kind_or_not_signed_is_refused() {
    let matrix = Matrix::new().await;
    let server = &matrix.server;
    let (access, embed) = (
        server.access_token(&server.ours).await,
        server.embed_token().await,
    );
    for row in &matrix.rows {
        let (message, signature) = row.warm.rsplit_once('.').unwrap();
        let mut signature = BASE64.decode(signature).unwrap();
        signature[5] ^= 1;
        let tampered = format!("{message}.{}", BASE64.encode(signature));
        let other = if row.operation.is_embed() {
            &access
        } else {
            &embed
        };
        for (what, token, code) in [
            ("a word", "nonsense", "token_malformed"),
            ("half a token", &row.warm[..40], "token_malformed"),
            ("the other kind", other, "token_invalid"),
            ("a bad signature", &tampered, "token_invalid"),
            ("no signature", &format!("{message}."), "token_invalid"),
        ] {
            let answer = matrix.ask(row, token).await;
            assert_denied(what, &row.operation, &answer, (401, code, INVALID));
        }
        let mut request = row.operation.request(&matrix.target);
        let scheme = format!("DPoP {}", row.warm).parse().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, scheme);
        let answer = server.send(request).await;
        let denial = (401, "token_invalid", INVALID);
        assert_denied("an unbound token as DPoP", &row.operation, &answer, denial);
    }
}

/// A token of the kind with these scopes.
async fn token_with(server: &Server, operation: &Operation, scopes: &[&str]) -> String {
    let (scope, party) = (scopes.join(" "), &server.ours);
    if operation.is_embed() {
        return server.mint(party, json!({ "scope": scope })).await.token;
    }
    let body = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope={scope}",
        party.client.id, party.secret
    );
    let answer = server.send(form("/oauth/token", &body)).await;
    let granted: AccessTokenResponse = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(granted.scope, scope);
    granted.access_token
}

#[tokio::test]
async fn a_token_needs_one_of_the_scopes_that_the_contract_names_and_no_other() {
    let matrix = Matrix::new().await;
    for row in &matrix.rows {
        let (server, operation) = (&matrix.server, &row.operation);
        let needed = operation.scopes();
        let known: &[&str] = match operation.needs {
            Needs::Access(_) => &MANAGEMENT_SCOPES,
            _ => &EMBED_SCOPES,
        };
        let is_needed = |scope: &&&str| needed.iter().any(|one| one == **scope);
        let rest: Vec<&str> = known
            .iter()
            .filter(|one| !is_needed(one))
            .copied()
            .collect();
        assert_eq!(known.len() - rest.len(), needed.len(), "{needed:?}");
        for scope in needed {
            let token = token_with(server, operation, &[scope]).await;
            let answer = matrix.ask(row, &token).await;
            assert_taken(scope, operation, &answer);
        }
        let token = token_with(server, operation, &rest).await;
        let answer = matrix.ask(row, &token).await;
        let Some(first) = needed.first() else {
            assert_taken("any scope", operation, &answer);
            continue;
        };
        let challenge =
            format!(r#"Bearer realm="oriel", error="insufficient_scope", scope="{first}""#);
        let denial = (403, "insufficient_scope", challenge.as_str());
        assert_denied("all scopes but its own", operation, &answer, denial);
    }
}

#[tokio::test]
async fn a_token_that_is_bound_to_a_key_needs_its_proof_everywhere() {
    let server = Server::start().await;
    let target = target(&server, &server.ours).await;
    let guarded = operations::guarded().into_iter();
    for operation in guarded.filter(Operation::is_embed) {
        let token = dpop::bound(&server, 7).await;
        let path = operation.request(&target).uri().path().to_owned();
        let proof = Holder::new(&server, 7, &token)
            .claim("jti", json!(operation.id))
            .claim("htm", json!(operation.method.as_str()))
            .claim("htu", json!(format!("{ISSUER}{path}")))
            .proof();
        let send = async |scheme: &str, proof: Option<&str>| {
            let mut request = operation.request(&target);
            let headers = request.headers_mut();
            let value = format!("{scheme} {token}").parse().unwrap();
            headers.insert(header::AUTHORIZATION, value);
            if let Some(proof) = proof {
                headers.insert("dpop", proof.parse().unwrap());
            }
            server.send(request).await
        };
        let unbound = (401, "token_invalid", UNBOUND);
        let unproven = (401, "invalid_dpop_proof", UNPROVEN);
        let copied = send("Bearer", None).await;
        assert_denied("a copied token", &operation, &copied, unbound);
        let copied = send("Bearer", Some(&proof)).await;
        assert_denied("it with its proof", &operation, &copied, unbound);
        assert_denied("no proof", &operation, &send("DPoP", None).await, unproven);
        assert_taken("a proof", &operation, &send("DPoP", Some(&proof)).await);
        let again = send("DPoP", Some(&proof)).await;
        assert_denied("a proof again", &operation, &again, unproven);
    }
}

#[tokio::test]
async fn an_expired_token_is_refused_everywhere() {
    let matrix = Matrix::new().await;
    matrix.server.clock.advance_ms(630_000);
    for row in &matrix.rows {
        let denial = (401, "token_expired", INVALID);
        matrix
            .assert_ours_are_denied(row, "an expired token", denial)
            .await;
    }
}

/// What takes embed tokens back leaves access tokens alone: clients give those back
/// themselves.
#[tokio::test]
async fn a_revoked_embed_token_is_refused_everywhere_and_no_access_token_is() {
    let matrix = Matrix::new().await;
    let server = &matrix.server;
    server.clock.advance_ms(1_000);
    let body = json!({ "all": true }).to_string();
    let revoke = matrix
        .rows
        .iter()
        .find(|row| row.operation.id == "revoke_embed_tokens");
    let mut request = revoke
        .unwrap()
        .operation
        .request_with(&matrix.target, &revoke.unwrap().warm);
    *request.body_mut() = body.into();
    assert_eq!(server.send(request).await.status, StatusCode::CREATED);
    server.clock.advance_ms(250);
    for row in &matrix.rows {
        if row.operation.is_embed() {
            let denial = (401, "session_revoked", INVALID);
            matrix
                .assert_ours_are_denied(row, "a revoked token", denial)
                .await;
        } else {
            for token in [&row.warm, &row.cold] {
                let answer = matrix.ask(row, token).await;
                assert_taken("an access token", &row.operation, &answer);
            }
        }
    }
    matrix.assert_theirs_are_taken("revocation").await;
}

#[tokio::test]
async fn a_token_of_a_retired_key_is_refused_everywhere() {
    let mut matrix = Matrix::new().await;
    let server = &mut matrix.server;
    let (store, master) = (server.store.clone(), server.master.clone());
    let tenant = server.ours.tenant.id.clone();
    rotate_key(&store, &mut server.context(), &master, &tenant, Some(0))
        .await
        .unwrap();
    server.clock.advance_ms(2_000);
    server.app.tokens.refresh_keys(server.now()).await.unwrap();
    for row in &matrix.rows {
        let denial = (401, "token_invalid", INVALID);
        matrix
            .assert_ours_are_denied(row, "a retired key", denial)
            .await;
    }
    matrix.assert_theirs_are_taken("retirement").await;
}

#[tokio::test]
async fn a_token_of_a_suspended_tenant_is_refused_everywhere_until_it_is_resumed() {
    let mut matrix = Matrix::new().await;
    suspend(&mut matrix.server, true).await;
    for row in &matrix.rows {
        let denial = (403, "tenant_suspended", "");
        matrix
            .assert_ours_are_denied(row, "a suspended tenant", denial)
            .await;
    }
    matrix.assert_theirs_are_taken("suspension").await;
    suspend(&mut matrix.server, false).await;
    for row in &matrix.rows {
        for token in [&row.warm, &row.cold] {
            let answer = matrix.ask(row, token).await;
            assert_taken("a resumed tenant", &row.operation, &answer);
        }
    }
}
