//! `POST /v1/csp-reports/{embed}`: browsers tell that a frame's policy was broken.
//!
//! Anybody can send anything here. What is kept is a count for each embed, day and
//! directive; no word of a report is stored.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
};
use oriel_contract::{EmbedId, ProblemCode};
use quick_cache::sync::Cache;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    app::App,
    clock::utc_day,
    problem::Failure,
    recent::kept,
    request::{body, parameters::Parameters, path::PathPart},
};

/// Reports of one embed that are counted in a minute.
const MOST: u32 = 60;

/// A report names a directive, some addresses and a sample of 40 characters.
const LONGEST: usize = 16 * 1024;

/// Embeds of which the minute's count is remembered.
const EMBEDS: usize = 10_000;

/// Directives that are told apart (CSP Level 3 §6).
const DIRECTIVES: [&str; 12] = [
    "base-uri",
    "connect-src",
    "default-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "img-src",
    "require-trusted-types-for",
    "script-src",
    "style-src",
    "trusted-types",
    "worker-src",
];

/// How many reports of each embed came in its minute.
pub struct Reports(Cache<EmbedId, Arc<Mutex<(i64, u32)>>>);

impl Default for Reports {
    fn default() -> Self {
        Self(Cache::new(EMBEDS))
    }
}

impl Reports {
    /// Whether one more is counted in the minute that `second` is in.
    fn admit(&self, embed: &EmbedId, second: i64) -> bool {
        let minute = second.div_euclid(60);
        let count = kept(&self.0, embed);
        let mut count = count.lock().unwrap_or_else(PoisonError::into_inner);
        if count.0 != minute {
            *count = (minute, 0);
        }
        count.1 += 1;
        count.1 <= MOST
    }
}

/// `application/csp-report` (CSP Level 2 §4.4).
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Old {
    csp_report: OldBody,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct OldBody {
    #[serde(default)]
    effective_directive: String,
    #[serde(default)]
    violated_directive: String,
}

/// Counts a report: one for each request, so that a flood is the same in either form.
pub async fn report_csp_violation(
    State(app): State<App>,
    path: PathPart,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Failure> {
    let id: EmbedId = path.id()?;
    Parameters::of(&uri).finish()?;
    let is_old = body::is_of_type(&headers, "application/csp-report");
    if !is_old && !body::is_of_type(&headers, "application/reports+json") {
        let detail = "Send `application/csp-report` or `application/reports+json`.";
        return Err(Failure::new(ProblemCode::UnsupportedMediaType).detail(detail));
    }
    let embed = app.store.find_embed(&id).await?;
    let embed = embed.ok_or_else(|| Failure::new(ProblemCode::NotFound))?;
    let now = app.clock.now();
    let bytes = body::read_short(body, LONGEST, &app.config.limits).await?;
    let directive = directive(&bytes, is_old).ok_or_else(|| {
        Failure::new(ProblemCode::InvalidBody).detail("Send a report of a violation.")
    })?;
    if !app.reports.admit(&embed.id, now.as_second()) {
        let left = 60 - now.as_second().rem_euclid(60);
        let left = u16::try_from(left).unwrap_or(60);
        return Err(Failure::new(ProblemCode::TooManyReports).after(left));
    }
    let counting = app.store.count_csp_report(&embed, utc_day(now), directive);
    counting.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The directive that a report names, in our own words; `None` for what is no report.
fn directive(report: &[u8], is_old: bool) -> Option<&'static str> {
    let named = if is_old {
        let Old { csp_report } = serde_json::from_slice(report).ok()?;
        match csp_report.effective_directive {
            empty if empty.is_empty() => csp_report.violated_directive,
            effective => effective,
        }
    } else {
        let reports: Vec<Value> = serde_json::from_slice(report).ok()?;
        let body = &reports.first()?["body"];
        body["effectiveDirective"].as_str()?.to_owned()
    };
    // `script-src-elem` is of `script-src`, and the old kind lists the sources behind it.
    let named = named.split(' ').next().unwrap_or_default();
    let known = DIRECTIVES.iter().find(|one| {
        let rest = named.strip_prefix(**one);
        rest.is_some_and(|rest| ["", "-elem", "-attr"].contains(&rest))
    });
    Some(known.copied().unwrap_or("other"))
}
