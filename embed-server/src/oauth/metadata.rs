//! `GET /.well-known/oauth-authorization-server`

use axum::{Json, extract::State};
use oriel_contract::AuthorizationServerMetadata;

use crate::{app::App, token::access::MANAGEMENT_SCOPES};

/// How clients show who they are; `none` is for public apps.
const METHODS: [&str; 4] = [
    "client_secret_basic",
    "client_secret_post",
    "private_key_jwt",
    "none",
];

/// What assertions may be signed with; the first two are one (RFC 9864 §2.2).
const ALGORITHMS: [&str; 3] = ["EdDSA", "Ed25519", "ES256"];

/// Where and how access tokens are to be had (RFC 8414).
pub async fn read_metadata(State(app): State<App>) -> Json<AuthorizationServerMetadata> {
    let issuer = app.tokens.issuer();
    let at = |path: &str| format!("{issuer}{path}");
    let all = |values: &[&str]| values.iter().map(ToString::to_string).collect();
    // Nobody introspects without a secret or a key.
    let confidential = all(&METHODS[..3]);
    Json(AuthorizationServerMetadata {
        issuer: issuer.to_owned(),
        authorization_endpoint: at("/oauth/authorize"),
        token_endpoint: at("/oauth/token"),
        revocation_endpoint: at("/oauth/revoke"),
        introspection_endpoint: at("/oauth/introspect"),
        jwks_uri: at("/.well-known/jwks.json"),
        grant_types_supported: all(&["client_credentials", "authorization_code", "refresh_token"]),
        response_types_supported: all(&["code"]),
        response_modes_supported: all(&["query"]),
        code_challenge_methods_supported: all(&["S256"]),
        authorization_response_iss_parameter_supported: true,
        scopes_supported: all(&MANAGEMENT_SCOPES),
        token_endpoint_auth_methods_supported: all(&METHODS),
        token_endpoint_auth_signing_alg_values_supported: all(&ALGORITHMS),
        revocation_endpoint_auth_methods_supported: all(&METHODS),
        revocation_endpoint_auth_signing_alg_values_supported: all(&ALGORITHMS),
        introspection_endpoint_auth_methods_supported: confidential,
        introspection_endpoint_auth_signing_alg_values_supported: all(&ALGORITHMS),
    })
}
