//! Entity tags (RFC 9110 §8.8.3): strong, from the bytes themselves.

use axum::http::{
    HeaderMap, HeaderValue,
    header::{IF_NONE_MATCH, InvalidHeaderValue},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// The tag of a representation.
pub fn of(bytes: &[u8]) -> Result<HeaderValue, InvalidHeaderValue> {
    let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(bytes)[..16]);
    HeaderValue::try_from(format!("\"{hash}\""))
}

/// Whether the client holds this very representation (RFC 9110 §13.1.2). The
/// comparison is the weak one, as that section asks: a proxy may have weakened
/// the tag.
#[must_use]
pub fn is_unchanged(request: &HeaderMap, etag: &HeaderValue) -> bool {
    request.get_all(IF_NONE_MATCH).iter().any(|value| {
        value.as_bytes().split(|b| *b == b',').any(|tag| {
            let tag = tag.trim_ascii();
            tag == b"*" || tag.strip_prefix(b"W/").unwrap_or(tag) == etag.as_bytes()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_matches_itself_in_a_list_and_weakened() {
        let etag = of(b"one").unwrap();
        let text = etag.to_str().unwrap();
        for (wanted, unchanged) in [
            (text.to_owned(), true),
            (format!("\"other\", W/{text}"), true),
            ("*".to_owned(), true),
            ("\"other\"".to_owned(), false),
            (text.trim_matches('"').to_owned(), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, HeaderValue::try_from(&wanted).unwrap());
            assert_eq!(is_unchanged(&headers, &etag), unchanged, "{wanted}");
        }
    }
}
