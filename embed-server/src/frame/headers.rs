//! The headers of a frame. They are made from the embed and nothing else: there
//! is no knob to weaken them with. What every answer has comes from `serve/edge.rs`.

use axum::http::{HeaderMap, HeaderValue, header};

use oriel_store::Embed;

use super::bundle::Manifest;
use crate::{origin, problem::Failure};

/// All but scripts, styles and `frame-ancestors`. `sandbox` repeats the flags of the
/// loader's iframe, so that they hold wherever the frame is opened.
const POLICY: &str = "default-src 'none'; \
    connect-src 'self'; \
    base-uri 'none'; \
    form-action 'none'; \
    require-trusted-types-for 'script'; \
    trusted-types 'none'; \
    sandbox allow-scripts allow-same-origin allow-downloads";

/// Everything off that browsers know a name for.
const NO_PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), \
    clipboard-write=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), \
    gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), \
    picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), \
    xr-spatial-tracking=()";

/// The headers of a frame that pages of exactly these origins may show.
///
/// Of what stands in the document its policy allows the boot script and the style
/// sheet, by their hashes (CSP Level 3 §2.3.1), and nothing that anybody might get in
/// beside them; of files, the one module that is loaded when it is needed, by its hash as
/// well. The wasm needs `'wasm-unsafe-eval'` to compile.
pub fn of_frame(embed: &Embed, manifest: &Manifest) -> Result<HeaderMap, Failure> {
    let allowed_origins = &embed.allowed_origins;
    // They were checked when they were given; nothing that stands in the database gets to
    // say more in a policy than a source.
    if !allowed_origins
        .iter()
        .all(|source| origin::is_source(source) && source.contains("://"))
    {
        return Err(Failure::internal(
            "an allowed origin is no source of a policy",
        ));
    }
    let ancestors = if allowed_origins.is_empty() {
        "'none'".to_owned()
    } else {
        allowed_origins.join(" ")
    };
    let (boot, style) = (&manifest.boot.integrity, &manifest.style.integrity);
    let table = &manifest.table.integrity;
    let reports = format!("/v1/csp-reports/{}", embed.id);
    headers(&format!(
        "{POLICY}; script-src '{boot}' '{table}' 'wasm-unsafe-eval'; style-src '{style}'; \
         frame-ancestors {ancestors}; report-uri {reports}"
    ))
}

/// The headers of a page that has no script and no style, and that nobody may show.
pub fn of_nothing() -> Result<HeaderMap, Failure> {
    headers(&format!("{POLICY}; frame-ancestors 'none'"))
}

fn headers(policy: &str) -> Result<HeaderMap, Failure> {
    let policy = HeaderValue::try_from(policy).map_err(Failure::internal)?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in [
        ("cache-control", "no-cache"),
        ("vary", "accept-language, accept-encoding"),
        ("permissions-policy", NO_PERMISSIONS),
        // A page that is isolated itself may only show frames that allow it.
        ("cross-origin-resource-policy", "cross-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(headers)
}
