use base64::{Engine, engine::general_purpose::STANDARD};
use http_body_util::Full;
use hyper::{Request, body::Bytes};
use oriel::oauth::secret_checks::hash_secret;
use oriel_store::{Context, OPERATOR};
use serde_json::json;

use crate::harness::{Answer, Server, form, get};

const GRANT: &str = "grant_type=client_credentials";

fn basic(mut request: Request<Full<Bytes>>, id: &str, secret: &str) -> Request<Full<Bytes>> {
    let value = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    request
        .headers_mut()
        .insert("authorization", value.parse().unwrap());
    request
}

/// Every answer of the endpoint, good or bad, is never stored and has no CORS.
async fn ask(server: &Server, request: Request<Full<Bytes>>) -> Answer {
    let answer = server.send(request).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    assert_eq!(answer.header("access-control-allow-origin"), "");
    answer
}

fn error(answer: &Answer) -> (u16, String) {
    let error = answer.json()["error"].as_str().unwrap().to_owned();
    (answer.status.as_u16(), error)
}

#[tokio::test]
async fn credentials_work_by_basic_and_by_form() {
    let server = Server::start().await;
    let (id, secret) = (server.ours.client.id.as_str(), &server.ours.secret);
    let by_form = format!("{GRANT}&client_id={id}&client_secret={secret}");
    let all = &*oriel::token::access::MANAGEMENT_SCOPES.join(" ");
    let one = "embed_tokens:mint";
    for (request, scope) in [
        (basic(form("/oauth/token", GRANT), id, secret), all),
        (
            basic(
                form("/oauth/token", &format!("{GRANT}&client_id={id}")),
                id,
                secret,
            ),
            all,
        ),
        (form("/oauth/token", &by_form), all),
        (form("/oauth/token", &format!("{by_form}&scope={one}")), one),
        (
            form("/oauth/token", &format!("{by_form}&scope=&unknown=1")),
            all,
        ),
    ] {
        let answer = ask(&server, request).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        let token = answer.json();
        assert_eq!(token["token_type"], "Bearer");
        assert_eq!(token["scope"], scope);
        assert_eq!(token["expires_in"], 600);
        assert_eq!(token.get("refresh_token"), None);
    }
}

#[tokio::test]
async fn a_secret_with_every_awkward_character_works_form_encoded() {
    let mut server = Server::start().await;
    let secret = ":%+ é&=";
    let store = server.store.clone();
    let tenant = server.ours.tenant.id.clone();
    let mut cx = server.context();
    let hash = hash_secret(cx.rng, secret).unwrap();
    let client = store
        .create_client(&mut cx, &tenant, "awkward", &hash, "embed_tokens:mint")
        .await
        .unwrap();
    let encoded = "%3A%25%2B+%C3%A9%26%3D";
    let id = client.id.as_str();
    let by_basic = basic(form("/oauth/token", GRANT), id, encoded);
    assert_eq!(ask(&server, by_basic).await.status, 200);
    let by_form = form(
        "/oauth/token",
        &format!("{GRANT}&client_id={id}&client_secret={encoded}"),
    );
    assert_eq!(ask(&server, by_form).await.status, 200);
}

#[tokio::test]
async fn an_unknown_client_and_a_wrong_secret_look_alike() {
    let server = Server::start().await;
    let (id, secret) = (server.ours.client.id.as_str(), &server.ours.secret);
    let mut bodies = Vec::new();
    for request in [
        basic(form("/oauth/token", GRANT), id, "wrong"),
        basic(
            form("/oauth/token", GRANT),
            "cli_01jd8x0c6tfwasq9m2yjz0v4kb",
            secret,
        ),
        basic(form("/oauth/token", GRANT), "nobody", secret),
        basic(
            form("/oauth/token", GRANT),
            server.other.client.id.as_str(),
            secret,
        ),
        basic(form("/oauth/token", GRANT), "%ff", secret),
        form(
            "/oauth/token",
            &format!("{GRANT}&client_id={id}&client_secret=wrong"),
        ),
        form("/oauth/token", &format!("{GRANT}&client_id={id}")),
        form("/oauth/token", GRANT),
    ] {
        let answer = ask(&server, request).await;
        assert_eq!(error(&answer), (401, "invalid_client".to_owned()));
        assert!(
            answer
                .header("www-authenticate")
                .starts_with("Basic realm=")
        );
        bodies.push(answer.body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
}

/// With every place for checking secrets taken, a check can only wait: so must a
/// request for a client that is not there, or it would do less than a real one.
#[tokio::test]
async fn an_unknown_client_does_the_work_of_a_wrong_secret() {
    let server = Server::start_with("limits.request_timeout_ms = 300").await;
    let places = &server.app.secret_checks.places;
    let all = places.available_permits();
    let _taken = places.acquire_many(all.try_into().unwrap()).await.unwrap();
    for id in [
        server.ours.client.id.as_str(),
        "cli_01jd8x0c6tfwasq9m2yjz0v4kb",
        "nobody",
    ] {
        let answer = server
            .send(basic(form("/oauth/token", GRANT), id, "wrong"))
            .await;
        assert_eq!(answer.status, 503, "{id}");
    }
}

/// Nobody waits behind a flood of wrong secrets who has shown a right one before.
#[tokio::test]
async fn a_flood_of_wrong_secrets_stays_in_the_lane_of_its_client() {
    let server = Server::start_with("limits.request_timeout_ms = 2000").await;
    let (id, secret) = (server.ours.client.id.as_str(), &*server.ours.secret);
    let ours = || basic(form("/oauth/token", GRANT), id, secret);
    assert_eq!(ask(&server, ours()).await.status, 200);
    let places = &server.app.secret_checks.places;
    let all = places.available_permits();
    let taken = places.acquire_many(all.try_into().unwrap()).await.unwrap();
    let other = server.other.client.id.as_str();
    let wrong = |id| server.send(basic(form("/oauth/token", GRANT), id, "wrong"));
    let flood = futures_util::future::join_all((0..70).map(|_| wrong(other)));
    let meanwhile = async { (ask(&server, ours()).await.status, wrong(id).await.status) };
    let (flood, meanwhile) = tokio::join!(flood, meanwhile);
    assert_eq!(meanwhile.0, 200);
    assert_eq!(meanwhile.1, 503);
    let refused: Vec<_> = flood.iter().filter(|one| one.status == 429).collect();
    assert_eq!(refused.len(), 6);
    assert!(refused.iter().all(|one| one.header("retry-after") == "1"));
    assert_eq!(flood.iter().filter(|one| one.status == 503).count(), 64);
    drop(taken);
    assert_eq!(error(&wrong(other).await).0, 401);
}

/// Of twenty that begin with the same secret, the first one's check serves all.
#[tokio::test]
async fn a_client_that_asks_often_is_checked_once() {
    let server = Server::start().await;
    let (id, secret) = (server.ours.client.id.as_str(), &*server.ours.secret);
    let asking = (0..20).map(|_| ask(&server, basic(form("/oauth/token", GRANT), id, secret)));
    let answers = futures_util::future::join_all(asking).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    let begun = &server.app.secret_checks.begun;
    assert_eq!(begun.load(std::sync::atomic::Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_secret_that_is_retired_while_it_waits_is_refused() {
    let server = Server::start().await;
    let (client, secret) = (server.ours.client.clone(), server.ours.secret.clone());
    let store = server.store.clone();
    let of_client = store.client_secrets(&client).await.unwrap();
    let request = basic(form("/oauth/token", GRANT), client.id.as_str(), &secret);
    let app = server.app.clone();
    let checks = &app.secret_checks;
    let all = checks.places.available_permits().try_into().unwrap();
    let taken = checks.places.acquire_many(all).await.unwrap();
    let mut rng = app.entropy.fork();
    let mut cx = Context {
        now: server.now(),
        rng: &mut rng,
        actor: OPERATOR,
    };
    let retiring = async {
        while checks.under_way() == 0 {
            tokio::task::yield_now().await;
        }
        let retiring = store.retire_client_secret(&mut cx, &client, &of_client[0].id);
        retiring.await.unwrap();
        drop(taken);
    };
    let (answer, ()) = tokio::join!(ask(&server, request), retiring);
    assert_eq!(error(&answer), (401, "invalid_client".to_owned()));
}

#[tokio::test]
async fn errors_are_those_of_rfc_6749() {
    let server = Server::start().await;
    let (id, secret) = (server.ours.client.id.as_str(), &server.ours.secret);
    let good = format!("{GRANT}&client_id={id}&client_secret={secret}");
    let no_grant = format!("client_id={id}&client_secret={secret}");
    let mut as_json = form("/oauth/token", "{}");
    as_json
        .headers_mut()
        .insert("content-type", "application/json".parse().unwrap());
    let mut twice = basic(form("/oauth/token", GRANT), id, secret);
    twice
        .headers_mut()
        .append("authorization", "Basic YTpi".parse().unwrap());
    for (request, code) in [
        (form("/oauth/token", &no_grant), "invalid_request"),
        (
            form("/oauth/token", &format!("{no_grant}&grant_type=password")),
            "unsupported_grant_type",
        ),
        (
            form(
                "/oauth/token",
                &format!("{good}&grant_type=client_credentials"),
            ),
            "invalid_request",
        ),
        (
            form("/oauth/token", &format!("{good}&scope=a&scope=a")),
            "invalid_request",
        ),
        (
            form("/oauth/token", &format!("{good}&scope=dashboard:read")),
            "invalid_scope",
        ),
        (
            form(
                "/oauth/token",
                &format!("{good}&scope=embed_tokens:mint%20admin"),
            ),
            "invalid_scope",
        ),
        (form(&format!("/oauth/token?{good}"), ""), "invalid_request"),
        (
            basic(form("/oauth/token", &good), id, secret),
            "invalid_request",
        ),
        (twice, "invalid_request"),
        (as_json, "invalid_request"),
    ] {
        let uri = request.uri().clone();
        let answer = ask(&server, request).await;
        assert_eq!(error(&answer), (400, code.to_owned()), "{uri}");
    }
    let mut bearer = form("/oauth/token", &good);
    bearer
        .headers_mut()
        .insert("authorization", "Bearer x".parse().unwrap());
    assert_eq!(
        error(&ask(&server, bearer).await),
        (401, "invalid_client".to_owned())
    );
}

#[tokio::test]
async fn metadata_and_keys_are_published_without_a_private_member() {
    let server = Server::start().await;
    let metadata = server
        .get("/.well-known/oauth-authorization-server")
        .await
        .json();
    let issuer = metadata["issuer"].as_str().unwrap().to_owned();
    assert_eq!(metadata["token_endpoint"], format!("{issuer}/oauth/token"));
    assert_eq!(
        metadata["jwks_uri"],
        format!("{issuer}/.well-known/jwks.json")
    );

    for (member, value) in [
        (
            "authorization_endpoint",
            json!(format!("{issuer}/oauth/authorize")),
        ),
        (
            "revocation_endpoint",
            json!(format!("{issuer}/oauth/revoke")),
        ),
        (
            "introspection_endpoint",
            json!(format!("{issuer}/oauth/introspect")),
        ),
        ("response_types_supported", json!(["code"])),
        ("code_challenge_methods_supported", json!(["S256"])),
        (
            "grant_types_supported",
            json!(["client_credentials", "authorization_code", "refresh_token"]),
        ),
        (
            "token_endpoint_auth_methods_supported",
            json!([
                "client_secret_basic",
                "client_secret_post",
                "private_key_jwt",
                "none"
            ]),
        ),
        (
            "authorization_response_iss_parameter_supported",
            json!(true),
        ),
    ] {
        assert_eq!(metadata[member], value, "{member}");
    }

    let jwks = server.send(get("/.well-known/jwks.json")).await.json();
    let keys = jwks["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0]["kid"], keys[1]["kid"]);
    assert!(keys.iter().all(|key| key.get("d").is_none()));
}
