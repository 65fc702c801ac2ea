//! `If-Match` and `If-None-Match` of writes (RFC 9110 §13.1), by the versions of things.

use axum::{
    extract::FromRequestParts,
    http::{
        HeaderMap, HeaderName,
        header::{IF_MATCH, IF_NONE_MATCH},
        request::Parts,
    },
};
use oriel_contract::FieldError;
use oriel_store::Expected;

use crate::problem::Failure;

/// What the sender of a write takes to be there.
pub struct Precondition(pub Expected);

impl<S: Send + Sync> FromRequestParts<S> for Precondition {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let given = |name| all_of(&parts.headers, name);
        let expected = match (given(IF_MATCH), given(IF_NONE_MATCH)) {
            (None, None) => Expected::Anything,
            (Some(tags), None) => versions(&tags)
                .ok_or_else(|| refused("If-Match", "takes an ETag, a list of them, or *"))?,
            (None, Some(tags)) if tags.trim() == "*" => Expected::Nothing,
            (None, Some(_)) => return Err(refused("If-None-Match", "takes * on a write")),
            (Some(_), Some(_)) => {
                return Err(refused("If-None-Match", "may not stand beside If-Match"));
            }
        };
        Ok(Self(expected))
    }
}

/// The tag of a version.
#[must_use]
pub fn etag(version: u64) -> String {
    format!("\"{version}\"")
}

/// A header that may come in several lines, as one list.
fn all_of(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let lines: Vec<String> = headers
        .get_all(name)
        .iter()
        .map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned())
        .collect();
    (!lines.is_empty()).then(|| lines.join(","))
}

/// The versions of a list of tags. One that is no version of ours, or that is weak, is
/// nothing's (§13.1.1 asks for the strong comparison).
fn versions(tags: &str) -> Option<Expected> {
    if tags.trim() == "*" {
        return Some(Expected::Something);
    }
    let mut versions = Vec::new();
    for tag in tags.split(',').map(str::trim) {
        let strong = tag.strip_prefix("W/").unwrap_or(tag);
        let opaque = strong.strip_prefix('"')?.strip_suffix('"')?;
        if opaque.contains('"') {
            return None;
        }
        let version = opaque.parse().ok().filter(|_| strong.len() == tag.len());
        versions.extend(version.filter(|version: &u64| version.to_string() == opaque));
    }
    Some(Expected::Versions(versions))
}

fn refused(at: &str, detail: &str) -> Failure {
    Failure::parameters(vec![FieldError {
        at: at.to_owned(),
        detail: detail.to_owned(),
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_versions_in_quotes() {
        for (tags, expected) in [
            ("*", Some(Expected::Something)),
            ("\"3\"", Some(Expected::Versions(vec![3]))),
            ("\"3\", \"4\"", Some(Expected::Versions(vec![3, 4]))),
            ("W/\"3\"", Some(Expected::Versions(vec![]))),
            ("\"03\"", Some(Expected::Versions(vec![]))),
            ("\"abc\"", Some(Expected::Versions(vec![]))),
            ("3", None),
            ("", None),
            ("\"3", None),
        ] {
            assert_eq!(versions(tags), expected, "{tags}");
        }
    }
}
