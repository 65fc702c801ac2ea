//! `/v1/authorizations/{authorization}`: what apps ask the tenant's users for, and what
//! the tenant, which has authenticated the user, answers.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, Uri},
};
use jiff::SignedDuration;
use oriel_contract::{
    AppRef, ApprovalRequest, Authorization, AuthorizationDecided, AuthorizationId, ProblemCode,
};
use oriel_store::{Approval, Decided, StoreError};

use super::answer::{Answer, Stop};
use crate::{
    app::App,
    oauth::{issue::narrowed, opaque, redirect::with_parameters},
    problem::Failure,
    request::{parameters::Parameters, path::PathPart, posted::Posted},
    token::access::{ManagementAccess, WriteAuthorizations},
};

/// How long a code is good.
const CODE_LIFE: SignedDuration = SignedDuration::from_secs(60);

/// What an app asks for, while it waits for an answer.
pub async fn read_authorization(
    access: ManagementAccess<WriteAuthorizations>,
    State(app): State<App>,
    path: PathPart,
    uri: Uri,
) -> Result<Json<Authorization>, Failure> {
    let id = path.id()?;
    Parameters::of(&uri).finish()?;
    waiting(&app, &access, &id).await.map(wire).map(Json)
}

/// Lets the app act for a user of the tenant.
pub async fn approve_authorization(
    access: ManagementAccess<WriteAuthorizations>,
    State(app): State<App>,
    path: PathPart,
    uri: Uri,
    mut posted: Posted<ApprovalRequest>,
) -> Result<Answer, Stop> {
    let id = path.id()?;
    Parameters::of(&uri).finish()?;
    let (tenant, mut rng) = (access.tenant(), app.entropy.fork());
    let code = opaque::new(&mut rng, opaque::CODE);
    let cx = access.context(&app, &mut rng);
    let code_expires_at = cx.now + CODE_LIFE;
    // First whether it was answered already by this very request.
    let mut change = posted.begin(&app, cx, tenant).await?;
    let asked = change.find_authorization(&id).await?;
    let asked = asked.ok_or_else(not_waiting)?;
    let scope = narrowed(&asked.scope, posted.body.scope.as_deref())
        .ok_or_else(|| Failure::field("/scope", "must be a part of what the app asks for"))?;
    let approval = Approval {
        user: &posted.body.user,
        scope: &scope,
        code_hash: &opaque::hash(&code),
        code_expires_at,
    };
    let decided = change.approve_authorization(&id, approval).await;
    let decided = decided.map_err(|error| match error {
        StoreError::NotFound { what: "user" } => {
            Failure::field("/user", "must be a user of the tenant")
        }
        error => undecided(error),
    })?;
    let answer = answer(&app, &decided, ("code", &code))?;
    Ok(posted.commit(&app, tenant, change, answer).await?)
}

/// Lets it do nothing.
pub async fn deny_authorization(
    access: ManagementAccess<WriteAuthorizations>,
    State(app): State<App>,
    path: PathPart,
    uri: Uri,
    mut posted: Posted<()>,
) -> Result<Answer, Stop> {
    let id = path.id()?;
    Parameters::of(&uri).finish()?;
    let (tenant, mut rng) = (access.tenant(), app.entropy.fork());
    let cx = access.context(&app, &mut rng);
    let mut change = posted.begin(&app, cx, tenant).await?;
    let decided = change.deny_authorization(&id).await.map_err(undecided)?;
    let answer = answer(&app, &decided, ("error", "access_denied"))?;
    Ok(posted.commit(&app, tenant, change, answer).await?)
}

async fn waiting(
    app: &App,
    access: &ManagementAccess<WriteAuthorizations>,
    id: &AuthorizationId,
) -> Result<oriel_store::Authorization, Failure> {
    let now = app.clock.now();
    let found = app.store.find_authorization(&access.claims.tid, id, now);
    found.await?.ok_or_else(not_waiting)
}

fn undecided(error: StoreError) -> Failure {
    match error {
        StoreError::NotFound { .. } => not_waiting(),
        error => error.into(),
    }
}

/// The same for what is another tenant's, was answered, or waited for too long.
fn not_waiting() -> Failure {
    Failure::new(ProblemCode::NotFound)
        .detail("Let the app ask again; it was answered, has waited for too long, or is not yours.")
}

/// Where the browser goes, with `iss` so that the app knows whose answer it is (RFC 9207).
fn answer(app: &App, decided: &Decided, outcome: (&str, &str)) -> Result<Answer, Failure> {
    let mut parameters = vec![outcome];
    parameters.extend(decided.state.as_deref().map(|state| ("state", state)));
    parameters.push(("iss", app.tokens.issuer()));
    let redirect_to = with_parameters(&decided.redirect_uri, &parameters)?;
    Answer::new(StatusCode::OK, &AuthorizationDecided { redirect_to })
}

fn wire(found: oriel_store::Authorization) -> Authorization {
    Authorization {
        id: found.id,
        app: AppRef {
            id: found.client,
            name: found.client_name,
        },
        scope: found.scope,
        redirect_uri: found.redirect_uri,
        created_at: found.created_at,
        expires_at: found.expires_at,
    }
}
