//! A client that nobody here wrote, the crate `oauth2`, gets tokens and calls the API.
//! Those of other languages are in `tests/oauth`.

use std::convert::Infallible;

use http_body_util::Full;
use hyper::Request;
use oauth2::{
    AccessToken, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IntrospectionUrl, PkceCodeChallenge,
    RedirectUrl, RevocationUrl, Scope, StandardRevocableToken, TokenIntrospectionResponse,
    TokenResponse, TokenUrl, basic::BasicClient,
};
use serde_json::json;

use crate::{
    apps::{self, CALLBACK, decide, is_taken, parameters, user},
    harness::{ISSUER, Server},
};

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointSet, EndpointSet, EndpointSet>;

fn client(id: &str, secret: Option<&str>) -> Client {
    let at = |path: &str| format!("{ISSUER}{path}");
    let client = BasicClient::new(ClientId::new(id.to_owned()))
        .set_auth_uri(AuthUrl::new(at("/oauth/authorize")).unwrap())
        .set_token_uri(TokenUrl::new(at("/oauth/token")).unwrap())
        .set_introspection_url(IntrospectionUrl::new(at("/oauth/introspect")).unwrap())
        .set_revocation_url(RevocationUrl::new(at("/oauth/revoke")).unwrap())
        .set_redirect_uri(RedirectUrl::new(CALLBACK.to_owned()).unwrap());
    match secret {
        Some(secret) => client.set_client_secret(ClientSecret::new(secret.to_owned())),
        None => client,
    }
}

/// Carries the crate's requests to the server, each held to the contract.
async fn carry(server: &Server, request: HttpRequest) -> Result<HttpResponse, Infallible> {
    let (mut parts, body) = request.into_parts();
    parts.uri = parts.uri.path().parse().unwrap();
    let request = Request::from_parts(parts, Full::from(body));
    let answer = server.send(request).await;
    let mut response = HttpResponse::new(answer.body.to_vec());
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    Ok(response)
}

#[tokio::test]
async fn the_crate_gets_a_token_by_basic_and_by_form() {
    let server = Server::start().await;
    let http = |request: HttpRequest| carry(&server, request);
    let (id, secret) = (server.ours.client.id.as_str(), &*server.ours.secret);
    for auth_type in [AuthType::BasicAuth, AuthType::RequestBody] {
        let client = client(id, Some(secret)).set_auth_type(auth_type);
        let token = client
            .exchange_client_credentials()
            .add_scope(Scope::new("audit:read".to_owned()))
            .request_async(&http)
            .await
            .unwrap();
        assert!(is_taken(&server, token.access_token().secret()).await);
        assert!(token.refresh_token().is_none());
    }
    let wrong = client(id, Some("wrong"));
    let refused = wrong.exchange_client_credentials().request_async(&http);
    let error = format!("{:?}", refused.await.unwrap_err());
    assert!(error.contains("error: invalid_client"), "{error}");
}

#[tokio::test]
async fn the_crate_acts_for_a_user_until_it_gives_the_grant_back() {
    let server = Server::start().await;
    let http = |request: HttpRequest| carry(&server, request);
    for is_public in [true, false] {
        let app = apps::register(&server, &server.ours, is_public).await;
        let client = client(app.id(), app.secret.as_deref());
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, csrf) = client
            .authorize_url(CsrfToken::new_random)
            .add_scope(Scope::new("audit:read".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let path = format!("{}?{}", url.path(), url.query().unwrap());
        let login = server.get(&path).await.header("location").to_owned();
        let waiting = &parameters(&login)["authorization"];
        let body = json!({ "user": user(&server, &server.ours).await });
        let answer = decide(&server, &server.ours, waiting, "approval", &body).await;
        let back = parameters(answer.json()["redirect_to"].as_str().unwrap());
        assert_eq!(&back["state"], csrf.secret());

        let first = client
            .exchange_code(AuthorizationCode::new(back["code"].clone()))
            .set_pkce_verifier(verifier)
            .request_async(&http)
            .await
            .unwrap();
        let refresh = first.refresh_token().unwrap().clone();
        let second = client.exchange_refresh_token(&refresh);
        let second = second.request_async(&http).await.unwrap();
        let access: &AccessToken = second.access_token();
        assert!(is_taken(&server, access.secret()).await);
        if !is_public {
            let known = client.introspect(access).request_async(&http).await;
            assert!(known.unwrap().active());
        }
        let refresh = second.refresh_token().unwrap().clone();
        let given_back = StandardRevocableToken::RefreshToken(refresh);
        let revocation = client.revoke_token(given_back).unwrap();
        revocation.request_async(&http).await.unwrap();
        server.clock.advance_ms(250);
        assert!(!is_taken(&server, access.secret()).await);
    }
}
