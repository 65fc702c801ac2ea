//! The sandbox's tenant, client and embed: made once, then found again.

use std::path::Path;

use oriel_contract::{RangePreset, TenantId};
use oriel_store::{AsOf, Context, Embed, NewEmbed, Store, TenantScope};

use super::{Access, generate};
use crate::{config::Config, origin, provision};

/// The title of the sandbox's dashboard.
const TITLE: &str = "Projects";
/// Where a portal is expected when nothing else is said.
const PORTAL_ORIGIN: &str = "http://localhost:8081";
/// Makes the same demo data for the same day.
const SEED: u64 = 4;

/// What a new sandbox starts with.
#[derive(Debug, Clone, Copy)]
pub struct Contents {
    /// Tasks to generate; none for an empty tenant.
    pub tasks: usize,
}

/// Makes what is missing and writes `sandbox.json`. Portal origins, if any are
/// given, replace those of earlier starts: by a new embed, since the old one
/// may be in somebody's page.
pub async fn prepare(
    folder: &Path,
    config: &Config,
    store: &Store,
    cx: &mut Context<'_>,
    contents: Contents,
    portal_origins: &[String],
) -> anyhow::Result<Access> {
    let mut wanted = portal_origins.iter().map(|text| origin::parse(text)).collect::<Result<Vec<_>, _>>()?;
    let known = match Access::read(folder)? {
        Some(access) => embed_of(store, &access).await?.map(|embed| (access, embed)),
        None => None,
    };
    let embed_url = config.public_url.origin().to_owned();
    let access = if let Some((access, embed)) = known {
        if wanted.is_empty() || wanted == embed.allowed_origins {
            Access { embed_url, ..access }
        } else {
            let embed = make_embed(config, store, cx, &access.tenant, wanted).await?;
            Access { embed_url, embed: embed.id, ..access }
        }
    } else {
        if wanted.is_empty() {
            wanted.push(PORTAL_ORIGIN.to_owned());
        }
        let master = config.require_master_key()?;
        let tenant = provision::tenant(store, cx, master, "Sandbox").await?;
        fill(store, cx, &tenant.id, contents).await?;
        let (client, client_secret) = provision::client(store, cx, &tenant.id, "portal").await?;
        let embed = make_embed(config, store, cx, &tenant.id, wanted).await?;
        Access {
            embed_url,
            tenant: tenant.id,
            client_id: client.id,
            client_secret,
            embed: embed.id,
        }
    };
    access.write(folder)?;
    Ok(access)
}

/// The embed of an earlier start, unless its database is another one by now.
async fn embed_of(store: &Store, access: &Access) -> anyhow::Result<Option<Embed>> {
    if store.find_client(&access.client_id).await?.is_none() {
        return Ok(None);
    }
    Ok(store.find_embed(&access.embed).await?)
}

async fn make_embed(
    config: &Config,
    store: &Store,
    cx: &mut Context<'_>,
    tenant: &TenantId,
    allowed_origins: Vec<String>,
) -> anyhow::Result<Embed> {
    let new = NewEmbed {
        title: TITLE.to_owned(),
        allowed_origins,
        default_range: RangePreset::default(),
        as_of: AsOf::Today,
    };
    provision::embed(store, cx, &config.public_url, tenant, new).await
}

async fn fill(store: &Store, cx: &mut Context<'_>, tenant: &TenantId, contents: Contents) -> anyhow::Result<()> {
    if contents.tasks == 0 {
        return Ok(());
    }
    let batch = generate(cx.now, contents.tasks, SEED);
    let scope = TenantScope::whole(tenant.clone());
    store.within(scope).import(cx, batch, &mut |_| ()).await?;
    Ok(())
}
