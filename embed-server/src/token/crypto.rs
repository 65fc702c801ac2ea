//! Public keys and their signatures, strictly: Ed25519 (RFC 8032) and ECDSA over P-256
//! with SHA-256 (RFC 7518 §3.4), and no other algorithm at all.
//!
//! The back ends of `jsonwebtoken` verify leniently: they take signatures with
//! non-canonical points and keys of small order. So it only signs here, and a
//! [`PublicKey`] verifies: read once, and bound to its one algorithm by its type.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::SigningKey;
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind},
    signature,
};
use oriel_contract::PublicJwk;
use p256::{EncodedPoint, ecdsa::signature::Verifier};
use sha2::{Digest, Sha256};

/// A key that may verify, and by its kind the one algorithm that it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    Ed25519(ed25519_dalek::VerifyingKey),
    P256(p256::ecdsa::VerifyingKey),
}

/// A JWK that is no key of a kind that is taken, or one that anybody could sign for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("must be an Ed25519 key (`kty` OKP) or one on P-256 (`kty` EC)")]
    Kind,
    #[error("is not a point of its curve, or not written as RFC 7518 has it")]
    NoPoint,
    #[error("is a weak key: its point is of small order, so that anybody can sign for it")]
    Weak,
}

impl PublicKey {
    /// Reads a key, and refuses those of small order and of any other curve.
    pub fn of(jwk: &PublicJwk) -> Result<Self, KeyError> {
        match (jwk.kty.as_str(), jwk.crv.as_str(), &jwk.y) {
            ("OKP", "Ed25519", None) => Self::ed25519(&jwk.x),
            ("EC", "P-256", Some(y)) => {
                // On a curve of prime order no point but infinity is weak, and that one
                // cannot be written so.
                let point = EncodedPoint::from_affine_coordinates(
                    &coordinate(&jwk.x)?.into(),
                    &coordinate(y)?.into(),
                    false,
                );
                let key = p256::ecdsa::VerifyingKey::from_encoded_point(&point);
                key.map(Self::P256).map_err(|_| KeyError::NoPoint)
            }
            _ => Err(KeyError::Kind),
        }
    }

    /// Reads an Ed25519 key, base64url without padding.
    pub fn ed25519(x: &str) -> Result<Self, KeyError> {
        let bytes = coordinate(x)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::NoPoint)?;
        if key.is_weak() {
            return Err(KeyError::Weak);
        }
        // Another spelling of a point would be another key to look at, and is the same.
        if key.to_edwards().compress().to_bytes() != bytes {
            return Err(KeyError::NoPoint);
        }
        Ok(Self::Ed25519(key))
    }

    /// `alg` of what it verifies (RFC 7518 §3.1, RFC 8037 §3.1).
    #[must_use]
    pub fn alg(&self) -> &'static str {
        match self {
            Self::Ed25519(_) => "EdDSA",
            Self::P256(_) => "ES256",
        }
    }

    /// The members that its thumbprint is made of.
    #[must_use]
    pub fn jwk(&self) -> PublicJwk {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Ed25519(key) => PublicJwk {
                kty: "OKP".to_owned(),
                crv: "Ed25519".to_owned(),
                x: text(key.as_bytes()),
                y: None,
            },
            Self::P256(key) => {
                let point = key.to_encoded_point(false);
                PublicJwk {
                    kty: "EC".to_owned(),
                    crv: "P-256".to_owned(),
                    x: point.x().map(|x| text(x)).unwrap_or_default(),
                    y: point.y().map(|y| text(y)),
                }
            }
        }
    }

    /// The SHA-256 thumbprint of RFC 7638, base64url without padding.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let PublicJwk { kty, crv, x, y } = self.jwk();
        // The members in the order of their names, and no white space (§3.2).
        let y = y.map(|y| format!(r#","y":"{y}""#)).unwrap_or_default();
        let canonical = format!(r#"{{"crv":"{crv}","kty":"{kty}","x":"{x}"{y}}}"#);
        URL_SAFE_NO_PAD.encode(Sha256::digest(canonical))
    }

    /// Whether it signed this message. Ed25519 by the strict rules: no S beyond the
    /// order, no point of small order.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Self::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
        }
    }
}

/// 32 bytes, in full: a leading zero may not be left out (RFC 7518 §6.2.1.2).
fn coordinate(text: &str) -> Result<[u8; 32], KeyError> {
    let bytes = URL_SAFE_NO_PAD.decode(text);
    let bytes = bytes.map_err(|_| KeyError::NoPoint)?;
    bytes.try_into().map_err(|_| KeyError::NoPoint)
}

/// Signs with Ed25519, and verifies nothing.
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: no_verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes the provider above the one that `jsonwebtoken` uses. Later calls do nothing.
pub fn install() {
    // An error means that it is installed already.
    let _ = PROVIDER.install_default();
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
fn no_verifier(_: &Algorithm, _: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    Err(ErrorKind::InvalidAlgorithm.into())
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
    use sha2::Sha512;

    use super::*;

    fn jwk(kty: &str, crv: &str, x: &str, y: Option<&str>) -> PublicJwk {
        PublicJwk {
            kty: kty.to_owned(),
            crv: crv.to_owned(),
            x: x.to_owned(),
            y: y.map(ToOwned::to_owned),
        }
    }

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
        let lenient = ed25519_dalek::Signature::from_slice(&signature).unwrap();
        assert!(public.verify(b"message", &lenient).is_ok());
        assert!(!PublicKey::Ed25519(public).verifies(b"message", &signature));
    }

    #[test]
    fn a_weak_key_is_refused_in_every_spelling() {
        let mut identity = [0; 32];
        identity[0] = 1;
        // The same point with y + p, which its 255 bits have room for.
        let mut spelt_otherwise = [0xff; 32];
        spelt_otherwise[0] = 0xee;
        spelt_otherwise[31] = 0x7f;
        for key in [identity, [0; 32], spelt_otherwise] {
            assert!(ed25519_dalek::VerifyingKey::from_bytes(&key).is_ok());
            let x = URL_SAFE_NO_PAD.encode(key);
            assert_eq!(PublicKey::ed25519(&x), Err(KeyError::Weak));
        }
    }

    #[test]
    fn what_is_no_key_of_a_curve_of_ours_is_refused() {
        let good = PublicKey::P256(
            *p256::ecdsa::SigningKey::from_slice(&[7; 32])
                .unwrap()
                .verifying_key(),
        );
        let PublicJwk { x, y, .. } = good.jwk();
        let y = y.as_deref();
        let zero = URL_SAFE_NO_PAD.encode([0; 32]);
        assert_eq!(PublicKey::of(&good.jwk()), Ok(good));
        for (jwk, error) in [
            (jwk("EC", "P-256", &x, None), KeyError::Kind),
            (jwk("OKP", "Ed25519", &x, y), KeyError::Kind),
            (jwk("EC", "P-384", &x, y), KeyError::Kind),
            (jwk("EC", "secp256k1", &x, y), KeyError::Kind),
            (jwk("RSA", "", &x, None), KeyError::Kind),
            (jwk("oct", "", &x, None), KeyError::Kind),
            (jwk("EC", "P-256", &x, Some(&zero)), KeyError::NoPoint),
            (jwk("EC", "P-256", &zero, Some(&zero)), KeyError::NoPoint),
            (jwk("EC", "P-256", &x[..42], y), KeyError::NoPoint),
            (jwk("EC", "P-256", &format!("{x}="), y), KeyError::NoPoint),
            (jwk("OKP", "Ed25519", "AAAA", None), KeyError::NoPoint),
        ] {
            assert_eq!(PublicKey::of(&jwk), Err(error), "{jwk:?}");
        }
    }

    /// RFC 9449 §6.1 and RFC 8037 appendix A.3.
    #[test]
    fn thumbprints_are_those_of_the_standards() {
        let ec = jwk(
            "EC",
            "P-256",
            "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
            Some("9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"),
        );
        let okp = jwk(
            "OKP",
            "Ed25519",
            "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            None,
        );
        for (jwk, thumbprint) in [
            (ec, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"),
            (okp, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"),
        ] {
            assert_eq!(PublicKey::of(&jwk).unwrap().thumbprint(), thumbprint);
        }
    }
}
