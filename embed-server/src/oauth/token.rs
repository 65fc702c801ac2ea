//! `POST /oauth/token`

use std::collections::HashMap;

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use oriel_contract::{AccessTokenResponse, OAuthError, OAuthErrorCode, ProblemCode};
use oriel_store::Client;
use url::form_urlencoded;

use super::credentials::{self, Credentials};
use crate::{
    app::App,
    audit::Denial,
    problem::Failure,
    request::body,
    serve::edge::RequestId,
    token::claims::{self, AccessClaims, Kind, has_scope},
};

/// Life of an access token, in seconds.
const LIFE: u32 = 600;

/// Why no access token was issued.
pub enum Refusal {
    /// One of RFC 6749 §5.2, with what to do about it.
    OAuth(OAuthErrorCode, &'static str),
    /// What every endpoint may fail with.
    Failure(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (error, description) = match self {
            Self::Failure(failure) => return failure.into_response(),
            Self::OAuth(error, description) => (error, description),
        };
        let status = match error {
            OAuthErrorCode::InvalidClient => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        };
        let body = Json(OAuthError {
            error,
            error_description: Some(description.to_owned()),
        });
        let mut response = (status, no_store(), body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static(r#"Basic realm="oriel", charset="UTF-8""#);
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// Exchanges client credentials for an access token.
pub async fn create_access_token(
    State(app): State<App>,
    request_id: RequestId,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    if uri.query().is_some() {
        return Err(invalid_request(
            "Send parameters in the body, not in the address.",
        ));
    }
    let form = read_form(&app, &headers, body).await?;
    let sent = sent_credentials(&headers, &form)?;
    let client = credentials::authenticate(&app, sent)
        .await?
        .ok_or_else(|| {
            deny(&app, &request_id);
            invalid_client()
        })?;
    match form.get("grant_type").map(String::as_str) {
        Some("client_credentials") => {}
        Some(_) => {
            return Err(Refusal::OAuth(
                OAuthErrorCode::UnsupportedGrantType,
                "Use grant_type=client_credentials.",
            ));
        }
        None => return Err(invalid_request("Send grant_type=client_credentials.")),
    }
    check_standing(&app, &client).await?;
    let scope = granted_scope(&client, form.get("scope").map(String::as_str))?;
    let access_token = issue(&app, &client, &scope).await?;
    let token = AccessTokenResponse {
        access_token,
        token_type: "Bearer".to_owned(),
        expires_in: LIFE,
        scope,
    };
    Ok((no_store(), Json(token)).into_response())
}

/// The form's parameters. Empty ones count as absent, and none may come twice
/// (RFC 6749 §3.2).
async fn read_form(
    app: &App,
    headers: &HeaderMap,
    body: Body,
) -> Result<HashMap<String, String>, Refusal> {
    if !body::is_of_type(headers, "application/x-www-form-urlencoded") {
        return Err(invalid_request(
            "Send a form: application/x-www-form-urlencoded.",
        ));
    }
    let bytes = match body::read(body, &app.config.limits).await {
        Err(failure) if failure.code() == ProblemCode::InvalidBody => {
            return Err(invalid_request(
                "Send the form whole and framed as its headers say.",
            ));
        }
        read => read?,
    };
    let mut form = HashMap::new();
    for (name, value) in form_urlencoded::parse(&bytes) {
        if value.is_empty() {
            continue;
        }
        if form.insert(name.into_owned(), value.into_owned()).is_some() {
            return Err(invalid_request("Send each parameter once."));
        }
    }
    Ok(form)
}

/// Credentials from the header or from the form, never from both.
fn sent_credentials(
    headers: &HeaderMap,
    form: &HashMap<String, String>,
) -> Result<Credentials, Refusal> {
    let (id, secret) = (form.get("client_id"), form.get("client_secret"));
    match credentials::basic(headers) {
        Some(Err(OAuthErrorCode::InvalidRequest)) => {
            Err(invalid_request("Send one Authorization header."))
        }
        Some(Err(_)) => Err(invalid_client()),
        // Some clients repeat their id in the form, which does no harm.
        Some(Ok(basic)) if secret.is_none() && id.is_none_or(|id| *id == basic.id) => Ok(basic),
        Some(Ok(_)) => Err(invalid_request(
            "Send credentials in the Authorization header or in the form, not in both.",
        )),
        None => match (id, secret) {
            (Some(id), Some(secret)) => Ok(Credentials {
                id: id.clone(),
                secret: secret.clone(),
            }),
            _ => Err(invalid_client()),
        },
    }
}

/// Nobody knows who it was: the log says that somebody was refused, and how often.
fn deny(app: &App, request_id: &RequestId) {
    let denial = Denial::access(None, "/oauth/token", "invalid_client".to_owned());
    app.audit.denied(denial, request_id.text(), app.clock.now());
}

/// The client is who it says, and yet gets nothing while its tenant is suspended.
async fn check_standing(app: &App, client: &Client) -> Result<(), Refusal> {
    let withheld = app
        .tokens
        .revocations()
        .current(&client.tenant, app.clock.now());
    if withheld.await?.is_suspended() {
        return Err(Refusal::OAuth(
            OAuthErrorCode::UnauthorizedClient,
            "Ask the operator of this server why the tenant is suspended.",
        ));
    }
    Ok(())
}

/// What was asked for, as far as the client may have it.
fn granted_scope(client: &Client, asked: Option<&str>) -> Result<String, Refusal> {
    let Some(asked) = asked else {
        return Ok(client.scope.clone());
    };
    let mut granted: Vec<&str> = Vec::new();
    for scope in asked.split(' ') {
        if scope.is_empty() || !has_scope(&client.scope, scope) {
            return Err(Refusal::OAuth(
                OAuthErrorCode::InvalidScope,
                "Ask only for scopes that the client has, or leave `scope` out.",
            ));
        }
        if !granted.contains(&scope) {
            granted.push(scope);
        }
    }
    Ok(granted.join(" "))
}

async fn issue(app: &App, client: &Client, scope: &str) -> Result<String, Failure> {
    let now = app.clock.now();
    let claims = AccessClaims {
        iss: app.tokens.issuer().to_owned(),
        aud: AccessClaims::AUDIENCE.to_owned(),
        sub: client.id.clone(),
        client_id: client.id.clone(),
        tid: client.tenant.clone(),
        jti: claims::new_id(&mut app.entropy.fork()),
        iat: now.as_second(),
        nbf: now.as_second(),
        exp: now.as_second() + i64::from(LIFE),
        scope: scope.to_owned(),
    };
    Ok(app.tokens.sign(&claims, now).await?)
}

fn invalid_request(description: &'static str) -> Refusal {
    Refusal::OAuth(OAuthErrorCode::InvalidRequest, description)
}

/// The same for an unknown client, a wrong secret and none at all.
fn invalid_client() -> Refusal {
    Refusal::OAuth(
        OAuthErrorCode::InvalidClient,
        "Check the client id and secret.",
    )
}

fn no_store() -> [(header::HeaderName, HeaderValue); 2] {
    [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::PRAGMA, HeaderValue::from_static("no-cache")),
    ]
}
