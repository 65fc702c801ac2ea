//! Public ids: a TypeID (<https://github.com/jetify-com/typeid>) each, with a
//! Rust type of its own so that one kind never stands in for another.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de};

/// Text that is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdError {
    prefix: &'static str,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected an id that starts with `{}_`", self.prefix)
    }
}

impl std::error::Error for IdError {}

/// Whether `text` is `{prefix}_` and 26 digits of Crockford's base32 in lower
/// case, the first at most 7 (128 bits do not fill 26 digits).
fn is_type_id(text: &str, prefix: &str) -> bool {
    let Some(suffix) = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
    else {
        return false;
    };
    suffix.len() == 26
        && suffix.as_bytes()[0] <= b'7'
        && suffix
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'h' | b'j' | b'k' | b'm' | b'n' | b'p'..=b't' | b'v'..=b'z'))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// What every id of this kind starts with, before the `_`.
            pub const PREFIX: &'static str = $prefix;

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                if is_type_id(text, $prefix) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(IdError { prefix: $prefix })
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A tenant.
    TenantId = "tnt";
    /// An OAuth client of a tenant.
    ClientId = "cli";
    /// A secret of a client; not the secret itself.
    SecretId = "sec";
    /// A key that a client authenticates with; also its `kid`.
    ClientKeyId = "cky";
    /// What an app asks a user for.
    AuthorizationId = "aut";
    /// What a user has let an app do.
    GrantId = "grt";
    /// An embed.
    EmbedId = "emb";
    /// A signing key; also its `kid`.
    KeyId = "key";
    /// A project.
    ProjectId = "prj";
    /// A task.
    TaskId = "tsk";
    /// A user of a tenant.
    UserId = "usr";
    /// A label of a tenant's tasks.
    LabelId = "lbl";
    /// A milestone of a project.
    MilestoneId = "mst";
    /// An embed session (`sid`).
    SessionId = "ses";
    /// An entry of the event log.
    EventId = "evt";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_keeps_its_text() {
        let text = "prj_01jd8x0c6tfwasq9m2yjz0v4kb";
        assert_eq!(text.parse::<ProjectId>().unwrap().as_str(), text);
    }

    #[test]
    fn an_id_of_another_kind_or_shape_is_refused() {
        for text in [
            "",
            "prj_",
            "tsk_01jd8x0c6tfwasq9m2yjz0v4kb",
            "prj_81jd8x0c6tfwasq9m2yjz0v4kb",
            "prj_01JD8X0C6TFWASQ9M2YJZ0V4KB",
            "prj_01jd8x0c6tfwasq9m2yjz0v4k",
            "prj_01jd8x0c6tfwasq9m2yjz0v4kbb",
            "prj_01jd8x0c6tfwasq9m2yjz0v4ku",
        ] {
            assert!(text.parse::<ProjectId>().is_err(), "{text}");
        }
    }
}
