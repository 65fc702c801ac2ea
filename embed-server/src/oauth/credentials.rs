//! A client's id and secret: how they come, and whether they are right.

use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use oriel_contract::{ClientId, OAuthErrorCode};
use oriel_store::Client;
use url::form_urlencoded;

use crate::{app::App, problem::Failure};

/// A client id and secret, as they were sent.
pub struct Credentials {
    pub id: String,
    pub secret: String,
}

/// The credentials of an `Authorization: Basic` header: base64 of two
/// form-encoded halves (RFC 6749 §2.3.1). `None` where there is no such header.
pub fn basic(headers: &HeaderMap) -> Option<Result<Credentials, OAuthErrorCode>> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let value = all.next()?;
    if all.next().is_some() {
        return Some(Err(OAuthErrorCode::InvalidRequest));
    }
    let text = value.to_str().unwrap_or_default();
    let encoded = match text.split_once(' ') {
        Some((scheme, encoded)) if scheme.eq_ignore_ascii_case("basic") => {
            encoded.trim_matches(' ')
        }
        _ => return Some(Err(OAuthErrorCode::InvalidClient)),
    };
    Some(decode_basic(encoded).ok_or(OAuthErrorCode::InvalidClient))
}

fn decode_basic(encoded: &str) -> Option<Credentials> {
    let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some(Credentials {
        id: form_decode(id)?,
        secret: form_decode(secret)?,
    })
}

/// Decodes one value of `application/x-www-form-urlencoded`.
fn form_decode(text: &str) -> Option<String> {
    // A bare `&` or `=` would be read as syntax; clients must encode both.
    let literal = text.replace('&', "%26").replace('=', "%3D");
    let (value, _) = form_urlencoded::parse(literal.as_bytes())
        .next()
        .unwrap_or_default();
    (!value.contains('\u{FFFD}')).then(|| value.into_owned())
}

/// An id that no client has, to be looked for in the place of what is no id.
const NOBODY: &str = "cli_00000000000000000000000000";

/// The client of that id, if there is one.
pub async fn find(app: &App, id: &str) -> Result<Option<Client>, Failure> {
    match id.parse::<ClientId>() {
        Ok(id) => Ok(app.store.find_client(&id).await?),
        Err(_) => Ok(None),
    }
}

/// The client of these credentials; `None` alike for an unknown client and for
/// a wrong secret, after the same work.
pub async fn authenticate(app: &App, sent: Credentials) -> Result<Option<Client>, Failure> {
    let id = sent.id.parse::<ClientId>();
    let id = id.or_else(|_| NOBODY.parse()).map_err(Failure::internal)?;
    let client = app.store.find_client(&id).await?;
    let live = app.store.live_secret_hashes(&id).await?;
    let Some(fitting) = app.secret_checks.fitting(sent, live).await? else {
        return Ok(None);
    };
    // It may have been retired while it waited.
    let live = app.store.live_secret_hashes(&id).await?;
    Ok(client.filter(|_| live.contains(&fitting)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_halves_of_basic_are_form_decoded() {
        let encoded = STANDARD.encode("cli%5F1:%3A%25%2B+%C3%A9");
        let credentials = decode_basic(&encoded).unwrap();
        assert_eq!(credentials.id, "cli_1");
        assert_eq!(credentials.secret, ":%+ é");
    }

    #[test]
    fn halves_that_are_not_utf_8_or_not_there_are_refused() {
        for text in ["cli", "cli:%ff", ""] {
            assert!(decode_basic(&STANDARD.encode(text)).is_none(), "{text}");
        }
        assert!(decode_basic("not base64!").is_none());
    }
}
