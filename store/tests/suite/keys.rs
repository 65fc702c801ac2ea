//! Keys on their way out, keys that tenants hold themselves, and tenants that are
//! suspended.

use oriel_contract::{KeyId, PublicJwk};
use oriel_store::{NewId, NewSigningKey, StoreError};

use crate::harness::{TestDatabase, time};

on_both_databases! {
    a_registered_key_is_found_as_it_was_made_and_is_its_tenants_own
    a_key_retires_once_and_for_its_own_tenant
    the_key_that_signs_now_cannot_be_retired
    keys_that_retire_are_told_of_either_kind_unless_that_was_long_ago
    a_tenant_is_suspended_since_the_first_time
}

fn jwk(y: Option<&str>) -> PublicJwk {
    PublicJwk {
        kty: "EC".to_owned(),
        crv: "P-256".to_owned(),
        x: "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs".to_owned(),
        y: y.map(ToOwned::to_owned),
    }
}

async fn a_registered_key_is_found_as_it_was_made_and_is_its_tenants_own(mut db: TestDatabase) {
    let (tenant, other) = (db.tenant("Acme").await, db.tenant("Other").await);
    let store = db.store.clone();
    let mut made = Vec::new();
    for jwk in [jwk(None), jwk(Some("9VE4jf"))] {
        let cx = &mut db.cx();
        let key = store
            .register_tenant_key(cx, &tenant, "Bäckend", "ES256", &jwk)
            .await;
        made.push(key.unwrap());
    }
    let mut found = store.tenant_keys_of(&tenant).await.unwrap();
    found.sort_by_key(|key| key.public_jwk.y.is_some());
    assert_eq!(found, made);
    assert_eq!(store.tenant_keys_of(&other).await.unwrap(), []);
    assert_eq!(store.tenant_keys().await.unwrap().len(), 2);
}

async fn a_key_retires_once_and_for_its_own_tenant(mut db: TestDatabase) {
    let (tenant, other) = (db.tenant("Acme").await, db.tenant("Other").await);
    let store = db.store.clone();
    let cx = &mut db.cx();
    let key = store
        .register_tenant_key(cx, &tenant, "a", "ES256", &jwk(None))
        .await;
    let key = key.unwrap().id;
    let theirs = store.retire_key(&mut db.cx(), &other, &key).await;
    assert!(matches!(theirs, Err(StoreError::NotFound { what: "key" })));
    assert_eq!(store.tenant_keys().await.unwrap()[0].retires_at, None);

    let retired = db.cx().now;
    for later in [0, 60] {
        let mut cx = db.cx();
        cx.now = retired + jiff::SignedDuration::from_secs(later);
        store
            .retire_tenant_key(&mut cx, &tenant, &key)
            .await
            .unwrap();
        let found = store.tenant_keys().await.unwrap();
        assert_eq!(found[0].retires_at, Some(retired));
    }
}

async fn keys_that_retire_are_told_of_either_kind_unless_that_was_long_ago(mut db: TestDatabase) {
    let (tenant, other) = (db.tenant("Acme").await, db.tenant("Other").await);
    let store = db.store.clone();
    let now = db.cx().now;
    let later = now + jiff::SignedDuration::from_secs(60);
    let mut expected = Vec::new();
    for (n, retires_at) in [None, Some(now), Some(later)].into_iter().enumerate() {
        let key = NewSigningKey {
            id: KeyId::new(&mut db.cx()),
            tenant: tenant.clone(),
            alg: "EdDSA".to_owned(),
            public_jwk_x: "x".to_owned(),
            private_sealed: vec![7],
        };
        // Each retires with the next one.
        let id = key.id.clone();
        store
            .insert_signing_key(&mut db.cx(), key, retires_at)
            .await
            .unwrap();
        expected.extend([now, later].get(n).map(|at| (id, *at)));
    }
    for _ in 0..2 {
        let cx = &mut db.cx();
        let key = store
            .register_tenant_key(cx, &tenant, "a", "ES256", &jwk(None))
            .await;
        expected.push((key.unwrap().id, now));
    }
    let (in_use, _) = expected.pop().unwrap();
    let retired = &expected.last().unwrap().0;
    store
        .retire_key(&mut db.cx(), &tenant, retired)
        .await
        .unwrap();
    expected.sort();
    let found = store.retiring_keys(&tenant, now).await.unwrap();
    assert_eq!(found, expected);
    assert!(found.iter().all(|(id, _)| *id != in_use));
    let found = store.retiring_keys(&tenant, later).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(store.retiring_keys(&other, now).await.unwrap(), []);
}

async fn the_key_that_signs_now_cannot_be_retired(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let store = db.store.clone();
    let mut ids = Vec::new();
    for _ in 0..2 {
        let key = NewSigningKey {
            id: KeyId::new(&mut db.cx()),
            tenant: tenant.clone(),
            alg: "EdDSA".to_owned(),
            public_jwk_x: "x".to_owned(),
            private_sealed: vec![7],
        };
        ids.push(key.id.clone());
        let later = Some(time("2026-03-25T12:10:00Z"));
        store
            .insert_signing_key(&mut db.cx(), key, later)
            .await
            .unwrap();
    }
    let current = store.retire_key(&mut db.cx(), &tenant, &ids[1]).await;
    assert!(matches!(current, Err(StoreError::NotFound { what: "key" })));
    store
        .retire_key(&mut db.cx(), &tenant, &ids[0])
        .await
        .unwrap();
    let now = db.cx().now;
    for key in store.signing_keys().await.unwrap() {
        let expected = (key.id == ids[0]).then_some(now);
        assert_eq!(key.retires_at, expected);
    }
}

async fn a_tenant_is_suspended_since_the_first_time(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let store = db.store.clone();
    let first = db.cx().now;
    for later in [0, 60] {
        let mut cx = db.cx();
        cx.now = first + jiff::SignedDuration::from_secs(later);
        store.suspend_tenant(&mut cx, &tenant, true).await.unwrap();
        let found = store.find_tenant(&tenant).await.unwrap().unwrap();
        assert_eq!(found.suspended_at, Some(first));
    }
    store
        .suspend_tenant(&mut db.cx(), &tenant, false)
        .await
        .unwrap();
    let found = store.find_tenant(&tenant).await.unwrap().unwrap();
    assert_eq!(found.suspended_at, None);
    assert_eq!(found.revision, 4, "each is a write of its own");
}
