//! Origins of host pages: `scheme://host[:port]`, exactly.

use std::net::IpAddr;

use url::{Host, Url};

/// Text that is not the origin of a host page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Not `scheme://host[:port]` in the form that browsers send.
    #[error(
        "`{0}` is not an origin; write it as `https://host` or `https://host:port`, with no path and no wildcard"
    )]
    NotAnOrigin(String),
    /// Plain HTTP to another machine.
    #[error("`{0}` must be https; http is for localhost only")]
    NotSecure(String),
    /// The frame's own origin, from which a page could reach into the frame.
    #[error("`{0}` is the origin of `public_url`; the embed server needs an origin of its own")]
    EmbedOrigin(String),
}

/// Checks an origin as an operator gives it, and gives it as browsers send it.
pub fn parse(text: &str) -> Result<String, OriginError> {
    let not_an_origin = || OriginError::NotAnOrigin(text.to_owned());
    let url = Url::parse(text).map_err(|_| not_an_origin())?;
    let origin = url.origin().ascii_serialization();
    // A browser sends the default port, upper case and a trailing slash never.
    if origin != text || text.contains('*') {
        return Err(not_an_origin());
    }
    match url.scheme() {
        "https" => Ok(origin),
        "http" if is_local(&url) => Ok(origin),
        "http" => Err(OriginError::NotSecure(text.to_owned())),
        _ => Err(not_an_origin()),
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

/// Whether two origins are one.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_taken_as_browsers_send_it() {
        for text in [
            "https://portal.example.com",
            "https://portal.example.com:8443",
            "http://localhost:4400",
            "http://127.0.0.1:4400",
            "http://[::1]:4400",
            "http://portal.localhost:4400",
        ] {
            assert_eq!(parse(text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "*",
            "null",
            "https://*.example.com",
            "https://example.com/",
            "https://example.com/path",
            "https://example.com:443",
            "HTTPS://example.com",
            "https://user@example.com",
            "https://example.com;script-src *",
            "https://example.com https://evil.test",
            "file:///tmp",
            "data:text/html,x",
            "http://example.com",
            "http://localhost.example.com",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
