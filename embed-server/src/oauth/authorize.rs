//! `GET /oauth/authorize`
//!
//! Oriel knows no passwords: the tenant authenticates its own users. So a request is
//! checked, kept, and the browser sent to the tenant, whose backend answers at
//! `/v1/authorizations`.

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use jiff::SignedDuration;
use oriel_contract::{AuthorizationId, FieldError};
use oriel_store::{Client, ClientKind, NewAuthorization, StoreError};

use super::{
    credentials,
    form::Form,
    issue::{WRONG_TARGET, context, is_ours, narrowed},
    redirect::{covers, with_parameters},
};
use crate::{app::App, problem::Failure};

/// How long the tenant and its user have to answer.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);

/// Longest `state`, in bytes.
const LONGEST_STATE: usize = 1024;

/// Why an app is not let ask (RFC 6749 §4.1.2.1), with what to do about it.
enum Refused {
    /// Told to the app, by way of the browser.
    Told(&'static str, &'static str),
    Failure(Failure),
}

impl<E: Into<Failure>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Failure(error.into())
    }
}

/// Takes an app's request to act for a user, and sends the browser to the tenant.
pub async fn authorize(State(app): State<App>, uri: Uri) -> Result<Response, Failure> {
    let form = Form::parse(uri.query().unwrap_or_default().as_bytes());
    // Nobody is sent to where the app was not registered for: until both are known to be
    // right, the browser stays here.
    let client = known_app(&app, &form).await?;
    let redirect_uri = known_redirect_uri(&app, &client, &form).await?;
    let state = state(&form);
    match ask(&app, &client, redirect_uri, state, &form).await {
        Ok(address) => see_other(&address),
        Err(Refused::Failure(failure)) => Err(failure),
        Err(Refused::Told(error, description)) => {
            let mut answer = vec![("error", error), ("error_description", description)];
            answer.extend(state.map(|state| ("state", state)));
            answer.push(("iss", app.tokens.issuer()));
            see_other(&with_parameters(redirect_uri, &answer)?)
        }
    }
}

async fn known_app(app: &App, form: &Form) -> Result<Client, Failure> {
    let found = match once(form, "client_id") {
        Some(id) => credentials::find(app, id).await?,
        None => None,
    };
    found
        .filter(|client| client.kind != ClientKind::Backend)
        .ok_or_else(|| refuse("client_id", "is no app that is known here"))
}

async fn known_redirect_uri<'a>(
    app: &App,
    client: &Client,
    form: &'a Form,
) -> Result<&'a str, Failure> {
    let registered = app.store.redirect_uris(client).await?;
    once(form, "redirect_uri")
        .filter(|asked| registered.iter().any(|one| covers(one, asked)))
        .ok_or_else(|| {
            refuse(
                "redirect_uri",
                "must be one that the app is registered with",
            )
        })
}

fn once<'a>(form: &'a Form, name: &str) -> Option<&'a str> {
    let is_repeated = form.repeated().iter().any(|one| one == name);
    form.get(name).filter(|_| !is_repeated)
}

fn refuse(at: &str, detail: &str) -> Failure {
    Failure::parameters(vec![FieldError {
        at: at.to_owned(),
        detail: detail.to_owned(),
    }])
}

/// Printable ASCII (RFC 6749 A.5); whatever else came is not sent back.
fn state(form: &Form) -> Option<&str> {
    once(form, "state").filter(|state| {
        state.len() <= LONGEST_STATE && state.bytes().all(|byte| (b' '..=b'~').contains(&byte))
    })
}

/// Keeps the request, and gives the tenant's address for it.
async fn ask(
    app: &App,
    client: &Client,
    redirect_uri: &str,
    state: Option<&str>,
    form: &Form,
) -> Result<String, Refused> {
    let (scope, code_challenge) = check(app, client, state, form)?;
    let withheld = app
        .tokens
        .revocations()
        .current(&client.tenant, app.clock.now())
        .await?;
    if withheld.is_suspended() {
        return Err(Refused::Told(
            "unauthorized_client",
            "The tenant is suspended.",
        ));
    }
    let login_url = withheld
        .tenant()
        .and_then(|tenant| tenant.login_url.clone());
    let login_url = login_url.ok_or(Refused::Told(
        "server_error",
        "The tenant has not said where its users log in.",
    ))?;
    let new = NewAuthorization {
        redirect_uri: redirect_uri.to_owned(),
        scope,
        state: state.map(ToOwned::to_owned),
        code_challenge,
        expires_at: app.clock.now() + PATIENCE,
    };
    let id = keep(app, client, &new).await?;
    Ok(with_parameters(
        &login_url,
        &[("authorization", id.as_str())],
    )?)
}

async fn keep(
    app: &App,
    client: &Client,
    new: &NewAuthorization,
) -> Result<AuthorizationId, Refused> {
    let mut rng = app.entropy.fork();
    let mut cx = context(app, &mut rng, client);
    let keeping = app.store.create_authorization(&mut cx, client, new);
    keeping.await.map_err(|error| match error {
        StoreError::Conflict { .. } => Refused::Told(
            "temporarily_unavailable",
            "Too many requests of this app wait for an answer.",
        ),
        error => error.into(),
    })
}

/// The scope and the challenge of a request that is right.
fn check(
    app: &App,
    client: &Client,
    state: Option<&str>,
    form: &Form,
) -> Result<(String, String), Refused> {
    let invalid = |description| Refused::Told("invalid_request", description);
    if !form.repeated().is_empty() {
        return Err(invalid("Send each parameter once."));
    }
    if form.get("state").is_some() && state.is_none() {
        return Err(invalid(
            "Send a state of 1024 printable ASCII characters at most.",
        ));
    }
    match form.get("response_type") {
        Some("code") => {}
        Some(_) => {
            return Err(Refused::Told(
                "unsupported_response_type",
                "Use response_type=code.",
            ));
        }
        None => return Err(invalid("Send response_type=code.")),
    }
    if form
        .get("response_mode")
        .is_some_and(|mode| mode != "query")
    {
        return Err(invalid("Use response_mode=query, or leave it out."));
    }
    let challenge = form.get("code_challenge").filter(|text| is_s256(text));
    let challenge =
        challenge.ok_or_else(|| invalid("Send a code_challenge by S256 (RFC 7636)."))?;
    // Without it a challenge would be a plain one (RFC 7636 §4.3).
    if form.get("code_challenge_method") != Some("S256") {
        return Err(invalid("Send code_challenge_method=S256."));
    }
    if !form.resources().iter().all(|one| is_ours(app, one)) {
        return Err(Refused::Told("invalid_target", WRONG_TARGET));
    }
    let scope = narrowed(&client.scope, form.get("scope")).ok_or(Refused::Told(
        "invalid_scope",
        "Ask only for scopes that the app has, or leave scope out.",
    ))?;
    Ok((scope, challenge.to_owned()))
}

/// Whether it is base64url of 32 bytes, without padding.
fn is_s256(text: &str) -> bool {
    text.len() == 43
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn see_other(address: &str) -> Result<Response, Failure> {
    let location = HeaderValue::try_from(address).map_err(Failure::internal)?;
    let headers = [
        (header::LOCATION, location),
        // An app may do all this in a window beside its page, and wait for word from there:
        // any other policy would cut the two apart.
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("unsafe-none"),
        ),
    ];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}
