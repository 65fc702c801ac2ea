//! `POST /v1/embed-tokens`

use axum::{
    extract::State,
    http::{StatusCode, Uri},
};
use jiff::Timestamp;
use oriel_contract::{MintRequest, MintedToken, SessionId, TenantId};
use oriel_store::{Change, Context, NewId, OPERATOR};
use serde_json::json;

use super::{
    answer::{Answer, Stop},
    own_embed,
};
use crate::{
    app::App,
    problem::Failure,
    request::{parameters::Parameters, posted::Posted},
    token::{
        access::{EMBED_SCOPES, ManagementAccess, MintEmbedTokens},
        claims::{self, Confirmation, EmbedClaims, Kind},
        limits,
        verify::LONGEST_TOKEN,
    },
};

/// The usual life of an embed token, in seconds.
const USUAL_LIFE: u32 = 300;

/// Mints an embed token for one viewer of one embed.
pub async fn mint_embed_token(
    access: ManagementAccess<MintEmbedTokens>,
    State(app): State<App>,
    uri: Uri,
    mut posted: Posted<MintRequest>,
) -> Result<Answer, Stop> {
    Parameters::of(&uri).finish()?;
    let (tenant, mut rng) = (access.tenant(), app.entropy.fork());
    let cx = access.context(&app, &mut rng);
    let now = cx.now;
    let request = posted.body.clone();
    let faults = limits::faults(request.projects.as_deref(), &request.locked);
    if !faults.is_empty() {
        return Err(Failure::fields(faults).into());
    }
    let life = request.expires_in.unwrap_or(USUAL_LIFE);
    posted.replay(&app, tenant).await?;
    check_named(&app, tenant, &request, now).await?;
    let claims = claims_of(&app, tenant, request, life, now);
    let token = app.tokens.sign(&claims, now).await?;
    if token.len() > LONGEST_TOKEN {
        let detail = "makes a token that is too long for a header; name fewer projects";
        return Err(Failure::field("", detail).into());
    }
    let mut change = posted.begin_aside(&app, cx, tenant).await?;
    enter(&mut change, &claims);
    let minted = MintedToken {
        token,
        token_type: if claims.cnf.is_some() {
            "DPoP"
        } else {
            "Bearer"
        }
        .to_owned(),
        expires_in: life,
        expires_at: Timestamp::from_second(claims.exp).map_err(Failure::internal)?,
        session: claims.sid,
    };
    let answer = Answer::new(StatusCode::CREATED, &minted)?;
    Ok(posted.commit(&app, tenant, change, answer).await?)
}

/// What the request names must be the tenant's own, and not revoked.
async fn check_named(
    app: &App,
    tenant: &TenantId,
    request: &MintRequest,
    now: Timestamp,
) -> Result<(), Failure> {
    let embed = own_embed(app, tenant, &request.embed).await?;
    if embed.require_dpop && request.dpop_jkt.is_none() {
        return Err(Failure::field(
            "/dpop_jkt",
            "is needed for this embed; pass on what the loader sends to the token endpoint",
        ));
    }
    let projects = request.projects.as_deref();
    let unknown = limits::unknown_projects(&app.store, tenant, projects).await?;
    if !unknown.is_empty() {
        return Err(Failure::fields(unknown));
    }
    let revoked = app.tokens.revocations().current(tenant, now).await?;
    if let Some(session) = &request.session
        && revoked.has_ended(session)
    {
        return Err(Failure::field(
            "/session",
            "was revoked; leave it out to begin a new one, if the viewer may still see the dashboard",
        ));
    }
    Ok(())
}

/// Enters the token in the audit log before it goes out: none is given that the log does
/// not know of.
fn enter(change: &mut Change<'_>, claims: &EmbedClaims) {
    let detail = json!({
        "viewer": claims.sub,
        "embed": claims.emb,
        "token_scope": claims.scope,
        "expires_at": claims.exp,
        "bound": claims.cnf.is_some(),
    });
    change.enter("embed_token.minted", claims.sid.as_str(), detail);
}

fn claims_of(
    app: &App,
    tenant: &TenantId,
    request: MintRequest,
    life: u32,
    now: Timestamp,
) -> EmbedClaims {
    let mut rng = app.entropy.fork();
    let jti = claims::new_id(&mut rng);
    let sid = request.session.unwrap_or_else(|| {
        SessionId::new(&mut Context {
            now,
            rng: &mut rng,
            actor: OPERATOR,
        })
    });
    EmbedClaims {
        iss: app.tokens.issuer().to_owned(),
        aud: EmbedClaims::AUDIENCE.to_owned(),
        sub: request.viewer,
        tid: tenant.clone(),
        emb: request.embed,
        sid,
        jti,
        iat: now.as_second(),
        nbf: now.as_second(),
        exp: now.as_second() + i64::from(life),
        scope: request.scope.unwrap_or_else(|| EMBED_SCOPES.join(" ")),
        prj: request.projects,
        lock: (!request.locked.is_empty()).then_some(request.locked),
        cnf: request.dpop_jkt.map(|jkt| Confirmation { jkt }),
    }
}
