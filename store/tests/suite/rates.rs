//! Requests within a tenant's minute, in memory and in a row that servers share.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use oriel_store::{Quota, RateWindow, Store};

use crate::harness::{TestDatabase, time};

on_both_databases! {
    a_window_begins_with_the_first_request_and_lasts_a_minute
    of_many_at_once_as_many_are_taken_as_the_limit_allows
    a_refused_request_uses_nothing_up
    a_clock_may_be_set_back
    each_tenant_has_its_own
    a_plan_is_kept_and_lifted
}

fn after(start: Timestamp, ms: i64) -> Timestamp {
    start + SignedDuration::from_millis(ms)
}

fn start() -> Timestamp {
    time("2026-03-25T12:00:00.250Z")
}

async fn a_window_begins_with_the_first_request_and_lasts_a_minute(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let take = async |ms| {
        let taken = db.store.take_request(&tenant, 2, after(start(), ms)).await;
        let Quota {
            is_taken,
            left,
            seconds,
            ..
        } = taken.unwrap();
        (is_taken, left, seconds)
    };
    assert_eq!(take(0).await, (true, 1, 60));
    assert_eq!(take(1).await, (true, 0, 60));
    assert_eq!(take(1_000).await, (false, 0, 59));
    assert_eq!(take(59_999).await, (false, 0, 1));
    assert_eq!(take(60_000).await, (true, 1, 60));
    assert_eq!(take(119_000).await, (true, 0, 1));
    assert_eq!(take(500_000).await, (true, 1, 60));
}

async fn of_many_at_once_as_many_are_taken_as_the_limit_allows(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    // Servers on PostgreSQL share the count; SQLite has one.
    let mut servers = vec![db.store.clone()];
    if db.url.starts_with("postgres") {
        servers.push(Store::connect(&db.url).await.unwrap());
    }
    let tasks: Vec<_> = (0..300)
        .map(|n| {
            let (store, tenant) = (servers[n % servers.len()].clone(), tenant.clone());
            tokio::spawn(async move { store.take_request(&tenant, 100, start()).await })
        })
        .collect();
    let mut left = Vec::new();
    for task in tasks {
        let quota = task.await.unwrap().unwrap();
        if quota.is_taken {
            left.push(quota.left);
        }
    }
    assert_eq!(left.len(), 100);
    let left = BTreeSet::from_iter(left);
    assert_eq!(left, (0..100).collect(), "each is told its own place");
}

async fn a_refused_request_uses_nothing_up(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let take = async |limit| {
        let taken = db.store.take_request(&tenant, limit, start()).await;
        let quota = taken.unwrap();
        (quota.is_taken, quota.left)
    };
    assert_eq!(take(1).await, (true, 0));
    for _ in 0..5 {
        assert_eq!(take(1).await, (false, 0));
    }
    assert_eq!(take(3).await, (true, 1));
    assert_eq!(take(2).await, (false, 0));
    assert_eq!(take(1).await, (false, 0), "a limit that was lowered");
    assert_eq!(take(3).await, (true, 0));
}

async fn a_clock_may_be_set_back(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let take = async |ms| {
        let taken = db.store.take_request(&tenant, 1, after(start(), ms)).await;
        let quota = taken.unwrap();
        (quota.is_taken, quota.seconds)
    };
    assert_eq!(take(0).await, (true, 60));
    assert_eq!(take(-1_000).await, (false, 61));
    assert_eq!(take(-60_000).await, (false, 120));
    assert_eq!(take(-60_001).await, (true, 60));
    assert_eq!(take(-60_001).await, (false, 60));
}

async fn each_tenant_has_its_own(mut db: TestDatabase) {
    let (tenant, other) = (db.tenant("Acme").await, db.tenant("Other").await);
    for tenant in [&tenant, &other] {
        for is_taken in [true, false] {
            let quota = db.store.take_request(tenant, 1, start()).await.unwrap();
            assert_eq!(quota.is_taken, is_taken);
        }
    }
}

async fn a_plan_is_kept_and_lifted(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let store = db.store.clone();
    let before = store.tenant_revision(&tenant).await.unwrap();
    for plan in [Some(7), None] {
        let limit = plan.and_then(std::num::NonZeroU32::new);
        store
            .change_plan(&mut db.cx(), &tenant, limit)
            .await
            .unwrap();
        let found = store.find_tenant(&tenant).await.unwrap().unwrap();
        assert_eq!(found.requests_per_minute, plan);
        assert_eq!(store.list_tenants().await.unwrap(), [found]);
    }
    let after = store.tenant_revision(&tenant).await.unwrap();
    assert_eq!(after, before, "no answer is made from it");
    assert!(
        db.execute("UPDATE tenants SET requests_per_minute = 0")
            .await
            .is_err()
    );
}

#[test]
fn looking_takes_nothing() {
    let mut window = RateWindow::default();
    let look = |window: &RateWindow, ms| {
        let quota = window.look(2, after(start(), ms));
        (quota.is_taken, quota.left, quota.seconds)
    };
    assert_eq!(look(&window, 0), (true, 2, 60));
    window.take(2, start());
    assert_eq!(look(&window, 1_000), (true, 1, 59));
    window.take(2, start());
    assert_eq!(look(&window, 1_000), (false, 0, 59));
    assert_eq!(look(&window, 60_000), (true, 2, 60));
}
