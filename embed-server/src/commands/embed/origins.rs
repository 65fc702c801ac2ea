//! Origins as they are typed, and what a person should know of what came of them.

use crate::origin::{self, OriginError, Schemes};

/// The origins that were named, as browsers send them.
pub fn read(named: &[String], allow_custom_scheme: bool) -> Result<Vec<String>, OriginError> {
    let schemes = if allow_custom_scheme {
        Schemes::WebAndApps
    } else {
        Schemes::Web
    };
    named
        .iter()
        .map(|text| origin::parse(text, schemes))
        .collect()
}

/// Says which of them are kept in another spelling, and which cover more than one page's.
pub fn explain(named: &[String], origins: &[String]) {
    for (text, origin) in named.iter().zip(origins) {
        if text != origin {
            eprintln!("Kept `{text}` as browsers send it: `{origin}`.");
        }
        if origin::is_wildcard(origin) {
            eprintln!(
                "Warning: with `{origin}` every page on every subdomain may show this embed, \
                 also one that a customer or a forgotten server has there."
            );
        }
    }
    if origins.is_empty() {
        eprintln!("No page may show this embed: it was given no --origin.");
    }
}
