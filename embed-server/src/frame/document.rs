//! `GET /v1/frame/{embed}`

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use oriel_contract::{EmbedId, ProblemCode};
use oriel_store::Embed;
use serde_json::json;

use super::{bundle::Manifest, headers};
use crate::{app::App, problem::Failure, request::path::PathPart};

const DOCUMENT: &str = include_str!("document.html");
const UNKNOWN: &str = include_str!("unknown.html");

/// The document that the loader's iframe shows: a skeleton that paints at once,
/// and what the boot script needs to know. It holds nothing of the tenant's data.
pub async fn read_frame(State(app): State<App>, path: PathPart) -> Result<Response, Failure> {
    let embed = match path.id::<EmbedId>() {
        Ok(id) => app.store.find_embed(&id).await?,
        Err(_) => None,
    };
    let Some(embed) = embed else {
        return Ok((StatusCode::NOT_FOUND, headers::of(&[])?, UNKNOWN).into_response());
    };
    let Some(manifest) = app.bundle.manifest() else {
        let detail = app.bundle.missing().unwrap_or_default();
        return Err(Failure::new(ProblemCode::Unavailable).detail(detail));
    };
    let headers = headers::of(&embed.allowed_origins)?;
    Ok((headers, document(&embed, manifest)).into_response())
}

fn document(embed: &Embed, manifest: &Manifest) -> String {
    let frame = json!({
        "embed": embed.id,
        "title": embed.title,
        "default_range": embed.default_range,
        "allowed_origins": embed.allowed_origins,
        "widget": {
            "href": format!("/assets/{}", manifest.widget.file),
            "integrity": manifest.widget.integrity,
        },
    });
    fill(
        DOCUMENT,
        &[
            ("title", &embed.title),
            ("frame", &frame.to_string()),
            ("style", &manifest.style.file),
            ("style_integrity", &manifest.style.integrity),
            ("boot", &manifest.boot.file),
            ("boot_integrity", &manifest.boot.integrity),
        ],
    )
}

/// Puts values in the place of `{{name}}`, each escaped. A value is never
/// searched for names itself.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut parts = template.split("{{");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap_or(("", part));
        if let Some((_, value)) = values.iter().find(|(each, _)| *each == name) {
            escape(value, &mut filled);
        }
        filled.push_str(rest);
    }
    filled
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
        );
        assert_eq!(
            html,
            "<p>&lt;b a=&#39;1&#39;&gt;{{frame}} &amp; &quot;x&quot;</p>"
        );
    }

    #[test]
    fn the_document_has_no_inline_script_or_style() {
        assert!(
            !DOCUMENT.contains("<style")
                && !DOCUMENT.contains("style=\"")
                && !DOCUMENT.contains(" on")
        );
        assert_eq!(
            DOCUMENT.matches("<script").count(),
            DOCUMENT.matches("<script type=\"module\" src=").count()
        );
    }
}
