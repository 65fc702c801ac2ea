//! Reports as browsers send them, in the old form and in the new one. Only which
//! directive was met is read, and only as one of those that are known.

use axum::http::HeaderMap;
use oriel_contract::ProblemCode;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{problem::Failure, request::body::is_of_type};

/// The directives of CSP Level 3 that can be met, and those of Trusted Types.
const DIRECTIVES: [&str; 20] = [
    "base-uri",
    "connect-src",
    "default-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "require-trusted-types-for",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
    "worker-src",
];
/// What stands for all others.
const OTHER: &str = "other";

/// Reads a body into the directive of each violation in it.
pub type Reader = fn(&[u8]) -> Result<Vec<&'static str>, Failure>;

/// The reader for a request's media type, where there is one.
pub fn reader(headers: &HeaderMap) -> Option<Reader> {
    if is_of_type(headers, "application/csp-report") {
        Some(read_report)
    } else if is_of_type(headers, "application/reports+json") {
        Some(read_reports)
    } else {
        None
    }
}

/// CSP Level 2 §4.4, `report-uri`. What is not a string is as if it were not there.
#[derive(Deserialize)]
struct Report {
    #[serde(rename = "csp-report")]
    report: Violation,
}

#[derive(Deserialize)]
struct Violation {
    #[serde(default, rename = "effective-directive", alias = "effectiveDirective")]
    effective: Value,
    /// With its value, in browsers that know no effective one.
    #[serde(default, rename = "violated-directive")]
    violated: Value,
}

/// The Reporting API's, `report-to`.
#[derive(Deserialize)]
struct Queued {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    body: Value,
}

fn read_report(bytes: &[u8]) -> Result<Vec<&'static str>, Failure> {
    parse(bytes).map(|Report { report }| vec![report.directive()])
}

fn read_reports(bytes: &[u8]) -> Result<Vec<&'static str>, Failure> {
    let reports: Vec<Queued> = parse(bytes)?;
    let violations = reports
        .into_iter()
        .filter(|one| one.kind == "csp-violation");
    Ok(violations
        .map(|one| serde_json::from_value(one.body).map_or(OTHER, |one: Violation| one.directive()))
        .collect())
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|_| {
        Failure::new(ProblemCode::InvalidBody).detail("Send a report as browsers make it.")
    })
}

impl Violation {
    fn directive(&self) -> &'static str {
        let said = self.effective.as_str().or(self.violated.as_str());
        let name = said.unwrap_or_default().split(' ').next();
        let known = DIRECTIVES.iter().find(|known| Some(**known) == name);
        known.copied().unwrap_or(OTHER)
    }
}
