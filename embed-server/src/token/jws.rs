//! Signed messages as they arrive (RFC 7515): taken apart, and not yet believed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::crypto::PublicKey;

/// The three parts of the compact form (RFC 7515 §7.1).
pub struct Jws<'a> {
    header: Vec<u8>,
    payload: Vec<u8>,
    /// What is signed: the first two parts as they were written.
    message: &'a str,
    signature: Vec<u8>,
}

/// Why a part could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// Not base64url, or not JSON.
    Malformed,
    /// JSON of another shape: a member that is missing, of another type, twice there,
    /// or unknown.
    Shape,
}

impl<'a> Jws<'a> {
    /// Takes `text` apart; `None` for what is longer than `longest` bytes or no JWS.
    /// Base64url is taken in its one canonical spelling.
    #[must_use]
    pub fn parse(text: &'a str, longest: usize) -> Option<Self> {
        if text.len() > longest {
            return None;
        }
        let (message, signature) = text.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        let decode = |part| URL_SAFE_NO_PAD.decode(part).ok();
        Some(Self {
            header: decode(header)?,
            payload: decode(payload)?,
            message,
            signature: decode(signature)?,
        })
    }

    /// The header, as a `T` that knows each member it may have.
    pub fn header<T: DeserializeOwned>(&self) -> Result<T, Unread> {
        read(&self.header)
    }

    /// The payload, as a `T` that knows each member it may have.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T, Unread> {
        read(&self.payload)
    }

    /// Whether `key` signed it.
    #[must_use]
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.verifies(self.message.as_bytes(), &self.signature)
    }
}

fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Unread> {
    serde_json::from_slice(json).map_err(|_| {
        // Which of the two it is does not change what is let through, only what is said.
        match serde_json::from_slice::<IgnoredAny>(json) {
            Ok(_) => Unread::Shape,
            Err(_) => Unread::Malformed,
        }
    })
}
