//! Search: what the text of a query finds.

use oriel_contract::{TaskSort, TenantId};
use oriel_store::{TaskFilter, TaskQuery};

use crate::{
    harness::TestDatabase,
    sample::{batch, middle, task},
};

on_both_databases! {
    search_takes_every_character_for_itself
    search_folds_ascii_letters_only
}

async fn found(db: &TestDatabase, tenant: &TenantId, q: &str) -> Vec<String> {
    let query = TaskQuery {
        sort: vec![TaskSort::Title],
        filter: TaskFilter {
            q: Some(q.to_owned()),
            ..TaskFilter::default()
        },
        limit: 50,
        ..TaskQuery::default()
    };
    let page = db.whole(tenant).tasks(middle(), &query).await.unwrap();
    let ids = page.items.into_iter();
    ids.map(|task| task.external_id.unwrap()).collect()
}

async fn titled(db: &mut TestDatabase, titles: &[(&str, &str)]) -> TenantId {
    let tenant = db.tenant("Acme").await;
    let tasks = titles.iter().map(|(id, title)| {
        let mut task = task(id);
        (*title).clone_into(&mut task.title);
        task
    });
    let batch = batch(tasks.collect());
    db.import(&tenant, batch).await.unwrap();
    tenant
}

async fn search_takes_every_character_for_itself(mut db: TestDatabase) {
    let titles = [
        ("1", "100% done_ish \\ '; DROP TABLE tasks; --"),
        ("2", "100 doneXish"),
    ];
    let tenant = titled(&mut db, &titles).await;
    for q in ["100%", "done_ish", "\\", "'; DROP", "--"] {
        assert_eq!(found(&db, &tenant, q).await, ["1"], "{q}");
    }
    // Neither an empty match nor an error.
    for q in ["\0", "%%", "\u{1f}1", "ish\u{1f}2"] {
        assert_eq!(found(&db, &tenant, q).await, [""; 0], "{q:?}");
    }
}

async fn search_folds_ascii_letters_only(mut db: TestDatabase) {
    let tenant = titled(&mut db, &[("A", "ÉCLAIR"), ("B", "éclair")]).await;
    assert_eq!(found(&db, &tenant, "clAIr").await, ["A", "B"]);
    assert_eq!(found(&db, &tenant, "Écl").await, ["A"]);
    assert_eq!(found(&db, &tenant, "écl").await, ["B"]);
    assert_eq!(found(&db, &tenant, "b").await, ["B"]);
}
