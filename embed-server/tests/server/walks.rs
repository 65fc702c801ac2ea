//! Walks through lists while others write: no row is skipped or repeated.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{caller::Caller, harness::Server};

on_both_databases! {
    "":
        tasks_are_met_once_while_tasks_are_made_changed_and_deleted
        named_things_are_met_once_while_some_are_renamed
        a_clock_step_hides_nothing_from_a_walk;
}

/// Walks page by page, and between two pages lets something happen.
async fn walk(caller: &Caller<'_>, path: &str, mut between: impl AsyncFnMut(usize)) -> Vec<String> {
    let mut met = Vec::new();
    let mut cursor = String::new();
    for page in 0.. {
        let answer = caller.get(&format!("{path}limit=7{cursor}")).await.json();
        let items = answer["items"].as_array().unwrap().iter();
        met.extend(items.map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(next) = answer["next_cursor"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
        between(page).await;
    }
    met
}

fn times(met: &[String]) -> BTreeMap<&str, usize> {
    let mut times = BTreeMap::new();
    for id in met {
        *times.entry(id.as_str()).or_default() += 1;
    }
    times
}

/// Makes fifty of a kind, in ten different milliseconds.
async fn fifty(caller: &Caller<'_>, path: &str, body: impl Fn(usize) -> Value) -> Vec<String> {
    let mut ids = Vec::new();
    for n in 0..50 {
        if n % 5 == 0 {
            caller.server.clock.advance_ms(1);
        }
        let made = caller.made(path, body(n)).await;
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    ids
}

async fn tasks_are_met_once_while_tasks_are_made_changed_and_deleted(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let project = caller.project("Site").await;
    let task = |n: usize| json!({ "title": format!("Task {n}"), "project": project });
    let ids = fifty(&caller, "/v1/tasks", task).await;
    let (stay, go) = ids.split_at(40);
    for sort in ["created_at", "-created_at"] {
        let path = format!("/v1/tasks?project={project}&sort={sort}&");
        let met = walk(&caller, &path, async |page| {
            // What was met and what was not yet, and something new.
            for id in [&stay[page], &stay[39 - page]] {
                let path = format!("/v1/tasks/{id}");
                let change = json!({ "title": format!("{sort} {page}"), "status": "done" });
                assert_eq!(caller.patch(&path, &[], change).await.status, 200);
            }
            server.clock.advance_ms(1);
            caller.made("/v1/tasks", task(100 + page)).await;
            if sort == "created_at" && page < go.len() {
                let path = format!("/v1/tasks/{}", go[page]);
                caller.delete(&path, &[]).await;
            }
        })
        .await;
        let times = times(&met);
        for id in stay {
            assert_eq!(times.get(id.as_str()), Some(&1), "{sort}");
        }
        assert!(times.values().all(|times| *times == 1), "{sort}");
    }
}

async fn named_things_are_met_once_while_some_are_renamed(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    for (many, member) in [("projects", "name"), ("users", "name"), ("embeds", "title")] {
        let body = |n: usize| {
            let mut body = json!({ member: format!("{n:02}") });
            if many == "embeds" {
                body["allowed_origins"] = json!([]);
            }
            body
        };
        let list = format!("/v1/{many}");
        let ids = fifty(&caller, &list, body).await;
        for sort in ["created_at", "-created_at"] {
            let met = walk(&caller, &format!("{list}?sort={sort}&"), async |page| {
                let path = format!("{list}/{}", ids[page * 3 % 50]);
                let change = json!({ member: format!("zz {sort} {page}") });
                assert_eq!(caller.patch(&path, &[], change).await.status, 200);
                server.clock.advance_ms(1);
                caller.made(&list, body(page)).await;
            })
            .await;
            let times = times(&met);
            for id in &ids {
                assert_eq!(times.get(id.as_str()), Some(&1), "{many} {sort}");
            }
            assert!(times.values().all(|times| *times == 1), "{many} {sort}");
        }
    }
}

/// A clock that is set back while somebody walks hides nothing that was there.
async fn a_clock_step_hides_nothing_from_a_walk(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let project = caller.project("Site").await;
    let task = |n: usize| json!({ "title": format!("Task {n}"), "project": project });
    let ids = fifty(&caller, "/v1/tasks", task).await;
    let path = format!("/v1/tasks?project={project}&");
    let met = walk(&caller, &path, async |page| {
        server
            .clock
            .advance_ms(if page % 2 == 0 { -5_000 } else { 5_000 });
        let path = format!("/v1/tasks/{}", ids[page]);
        assert_eq!(
            caller
                .patch(&path, &[], json!({ "priority": "high" }))
                .await
                .status,
            200
        );
    })
    .await;
    assert_eq!(met.iter().filter(|id| ids.contains(id)).count(), 50);
    assert!(times(&met).values().all(|times| *times == 1));
}
