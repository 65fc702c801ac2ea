//! Private keys at rest: sealed with XChaCha20-Poly1305 under the master key,
//! bound to the key's id so that one cannot be put in another's place.

use std::fmt;

use base64::{Engine, engine::general_purpose::GeneralPurpose};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use rand::RngCore;

const NONCE_BYTES: usize = 24;

/// Standard alphabet, padded or not, as `openssl rand -base64 32` prints it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    base64::engine::GeneralPurposeConfig::new()
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
);

/// The key from configuration (`ORIEL_MASTER_KEY`) that seals private keys.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

/// Why a master key was refused. Never holds the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MasterKeyError {
    /// Not base64, or not of 32 bytes.
    #[error("is not the base64 of 32 random bytes; make one with `openssl rand -base64 32`")]
    NotAKey,
    /// Text, a repeated pattern or a sequence: something that could be guessed.
    #[error("is not random enough to be a secret; make one with `openssl rand -base64 32`")]
    Guessable,
}

/// A sealed key that does not open: another master key, or damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a private key does not open: `master_key` is not the one that sealed it")]
pub struct UnsealError;

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

impl MasterKey {
    /// Reads base64 of 32 bytes, and refuses what a person could have made up.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        let bytes = BASE64
            .decode(text.trim())
            .map_err(|_| MasterKeyError::NotAKey)?;
        let key: [u8; 32] = bytes.try_into().map_err(|_| MasterKeyError::NotAKey)?;
        if is_guessable(&key) {
            return Err(MasterKeyError::Guessable);
        }
        Ok(Self(key))
    }

    /// A fresh key, as text for a configuration file.
    pub fn generate(rng: &mut dyn RngCore) -> String {
        let mut key = [0; 32];
        rng.fill_bytes(&mut key);
        BASE64.encode(key)
    }

    /// Seals `secret` for a place, such as the id of a key: it opens nowhere else.
    pub fn seal(
        &self,
        rng: &mut dyn RngCore,
        place: &str,
        secret: &[u8],
    ) -> Result<Vec<u8>, UnsealError> {
        let mut nonce = [0; NONCE_BYTES];
        rng.fill_bytes(&mut nonce);
        let sealed = self
            .cipher()
            .encrypt(XNonce::from_slice(&nonce), payload(place, secret))
            .map_err(|_| UnsealError)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`MasterKey::seal`] made for the same place.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, UnsealError> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or(UnsealError)?;
        self.cipher()
            .decrypt(XNonce::from_slice(nonce), payload(place, sealed))
            .map_err(|_| UnsealError)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.into())
    }
}

fn payload<'a>(place: &'a str, msg: &'a [u8]) -> Payload<'a, 'a> {
    Payload {
        msg,
        aad: place.as_bytes(),
    }
}

/// 32 random bytes are all printable once in 10^13, and have under 16 distinct
/// values or a constant step even less often.
fn is_guessable(key: &[u8; 32]) -> bool {
    let mut distinct = key.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let step = key[1].wrapping_sub(key[0]);
    distinct.len() < 16
        || key
            .iter()
            .all(|b| b.is_ascii_graphic() || b.is_ascii_whitespace())
        || key
            .windows(2)
            .all(|pair| pair[1].wrapping_sub(pair[0]) == step)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    use oriel_contract::KeyId;

    use super::*;

    fn id(last: char) -> KeyId {
        format!("key_01jd8x0c6tfwasq9m2yjz0v4k{last}")
            .parse()
            .unwrap()
    }

    fn key(rng: &mut ChaCha20Rng) -> MasterKey {
        MasterKey::parse(&MasterKey::generate(rng)).unwrap()
    }

    #[test]
    fn a_sealed_key_opens_for_its_own_id_and_master_key_only() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let (ours, other) = (key(&mut rng), key(&mut rng));
        let sealed = ours.seal(&mut rng, id('a').as_str(), b"secret").unwrap();
        assert_eq!(ours.open(id('a').as_str(), &sealed).unwrap(), b"secret");
        assert!(ours.open(id('b').as_str(), &sealed).is_err());
        assert!(other.open(id('a').as_str(), &sealed).is_err());
        assert!(ours.open(id('a').as_str(), &sealed[..10]).is_err());
    }

    #[test]
    fn short_and_guessable_master_keys_are_refused() {
        for (text, error) in [
            ("", MasterKeyError::NotAKey),
            ("c2hvcnQ=", MasterKeyError::NotAKey),
            ("example", MasterKeyError::NotAKey),
            (&BASE64.encode([0; 32]), MasterKeyError::Guessable),
            (&BASE64.encode([0xa5; 32]), MasterKeyError::Guessable),
            (
                &BASE64.encode(b"correct horse battery staple!!!!"),
                MasterKeyError::Guessable,
            ),
            (
                &BASE64.encode((0..32).collect::<Vec<u8>>()),
                MasterKeyError::Guessable,
            ),
        ] {
            assert_eq!(MasterKey::parse(text).err(), Some(error), "{text}");
        }
    }
}
