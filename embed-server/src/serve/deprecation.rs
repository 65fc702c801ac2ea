//! Tells on each answer of an operation that it will go, by the marks in the contract:
//! `Deprecation` (RFC 9745), `Sunset` (RFC 8594), and a link to what to do about it.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context;
use axum::http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{InvalidHeaderValue, LINK},
};
use jiff::{Timestamp, civil::Date, fmt::rfc2822::DateTimePrinter, tz::TimeZone};
use serde::Deserialize;
use serde_json::Value;

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// The operations that will go, by method and route.
#[derive(Debug)]
pub struct Deprecations(HashMap<(Method, String), [(HeaderName, HeaderValue); 3]>);

impl Deprecations {
    /// Reads the marks of a contract; one that is deprecated and not told since when,
    /// until when and what to do is an error.
    pub fn of(contract: &Value) -> anyhow::Result<Self> {
        let contract = Paths::deserialize(contract).context("this is no contract")?;
        let mut found = HashMap::new();
        for (path, of_path) in contract.paths {
            for (method, says) in of_path {
                if says.get("deprecated") != Some(&Value::Bool(true)) {
                    continue;
                }
                let what = || format!("the marks of {method} {path} are not whole");
                let marks: Marks = serde_json::from_value(says).with_context(what)?;
                let method = method.to_uppercase().parse()?;
                found.insert((method, path.clone()), marks.headers().with_context(what)?);
            }
        }
        Ok(Self(found))
    }

    /// Adds what is to be told, whatever the answer is.
    pub fn tell(&self, method: &Method, route: &str, headers: &mut HeaderMap) {
        // Where there is a GET, axum answers a HEAD by it.
        let method = match *method {
            Method::HEAD => Method::GET,
            _ => method.clone(),
        };
        for (name, value) in self
            .0
            .get(&(method, route.to_owned()))
            .into_iter()
            .flatten()
        {
            // A frame has links of its own.
            headers.append(name, value.clone());
        }
    }
}

#[derive(Deserialize)]
struct Paths {
    paths: BTreeMap<String, BTreeMap<String, Value>>,
}

/// See docs/versioning.md; `cargo xtask contract check` holds the contract to it.
#[derive(Deserialize)]
struct Marks {
    #[serde(rename = "x-deprecated-at")]
    since: Date,
    #[serde(rename = "x-sunset")]
    sunset: Date,
    #[serde(rename = "x-deprecation-link")]
    link: String,
}

impl Marks {
    fn headers(&self) -> anyhow::Result<[(HeaderName, HeaderValue); 3]> {
        let since = start(self.since)?.as_second();
        let sunset = DateTimePrinter::new().timestamp_to_rfc9110_string(&start(self.sunset)?)?;
        let value = |text: String| -> Result<_, InvalidHeaderValue> { HeaderValue::try_from(text) };
        Ok([
            (DEPRECATION, value(format!("@{since}"))?),
            (SUNSET, value(sunset)?),
            (
                LINK,
                value(format!("<{}>; rel=\"deprecation\"", self.link))?,
            ),
        ])
    }
}

/// The first moment of a UTC day.
fn start(day: Date) -> Result<Timestamp, jiff::Error> {
    Ok(day.to_zoned(TimeZone::UTC)?.timestamp())
}
