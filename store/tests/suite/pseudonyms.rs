//! A scope that masks people calls them by pseudonyms, and knows nothing else of
//! their names.

use oriel_contract::{RangePreset, TenantId, UserRef};
use oriel_store::{ImportContributor, TaskFilter, TaskQuery, TenantScope, TenantStore};

use crate::{
    harness::TestDatabase,
    names::people,
    sample::{middle, random, user},
};

on_both_databases! {
    people_are_called_by_a_part_of_their_ids
    an_order_or_a_search_goes_by_the_pseudonym
}

/// Tasks of 30 people, each named and addressed as nobody else.
async fn tenant(db: &mut TestDatabase) -> TenantId {
    let mut batch = random(61);
    batch.users = (0..30)
        .map(|n| user(&format!("u{n}"), &format!("Zoë Secret {n}")))
        .collect();
    for (n, task) in batch.tasks.iter_mut().enumerate() {
        task.assignee = task.assignee.is_some().then(|| format!("u{}", n % 30));
        // Without hours, so that names alone decide on their order.
        let contributor = |n: usize| ImportContributor {
            user: format!("u{}", n % 30),
            hours: None,
        };
        task.contributors = [n, n + 7, n + 11, n + 13].map(contributor).into();
    }
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, batch).await.unwrap();
    tenant
}

fn masked<'a>(db: &'a TestDatabase, tenant: &TenantId) -> TenantStore<'a> {
    let scope = TenantScope::whole(tenant.clone()).masking_people();
    db.store.within(scope)
}

fn pseudonym(user: &UserRef) -> String {
    let id = user.id.as_str();
    format!("Person {}", id[id.len() - 4..].to_ascii_uppercase())
}

fn is_by_pseudonym(users: &[UserRef]) -> bool {
    let is_masked = |user: &UserRef| user.name == pseudonym(user);
    let key = |user: &UserRef| (user.name.clone(), user.id.clone());
    !users.is_empty() && users.iter().all(is_masked) && users.is_sorted_by_key(key)
}

async fn people_are_called_by_a_part_of_their_ids(mut db: TestDatabase) {
    let tenant = tenant(&mut db).await;
    let store = masked(&db, &tenant);
    let query = TaskQuery {
        limit: 100,
        ..TaskQuery::default()
    };
    let page = store.tasks(middle(), &query).await.unwrap();
    let assignees = page.items.iter().filter_map(|task| task.assignee.as_ref());
    assert!(assignees.clone().count() > 50);
    assert!(assignees.clone().all(|user| user.name == pseudonym(user)));
    let detail = store.task(middle(), &page.items[0].id).await.unwrap();
    let contributors = detail.unwrap().contributors.into_iter();
    let contributors: Vec<UserRef> = contributors.map(|each| each.user).collect();
    assert_eq!(contributors.len(), 4);
    assert!(is_by_pseudonym(&contributors));
    // The same person is called the same, whoever asks.
    let named = db.whole(&tenant).tasks(middle(), &query).await.unwrap();
    let ids = |page: &oriel_contract::TaskPage| -> Vec<_> {
        let tasks = page.items.iter();
        tasks
            .map(|task| task.assignee.as_ref().map(|user| user.id.clone()))
            .collect()
    };
    assert_eq!(ids(&named), ids(&page));
}

async fn an_order_or_a_search_goes_by_the_pseudonym(mut db: TestDatabase) {
    let tenant = tenant(&mut db).await;
    let store = masked(&db, &tenant);
    // Over all pages, whose cursors hold names.
    let everybody = people(&store, None).await.into_iter();
    let everybody: Vec<UserRef> = everybody.map(|person| person.user).collect();
    assert_eq!(everybody.len(), 30);
    assert!(is_by_pseudonym(&everybody));

    for name in ["Zoë Secret 7", "Zo", "secret"] {
        assert!(!people(&db.whole(&tenant), Some(name)).await.is_empty());
        assert!(people(&store, Some(name)).await.is_empty(), "{name}");
        let query = TaskQuery {
            filter: TaskFilter {
                q: Some(name.to_owned()),
                ..TaskFilter::default()
            },
            limit: 1,
            ..TaskQuery::default()
        };
        assert_eq!(store.tasks(middle(), &query).await.unwrap().total, 0);
    }
    let found = people(&store, Some(&everybody[3].name)).await;
    assert_eq!(found[0].user, everybody[3]);
    let found = people(&store, Some("pERSON")).await;
    assert_eq!(found.len(), everybody.len());

    // Those of one load are in the order of what they are called.
    let all = TaskFilter::default();
    let numbers = store.dashboard(middle(), RangePreset::All, &all).await;
    let loads = numbers.unwrap().workload.people.into_iter();
    let loads: Vec<(u64, UserRef)> = loads
        .filter_map(|load| Some((load.open, load.user?)))
        .collect();
    for alike in loads.chunk_by(|a, b| a.0 == b.0) {
        let users: Vec<UserRef> = alike.iter().map(|(_, user)| user.clone()).collect();
        assert!(is_by_pseudonym(&users));
    }
    assert!(loads.len() < 12 || loads.windows(2).any(|two| two[0].0 == two[1].0));
}
