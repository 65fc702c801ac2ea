//! `GET /v1/frame/{embed}`

use std::borrow::Cow;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
};
use oriel_contract::{EmbedId, ProblemCode};
use oriel_store::Embed;
use serde_json::json;
use url::form_urlencoded;

use super::{
    bundle::Manifest,
    headers, hints,
    language::{self, Chosen},
};
use crate::{
    app::App,
    coding::{self, Coding, representation::Representation},
    problem::Failure,
    request::path::PathPart,
};

const DOCUMENT: &str = include_str!("document.html");
const UNKNOWN: &str = include_str!("unknown.html");

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

const THEMES: [&str; 3] = ["light", "dark", "auto"];
const DENSITIES: [&str; 2] = ["comfortable", "compact"];

/// The document that the loader's iframe shows: a skeleton that paints at once,
/// the boot script and what that needs to know. It holds nothing of the tenant's data.
///
/// Script and style stand in the document: asked for by it, they would come a round
/// trip later, and with them the first read.
///
/// The host's theme and density come as parameters, too, and not by message alone:
/// else the first paint would be in other colours than all that follow.
pub async fn read_frame(
    State(app): State<App>,
    path: PathPart,
    uri: Uri,
    request: HeaderMap,
) -> Result<Response, Failure> {
    let embed = match path.id::<EmbedId>() {
        Ok(id) => app.store.find_embed(&id).await?,
        Err(_) => None,
    };
    let Some(embed) = embed else {
        let page = (StatusCode::NOT_FOUND, headers::of_nothing()?, Html(UNKNOWN));
        return Ok(page.into_response());
    };
    let needed = app.bundle.manifest().and_then(|manifest| {
        let asked = wishes(&uri, "lang").next();
        let chosen = language::choose(&manifest.messages, asked.as_deref(), &request)?;
        Some((manifest, chosen))
    });
    let Some((manifest, chosen)) = needed else {
        let detail = app.bundle.missing().unwrap_or_default();
        return Err(Failure::new(ProblemCode::Unavailable).detail(detail));
    };
    let theme = wish(&uri, "theme", &THEMES);
    let density = wish(&uri, "density", &DENSITIES);
    let look = [("theme", theme), ("density", density)];
    let link = hints::link(manifest, chosen.messages).map_err(Failure::internal)?;
    let document = document(&embed, manifest, &chosen, look);
    let document = Representation::new(document, Coding::Identity)?;
    let coding = coding::wanted(&request);
    let document = app.documents.within(document, coding).await?;
    let mut response = document.respond(&request, HTML);
    response.headers_mut().insert(header::LINK, link);
    let headers = headers::of_frame(&embed, manifest)?;
    Ok((headers, response).into_response())
}

/// What the host wishes for; empty where it is none of `known`. Nothing is refused:
/// a word that a host has misspelt is no reason to show no dashboard.
fn wish(uri: &Uri, name: &str, known: &[&'static str]) -> &'static str {
    wishes(uri, name)
        .find_map(|value| known.iter().find(|one| **one == value))
        .unwrap_or(&"")
}

fn wishes<'a>(uri: &'a Uri, name: &str) -> impl Iterator<Item = Cow<'a, str>> {
    let query = uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes())
        .filter(move |(key, _)| key == name)
        .map(|(_, value)| value)
}

fn document(
    embed: &Embed,
    manifest: &Manifest,
    chosen: &Chosen<'_>,
    look: [(&str, &str); 2],
) -> String {
    let frame = json!({
        "embed": embed.id,
        "title": embed.title,
        "default_range": embed.default_range,
        "view": embed.default_view.to_string(),
        "allowed_origins": embed.allowed_origins,
        "locale": chosen.locale,
        "messages": {
            "href": format!("/assets/{}", chosen.messages.file),
            "integrity": chosen.messages.integrity,
        },
        "widget": {
            "href": format!("/assets/{}", manifest.widget.file),
            "integrity": manifest.widget.integrity,
        },
        "later": {
            "href": format!("/assets/{}", manifest.later.file),
            "integrity": manifest.later.integrity,
        },
    });
    let [theme, density] = look;
    fill(
        DOCUMENT,
        &[
            theme,
            density,
            ("title", &embed.title),
            ("locale", &chosen.locale),
            ("direction", chosen.direction),
            ("frame", &frame.to_string()),
            ("widget", &manifest.widget.file),
            ("messages", &chosen.messages.file),
        ],
        &[
            ("style", &manifest.style.text),
            ("boot", &manifest.boot.text),
        ],
    )
}

/// Puts values in the place of `{{name}}`, each escaped, and `built` as it is: that is
/// our own script and style, whose policy knows their hashes. Neither is searched for
/// names itself.
fn fill(template: &str, values: &[(&str, &str)], built: &[(&str, &str)]) -> String {
    let mut parts = template.split("{{");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap_or(("", part));
        if let Some(value) = find(values, name) {
            escape(value, &mut filled);
        } else if let Some(value) = find(built, name) {
            filled.push_str(value);
        }
        filled.push_str(rest);
    }
    filled
}

fn find<'a>(among: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    let found = among.iter().find(|(each, _)| *each == name);
    found.map(|(_, value)| *value)
}

/// For text and for attributes in double quotes.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_and_never_filled_again() {
        let html = fill(
            "<p>{{title}}</p>",
            &[("title", r#"<b a='1'>{{frame}} & "x""#), ("frame", "!")],
            &[],
        );
        assert_eq!(
            html,
            "<p>&lt;b a=&#39;1&#39;&gt;{{frame}} &amp; &quot;x&quot;</p>"
        );
    }

    #[test]
    fn only_known_wishes_of_a_host_reach_the_document() {
        let wish = |uri: &'static str| wish(&Uri::from_static(uri), "theme", &THEMES);
        assert_eq!(wish("/v1/frame/x?density=compact&theme=dark"), "dark");
        assert_eq!(wish("/v1/frame/x?theme=%22%3E"), "");
        assert_eq!(wish("/v1/frame/x"), "");
    }

    #[test]
    fn the_document_has_no_script_and_no_style_but_those_that_were_built() {
        assert!(!DOCUMENT.contains("style=\"") && !DOCUMENT.contains(" on"));
        for (element, built) in [
            ("script", "{{boot}}</script>"),
            ("style", "{{style}}</style>"),
        ] {
            let (_, content) = DOCUMENT.split_once(&format!("<{element}")).unwrap();
            let (_, content) = content.split_once('>').unwrap();
            assert!(content.starts_with(built));
            assert_eq!(DOCUMENT.matches(&format!("<{element}")).count(), 1);
        }
        assert_eq!(fill("{{boot}}", &[], &[("boot", "a<b&&c")]), "a<b&&c");
    }
}
