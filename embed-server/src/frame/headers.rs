//! The headers of a frame. They are made from the embed and nothing else: there
//! is no knob to weaken them with.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::problem::Failure;

/// All but `frame-ancestors`. The wasm needs `'wasm-unsafe-eval'` to compile;
/// `sandbox` repeats the flags of the loader's iframe, so that they hold
/// wherever the frame is opened.
const POLICY: &str = "default-src 'none'; \
    script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; \
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
pub fn of(allowed_origins: &[String]) -> Result<HeaderMap, Failure> {
    let ancestors = if allowed_origins.is_empty() {
        "'none'".to_owned()
    } else {
        allowed_origins.join(" ")
    };
    let policy = HeaderValue::try_from(format!("{POLICY}; frame-ancestors {ancestors}"))
        .map_err(Failure::internal)?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in [
        ("cache-control", "no-cache"),
        ("vary", "accept-language, accept-encoding"),
        ("referrer-policy", "no-referrer"),
        ("permissions-policy", NO_PERMISSIONS),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        // A page that is isolated itself may only show frames that allow it.
        ("cross-origin-resource-policy", "cross-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(headers)
}
