//! Tokens that are good but for how they are written: of every token there is one
//! spelling, and one alone is taken.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use p256::ecdsa::Signature;
use serde_json::Value;

use crate::{
    dpop::mirrored,
    forge::{Forge, sign},
    harness::{Server, get, with_token},
    tenant_keys::{OwnToken, registered},
    tokens::{assert_refused, read},
};

#[tokio::test]
async fn a_signature_is_taken_in_its_one_spelling() {
    let server = Server::start().await;
    let token = Forge::of(&server, &server.ours).await.token();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let good = BASE64.decode(signature).unwrap();

    // S + L verifies the same equation (RFC 8032 §5.1.7 asks to refuse it).
    let mut large = good.clone();
    let order = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0;
    for (byte, add) in large[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + add + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    let mut tampered = good.clone();
    tampered[3] ^= 1;
    for (what, bytes) in [
        ("S >= L", large),
        ("tampered", tampered),
        ("zero", vec![0; 64]),
        ("short", good[..63].to_vec()),
        ("long", [&good[..], &[0]].concat()),
    ] {
        let token = format!("{message}.{}", BASE64.encode(bytes));
        assert_refused(&server, what, &token, "token_invalid").await;
    }
    assert_refused(&server, "padded", &format!("{token}=="), "token_malformed").await;
    assert_refused(&server, "none", &format!("{message}."), "token_invalid").await;
}

#[tokio::test]
async fn what_is_no_token_is_malformed() {
    let server = Server::start().await;
    let forge = Forge::of(&server, &server.ours).await;
    let nested = format!("{}{}", "[".repeat(2_000), "]".repeat(2_000));
    let token = forge.token();
    for (what, token) in [
        ("a word", "nonsense".to_owned()),
        ("two parts", "a.b".to_owned()),
        ("five parts, as of a JWE", format!("{token}.AAAA.AAAA")),
        ("four parts", format!("{token}.AAAA")),
        ("dots", "..".to_owned()),
        ("truncated", token[..token.len() / 2].to_owned()),
        (
            "too long",
            sign(
                &forge.key,
                &forge.header.to_string(),
                &format!("\"{}\"", "a".repeat(6_000)),
            ),
        ),
        ("nested header", sign(&forge.key, &nested[..400], "{}")),
    ] {
        assert_refused(&server, what, &token, "token_malformed").await;
    }
    let deep = sign(&forge.key, &forge.header.to_string(), &nested);
    assert_refused(&server, "nested claims", &deep, "token_invalid").await;
    let huge = with_token(get("/v1/embed/tasks"), &"a".repeat(20_000));
    assert_eq!(server.send(huge).await.status, 431);
}

#[tokio::test]
async fn a_member_that_comes_twice_is_refused() {
    let server = Server::start().await;
    let forge = Forge::of(&server, &server.ours).await;
    let twice = |all: &Value, name: &str| {
        let text = all.to_string();
        format!("{{\"{name}\":{},{}", all[name], &text[1..])
    };
    for name in forge.header.as_object().unwrap().keys() {
        let header = twice(&forge.header, name);
        let token = sign(&forge.key, &header, &forge.claims.to_string());
        assert_refused(&server, name, &token, "token_invalid").await;
    }
    for name in forge.claims.as_object().unwrap().keys() {
        let claims = twice(&forge.claims, name);
        let token = sign(&forge.key, &forge.header.to_string(), &claims);
        assert_refused(&server, name, &token, "token_invalid").await;
    }
}

/// What follows the JSON could be read by somebody else as another claim.
#[tokio::test]
async fn nothing_may_follow_what_is_signed() {
    let server = Server::start().await;
    let forge = Forge::of(&server, &server.ours).await;
    let (header, claims) = (forge.header.to_string(), forge.claims.to_string());
    for after in ["x", "{}", "\0", ",", "null"] {
        for (what, header, claims) in [
            ("header", format!("{header}{after}"), claims.clone()),
            ("claims", header.clone(), format!("{claims}{after}")),
        ] {
            let token = sign(&forge.key, &header, &claims);
            let what = format!("{after:?} after the {what}");
            assert_refused(&server, &what, &token, "token_malformed").await;
        }
    }
    let token = sign(&forge.key, &header, &format!("\u{feff}{claims}"));
    assert_refused(&server, "a byte order mark", &token, "token_malformed").await;
}

/// RFC 7515 §2: base64url without padding, line breaks or white space.
#[tokio::test]
async fn base64_is_taken_in_its_one_spelling() {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let server = Server::start().await;
    // Its signature ends with bits that stand for nothing, and holds one of `-` and `_`.
    let token = async |n: u32| {
        let forge = Forge::of(&server, &server.ours).await;
        forge.claim("jti", Value::from(n.to_string())).token()
    };
    let mut n = 0;
    let good = loop {
        let token = token(n).await;
        if token.rsplit_once('.').unwrap().1.contains(['-', '_']) {
            break token;
        }
        n += 1;
    };
    let last = good.bytes().last().unwrap();
    let at = ALPHABET.iter().position(|one| *one == last).unwrap();
    let (body, signature) = good.rsplit_once('.').unwrap();
    let (header, claims) = body.split_once('.').unwrap();
    let standard = signature.replace('-', "+").replace('_', "/");
    for (what, token) in [
        (
            "bits that stand for nothing",
            format!(
                "{}{}",
                &good[..good.len() - 1],
                char::from(ALPHABET[at + 1])
            ),
        ),
        ("padding of the signature", format!("{good}==")),
        (
            "padding of the header",
            format!("{header}=.{claims}.{signature}"),
        ),
        (
            "padding of the claims",
            format!("{header}.{claims}=.{signature}"),
        ),
        ("the other alphabet", format!("{body}.{standard}")),
        ("a space", format!("{header}. {claims}.{signature}")),
        ("a tab", format!("{header}.{claims}.\t{signature}")),
        ("a tab behind", format!("{good}\t,")),
        ("percent signs", good.replace('.', "%2E")),
    ] {
        assert_refused(&server, what, &token, "token_malformed").await;
    }
    assert_eq!(read(&server, &good).await.status, 200);
}

#[tokio::test]
async fn a_signature_on_p256_is_two_numbers_of_its_group() {
    let server = Server::start().await;
    let kid = registered(&server, &server.ours).await;
    let token = OwnToken::new(&server, &server.ours, &kid).token();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let good = BASE64.decode(signature).unwrap();
    let der = Signature::from_slice(&good).unwrap().to_der();
    let with = |r: &[u8], s: &[u8]| [r, s].concat();
    let (r, s) = good.split_at(32);
    let (zero, large) = ([0; 32], [0xff; 32]);
    for (what, bytes) in [
        ("DER", der.as_bytes().to_vec()),
        ("no r", with(&zero, s)),
        ("no s", with(r, &zero)),
        ("neither", with(&zero, &zero)),
        ("an r beyond the order", with(&large, s)),
        ("an s beyond the order", with(r, &large)),
        ("s before r", with(s, r)),
        ("short", good[..63].to_vec()),
        ("long", [&good[..], &[0]].concat()),
        ("nothing", Vec::new()),
    ] {
        let token = format!("{message}.{}", BASE64.encode(bytes));
        assert_refused(&server, what, &token, "token_invalid").await;
    }
    // RFC 7518 §3.4 asks for no low s: the mirrored signature is one of the same token.
    for token in [token.clone(), mirrored(&token)] {
        assert_eq!(read(&server, &token).await.status, 200);
    }
}
