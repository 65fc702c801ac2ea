//! A partner portal that shows an Oriel dashboard: a page, a style sheet, and
//! the one endpoint that a tenant's backend adds. How it talks to Oriel is in
//! `oriel.rs`; here is the portal around it.

mod oriel;

use std::{env, sync::Arc};

use anyhow::{Context, bail};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use oriel::{Mint, Oriel};
use reqwest::Url;
use serde::Deserialize;
use tokio::net::TcpListener;

/// A real portal knows this from its own session. It is an id, not a name.
const VIEWER: &str = "fennway-viewer-1";

struct Portal {
    oriel: Oriel,
    embed: String,
    page: String,
    policy: String,
}

/// What the loader posts.
#[derive(Deserialize)]
struct TokenRequest {
    embed: String,
    session: Option<String>,
    dpop_jkt: Option<String>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let portal = Portal::from_env()?;
    let listen = env::var("PORTAL_LISTEN").unwrap_or_else(|_| "127.0.0.1:4400".to_owned());
    let listener = TcpListener::bind(&listen).await.with_context(|| {
        format!("cannot listen on {listen}: set PORTAL_LISTEN to a free address")
    })?;
    println!("portal  http://localhost:{}", listener.local_addr()?.port());
    axum::serve(listener, router(Arc::new(portal)))
        .with_graceful_shutdown(async { drop(tokio::signal::ctrl_c().await) })
        .await?;
    Ok(())
}

fn router(portal: Arc<Portal>) -> Router {
    Router::new()
        .route("/", get(page))
        .route(
            "/portal.css",
            get(|| async { file("text/css", include_str!("../public/portal.css")) }),
        )
        .route(
            "/mark.svg",
            get(|| async { file("image/svg+xml", include_str!("../public/mark.svg")) }),
        )
        .route("/oriel/token", post(token))
        .with_state(portal)
}

/// Mints an embed token for the viewer who is logged in.
async fn token(
    State(portal): State<Arc<Portal>>,
    headers: HeaderMap,
    Json(wanted): Json<TokenRequest>,
) -> Response {
    if !is_same_origin(&headers) {
        return refusal(
            StatusCode::FORBIDDEN,
            "Only pages of this portal get tokens.",
        );
    }
    // The portal decides what its viewers see, not the page that asks.
    if wanted.embed != portal.embed {
        return refusal(
            StatusCode::NOT_FOUND,
            "This portal does not show that embed: check ORIEL_EMBED.",
        );
    }
    let mint = Mint {
        embed: &portal.embed,
        viewer: VIEWER,
        session: wanted.session.as_deref(),
        dpop_jkt: wanted.dpop_jkt.as_deref(),
    };
    match portal.oriel.mint(&mint).await {
        Ok(minted) => ([(header::CACHE_CONTROL, "no-store")], Json(minted)).into_response(),
        Err(error) => {
            eprintln!("No embed token: {error:#}");
            refusal(
                StatusCode::BAD_GATEWAY,
                "Oriel gave no token; the portal's log says why.",
            )
        }
    }
}

async fn page(State(portal): State<Arc<Portal>>) -> impl IntoResponse {
    let headers = [(header::CONTENT_SECURITY_POLICY, portal.policy.clone())];
    (headers, Html(portal.page.clone()))
}

fn file(kind: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text).into_response()
}

/// Another site may make a viewer's browser post here, with the viewer's cookies.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin"), text("host")) {
        (Some(site), _, _) => site == "same-origin",
        // Browsers from before 2023 send no Sec-Fetch-Site.
        (None, Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, from)| from == host),
        _ => false,
    }
}

fn refusal(status: StatusCode, detail: &str) -> Response {
    let headers = [(header::CACHE_CONTROL, "no-store")];
    (
        status,
        headers,
        Json(serde_json::json!({ "error": detail })),
    )
        .into_response()
}

impl Portal {
    fn from_env() -> anyhow::Result<Self> {
        let url = Url::parse(&required("ORIEL_URL")?)
            .context("ORIEL_URL is no URL, such as http://127.0.0.1:4300")?;
        let embed = required("ORIEL_EMBED")?;
        if !embed
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            bail!("ORIEL_EMBED is no embed id: `oriel embed create` prints one");
        }
        let origin = url.origin().ascii_serialization();
        let oriel = Oriel::new(
            url,
            required("ORIEL_CLIENT_ID")?,
            required("ORIEL_CLIENT_SECRET")?,
        )?;
        let page = include_str!("../public/index.html")
            .replace("{{oriel}}", &origin)
            .replace("{{embed}}", &embed);
        let policy = policy(&origin);
        Ok(Self {
            oriel,
            embed,
            page,
            policy,
        })
    }
}

/// Everything that a strict page has to allow for Oriel: its script and its frame.
fn policy(oriel: &str) -> String {
    format!(
        "default-src 'none'; script-src {oriel}; style-src 'self'; frame-src {oriel}; connect-src 'self'; \
         img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

fn required(name: &str) -> anyhow::Result<String> {
    env::var(name).with_context(|| {
        format!("{name} is not set: take it from sandbox.json in the sandbox's data folder, or from `oriel client create` and `oriel embed create`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|&(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn only_the_portals_own_pages_get_tokens() {
        assert!(is_same_origin(&headers(&[(
            "sec-fetch-site",
            "same-origin"
        )])));
        assert!(is_same_origin(&headers(&[
            ("origin", "http://localhost:4400"),
            ("host", "localhost:4400")
        ])));
        for refused in [
            &[][..],
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "http://localhost:4400"),
                ("host", "localhost:4400"),
            ],
            &[("sec-fetch-site", "same-site")],
            &[
                ("origin", "https://evil.example"),
                ("host", "localhost:4400"),
            ],
            &[("origin", "null"), ("host", "localhost:4400")],
        ] {
            assert!(!is_same_origin(&headers(refused)), "{refused:?}");
        }
    }
}
