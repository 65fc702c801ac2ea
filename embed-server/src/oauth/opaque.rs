//! Codes and refresh tokens: 256 random bits, of which the store has a hash alone. There
//! is nothing to guess, so that a fast hash does.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::RngCore;
use sha2::{Digest, Sha256};

/// What every code begins with: whoever scans for leaked secrets knows it by that.
pub const CODE: &str = "oac_";

/// What every refresh token begins with.
pub const REFRESH_TOKEN: &str = "ort_";

/// A new one.
pub fn new(rng: &mut dyn RngCore, prefix: &str) -> String {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// What the store has of it.
#[must_use]
pub fn hash(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}
