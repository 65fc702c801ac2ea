//! Writes: all or nothing, one after the other, and what a gone database says.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use oriel_contract::TenantId;
use oriel_store::{Context, OPERATOR, Store, StoreError, TaskQuery, TenantScope};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::{
    harness::{TestDatabase, time},
    sample::{batch, middle, random, task},
};

on_both_databases! {
    an_abandoned_import_leaves_nothing_and_blocks_nobody
    writers_queue_and_each_makes_a_revision
    a_second_process_writes_too
    readers_go_on_while_a_write_is_open
    migrating_twice_changes_nothing
}

async fn an_abandoned_import_leaves_nothing_and_blocks_nobody(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let before = db.store.tenant_revision(&tenant).await.unwrap();
    let store = db.store.clone();
    let whole = store.within(TenantScope::whole(tenant.clone()));
    let half_way = Arc::new(tokio::sync::Notify::new());
    let seen = Arc::clone(&half_way);
    let mut cx = db.cx();
    let mut progress = move |_| seen.notify_one();
    tokio::select! {
        biased;
        () = half_way.notified() => {}
        _ = whole.import(&mut cx, random(5), &mut progress) => panic!("it was not to end"),
    }
    assert_eq!(db.rows("tasks").await, 0);
    assert_eq!(db.store.tenant_revision(&tenant).await.unwrap(), before);
    let outcome = db.import(&tenant, random(5)).await.unwrap();
    assert_eq!(outcome.tasks_created, 700);
}

/// Imports `count` small batches, each its own write.
async fn write(store: Store, tenant: TenantId, name: &str, count: u64, seed: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    for n in 0..count {
        let mut cx = Context {
            now: time("2026-03-25T12:00:00Z"),
            rng: &mut rng,
            actor: OPERATOR,
        };
        store
            .within(TenantScope::whole(tenant.clone()))
            .import(
                &mut cx,
                batch(vec![task(&format!("{name}-{n}"))]),
                &mut |_| {},
            )
            .await
            .unwrap();
    }
}

async fn assert_gapless(db: &TestDatabase, tenant: &TenantId, writes: u64) {
    let events = db.whole(tenant).events(0, 1000).await.unwrap();
    let revisions: Vec<u64> = events.iter().map(|event| event.revision).collect();
    // The first one made the tenant.
    assert_eq!(revisions, (1..=writes + 1).collect::<Vec<_>>());
    assert_eq!(db.rows("tasks").await, i64::try_from(writes).unwrap());
}

async fn writers_queue_and_each_makes_a_revision(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    tokio::join!(
        write(db.store.clone(), tenant.clone(), "a", 10, 2),
        write(db.store.clone(), tenant.clone(), "b", 10, 3),
    );
    assert_gapless(&db, &tenant, 20).await;
}

async fn a_second_process_writes_too(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    // Connections of their own, as another process has them.
    let other = Store::connect(&db.url).await.unwrap();
    tokio::join!(
        write(db.store.clone(), tenant.clone(), "a", 5, 2),
        write(other, tenant.clone(), "b", 5, 3),
    );
    assert_gapless(&db, &tenant, 10).await;
}

async fn readers_go_on_while_a_write_is_open(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let store = db.store.clone();
    let whole = store.within(TenantScope::whole(tenant.clone()));
    let (half_way, go_on) = (tokio::sync::Notify::new(), AtomicBool::new(false));
    let reader = async {
        half_way.notified().await;
        let query = TaskQuery {
            limit: 1,
            ..TaskQuery::default()
        };
        assert_eq!(whole.tasks(middle(), &query).await.unwrap().total, 0);
        go_on.store(true, Ordering::SeqCst);
    };
    let mut cx = db.cx();
    let mut progress = |_| half_way.notify_one();
    let (outcome, ()) = tokio::join!(whole.import(&mut cx, random(5), &mut progress), reader);
    assert_eq!(outcome.unwrap().tasks_created, 700);
    assert!(go_on.load(Ordering::SeqCst));
}

async fn migrating_twice_changes_nothing(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    db.store.migrate().await.unwrap();
    db.store.ping().await.unwrap();
    assert!(db.store.find_tenant(&tenant).await.unwrap().is_some());
}

#[tokio::test]
async fn a_database_that_is_not_there_is_unavailable_and_says_so_without_its_address() {
    // A port that was free a moment ago, and nobody listens on.
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let gone = format!("postgres://someone:secret@127.0.0.1:{port}/oriel");
    let missing = "sqlite:/nowhere/at/all/oriel.db";
    for url in [gone.as_str(), missing] {
        let error = Store::connect(url).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        assert_eq!(error.to_string(), "the database cannot be reached");
        assert!(std::error::Error::source(&error).is_some());
    }
    let error = Store::connect("mysql://x").await.unwrap_err();
    assert!(matches!(error, StoreError::UnknownDatabase));
}
