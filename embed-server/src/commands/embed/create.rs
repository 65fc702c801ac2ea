//! `oriel embed create`

use std::str::FromStr;

use clap::Args;
use jiff::civil::Date;
use oriel_contract::{RangePreset, TenantId};
use oriel_store::{AsOf, EmbedView, NewEmbed, Store, StoreError, TenantScope};

use super::{Operator, origins};
use crate::provision;

#[derive(Debug, Args)]
pub struct CreateArgs {
    /// Whose embed it is.
    #[arg(long)]
    tenant: TenantId,
    /// The dashboard's title.
    #[arg(long)]
    title: String,
    /// The origin of a page that may show it, such as `https://portal.example.com`, or
    /// `https://*.example.com` for all subdomains. May come more than once; without any,
    /// no page may.
    #[arg(long = "origin", value_name = "ORIGIN")]
    origins: Vec<String>,
    /// Take origins of Electron and Capacitor, such as `capacitor://localhost`.
    #[arg(long)]
    allow_custom_scheme: bool,
    /// The range that it starts with: 4w, 12w, 26w, 52w or all.
    #[arg(long, default_value = "12w", value_parser = range)]
    range: RangePreset,
    /// What it shows first: overview, tasks, board, or project/prj_… for one of
    /// the tenant's projects. The page may ask for another view.
    #[arg(long, default_value = "overview")]
    view: EmbedView,
    /// Pin "today" to a day (YYYY-MM-DD), or to the `latest` day with activity.
    /// Left out, today is today.
    #[arg(long, value_name = "DAY")]
    as_of: Option<Pin>,
    /// Take only tokens that are bound to a key of their frame (DPoP, RFC 9449), which
    /// are worth nothing anywhere else. The tenant's backend has to pass `dpop_jkt` on.
    #[arg(long)]
    require_dpop: bool,
}

#[derive(Debug, Clone, Copy)]
enum Pin {
    Day(Date),
    Latest,
}

impl FromStr for Pin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "latest" {
            return Ok(Self::Latest);
        }
        text.parse()
            .map(Self::Day)
            .map_err(|_| "give a day as YYYY-MM-DD, or `latest`".to_owned())
    }
}

fn range(text: &str) -> Result<RangePreset, String> {
    RangePreset::ALL
        .into_iter()
        .find(|range| range.as_str() == text)
        .ok_or_else(|| "give 4w, 12w, 26w, 52w or all".to_owned())
}

pub async fn run(mut operator: Operator, args: CreateArgs) -> anyhow::Result<()> {
    let allowed = origins::read(&args.origins, args.allow_custom_scheme)?;
    let (store, public_url) = (operator.store.clone(), operator.config.public_url.clone());
    let new = NewEmbed {
        title: args.title,
        allowed_origins: allowed.clone(),
        default_range: args.range,
        default_view: args.view,
        as_of: as_of(&store, &args.tenant, args.as_of).await?,
        require_dpop: args.require_dpop,
    };
    let cx = &mut operator.context();
    let (tenant, view) = (&args.tenant, new.default_view.clone());
    let made = provision::embed(&store, cx, &public_url, tenant, new).await;
    let embed = made.map_err(|error| match error.downcast_ref() {
        Some(StoreError::NotFound { what: "project" }) => {
            anyhow::anyhow!("--view {view}: the tenant has no such project")
        }
        _ => error,
    })?;
    println!("{}", embed.id);
    origins::explain(&args.origins, &allowed);
    Ok(())
}

async fn as_of(store: &Store, tenant: &TenantId, pin: Option<Pin>) -> anyhow::Result<AsOf> {
    match pin {
        None => Ok(AsOf::Today),
        Some(Pin::Day(day)) => Ok(AsOf::Pinned(day)),
        Some(Pin::Latest) => {
            let scope = TenantScope::whole(tenant.clone());
            let latest = store.within(scope).latest_activity().await?;
            let day = latest
                .ok_or_else(|| anyhow::anyhow!("--as-of latest: the tenant has no tasks yet"))?;
            Ok(AsOf::Pinned(day))
        }
    }
}
