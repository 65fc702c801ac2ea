//! `GET /v1/tenant-keys`, `POST /v1/tenant-keys` and `DELETE /v1/tenant-keys/{key}`:
//! keys that tenants hold themselves, to sign embed tokens without a call to us.

use axum::{
    Extension, Json,
    extract::State,
    http::{StatusCode, Uri},
};
use oriel_contract::{ProblemCode, TenantKey, TenantKeyList, TenantKeyRequest};
use oriel_store::StoreError;

use super::answer::{Answer, Stop};
use crate::{
    app::App,
    audit::Entered,
    problem::Failure,
    request::{parameters::Parameters, path::PathPart, posted::Posted},
    token::{
        access::{ManagementAccess, ReadTenantKeys, WriteTenantKeys},
        crypto::PublicKey,
    },
};

const USUAL_NAME: &str = "backend";

/// Public keys that the tenant has registered.
pub async fn list_tenant_keys(
    access: ManagementAccess<ReadTenantKeys>,
    State(app): State<App>,
    uri: Uri,
) -> Result<Json<TenantKeyList>, Failure> {
    Parameters::of(&uri).finish()?;
    let keys = app.store.tenant_keys_of(&access.claims.tid).await?;
    let items = keys.into_iter().map(wire).collect();
    Ok(Json(TenantKeyList { items }))
}

/// Registers a public key, unless anybody could sign for it.
pub async fn register_tenant_key(
    access: ManagementAccess<WriteTenantKeys>,
    State(app): State<App>,
    uri: Uri,
    mut posted: Posted<TenantKeyRequest>,
) -> Result<Answer, Stop> {
    Parameters::of(&uri).finish()?;
    let request = posted.body.clone();
    let name = request.name.unwrap_or_else(|| USUAL_NAME.to_owned());
    let key =
        PublicKey::of(&request.jwk).map_err(|error| Failure::field("/jwk", &error.to_string()))?;
    let (tenant, mut rng) = (access.tenant(), app.entropy.fork());
    let cx = access.context(&app, &mut rng);
    let mut change = posted.begin(&app, cx, tenant).await?;
    let (alg, jwk) = (key.alg(), key.jwk());
    let registering = change.register_tenant_key(&name, alg, &jwk);
    let registered = registering.await.map_err(|error| match error {
        StoreError::Conflict { .. } => Failure::field(
            "/jwk",
            "is one too many: a tenant has 50 keys at most that are not retired; retire one first",
        ),
        error => error.into(),
    })?;
    let answer = Answer::new(StatusCode::CREATED, &wire(registered))?;
    Ok(posted.commit(&app, tenant, change, answer).await?)
}

/// Lets a registered key verify nothing any longer.
pub async fn retire_tenant_key(
    access: ManagementAccess<WriteTenantKeys>,
    State(app): State<App>,
    path: PathPart,
    uri: Uri,
) -> Result<(StatusCode, Extension<Entered>), Failure> {
    let key = path.id()?;
    Parameters::of(&uri).finish()?;
    let mut rng = app.entropy.fork();
    let mut context = access.context(&app, &mut rng);
    let retiring = app
        .store
        .retire_tenant_key(&mut context, &access.claims.tid, &key);
    retiring.await.map_err(|error| match error {
        StoreError::NotFound { .. } => Failure::new(ProblemCode::NotFound),
        error => error.into(),
    })?;
    Ok((StatusCode::NO_CONTENT, Extension(Entered)))
}

fn wire(key: oriel_store::TenantKey) -> TenantKey {
    TenantKey {
        id: key.id,
        name: key.name,
        alg: key.alg,
        jwk: key.public_jwk,
        created_at: key.created_at,
        retires_at: key.retires_at,
    }
}
