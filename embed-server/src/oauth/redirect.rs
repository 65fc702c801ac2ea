//! Addresses that browsers are sent to: which may be registered, which one an app may ask
//! for, and what is added to it.

use url::{Host, Url};

use crate::problem::Failure;

/// Longest address, in bytes.
const LONGEST: usize = 1024;

/// Says why an app's users may not be sent there.
///
/// An address is taken in its one canonical spelling, so that what is compared and what a
/// browser goes to cannot differ.
pub fn check_redirect_uri(text: &str) -> Result<(), &'static str> {
    let url = canonical(text)?;
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(&url) => Ok(()),
        "http" => Err("needs https; http is for 127.0.0.1 and [::1] alone (RFC 8252 §7.3)"),
        // A scheme without a dot is anybody's, and `javascript:` and `data:` have none.
        scheme if scheme.contains('.') => Ok(()),
        _ => Err(
            "needs https, or a scheme of the app's own with a dot, such as \
                  com.example.app:/callback (RFC 8252 §7.1)",
        ),
    }
}

/// Says why a tenant's users may not be sent there to be authenticated.
pub fn check_login_url(text: &str) -> Result<(), &'static str> {
    let url = canonical(text)?;
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(&url) => Ok(()),
        _ => Err("needs https; http is for 127.0.0.1 and [::1] alone"),
    }
}

fn canonical(text: &str) -> Result<Url, &'static str> {
    if text.len() > LONGEST {
        return Err("takes 1024 bytes at most");
    }
    let url = Url::parse(text).map_err(|_| "is no absolute address")?;
    if url.fragment().is_some() {
        return Err("must not have a fragment (RFC 6749 §3.1.2)");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not have a user or a password");
    }
    if url.as_str() != text {
        return Err(
            "is not in canonical form: write it as a browser shows it, with a path, in \
                    lower case and in ASCII",
        );
    }
    Ok(url)
}

/// By its number: `localhost` may be resolved to elsewhere (RFC 8252 §8.3).
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        _ => false,
    }
}

/// Whether a registered address covers the one that is asked for: it is the same, to the
/// byte, but for the port of a loopback address (RFC 8252 §7.3).
#[must_use]
pub fn covers(registered: &str, asked: &str) -> bool {
    if registered == asked {
        return true;
    }
    let portless = |text: &str| {
        let mut url = canonical(text).ok()?;
        if url.scheme() != "http" || !is_loopback(&url) {
            return None;
        }
        url.set_port(None).ok()?;
        Some(url)
    };
    portless(registered).is_some_and(|registered| portless(asked) == Some(registered))
}

/// The address with these parameters behind its own.
pub fn with_parameters(address: &str, parameters: &[(&str, &str)]) -> Result<String, Failure> {
    // Only addresses that were checked are ever stored.
    let mut url = Url::parse(address).map_err(Failure::internal)?;
    url.query_pairs_mut().extend_pairs(parameters);
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_may_register_its_own_addresses_alone() {
        for good in [
            "https://app.example.com/callback",
            "https://app.example.com/callback?tenant=1",
            "https://app.example.com:8443/",
            "http://127.0.0.1/callback",
            "http://[::1]:3000/callback",
            "com.example.app:/callback",
            "com.example.app://callback",
        ] {
            assert_eq!(check_redirect_uri(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "/callback",
            "https://app.example.com",
            "https://APP.example.com/",
            "https://app.example.com/a/../b",
            "https://app.example.com/#fragment",
            "https://user@app.example.com/",
            "https://bücher.example/",
            "http://app.example.com/",
            "http://localhost/",
            "http://127.0.0.1.example.com/",
            "app:/callback",
            "javascript:alert(1)",
            "data:text/html,x",
            " https://app.example.com/",
            "https://app.example.com/\n",
        ] {
            assert!(check_redirect_uri(bad).is_err(), "{bad}");
        }
        assert!(check_redirect_uri(&format!("https://a.example/{}", "a".repeat(1024))).is_err());
        assert!(check_login_url("com.example.app:/login").is_err());
    }

    #[test]
    fn what_is_asked_for_is_registered_to_the_byte_but_for_a_loopback_port() {
        let https = "https://app.example.com/callback";
        assert!(covers(https, https));
        for other in [
            "https://app.example.com/callback/",
            "https://app.example.com/callback?x=1",
            "https://app.example.com:443/callback",
            "https://app.example.com:8443/callback",
            "http://app.example.com/callback",
            "https://app.example.com.evil.example/callback",
            "https://app.example.com/Callback",
        ] {
            assert!(!covers(https, other), "{other}");
        }
        for registered in ["http://127.0.0.1/cb", "http://127.0.0.1:3000/cb"] {
            assert!(covers(registered, "http://127.0.0.1:51004/cb"));
            assert!(covers(registered, "http://127.0.0.1/cb"));
            for other in [
                "http://[::1]/cb",
                "http://127.0.0.2/cb",
                "http://127.0.0.1/cb?x",
                "http://127.0.0.1/c",
                "https://127.0.0.1/cb",
                "http://127.1:51004/cb",
                "http://a@127.0.0.1:51004/cb",
            ] {
                assert!(!covers(registered, other), "{other}");
            }
        }
    }

    #[test]
    fn parameters_come_behind_those_that_are_there() {
        for (address, expected) in [
            ("https://a.example/cb", "https://a.example/cb?state=a+%26b"),
            (
                "https://a.example/cb?x=1",
                "https://a.example/cb?x=1&state=a+%26b",
            ),
            ("com.example.app:/cb", "com.example.app:/cb?state=a+%26b"),
        ] {
            let made = with_parameters(address, &[("state", "a &b")]).unwrap();
            assert_eq!(made, expected);
        }
    }
}
