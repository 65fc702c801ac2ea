//! The sandbox's tenant, client and embed: made once, then found again.

use std::{collections::BTreeSet, path::Path};

use jiff::ToSpan;
use oriel_contract::{RangePreset, TenantId};
use oriel_store::{AsOf, Context, Embed, EmbedView, NewEmbed, Store, TaskQuery, TenantScope};

use super::{Access, generate, words::PROJECTS};
use crate::{
    clock::utc_day,
    config::Config,
    origin::{self, Schemes},
    provision,
};

/// The title of the sandbox's dashboard.
const TITLE: &str = "Projects";
/// Where a portal is expected when nothing else is said.
const PORTAL_ORIGIN: &str = "http://localhost:8081";
/// Makes the same demo data for the same day.
const SEED: u64 = 4;
/// Demo data is still fresh over a long weekend.
const STALE_AFTER_DAYS: i64 = 4;

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
    let mut origins = portal_origins
        .iter()
        .map(|text| origin::parse(text, Schemes::Web))
        .collect::<Result<Vec<_>, _>>()?;
    let known = match Access::read(folder)? {
        Some(access) => embed_of(store, &access).await?.map(|embed| (access, embed)),
        None => None,
    };
    let access = if let Some((mut access, embed)) = known {
        if !origins.is_empty() && origins != embed.allowed_origins {
            access.embed = make_embed(config, store, cx, &access.tenant, origins)
                .await?
                .id;
        }
        access.embed_url = config.public_url.origin().to_owned();
        refresh(store, cx, &access.tenant).await?;
        access
    } else {
        if origins.is_empty() {
            origins.push(PORTAL_ORIGIN.to_owned());
        }
        make(config, store, cx, contents, origins).await?
    };
    access.write(folder)?;
    Ok(access)
}

/// The first start.
async fn make(
    config: &Config,
    store: &Store,
    cx: &mut Context<'_>,
    contents: Contents,
    origins: Vec<String>,
) -> anyhow::Result<Access> {
    let master = config.require_master_key()?;
    let tenant = provision::tenant(store, cx, master, "Sandbox").await?;
    if contents.tasks > 0 {
        fill(store, cx, &tenant.id, contents.tasks).await?;
    }
    let (client, client_secret) = provision::client(store, cx, &tenant.id, "portal").await?;
    let embed = make_embed(config, store, cx, &tenant.id, origins).await?;
    Ok(Access {
        embed_url: config.public_url.origin().to_owned(),
        tenant: tenant.id,
        client_id: client.id,
        client_secret,
        embed: embed.id,
    })
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
        default_view: EmbedView::default(),
        as_of: AsOf::Today,
        require_dpop: false,
    };
    provision::embed(store, cx, &config.public_url, tenant, new).await
}

async fn fill(
    store: &Store,
    cx: &mut Context<'_>,
    tenant: &TenantId,
    tasks: usize,
) -> anyhow::Result<()> {
    let batch = generate(cx.now, tasks, SEED);
    let scope = TenantScope::whole(tenant.clone());
    store.within(scope).import(cx, batch, &mut |_| ()).await?;
    Ok(())
}

/// Moves demo data of some days ago up to now: a team that stopped working
/// makes a poor demo. Anything but untouched demo data is left alone.
async fn refresh(store: &Store, cx: &mut Context<'_>, tenant: &TenantId) -> anyhow::Result<()> {
    let today = utc_day(cx.now);
    let data = store.within(TenantScope::whole(tenant.clone()));
    let latest = data.latest_activity().await?;
    if latest.is_none_or(|day| day.saturating_add(STALE_AFTER_DAYS.days()) >= today) {
        return Ok(());
    }
    let projects = data.projects(today, 50, None).await?;
    let names: BTreeSet<_> = projects
        .items
        .iter()
        .map(|project| project.name.as_str())
        .collect();
    if names != PROJECTS.iter().map(|plan| plan.name).collect() {
        return Ok(());
    }
    let query = TaskQuery {
        limit: 1,
        ..TaskQuery::default()
    };
    let total = data.tasks(today, &query).await?.total;
    fill(store, cx, tenant, usize::try_from(total)?).await
}
