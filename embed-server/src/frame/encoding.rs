//! Which content coding a client gets (RFC 9110 §12.5.3).

use axum::http::{HeaderMap, HeaderName, HeaderValue, header::ACCEPT_ENCODING};

/// Codings that files are kept in, most wanted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    Brotli,
    Gzip,
    Identity,
}

impl Coding {
    /// All codings, most wanted first.
    pub const ALL: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }

    /// `Content-Encoding`; none for the file as it is.
    #[must_use]
    pub const fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Brotli => Some(HeaderValue::from_static("br")),
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Identity => None,
        }
    }
}

/// The codings that the client takes, best first. The file as it is comes last
/// if it is not acceptable at all: it is better than nothing.
#[must_use]
pub fn preferred(headers: &HeaderMap) -> Vec<Coding> {
    let accepted = weights(headers, &ACCEPT_ENCODING);
    let weight = |coding: Coding| {
        let named = |name: &str| {
            accepted
                .iter()
                .find(|(each, _)| each == name)
                .map(|(_, q)| *q)
        };
        // The file as it is needs no mention to be acceptable, only less wanted.
        let unnamed = u16::from(coding == Coding::Identity);
        named(coding.name())
            .or_else(|| named("*"))
            .unwrap_or(unnamed)
    };
    let mut codings: Vec<Coding> = Coding::ALL
        .into_iter()
        .filter(|coding| *coding == Coding::Identity || weight(*coding) > 0)
        .collect();
    codings.sort_by_key(|coding| std::cmp::Reverse(weight(*coding)));
    codings
}

/// What the client takes, in lower case and as it came, each with its weight in
/// thousandths.
pub(super) fn weights(headers: &HeaderMap, name: &HeaderName) -> Vec<(String, u16)> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(weighted)
        .collect()
}

/// An item with its weight in thousandths; `None` for what is not one.
fn weighted(item: &str) -> Option<(String, u16)> {
    let mut parts = item.split(';').map(str::trim);
    let name = parts
        .next()
        .filter(|name| !name.is_empty())?
        .to_ascii_lowercase();
    let Some(parameter) = parts.next() else {
        return Some((name, 1000));
    };
    let (key, value) = parameter.split_once('=')?;
    let q: f32 = value.trim().parse().ok()?;
    if !key.trim().eq_ignore_ascii_case("q") || !(0.0..=1.0).contains(&q) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to 1000"
    )]
    Some((name, (q * 1000.0) as u16))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_honoured() {
        use Coding::{Brotli, Gzip, Identity};
        for (accepted, wanted) in [
            (None, vec![Identity]),
            (Some(""), vec![Identity]),
            (Some("br, gzip"), vec![Brotli, Gzip, Identity]),
            (
                Some("gzip, deflate, br;q=0.5"),
                vec![Gzip, Brotli, Identity],
            ),
            (Some("br;q=0, gzip"), vec![Gzip, Identity]),
            (Some("BR ; Q=1.0"), vec![Brotli, Identity]),
            (Some("*"), vec![Brotli, Gzip, Identity]),
            (Some("*;q=0, gzip;q=0.1"), vec![Gzip, Identity]),
            (Some("identity, br;q=0.1"), vec![Identity, Brotli]),
            (Some("br;q=nonsense"), vec![Identity]),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(accepted) = accepted {
                headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            }
            assert_eq!(preferred(&headers), wanted, "{accepted:?}");
        }
    }
}
