//! Lists of what a client takes, each item with how gladly (RFC 9110 §12.4.2).

use axum::http::{HeaderMap, HeaderName};

/// The items as they came, each with its weight in thousandths. What is not one is
/// left out.
#[must_use]
pub fn of<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<(&'a str, u16)> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(weighted)
        .collect()
}

fn weighted(item: &str) -> Option<(&str, u16)> {
    let mut parts = item.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
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
