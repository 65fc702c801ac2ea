//! Bytes into text, in any encoding, without a silent replacement.

use encoding_rs::{DecoderResult, Encoding};

/// The text of a file, and where its bytes made no sense.
#[derive(Debug)]
pub struct Decoded {
    pub text: String,
    /// Byte offsets in `text` of each U+FFFD that stands for malformed bytes,
    /// in order. Rows that hold one are refused.
    pub malformed: Vec<usize>,
    /// Whether another encoding than the one asked for looks right.
    pub looks_like_utf8: bool,
}

/// The file says by its byte order mark that it has another encoding.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "starts with the byte order mark of {found}, but the mapping says {expected}: \
     set `encoding = \"{}\"` for this file", found.to_lowercase()
)]
pub struct WrongMark {
    found: &'static str,
    expected: &'static str,
}

/// Decodes a whole file. A byte order mark of the right encoding is dropped.
pub fn decode(bytes: &[u8], encoding: &'static Encoding) -> Result<Decoded, WrongMark> {
    let body = match Encoding::for_bom(bytes) {
        Some((found, _)) if found != encoding => {
            return Err(WrongMark {
                found: found.name(),
                expected: encoding.name(),
            });
        }
        Some((_, mark)) => &bytes[mark..],
        None => bytes,
    };
    // A single-byte encoding accepts nearly anything, so text that happens to
    // be valid UTF-8 with characters beyond ASCII is the one sign of a mistake.
    let looks_like_utf8 =
        encoding.is_single_byte() && !body.is_ascii() && std::str::from_utf8(body).is_ok();

    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(body.len() + body.len() / 8 + 16);
    let mut malformed = Vec::new();
    let mut rest = body;
    loop {
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
        rest = &rest[read..];
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => text.reserve(rest.len() + 16),
            DecoderResult::Malformed(..) => {
                malformed.push(text.len());
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
    Ok(Decoded {
        text,
        malformed,
        looks_like_utf8,
    })
}

#[cfg(test)]
mod tests {
    use encoding_rs::{SHIFT_JIS, UTF_8, UTF_16LE, WINDOWS_1252};

    use super::*;

    #[test]
    fn an_encoding_is_decoded_as_named() {
        for (bytes, encoding, expected) in [
            (&b"caf\xe9 \x96"[..], WINDOWS_1252, "café –"),
            (b"\x83e\x83X\x83g", SHIFT_JIS, "テスト"),
            (b"\xff\xfea\0\xfc\0", UTF_16LE, "aü"),
            (b"\xef\xbb\xbfa", UTF_8, "a"),
        ] {
            let decoded = decode(bytes, encoding).unwrap();
            assert_eq!(decoded.text, expected);
            assert!(decoded.malformed.is_empty());
        }
    }

    #[test]
    fn malformed_bytes_are_placed() {
        let decoded = decode(b"a\xe9b\n\xff\xfe", UTF_8).unwrap();
        assert_eq!(decoded.text, "a\u{fffd}b\n\u{fffd}\u{fffd}");
        assert_eq!(decoded.malformed, [1, 6, 9]);
    }

    #[test]
    fn a_replacement_character_of_the_file_itself_is_no_fault() {
        let decoded = decode("a\u{fffd}".as_bytes(), UTF_8).unwrap();
        assert!(decoded.malformed.is_empty());
    }

    #[test]
    fn another_byte_order_mark_is_refused_with_what_to_write() {
        let error = decode(b"\xff\xfea\0", UTF_8).unwrap_err();
        assert!(error.to_string().contains("`encoding = \"utf-16le\"`"));
    }

    #[test]
    fn utf8_read_as_a_single_byte_encoding_is_noticed() {
        assert!(
            decode("ü".as_bytes(), WINDOWS_1252)
                .unwrap()
                .looks_like_utf8
        );
        assert!(!decode(b"\xfc", WINDOWS_1252).unwrap().looks_like_utf8);
        assert!(!decode(b"plain", WINDOWS_1252).unwrap().looks_like_utf8);
    }
}
