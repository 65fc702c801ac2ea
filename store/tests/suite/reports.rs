//! Origins that change, and what browsers report of an embed.

use oriel_contract::{EmbedId, RangePreset, TenantId};
use oriel_store::{AsOf, Embed, EmbedView, NewEmbed, NewId, StoreError, TenantScope};

use crate::harness::{TestDatabase, day};

on_both_databases! {
    origins_are_replaced_and_the_log_says_by_which
    an_unknown_embed_has_no_origins_to_change
    reports_are_added_up_by_directive
    counts_are_kept_for_90_days
}

async fn embed(db: &mut TestDatabase, tenant: &TenantId) -> Embed {
    let store = db.store.clone();
    let new = NewEmbed {
        title: "Work".to_owned(),
        allowed_origins: vec!["https://a.example".to_owned()],
        default_range: RangePreset::All,
        default_view: EmbedView::Overview,
        as_of: AsOf::Today,
    };
    store.create_embed(&mut db.cx(), tenant, new).await.unwrap()
}

async fn origins_are_replaced_and_the_log_says_by_which(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let (first, second) = (embed(&mut db, &tenant).await, embed(&mut db, &tenant).await);
    let store = db.store.clone();
    for named in [
        &[
            "https://c.example",
            "https://b.example",
            "https://c.example",
        ][..],
        &[],
    ] {
        let named: Vec<_> = named.iter().map(ToString::to_string).collect();
        let changed = store
            .change_embed_origins(&mut db.cx(), &first.id, named.clone())
            .await
            .unwrap();
        assert_eq!(changed.allowed_origins, named[..named.len().min(2)]);
        assert_eq!(store.find_embed(&first.id).await.unwrap(), Some(changed));
    }
    assert_eq!(store.find_embed(&second.id).await.unwrap(), Some(second));
    let log = store.within(TenantScope::whole(tenant)).events(0, 10).await;
    let told: Vec<_> = log
        .unwrap()
        .into_iter()
        .filter(|event| event.kind == "embed.origins_changed")
        .map(|event| {
            assert_eq!(event.subject, first.id.as_str());
            serde_json::from_str::<serde_json::Value>(&event.payload).unwrap()
        })
        .collect();
    let (a, bc) = (
        ["https://a.example"],
        ["https://c.example", "https://b.example"],
    );
    assert_eq!(
        told,
        [
            serde_json::json!({ "before": a, "allowed_origins": bc }),
            serde_json::json!({ "before": bc, "allowed_origins": [] }),
        ]
    );
}

async fn an_unknown_embed_has_no_origins_to_change(mut db: TestDatabase) {
    let store = db.store.clone();
    let unknown = EmbedId::new(&mut db.cx());
    let cx = &mut db.cx();
    let refused = store.change_embed_origins(cx, &unknown, Vec::new()).await;
    assert!(matches!(
        refused,
        Err(StoreError::NotFound { what: "embed" })
    ));
}

async fn reports_are_added_up_by_directive(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let (one, other) = (embed(&mut db, &tenant).await, embed(&mut db, &tenant).await);
    let revision = db.store.tenant_revision(&tenant).await.unwrap();
    for (on, counts) in [
        ("2025-06-10", &[("script-src", 2), ("other", 1)][..]),
        ("2025-06-11", &[("frame-ancestors", 5)]),
        ("2025-06-11", &[("script-src", 1)]),
        ("2025-06-11", &[("script-src", 1)]),
    ] {
        let counting = db.store.count_csp_reports(&one, day(on), counts.to_vec());
        counting.await.unwrap();
    }
    let since = async |embed: &Embed, since| {
        let read = db.store.csp_reports(&embed.id, day(since)).await.unwrap();
        read.iter()
            .map(|(directive, n)| format!("{directive} {n}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        since(&one, "2025-06-10").await,
        ["frame-ancestors 5", "script-src 4", "other 1"]
    );
    assert_eq!(
        since(&one, "2025-06-11").await,
        ["frame-ancestors 5", "script-src 2"]
    );
    assert!(since(&other, "2025-01-01").await.is_empty());
    let after = db.store.tenant_revision(&tenant).await.unwrap();
    assert_eq!(after, revision, "a report changes nothing of the tenant's");
}

async fn counts_are_kept_for_90_days(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let embed = embed(&mut db, &tenant).await;
    for (on, left) in [("2025-01-01", 1), ("2025-04-01", 2), ("2025-04-02", 2)] {
        let counting = db.store.count_csp_reports(&embed, day(on), [("other", 1)]);
        counting.await.unwrap();
        let read = db.store.csp_reports(&embed.id, day("2024-01-01")).await;
        assert_eq!(read.unwrap(), [("other".to_owned(), left)], "{on}");
    }
}
