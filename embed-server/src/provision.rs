//! Making tenants, clients, embeds and keys: what the commands and the sandbox
//! have in common.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::SigningKey;
use jiff::{SignedDuration, Timestamp};
use oriel_contract::{EmbedId, KeyId, TenantId};
use oriel_store::{Client, Context, Embed, NewApp, NewEmbed, NewId, NewSigningKey, Store, Tenant};

use crate::{
    config::PublicUrl,
    oauth::{redirect::check_redirect_uri, secret_checks::hash_secret},
    origin,
    token::{
        access::{APP_SCOPES, MANAGEMENT_SCOPES},
        claims::{LEEWAY, LONGEST_LIFE},
        seal::MasterKey,
    },
};

/// Longest name of an app, in characters.
const LONGEST_APP_NAME: usize = 128;

/// Makes a tenant and its first signing key.
pub async fn tenant(
    store: &Store,
    cx: &mut Context<'_>,
    master: &MasterKey,
    name: &str,
) -> anyhow::Result<Tenant> {
    let tenant = store.create_tenant(cx, name).await?;
    rotate_key(store, cx, master, &tenant.id, None).await?;
    Ok(tenant)
}

/// Makes a client with every scope. The secret is given once: only its hash is kept.
pub async fn client(
    store: &Store,
    cx: &mut Context<'_>,
    tenant: &TenantId,
    name: &str,
) -> anyhow::Result<(Client, String)> {
    limited_client(store, cx, tenant, name, &MANAGEMENT_SCOPES.join(" ")).await
}

/// The same with these scopes, separated by spaces.
pub async fn limited_client(
    store: &Store,
    cx: &mut Context<'_>,
    tenant: &TenantId,
    name: &str,
    scope: &str,
) -> anyhow::Result<(Client, String)> {
    let Secret { secret, hash } = new_secret(cx)?;
    let client = store.create_client(cx, tenant, name, &hash, scope).await?;
    Ok((client, secret))
}

/// An app to be.
pub struct AppToBe {
    pub name: String,
    /// Separated by spaces.
    pub scope: String,
    pub redirect_uris: Vec<String>,
    /// Whether it runs where no secret can be kept.
    pub is_public: bool,
}

/// Makes an app of the tenant, unless its users could be sent to who knows where, or it
/// could do what no app may. Gives its secret, if it has one.
pub async fn app(
    store: &Store,
    cx: &mut Context<'_>,
    tenant: &TenantId,
    new: AppToBe,
) -> anyhow::Result<(Client, Option<String>)> {
    let length = new.name.chars().count();
    anyhow::ensure!(
        (1..=LONGEST_APP_NAME).contains(&length) && !new.name.chars().any(char::is_control),
        "an app's name takes 1 to {LONGEST_APP_NAME} printable characters; its users read it"
    );
    for uri in &new.redirect_uris {
        check_redirect_uri(uri).map_err(|error| anyhow::anyhow!("{uri:?} {error}"))?;
    }
    for scope in new.scope.split(' ') {
        anyhow::ensure!(APP_SCOPES.contains(&scope), "no app may have {scope:?}");
    }
    let secret = if new.is_public {
        None
    } else {
        Some(new_secret(cx)?)
    };
    let (secret, secret_hash) = secret.map(|made| (made.secret, made.hash)).unzip();
    let new = NewApp {
        name: new.name,
        scope: new.scope,
        redirect_uris: new.redirect_uris,
        secret_hash,
    };
    Ok((store.create_app(cx, tenant, &new).await?, secret))
}

/// A secret that was just made, and what is kept of it.
pub struct Secret {
    pub secret: String,
    pub hash: String,
}

/// Makes a client secret of 256 random bits.
pub fn new_secret(cx: &mut Context<'_>) -> anyhow::Result<Secret> {
    let mut bytes = [0; 32];
    cx.rng.fill_bytes(&mut bytes);
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    let hash = hash_secret(cx.rng, &secret)
        .map_err(|error| anyhow::anyhow!("cannot hash the secret: {error}"))?;
    Ok(Secret { secret, hash })
}

/// Makes an embed, unless one of its origins covers our own.
pub async fn embed(
    store: &Store,
    cx: &mut Context<'_>,
    public_url: &PublicUrl,
    tenant: &TenantId,
    new: NewEmbed,
) -> anyhow::Result<Embed> {
    origin::require_apart(&new.allowed_origins, public_url.origin())?;
    Ok(store.create_embed(cx, tenant, new).await?)
}

/// Gives an embed other origins, unless one of them covers our own.
pub async fn change_origins(
    store: &Store,
    cx: &mut Context<'_>,
    public_url: &PublicUrl,
    embed: &EmbedId,
    origins: Vec<String>,
) -> anyhow::Result<Embed> {
    origin::require_apart(&origins, public_url.origin())?;
    Ok(store.change_embed_origins(cx, embed, origins).await?)
}

/// Makes a new signing key for a tenant. The old ones go on verifying for
/// `overlap` seconds; without it, until the last token they signed has expired.
pub async fn rotate_key(
    store: &Store,
    cx: &mut Context<'_>,
    master: &MasterKey,
    tenant: &TenantId,
    overlap: Option<u32>,
) -> anyhow::Result<KeyId> {
    let id = KeyId::new(cx);
    let mut seed = [0; 32];
    cx.rng.fill_bytes(&mut seed);
    let public = SigningKey::from_bytes(&seed).verifying_key();
    let key = NewSigningKey {
        id: id.clone(),
        tenant: tenant.clone(),
        alg: "EdDSA".to_owned(),
        public_jwk_x: URL_SAFE_NO_PAD.encode(public.as_bytes()),
        private_sealed: master.seal(cx.rng, id.as_str(), &seed)?,
    };
    let retire_at = retirement(cx.now, overlap)?;
    store.insert_signing_key(cx, key, Some(retire_at)).await?;
    Ok(id)
}

fn retirement(now: Timestamp, overlap: Option<u32>) -> anyhow::Result<Timestamp> {
    let seconds = overlap.map_or(LONGEST_LIFE + LEEWAY, i64::from);
    Ok(now.checked_add(SignedDuration::from_secs(seconds))?)
}
