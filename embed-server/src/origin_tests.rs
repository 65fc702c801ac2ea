use serde::Deserialize;

use super::{OriginError as E, *};

fn web_only(text: &str) -> Result<String, E> {
    parse(text, Schemes::Web)
}

#[test]
fn an_origin_is_taken_as_browsers_send_it() {
    for text in [
        "https://portal.example.com",
        "https://portal.example.com:8443",
        "https://127.0.0.1",
        "http://localhost:4400",
        "http://127.0.0.1:4400",
        "http://[::1]:4400",
        "http://portal.localhost:4400",
        "https://*.example.com",
        "https://*.eu.portal.example.co.uk",
    ] {
        assert_eq!(web_only(text).as_deref(), Ok(text));
    }
}

#[test]
fn an_internationalized_name_is_taken_in_ascii() {
    for (text, ascii) in [
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://BÜCHER.example", "https://xn--bcher-kva.example"),
        (
            "https://bu\u{308}cher.example:8443",
            "https://xn--bcher-kva.example:8443",
        ),
        (
            "https://xn--bcher-kva.example",
            "https://xn--bcher-kva.example",
        ),
        (
            "https://*.bücher.example",
            "https://*.xn--bcher-kva.example",
        ),
        ("https://例え.テスト", "https://xn--r8jz45g.xn--zckzah"),
        ("https://हिन्दी.example", "https://xn--j2bd4cyah0f.example"),
    ] {
        assert_eq!(web_only(text).as_deref(), Ok(ascii), "{text}");
    }
}

#[test]
fn anything_else_is_refused() {
    for text in [
        "",
        "*",
        "https://*",
        "https://**.example.com",
        "https://a.*.example.com",
        "https://portal*.example.com",
        "https://*.*.example.com",
        "https://*.example.com:8443",
        "https://*.example.com:*",
        "https://*.example.com/",
        "https://*.example.com.",
        "https://*.user@example.com",
        "https://\u{ff0a}.example.com",
        "https://example.com/",
        "https://example.com/path",
        "https://example.com?x",
        "https://example.com#x",
        "https://example.com:443",
        "https://example.com:",
        "HTTPS://example.com",
        "https:/example.com",
        "https://Example.com",
        "https://user@example.com",
        "https://ü@example.com",
        "https://ü:x@example.com",
        "https://ü/example.com",
        "https://ü\\example.com",
        "https://ü%2eexample.com",
        "https://b\u{fc}cher.example\u{a0}",
        "https://b\u{fc}\tcher.example",
        "https://xn--a.example",
        "https://example.com;script-src *",
        "https://example.com;sandbox",
        "https://example.com,https://evil.test",
        "https://'unsafe-inline'",
        "https://a'b.example",
        "https://example.com https://evil.test",
        "https://example.com\r\nx: y",
        "data:text/html,x",
        "blob:https://example.com/1",
        "about:blank",
        "http://*.localhost",
        "//example.com",
        "example.com",
    ] {
        let refused = web_only(text).unwrap_err();
        assert_eq!(refused, E::NotAnOrigin(text.to_owned()), "{text}");
        let refused = parse(text, Schemes::WebAndApps).unwrap_err();
        assert_eq!(refused, E::NotAnOrigin(text.to_owned()), "{text}");
    }
    for text in ["http://example.com", "http://localhost.example.com"] {
        assert_eq!(web_only(text), Err(E::NotSecure(text.to_owned())));
    }
    for text in ["null", "NULL"] {
        assert_eq!(parse(text, Schemes::WebAndApps), Err(E::Opaque));
    }
}

#[test]
fn a_wildcard_stands_for_one_owner_s_names() {
    for text in [
        "https://*.com",
        "https://*.co.uk",
        "https://*.github.io",
        "https://*.公司.cn",
        "https://*.xn--55qx5d.cn",
        "https://*.localhost",
        "https://*.127.0.0.1",
        "https://*.[::1]",
    ] {
        assert_eq!(web_only(text), Err(E::TooWide(text.to_owned())));
    }
}

#[test]
fn the_scheme_of_an_app_is_taken_only_when_that_is_said() {
    for text in [
        "capacitor://localhost",
        "ionic://localhost",
        "app://bundle",
        "com.example.portal+x://app.example:8080",
    ] {
        assert_eq!(web_only(text), Err(E::CustomScheme(text.to_owned())));
        assert_eq!(parse(text, Schemes::WebAndApps).as_deref(), Ok(text));
        assert!(is_source(text), "{text}");
    }
    for text in [
        "javascript://x",
        "file://host",
        "data://x",
        "blob://x",
        "chrome-extension://abc",
        "ws://x",
        "about://x",
    ] {
        assert_eq!(
            parse(text, Schemes::WebAndApps),
            Err(E::NoApp(text.to_owned()))
        );
    }
    for text in [
        "app://",
        "app://*",
        "app://*.example",
        "app://a/b",
        "app://a;b",
        "app://a,b",
        "app://a b",
        "app://a'b",
        "app://a\"b",
        "app://a\nb",
        "app://A",
        "app://ä",
        "app://a..b",
        "app://u@a",
        "app://a:",
        "app://a:0x1",
        "app://a:99999",
        "App://a",
        "1app://a",
        "a_p://a",
        "://a",
        "file:///tmp",
    ] {
        let refused = parse(text, Schemes::WebAndApps);
        assert_eq!(refused, Err(E::NotAnOrigin(text.to_owned())));
    }
}

#[derive(Deserialize)]
struct Case {
    source: String,
    covers: Vec<String>,
    leaves_out: Vec<String>,
}

/// The frame's script reads the same table.
#[test]
fn a_source_covers_what_csp_says_and_nothing_more() {
    let table = include_str!("../../tests/fixtures/sources.json");
    let table: Vec<Case> = serde_json::from_str(table).unwrap();
    for case in table {
        for origin in case.covers {
            assert!(covers(&case.source, &origin), "{} {origin}", case.source);
        }
        for origin in case.leaves_out {
            assert!(!covers(&case.source, &origin), "{} {origin}", case.source);
        }
    }
}

#[test]
fn no_source_may_cover_the_embed_origin() {
    let embed = "https://embed.example.com";
    for (source, is_apart) in [
        ("https://portal.example.com", true),
        ("https://embed.example.com:8443", true),
        ("https://embed.example.com", false),
        ("https://*.example.com", false),
        ("https://*.embed.example.com", true),
        ("https://*.example.org", true),
    ] {
        assert_eq!(
            require_apart(&[source.to_owned()], embed).is_ok(),
            is_apart,
            "{source}"
        );
    }
}
