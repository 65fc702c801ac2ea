//! What a browser may fetch before it has read a line of the document, let alone
//! run the boot script: said in the head of the answer, in the order of need.
//!
//! A hint is taken over only by a request that is made in the same way: address,
//! mode and credentials, which `crossorigin` makes those of a plain `fetch()`, and
//! the integrity of styles and scripts. That of a fetch is checked by the fetch
//! alone: browsers have none for its hint, and some warn of one.
//!
//! The document says the same of what it does not name otherwise, for proxies that
//! drop the header.

use axum::http::{HeaderValue, header::InvalidHeaderValue};

use super::bundle::{Manifest, Named};

/// `Link` (RFC 8288), of all that the first view of a frame needs.
pub fn link(manifest: &Manifest, messages: &Named) -> Result<HeaderValue, InvalidHeaderValue> {
    let (style, boot, widget) = (&manifest.style, &manifest.boot, &manifest.widget);
    let links = [
        format!("{}; rel=preload; as=style; {}", at(style), checked(style)),
        format!("{}; rel=modulepreload; {}", at(boot), checked(boot)),
        format!("{}; rel=preload; as=fetch; crossorigin", at(widget)),
        format!("{}; rel=preload; as=fetch; crossorigin", at(messages)),
    ];
    HeaderValue::try_from(links.join(", "))
}

fn at(file: &Named) -> String {
    format!("</assets/{}>", file.file)
}

fn checked(file: &Named) -> String {
    format!("integrity=\"{}\"", file.integrity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_and_boot_come_before_what_they_wait_for() {
        let named = |file: &str| Named {
            file: file.to_owned(),
            integrity: format!("sha384-{file}"),
        };
        let manifest = Manifest {
            loader: named("l"),
            boot: named("b"),
            style: named("s"),
            widget: named("w"),
            later: named("x"),
            messages: [].into(),
        };
        assert_eq!(
            link(&manifest, &named("m")).unwrap(),
            "</assets/s>; rel=preload; as=style; integrity=\"sha384-s\", \
             </assets/b>; rel=modulepreload; integrity=\"sha384-b\", \
             </assets/w>; rel=preload; as=fetch; crossorigin, \
             </assets/m>; rel=preload; as=fetch; crossorigin"
        );
    }
}
