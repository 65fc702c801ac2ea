//! Whole numbers as JSON Schema knows them: `60.0` is one.

use serde::{Deserialize, Deserializer, de};

#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Whole(u32),
    Other(f64),
}

/// Reads a whole number of a member that may be left out, and may not be null.
pub(crate) fn present_whole<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u32>, D::Error> {
    let wrong = || de::Error::custom("expected a whole number");
    match Number::deserialize(deserializer).map_err(|_| wrong())? {
        Number::Whole(number) => Ok(Some(number)),
        // Rust writes a whole one without a point.
        Number::Other(number) => number.to_string().parse().map(Some).map_err(|_| wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::present_whole;

    #[test]
    fn a_number_is_whole_by_its_value_and_not_by_how_it_is_written() {
        for (text, number) in [
            ("60", Some(60)),
            ("60.0", Some(60)),
            ("6e1", Some(60)),
            ("-0", None),
            ("60.5", None),
            ("-60.0", None),
            ("1e300", None),
            ("4294967296", None),
            ("\"60\"", None),
            ("null", None),
        ] {
            let read = present_whole(&mut serde_json::Deserializer::from_str(text));
            assert_eq!(read.ok().flatten(), number, "{text}");
        }
    }
}
