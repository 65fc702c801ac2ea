//! Content codings: which one a client gets (RFC 9110 §12.5.3), and how bytes come
//! into it. It must not know what they say.

pub mod compress;
pub mod representation;

use axum::http::{HeaderMap, HeaderValue, header::ACCEPT_ENCODING};

use crate::request::weights;

/// A coding, most wanted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

    /// `Content-Encoding`; none for what is plain.
    #[must_use]
    pub const fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Brotli => Some(HeaderValue::from_static("br")),
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Identity => None,
        }
    }
}

/// The codings that the client takes, best first. The plain one comes last if it
/// is not acceptable at all: it is better than nothing.
#[must_use]
pub fn preferred(headers: &HeaderMap) -> Vec<Coding> {
    let accepted = weights::of(headers, &ACCEPT_ENCODING);
    let weight = |coding: Coding| {
        let named = |name: &str| {
            accepted
                .iter()
                .find(|(each, _)| each.eq_ignore_ascii_case(name))
                .map(|(_, q)| *q)
        };
        // The plain one needs no mention to be acceptable, only less wanted.
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

/// The coding that the client would have most gladly.
#[must_use]
pub fn wanted(headers: &HeaderMap) -> Coding {
    let best = preferred(headers).first().copied();
    best.unwrap_or(Coding::Identity)
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
