//! What a browser may fetch before it has read a line of the document, let alone
//! run the boot script: said in the head of the answer, in the order of need.
//!
//! A hint is taken over only by a request that is made in the same way: address,
//! mode and credentials, which `crossorigin` makes those of a plain `fetch()`. The
//! integrity is checked by the fetch alone: browsers have none for its hint, and some
//! warn of one.
//!
//! The document says the same, for proxies that drop the header.

use axum::http::{HeaderValue, header::InvalidHeaderValue};

use super::bundle::{Manifest, Named};

/// `Link` (RFC 8288), of all that the first view of a frame needs.
pub fn link(manifest: &Manifest, messages: &Named) -> Result<HeaderValue, InvalidHeaderValue> {
    let links = [&manifest.widget, messages].map(|file| {
        format!(
            "</assets/{}>; rel=preload; as=fetch; crossorigin",
            file.file
        )
    });
    HeaderValue::try_from(links.join(", "))
}
