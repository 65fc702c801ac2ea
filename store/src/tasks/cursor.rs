//! Cursors: where a page of a list ended, and of which list.
//!
//! As text: `{fingerprint}.{key}.{id}`, with one key or several. The fingerprint ties it to the sort and
//! the filters, so that it cannot be carried into another list. It is no secret
//! and grants nothing: every page is limited by its reader's own scope.

use sha2::{Digest, Sha256};

use crate::{StoreError, sql::Sql};

/// Bytes of text that a key holds. Lists have one key of text at most, so that a
/// cursor stays well below the contract's 1024 characters.
const TEXT_BYTES: usize = 300;

/// By what the last item was sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    /// It had no value.
    Null,
    Int(i64),
    Text(String),
    /// It began with this text, and was longer than a cursor may be.
    Prefix(String),
}

/// The place after the last item of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub keys: Vec<Key>,
    pub id: String,
}

impl Key {
    /// Binds the value. One that is missing is `NULL`, which equals nothing.
    pub fn bind_to<'s>(&self, sql: &'s mut Sql) -> &'s mut Sql {
        match self {
            Self::Null => sql.push("NULL"),
            Self::Int(value) => sql.bind(*value),
            Self::Text(text) | Self::Prefix(text) => sql.bind(text.as_str()),
        }
    }

    /// Cuts text that is too long.
    fn cut(self) -> Self {
        match self {
            Self::Text(text) if text.len() > TEXT_BYTES => {
                Self::Prefix(text[..text.floor_char_boundary(TEXT_BYTES)].to_owned())
            }
            key => key,
        }
    }

    fn format(&self) -> String {
        match self {
            Self::Null => "n".to_owned(),
            Self::Int(value) => format!("i{value}"),
            Self::Text(text) => format!("t{}", hex(text.as_bytes())),
            Self::Prefix(text) => format!("p{}", hex(text.as_bytes())),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let (kind, value) = text.split_at_checked(1)?;
        Some(match kind {
            "n" if value.is_empty() => Self::Null,
            "i" => Self::Int(value.parse().ok()?),
            "t" => Self::Text(unhex(value)?),
            "p" => Self::Prefix(unhex(value)?),
            _ => return None,
        })
    }
}

/// Eight bytes of a digest over the parts of a query, in hexadecimal.
pub(crate) fn fingerprint(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    hex(&digest.finalize()[..8])
}

impl Cursor {
    pub fn new(keys: Vec<Key>, id: &str) -> Self {
        Self {
            keys: keys.into_iter().map(Key::cut).collect(),
            id: id.to_owned(),
        }
    }

    pub fn format(&self, fingerprint: &str) -> String {
        let keys: Vec<String> = self.keys.iter().map(Key::format).collect();
        format!("{fingerprint}.{}.{}", keys.join("."), self.id)
    }

    /// Reads a cursor of the list with this fingerprint; anything odd is
    /// [`StoreError::BadCursor`].
    pub fn parse(text: &str, fingerprint: &str) -> Result<Self, StoreError> {
        Self::read(text, fingerprint).ok_or(StoreError::BadCursor)
    }

    fn read(text: &str, fingerprint: &str) -> Option<Self> {
        let (print, rest) = text.split_once('.')?;
        let (keys, id) = rest.rsplit_once('.')?;
        if print != fingerprint || !is_plain(id) {
            return None;
        }
        let keys = keys.split('.').map(Key::read).collect::<Option<_>>()?;
        Some(Self {
            keys,
            id: id.to_owned(),
        })
    }
}

/// Whether the text may be a TypeID.
fn is_plain(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [b >> 4, b & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

/// Text from hexadecimal. PostgreSQL takes no NUL in text, so none is read.
fn unhex(text: &str) -> Option<String> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    let bytes = (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect::<Option<Vec<u8>>>()?;
    String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "tsk_01jd8x0c6tfwasq9m2yjz0v4kb";

    #[test]
    fn a_cursor_comes_back_as_it_went_out() {
        let print = fingerprint(&["tasks", "title"]);
        for keys in [
            vec![Key::Null],
            vec![Key::Int(-7)],
            vec![Key::Int(i64::MAX), Key::Null, Key::Int(0)],
            vec![Key::Text(String::new())],
            vec![Key::Text("a.b \"ß\" 日本".to_owned()), Key::Int(3)],
        ] {
            let cursor = Cursor::new(keys, ID);
            assert_eq!(
                Cursor::parse(&cursor.format(&print), &print).unwrap(),
                cursor
            );
        }
    }

    #[test]
    fn a_long_title_keeps_the_cursor_within_the_contract() {
        let print = fingerprint(&["tasks"]);
        let time = Key::Int(i64::MIN);
        let cursor = Cursor::new(vec![time.clone(), Key::Text("日".repeat(500)), time], ID);
        assert_eq!(cursor.keys[1], Key::Prefix("日".repeat(100)));
        assert!(cursor.format(&print).len() < 1024);
    }

    #[test]
    fn what_is_odd_is_a_bad_cursor() {
        let print = fingerprint(&["tasks"]);
        let other = fingerprint(&["tasks", ""]);
        for text in [
            String::new(),
            "x".to_owned(),
            format!("{print}.i1"),
            format!("{print}.i1.{ID}.more"),
            format!("{print}.i1x.{ID}"),
            format!("{print}.n1.{ID}"),
            format!("{print}.t0.{ID}"),
            format!("{print}.tff.{ID}"),
            format!("{print}.t00.{ID}"),
            format!("{print}.té.{ID}"),
            format!("{print}..{ID}"),
            format!("{print}.i1.'; DROP"),
            format!("{other}.i1.{ID}"),
        ] {
            assert!(
                matches!(Cursor::parse(&text, &print), Err(StoreError::BadCursor)),
                "{text}"
            );
        }
    }
}
