//! Ed25519 for `jsonwebtoken`, strictly.
//!
//! The crate's own back ends verify leniently: they take signatures with
//! non-canonical points and keys of small order. This one refuses both, and
//! knows no other algorithm at all.

use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind},
    signature,
};

/// Ed25519 only.
pub static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes [`PROVIDER`] the one that `jsonwebtoken` uses. Later calls do nothing.
pub fn install() {
    // An error means that it is installed already.
    let _ = PROVIDER.install_default();
}

/// A public key that may verify: 32 bytes that are a point of large order.
#[must_use]
pub fn strong_key(bytes: &[u8]) -> Option<VerifyingKey> {
    let key = VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
    (!key.is_weak()).then_some(key)
}

struct StrictVerifier(VerifyingKey);

impl signature::Verifier<Vec<u8>> for StrictVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let signature = Signature::from_slice(signature).map_err(|_| signature::Error::new())?;
        self.0
            .verify_strict(message, &signature)
            .map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for StrictVerifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct Signer(SigningKey);

impl signature::Signer<Vec<u8>> for Signer {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(ed25519_dalek::Signer::sign(&self.0, message)
            .to_bytes()
            .to_vec())
    }
}

impl JwtSigner for Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is given")]
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    if *algorithm != Algorithm::EdDSA || key.family() != AlgorithmFamily::Ed {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    let key = strong_key(key.try_get_as_bytes()?).ok_or(ErrorKind::InvalidEddsaKey)?;
    Ok(Box::new(StrictVerifier(key)))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is given")]
fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    if *algorithm != Algorithm::EdDSA || key.family() != AlgorithmFamily::Ed {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    let seed = key
        .as_bytes()
        .try_into()
        .map_err(|_| ErrorKind::InvalidEddsaKey)?;
    Ok(Box::new(Signer(SigningKey::from_bytes(seed))))
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::Scalar;
    use jsonwebtoken::signature::Verifier;
    use sha2::{Digest, Sha512};

    use super::*;

    /// With the identity as R, S = k·a satisfies the equation that lenient
    /// verification checks, whatever the nonce was.
    #[test]
    fn a_signature_with_a_point_of_small_order_is_refused() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = key.verifying_key();
        let mut point = [0; 32];
        point[0] = 1;
        let hash = Sha512::new()
            .chain_update(point)
            .chain_update(public.as_bytes())
            .chain_update(b"message")
            .finalize();
        let s = Scalar::from_bytes_mod_order_wide(&hash.into()) * key.to_scalar();
        let signature = [point, s.to_bytes()].concat();
        let lenient = Signature::from_slice(&signature).unwrap();
        assert!(public.verify(b"message", &lenient).is_ok());
        assert!(
            StrictVerifier(public)
                .verify(b"message", &signature)
                .is_err()
        );
    }

    #[test]
    fn weak_keys_are_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        for key in [identity, [0; 32]] {
            assert!(VerifyingKey::from_bytes(&key).is_ok());
            assert!(strong_key(&key).is_none());
        }
        assert!(strong_key(&[1; 31]).is_none());
    }
}
