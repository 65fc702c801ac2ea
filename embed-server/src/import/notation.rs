//! The texts of a mapping file that must have a certain shape.

use encoding_rs::Encoding;
use serde::{Deserialize, Deserializer, de};

/// A name made from an external id: `Person {value}`.
#[derive(Debug)]
pub struct NameTemplate(String);

impl NameTemplate {
    const SLOT: &str = "{value}";

    /// The name of the one with this external id.
    pub fn fill(&self, external_id: &str) -> String {
        self.0.replace(Self::SLOT, external_id)
    }
}

impl Default for NameTemplate {
    fn default() -> Self {
        Self(Self::SLOT.to_owned())
    }
}

impl<'de> Deserialize<'de> for NameTemplate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.contains(Self::SLOT) {
            Ok(Self(text))
        } else {
            Err(de::Error::custom(format!(
                "`{text}` would name all of them alike: put `{}` where the id belongs",
                Self::SLOT
            )))
        }
    }
}

/// An encoding by any label of the WHATWG Encoding Standard; UTF-8 by default.
#[derive(Debug, Clone, Copy)]
pub struct FileEncoding(pub &'static Encoding);

impl Default for FileEncoding {
    fn default() -> Self {
        Self(encoding_rs::UTF_8)
    }
}

impl<'de> Deserialize<'de> for FileEncoding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let label = String::deserialize(deserializer)?;
        Encoding::for_label_no_replacement(label.as_bytes())
            .map(Self)
            .ok_or_else(|| {
                de::Error::custom(format!(
                    "`{label}` is not an encoding; `utf-8`, `windows-1252` and `utf-16le` are some"
                ))
            })
    }
}

/// The character between two fields; a comma by default.
#[derive(Debug, Clone, Copy)]
pub struct Delimiter(pub u8);

impl Default for Delimiter {
    fn default() -> Self {
        Self(b',')
    }
}

impl<'de> Deserialize<'de> for Delimiter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_bytes() {
            [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n' | 0) => {
                Ok(Self(*byte))
            }
            _ => Err(de::Error::custom(format!(
                "`{}` is not a delimiter: give one ASCII character, such as `;` or `\\t`",
                text.escape_debug()
            ))),
        }
    }
}

/// Text between two entries of one field.
#[derive(Debug)]
pub struct Separator(String);

impl Separator {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Separator {
    fn default() -> Self {
        Self(",".to_owned())
    }
}

impl<'de> Deserialize<'de> for Separator {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() {
            Err(de::Error::custom(
                "a separator is empty: give what stands between two entries, such as `;`",
            ))
        } else {
            Ok(Self(text))
        }
    }
}
