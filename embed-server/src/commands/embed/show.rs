//! `oriel embed show`

use std::collections::BTreeMap;

use clap::Args;
use jiff::ToSpan;
use oriel_contract::EmbedId;
use oriel_store::AsOf;

use super::Operator;
use crate::{
    clock::{Clock, SystemClock, utc_day},
    frame::bundle::Bundle,
};

/// How far back reports are added up, in days.
const REPORT_DAYS: i64 = 30;

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The embed.
    #[arg(long)]
    embed: EmbedId,
}

pub async fn run(operator: Operator, args: ShowArgs) -> anyhow::Result<()> {
    let store = &operator.store;
    let Some(embed) = store.find_embed(&args.embed).await? else {
        anyhow::bail!("there is no embed {}", args.embed);
    };
    let line = |name: &str, value: &str| println!("{name:<9}{value}");
    line("embed", embed.id.as_str());
    line("tenant", embed.tenant.as_str());
    line("title", &embed.title.escape_debug().to_string());
    line("view", &embed.default_view.to_string());
    line("range", embed.default_range.as_str());
    match embed.as_of {
        AsOf::Today => line("as of", "today"),
        AsOf::Pinned(day) => line("as of", &day.to_string()),
    }
    for origin in &embed.allowed_origins {
        line("origin", origin);
    }
    let at = operator.config.public_url.origin();
    line(
        "script",
        &format!(r#"<script async src="{at}/v1/loader.js"></script>"#),
    );
    if let Some(manifest) = Bundle::load().manifest() {
        let loader = &manifest.loader;
        let (path, integrity) = (loader.path(), &loader.integrity);
        line(
            "pinned",
            &format!(
                r#"<script async src="{at}/{path}" integrity="{integrity}" crossorigin="anonymous"></script>"#
            ),
        );
    }
    let since = utc_day(SystemClock.now()).checked_sub(REPORT_DAYS.days())?;
    let mut all = BTreeMap::new();
    for found in store.csp_reports(&embed.id).await? {
        if found.day >= since {
            *all.entry(found.directive).or_default() += found.reports;
        }
    }
    for (directive, reports) in all {
        let reports: u64 = reports;
        line(
            "reports",
            &format!("{directive} {reports} in {REPORT_DAYS} days"),
        );
    }
    Ok(())
}
