//! Clients: their secrets, their keys, and the assertions that were taken of them.

use jiff::SignedDuration;
use oriel_contract::PublicJwk;
use oriel_store::{Client, ClientKind, NewApp, Revoked, StoreError};

use crate::harness::TestDatabase;

on_both_databases! {
    a_client_has_two_live_secrets_at_most
    a_secret_retires_once_and_of_its_own_client
    a_client_has_five_live_keys_at_most
    an_assertion_is_taken_once_by_each_client
    assertions_that_are_over_are_forgotten
    an_app_is_found_as_it_was_made
    a_client_of_before_there_were_two_secrets_keeps_its_one
}

async fn client(db: &mut TestDatabase, name: &str) -> Client {
    let tenant = db.tenant(name).await;
    let store = db.store.clone();
    store
        .create_client(&mut db.cx(), &tenant, "portal", "first", "audit:read")
        .await
        .unwrap()
}

async fn a_client_has_two_live_secrets_at_most(mut db: TestDatabase) {
    let client = client(&mut db, "Acme").await;
    let store = db.store.clone();
    let add = async |db: &mut TestDatabase, hash: &str| {
        store.add_client_secret(&mut db.cx(), &client, hash).await
    };
    add(&mut db, "second").await.unwrap();
    let third = add(&mut db, "third").await;
    assert!(matches!(
        third,
        Err(StoreError::Conflict { what: "secret" })
    ));
    let secrets = store.client_secrets(&client).await.unwrap();
    let first = secrets.iter().find(|secret| secret.hash == "first");
    store
        .retire_client_secret(&mut db.cx(), &client, &first.unwrap().id)
        .await
        .unwrap();
    add(&mut db, "third").await.unwrap();
    let secrets = store.client_secrets(&client).await.unwrap();
    let live = secrets.iter().filter(|one| one.retired_at.is_none());
    let mut live: Vec<_> = live.map(|one| one.hash.as_str()).collect();
    live.sort_unstable();
    assert_eq!((secrets.len(), live), (3, vec!["second", "third"]));
}

async fn a_secret_retires_once_and_of_its_own_client(mut db: TestDatabase) {
    let (ours, theirs) = (client(&mut db, "Acme").await, client(&mut db, "B").await);
    let store = db.store.clone();
    let secret = store.client_secrets(&ours).await.unwrap().remove(0).id;
    let refused = store
        .retire_client_secret(&mut db.cx(), &theirs, &secret)
        .await;
    assert!(matches!(
        refused,
        Err(StoreError::NotFound { what: "secret" })
    ));
    let first = db.cx().now;
    for later in [0, 60] {
        let mut cx = db.cx();
        cx.now = first + SignedDuration::from_secs(later);
        store
            .retire_client_secret(&mut cx, &ours, &secret)
            .await
            .unwrap();
        let secrets = store.client_secrets(&ours).await.unwrap();
        assert_eq!(secrets[0].retired_at, Some(first));
    }
}

fn jwk() -> PublicJwk {
    PublicJwk {
        kty: "EC".to_owned(),
        crv: "P-256".to_owned(),
        x: "x".to_owned(),
        y: Some("y".to_owned()),
    }
}

async fn a_client_has_five_live_keys_at_most(mut db: TestDatabase) {
    let client = client(&mut db, "Acme").await;
    let store = db.store.clone();
    let mut ids = Vec::new();
    for _ in 0..5 {
        let added = store
            .add_client_key(&mut db.cx(), &client, "ES256", &jwk())
            .await;
        ids.push(added.unwrap());
    }
    let sixth = store
        .add_client_key(&mut db.cx(), &client, "ES256", &jwk())
        .await;
    assert!(matches!(sixth, Err(StoreError::Conflict { what: "key" })));
    store
        .retire_client_key(&mut db.cx(), &client, &ids[0])
        .await
        .unwrap();
    store
        .add_client_key(&mut db.cx(), &client, "ES256", &jwk())
        .await
        .unwrap();
    let keys = store.client_keys(&client).await.unwrap();
    let retired = keys.iter().find(|key| key.id == ids[0]).unwrap();
    assert_eq!(retired.retired_at, Some(db.cx().now));
    assert_eq!((keys.len(), &keys[0].public_jwk), (6, &jwk()));
}

async fn an_assertion_is_taken_once_by_each_client(mut db: TestDatabase) {
    let (ours, theirs) = (client(&mut db, "Acme").await, client(&mut db, "B").await);
    let store = db.store.clone();
    let now = db.cx().now;
    let until = now + SignedDuration::from_secs(60);
    // As a server that was just started would, and one beside it.
    let beside = oriel_store::Store::connect(&db.url).await.unwrap();
    let at_once = [
        store.take_assertion(&ours, "a", now, until),
        beside.take_assertion(&ours, "a", now, until),
    ];
    let [one, other] = at_once;
    let taken = tokio::join!(one, other);
    assert_ne!(taken.0.unwrap(), taken.1.unwrap(), "one of two");
    assert!(!store.take_assertion(&ours, "a", now, until).await.unwrap());
    assert!(store.take_assertion(&ours, "b", now, until).await.unwrap());
    assert!(
        store
            .take_assertion(&theirs, "a", now, until)
            .await
            .unwrap()
    );
}

async fn assertions_that_are_over_are_forgotten(mut db: TestDatabase) {
    let client = client(&mut db, "Acme").await;
    let store = db.store.clone();
    for n in 0..100 {
        let now = db.cx().now + SignedDuration::from_secs(n);
        let until = now + SignedDuration::from_secs(10);
        let hash = n.to_string();
        let taken = store.take_assertion(&client, &hash, now, until).await;
        assert!(taken.unwrap());
    }
    assert_eq!(db.rows("used_assertions").await, 11);
}

async fn an_app_is_found_as_it_was_made(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let store = db.store.clone();
    for (secret_hash, kind) in [
        (Some("hash".to_owned()), ClientKind::ConfidentialApp),
        (None, ClientKind::PublicApp),
    ] {
        let uris = ["https://b.example/cb", "https://a.example/cb"].map(str::to_owned);
        let new = NewApp {
            name: "Äpp".to_owned(),
            scope: "tasks:read".to_owned(),
            redirect_uris: uris.to_vec(),
            secret_hash,
        };
        let made = store.create_app(&mut db.cx(), &tenant, &new).await.unwrap();
        let found = store.find_client(&made.id).await.unwrap().unwrap();
        assert_eq!((&found, found.kind), (&made, kind));
        assert_eq!(store.redirect_uris(&found).await.unwrap(), uris);
        let secrets = store.client_secrets(&found).await.unwrap();
        assert_eq!(secrets.len(), usize::from(new.secret_hash.is_some()));
    }
    assert_eq!(store.list_clients(&tenant).await.unwrap().len(), 2);
}

/// The database as it was before the migration, by hand.
const BEFORE: &str = "
    DROP TABLE refresh_tokens;
    DROP TABLE authorizations;
    DROP TABLE grants;
    DROP TABLE client_redirect_uris;
    DROP TABLE used_assertions;
    DROP TABLE client_keys;
    DROP TABLE client_secrets;
    ALTER TABLE clients DROP COLUMN kind;
    ALTER TABLE tenants DROP COLUMN login_url;
    ALTER TABLE clients ADD COLUMN secret_hash TEXT NOT NULL DEFAULT 'old';
    DELETE FROM _sqlx_migrations WHERE version = 10";

async fn a_client_of_before_there_were_two_secrets_keeps_its_one(mut db: TestDatabase) {
    let client = client(&mut db, "Acme").await;
    let store = db.store.clone();
    let cx = &mut db.cx();
    let (now, tenant) = (cx.now, Revoked::Tenant);
    store
        .revoke(cx, &client.tenant, &tenant, now)
        .await
        .unwrap();
    db.execute(BEFORE).await.unwrap();
    // With connections that know nothing of the tables as they were.
    let store = oriel_store::Store::connect(&db.url).await.unwrap();
    store.migrate().await.unwrap();
    let found = store.find_client(&client.id).await.unwrap().unwrap();
    assert_eq!(found, client);
    let secrets = store.client_secrets(&client).await.unwrap();
    let [secret] = secrets.as_slice() else {
        panic!("{} secrets", secrets.len());
    };
    assert_eq!((secret.hash.as_str(), secret.retired_at), ("old", None));
    assert_eq!(secret.id.as_str()[4..], client.id.as_str()[4..]);
    let revoked = store.revocations(&client.tenant).await.unwrap();
    assert_eq!(revoked.len(), 1);
}
