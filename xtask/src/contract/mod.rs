//! Owns what is said about the contract as a document: that it lints clean, that its
//! marks of deprecation are whole, and that it breaks nothing that was released.

mod alternatives;
mod bounds;
mod breaking;
mod document;
mod marks;
mod released;
mod schemas;
#[cfg(test)]
mod tests;

use anyhow::Result;
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

use crate::tally::Tally;
use crate::{npm, paths, process, progress};
pub use released::release;

use document::Document;

/// Lints the contract and holds it to the last released one, a case each.
pub fn check() -> Result<Tally> {
    let contract = Document::read(&paths::contract())?;
    let mut tally = Tally::one(lint()?);
    tally.add(judged("marks of deprecation", marks::faults(&contract)));
    let Some((version, last)) = released::last()? else {
        progress::step("no contract was released yet: there is none to break");
        return Ok(tally);
    };
    let breaks = breaking::breaks(&last, &contract, today());
    tally.add(judged(&format!("against the released {version}"), breaks));
    Ok(tally)
}

/// The UTC day.
fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// Whether Redocly has nothing to say. It tells nobody that it ran.
fn lint() -> Result<bool> {
    npm::ensure_packages()?;
    let mut redocly = npm::tool("redocly");
    redocly
        .args(["lint", "oriel"])
        .env("REDOCLY_TELEMETRY", "off")
        .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    Ok(process::status(&mut redocly)?.success())
}

fn judged(what: &str, faults: Vec<String>) -> Tally {
    if faults.is_empty() {
        return Tally::one(true);
    }
    Tally {
        passed: 0,
        failed: 1,
        failures: faults
            .into_iter()
            .map(|fault| format!("{what}: {fault}"))
            .collect(),
    }
}
