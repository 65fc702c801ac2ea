//! `GET /.well-known/oauth-authorization-server`

use axum::{Json, extract::State};
use oriel_contract::AuthorizationServerMetadata;

use crate::{app::App, token::access::MANAGEMENT_SCOPES};

/// Where and how access tokens are to be had (RFC 8414).
pub async fn read_metadata(State(app): State<App>) -> Json<AuthorizationServerMetadata> {
    let issuer = app.tokens.issuer();
    let all = |values: &[&str]| values.iter().map(ToString::to_string).collect();
    Json(AuthorizationServerMetadata {
        issuer: issuer.to_owned(),
        token_endpoint: format!("{issuer}/oauth/token"),
        jwks_uri: format!("{issuer}/.well-known/jwks.json"),
        grant_types_supported: all(&["client_credentials"]),
        response_types_supported: Vec::new(),
        scopes_supported: all(&MANAGEMENT_SCOPES),
        token_endpoint_auth_methods_supported: all(&["client_secret_basic", "client_secret_post"]),
    })
}
