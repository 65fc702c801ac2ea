//! Origins of host pages, as an operator names them: `scheme://host[:port]`, exactly, or
//! all the subdomains of a name.

use std::net::IpAddr;

use url::{Host, Url};

/// What a source that covers subdomains begins with.
const WILDCARD: &str = "https://*.";

/// Schemes that are a browser's own, or that anybody's content may come under: never an
/// app's. Those of the web are here as well, for they are not to be had by the flag.
const NO_APPS: [&str; 27] = [
    "about",
    "blob",
    "chrome",
    "chrome-extension",
    "cid",
    "content",
    "data",
    "devtools",
    "edge",
    "file",
    "filesystem",
    "ftp",
    "http",
    "https",
    "intent",
    "jar",
    "javascript",
    "mailto",
    "mhtml",
    "moz-extension",
    "resource",
    "safari-web-extension",
    "tel",
    "vbscript",
    "view-source",
    "ws",
    "wss",
];

/// Which schemes an operator lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schemes {
    Web,
    /// Also those that an app's web view has for itself: `capacitor`, `ionic`, `app`.
    WebAndApps,
}

/// Text that is not the origin of a host page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Not `scheme://host[:port]` in the form that browsers send.
    #[error(
        "`{0}` is not an origin; write it as `https://host` or `https://host:port`, with no path, or as `https://*.example.com` for all subdomains"
    )]
    NotAnOrigin(String),
    /// What sandboxed frames and files have for an origin.
    #[error(
        "`null` is what every page without an origin of its own sends, a sandboxed frame or a local file as well; name the origin that the page is served from"
    )]
    Opaque,
    /// Plain HTTP to another machine.
    #[error("`{0}` must be https; http is for localhost only")]
    NotSecure(String),
    /// A wildcard over names that are not one owner's.
    #[error(
        "`{0}` covers more than one owner's names; a wildcard stands for the subdomains of a name that is registered, as in `https://*.example.com`"
    )]
    TooWide(String),
    /// An app's scheme, and no word that this is meant.
    #[error(
        "`{0}` has the scheme of an app; where the page is one of Electron or Capacitor, add `--allow-custom-scheme`"
    )]
    CustomScheme(String),
    /// A scheme that is not an app's alone.
    #[error("`{0}` has a scheme that no app has for itself")]
    NoApp(String),
    /// The frame's own origin, from which a page could reach into the frame.
    #[error("`{0}` covers the origin of `public_url`; the embed server needs an origin of its own")]
    EmbedOrigin(String),
}

/// Checks an origin as an operator gives it, and gives it as browsers send it: an
/// internationalized name comes back in ASCII (UTS 46).
pub fn parse(text: &str, schemes: Schemes) -> Result<String, OriginError> {
    if text.eq_ignore_ascii_case("null") {
        return Err(OriginError::Opaque);
    }
    let not_an_origin = || OriginError::NotAnOrigin(text.to_owned());
    let (scheme, authority) = text.split_once("://").ok_or_else(not_an_origin)?;
    match (scheme, authority.strip_prefix("*.")) {
        ("https", Some(name)) => subdomains_of(name, text),
        ("https", None) => web(text).map(|(origin, _)| origin),
        ("http", _) => match web(text)? {
            (origin, url) if is_local(&url) => Ok(origin),
            _ => Err(OriginError::NotSecure(text.to_owned())),
        },
        _ if !is_scheme(scheme) || !is_app_host(authority) => Err(not_an_origin()),
        _ if NO_APPS.contains(&scheme) => Err(OriginError::NoApp(text.to_owned())),
        _ if schemes == Schemes::Web => Err(OriginError::CustomScheme(text.to_owned())),
        _ => Ok(text.to_owned()),
    }
}

fn web(text: &str) -> Result<(String, Url), OriginError> {
    let not_an_origin = || OriginError::NotAnOrigin(text.to_owned());
    let url = Url::parse(text).map_err(|_| not_an_origin())?;
    let origin = url.origin().ascii_serialization();
    // A browser sends the default port, upper case and a trailing slash never.
    if (origin == text || is_in_unicode(text, &url, &origin)) && is_plain(&origin) {
        return Ok((origin, url));
    }
    Err(not_an_origin())
}

/// Whether `text` differs from `origin` in nothing but a name that is not ASCII.
fn is_in_unicode(text: &str, url: &Url, origin: &str) -> bool {
    let Some((scheme, authority)) = text.split_once("://") else {
        return false;
    };
    let name = authority.split(':').next().unwrap_or_default();
    let is_name = |b: u8| !b.is_ascii() || b.is_ascii_alphanumeric() || b"-._".contains(&b);
    let Some(Host::Domain(ascii)) = url.host() else {
        return false;
    };
    !name.is_ascii()
        && name.bytes().all(is_name)
        && format!("{scheme}://{ascii}{}", &authority[name.len()..]) == origin
}

/// The source for the subdomains of a name that somebody has registered.
fn subdomains_of(name: &str, text: &str) -> Result<String, OriginError> {
    let too_wide = || OriginError::TooWide(text.to_owned());
    let not_an_origin = |_| OriginError::NotAnOrigin(text.to_owned());
    let (origin, url) = web(&format!("https://{name}")).map_err(not_an_origin)?;
    let Some(Host::Domain(name)) = url.host() else {
        return Err(too_wide());
    };
    // A port would have to be said for each subdomain as well: there is none.
    if url.port().is_some() || name.split('.').any(str::is_empty) {
        return Err(OriginError::NotAnOrigin(text.to_owned()));
    }
    // Of `com`, `co.uk` or `github.io` everybody has subdomains.
    psl::domain(name.as_bytes()).ok_or_else(too_wide)?;
    Ok(origin.replacen("https://", WILDCARD, 1))
}

/// RFC 3986 §3.1, in the lower case that browsers send.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && (text.bytes())
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"+-.".contains(&b))
}

/// `host-part` with a `port-part`, as CSP takes them, and no wildcard in either.
fn is_app_host(authority: &str) -> bool {
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let is_label = |label: &str| {
        let is_host_char = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        !label.is_empty() && label.bytes().all(is_host_char)
    };
    host.split('.').all(is_label)
        && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|n| n.to_string() == port))
}

/// Whether a source is one word of a policy.
#[must_use]
pub fn is_source(text: &str) -> bool {
    is_plain(text.strip_prefix(WILDCARD).unwrap_or(text))
}

/// The URL standard leaves `;`, `,`, `'` and `*` in the names of hosts, and each of them
/// would be something else in a policy.
fn is_plain(text: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._:/+[]".contains(&b);
    text.bytes().all(is_plain)
}

/// Whether a source stands for more than one origin.
#[must_use]
pub fn is_wildcard(source: &str) -> bool {
    source.starts_with(WILDCARD)
}

/// Whether a page of `origin` is one of those that `source` names, as `host-source` has
/// it (CSP Level 3 §6.7.2.8): a wildcard stands for any number of labels, but not for
/// none, with the scheme that is written and that scheme's own port.
#[must_use]
pub fn covers(source: &str, origin: &str) -> bool {
    if source.eq_ignore_ascii_case(origin) {
        return true;
    }
    let (Some(name), Some(host)) = (
        source.strip_prefix(WILDCARD),
        origin.strip_prefix("https://"),
    ) else {
        return false;
    };
    host.strip_suffix(name)
        .and_then(|below| below.strip_suffix('.'))
        .is_some_and(|labels| {
            !labels.is_empty() && is_plain(labels) && !labels.contains(['/', ':'])
        })
}

/// Refuses sources that cover the embed origin: a frame that shares its origin with a
/// host page could be scripted by it.
pub fn require_apart(sources: &[String], embed_origin: &str) -> Result<(), OriginError> {
    match sources.iter().find(|source| covers(source, embed_origin)) {
        Some(source) => Err(OriginError::EmbedOrigin(source.clone())),
        None => Ok(()),
    }
}

/// Whether the host can only be this machine.
#[must_use]
pub fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => IpAddr::from(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::from(ip).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
#[path = "origin_tests.rs"]
mod tests;
