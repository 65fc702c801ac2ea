//! Which language a frame is in: the one that its page asks for, else the first
//! that the viewer's browser names, of those that the bundle has.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, header::ACCEPT_LANGUAGE};

use super::bundle::Named;
use crate::request::weights;

/// What everybody gets whose language there is not.
const FALLBACK: &str = "en";
const RIGHT_TO_LEFT: [&str; 1] = ["ar"];

/// A viewer's locale, and the messages for it.
#[derive(Debug)]
pub struct Chosen<'a> {
    /// A language tag of language, script and region: `de-AT`.
    pub locale: String,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    pub messages: &'a Named,
}

/// Chooses among `messages`, by language; `None` where there are none at all.
#[must_use]
pub fn choose<'a>(
    messages: &'a BTreeMap<String, Named>,
    asked: Option<&str>,
    headers: &HeaderMap,
) -> Option<Chosen<'a>> {
    let mut accepted = weights::of(headers, &ACCEPT_LANGUAGE);
    accepted.retain(|(_, weight)| *weight > 0);
    accepted.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    asked
        .into_iter()
        .chain(accepted.iter().map(|(tag, _)| *tag))
        .chain([FALLBACK])
        .find_map(|tag| {
            let (language, locale) = read(tag)?;
            Some(Chosen {
                messages: messages.get(&language)?,
                direction: if RIGHT_TO_LEFT.contains(&&*language) {
                    "rtl"
                } else {
                    "ltr"
                },
                locale,
            })
        })
}

/// The language of a tag (RFC 5646), and the tag without what the browser might
/// not know: a locale that it refuses would leave the viewer with nothing.
fn read(tag: &str) -> Option<(String, String)> {
    let mut parts = tag.split('-');
    let language = parts.next()?.to_ascii_lowercase();
    let is_alphabetic = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !(2..=3).contains(&language.len()) || !is_alphabetic(&language) {
        return None;
    }
    let mut locale = language.clone();
    for part in parts {
        let is_script = part.len() == 4 && is_alphabetic(part) && locale == language;
        let is_region = part.len() == 2 && is_alphabetic(part)
            || part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_script {
            locale = locale + "-" + &part.to_ascii_lowercase();
        } else if is_region {
            return Some((language, locale + "-" + &part.to_ascii_uppercase()));
        } else {
            break;
        }
    }
    Some((language, locale))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn chosen(asked: Option<&str>, accepted: &str) -> (String, &'static str, String) {
        let named = |language: &str| Named {
            file: language.to_owned(),
            integrity: String::new(),
        };
        let messages = ["ar", "de", "en", "ja"].map(|each| (each.to_owned(), named(each)));
        let messages = messages.into();
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::try_from(accepted).unwrap());
        let chosen = choose(&messages, asked, &headers).unwrap();
        (
            chosen.locale,
            chosen.direction,
            chosen.messages.file.clone(),
        )
    }

    #[test]
    fn the_page_s_wish_comes_first_then_the_browser_s_in_order() {
        for (asked, accepted, locale, file) in [
            (Some("ja"), "de", "ja", "ja"),
            (None, "pt-BR,de-at;q=0.8,en;q=0.9", "en", "en"),
            (None, "pt-BR,de-at;q=0.8,en;q=0.7", "de-AT", "de"),
            (None, "de;q=0, ja;q=0.1", "ja", "ja"),
            (None, "*", "en", "en"),
            (None, "", "en", "en"),
            (Some("pt"), "de", "de", "de"),
        ] {
            let (chosen, _, messages) = chosen(asked, accepted);
            assert_eq!(
                (&*chosen, &*messages),
                (locale, file),
                "{asked:?} {accepted}"
            );
        }
    }

    #[test]
    fn arabic_runs_from_right_to_left() {
        assert_eq!(chosen(Some("ar-EG"), "").1, "rtl");
        assert_eq!(chosen(Some("de"), "").1, "ltr");
    }

    #[test]
    fn only_what_every_browser_reads_is_passed_on() {
        for (asked, locale) in [
            ("de-latn-ch-1996-u-nu-latn", "de-latn-CH"),
            ("de-419", "de-419"),
            ("de-x", "de"),
            ("de--AT", "de"),
            ("\"><script>", "en"),
            ("", "en"),
        ] {
            assert_eq!(chosen(Some(asked), "").0, locale, "{asked}");
        }
    }
}
