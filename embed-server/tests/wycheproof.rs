//! Project Wycheproof's vectors, through the keys that the gate verifies by. The ECDSA
//! ones are those of signatures as JOSE writes them (IEEE P1363: r and s, 32 bytes each).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use oriel::token::crypto::PublicKey;
use oriel_contract::PublicJwk;
use wycheproof::{TestResult, ecdsa, eddsa};

/// Checks one vector; `acceptable` ones may go either way.
fn check(key: &PublicKey, id: usize, result: TestResult, msg: &[u8], sig: &[u8]) {
    let verifies = key.verifies(msg, sig);
    match result {
        TestResult::Valid => assert!(verifies, "vector {id} is refused"),
        TestResult::Invalid => assert!(!verifies, "vector {id} is taken"),
        TestResult::Acceptable => {}
    }
}

#[test]
fn ed25519_signatures_are_judged_as_wycheproof_does() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let mut count = 0;
    for group in set.test_groups {
        let key = PublicKey::ed25519(&BASE64.encode(&group.key.pk[..])).unwrap();
        for test in group.tests {
            check(&key, test.tc_id, test.result, &test.msg, &test.sig);
            count += 1;
        }
    }
    assert_eq!(count, set.number_of_tests);
}

#[test]
fn p256_signatures_are_judged_as_wycheproof_does() {
    let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256P1363).unwrap();
    let mut count = 0;
    for group in set.test_groups {
        // The uncompressed form of SEC 1 §2.3.3: 4, x, y.
        let (x, y) = group.key.key[1..].split_at(32);
        let key = PublicKey::of(&PublicJwk {
            kty: "EC".to_owned(),
            crv: "P-256".to_owned(),
            x: BASE64.encode(x),
            y: Some(BASE64.encode(y)),
        });
        let key = key.unwrap();
        for test in group.tests {
            check(&key, test.tc_id, test.result, &test.msg, &test.sig);
            count += 1;
        }
    }
    assert_eq!(count, set.number_of_tests);
}
