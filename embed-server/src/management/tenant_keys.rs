//! `GET /v1/tenant-keys`, `POST /v1/tenant-keys` and `DELETE /v1/tenant-keys/{key}`:
//! keys that tenants hold themselves, to sign embed tokens without a call to us.

use axum::{
    Extension, Json,
    extract::State,
    http::{StatusCode, Uri},
};
use oriel_contract::{ProblemCode, TenantKey, TenantKeyList, TenantKeyRequest};
use oriel_store::StoreError;

use crate::{
    app::App,
    audit::Entered,
    problem::Failure,
    request::{body::StrictJson, parameters::Parameters, path::PathPart},
    token::{
        access::{ManagementAccess, ReadTenantKeys, WriteTenantKeys},
        crypto::PublicKey,
    },
};

const USUAL_NAME: &str = "backend";
/// Longest name, in characters.
const LONGEST_NAME: usize = 128;

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
    StrictJson(request): StrictJson<TenantKeyRequest>,
) -> Result<(StatusCode, Extension<Entered>, Json<TenantKey>), Failure> {
    Parameters::of(&uri).finish()?;
    let name = request.name.unwrap_or_else(|| USUAL_NAME.to_owned());
    if !(1..=LONGEST_NAME).contains(&name.chars().count()) {
        return Err(Failure::field("/name", "takes 1 to 128 characters"));
    }
    let key =
        PublicKey::of(&request.jwk).map_err(|error| Failure::field("/jwk", &error.to_string()))?;
    let mut rng = app.entropy.fork();
    let mut context = access.context(&app, &mut rng);
    let (tenant, alg, jwk) = (&access.claims.tid, key.alg(), key.jwk());
    let registering = app
        .store
        .register_tenant_key(&mut context, tenant, &name, alg, &jwk);
    let registered = registering.await.map_err(|error| match error {
        StoreError::Conflict { .. } => Failure::field(
            "/jwk",
            "is one key too many: retire one that is not in use any longer",
        ),
        error => error.into(),
    })?;
    let registered = Json(wire(registered));
    Ok((StatusCode::CREATED, Extension(Entered), registered))
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
