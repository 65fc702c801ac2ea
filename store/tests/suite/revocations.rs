//! What was revoked, and for how long that is kept.

use oriel_contract::{EmbedId, GrantId, KeyId, SessionId};
use oriel_store::{NewId, Revoked, StoreError};

use crate::harness::{TestDatabase, time};

on_both_databases! {
    a_revocation_is_found_as_it_was_made_and_is_its_tenants_own
    the_later_instant_counts
    what_has_nothing_left_to_refuse_is_forgotten
    a_damaged_revocation_is_an_error
    nothing_is_revoked_of_an_unknown_tenant
}

async fn a_revocation_is_found_as_it_was_made_and_is_its_tenants_own(mut db: TestDatabase) {
    let (tenant, other) = (db.tenant("Acme").await, db.tenant("Other").await);
    let store = db.store.clone();
    let kinds = [
        Revoked::Session(SessionId::new(&mut db.cx())),
        Revoked::Viewer("ä viewer".to_owned()),
        Revoked::Embed(EmbedId::new(&mut db.cx())),
        Revoked::Key(KeyId::new(&mut db.cx())),
        Revoked::Tenant,
        Revoked::Token("a jti".to_owned()),
        Revoked::Grant(GrantId::new(&mut db.cx())),
    ];
    let before = store.tenant_revision(&tenant).await.unwrap().unwrap();
    let instant = db.cx().now;
    for of in &kinds {
        store
            .revoke(&mut db.cx(), &tenant, of, instant)
            .await
            .unwrap();
    }
    let found = store.revocations(&tenant).await.unwrap();
    assert_eq!(found.len(), kinds.len());
    for of in &kinds {
        let found = found.iter().find(|one| one.of == *of).unwrap();
        assert_eq!(found.issued_before, instant);
    }
    assert_eq!(store.revocations(&other).await.unwrap(), []);
    let after = store.tenant_revision(&tenant).await.unwrap();
    assert_eq!(after, Some(before + 7), "each is a write of its own");
}

async fn the_later_instant_counts(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let store = db.store.clone();
    let now = db.cx().now;
    for instant in [now, now - jiff::SignedDuration::from_mins(5)] {
        store
            .revoke(&mut db.cx(), &tenant, &Revoked::Tenant, instant)
            .await
            .unwrap();
    }
    let found = store.revocations(&tenant).await.unwrap();
    assert_eq!((found.len(), found[0].issued_before), (1, now));
}

async fn what_has_nothing_left_to_refuse_is_forgotten(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let store = db.store.clone();
    let session = Revoked::Session(SessionId::new(&mut db.cx()));
    let long_ago = time("2000-01-01T00:00:00Z");
    for of in [&session, &Revoked::Viewer("old".to_owned())] {
        store
            .revoke(&mut db.cx(), &tenant, of, long_ago)
            .await
            .unwrap();
    }
    let now = db.cx().now;
    store
        .revoke(&mut db.cx(), &tenant, &Revoked::Tenant, now)
        .await
        .unwrap();
    let left = store.revocations(&tenant).await.unwrap();
    let left: Vec<_> = left.into_iter().map(|one| one.of).collect();
    assert_eq!(left.len(), 2);
    assert!(left.contains(&session) && left.contains(&Revoked::Tenant));
}

async fn a_damaged_revocation_is_an_error(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let store = db.store.clone();
    let embed = Revoked::Embed(EmbedId::new(&mut db.cx()));
    let now = db.cx().now;
    store
        .revoke(&mut db.cx(), &tenant, &embed, now)
        .await
        .unwrap();
    db.execute("UPDATE revocations SET subject = 'nonsense'")
        .await
        .unwrap();
    assert!(store.revocations(&tenant).await.is_err());
}

async fn nothing_is_revoked_of_an_unknown_tenant(mut db: TestDatabase) {
    let store = db.store.clone();
    let unknown = oriel_contract::TenantId::new(&mut db.cx());
    let now = db.cx().now;
    let refused = store
        .revoke(&mut db.cx(), &unknown, &Revoked::Tenant, now)
        .await;
    assert!(matches!(
        refused,
        Err(StoreError::NotFound { what: "tenant" })
    ));
}
