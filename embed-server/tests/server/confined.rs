//! What no read tells: what a token is locked out of, the names of people without
//! their scope, and another tenant's ids. Each holds on every operation of the
//! contract that is tagged `embed`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    harness::Server,
    reads::{World, id, ids, words},
};

/// Limits of a token, the tasks that they leave (by number), and whether
/// milestones, which are all due on 4 July, are left.
fn locks(world: &World) -> Vec<(Value, Vec<usize>, bool)> {
    let alpha = id(&world.projects[0]);
    let ada = id(&world.people[0]);
    let june = json!({ "from": "2025-06-01", "to": "2025-06-30" });
    vec![
        (json!({}), vec![1, 2, 3, 4, 5, 6], true),
        (json!({ "projects": [alpha] }), vec![2, 4, 6], true),
        (json!({ "locked": { "status": ["done"] } }), vec![1], true),
        (
            json!({ "locked": { "assignee": ada } }),
            vec![4, 5, 6],
            true,
        ),
        (json!({ "locked": june }), vec![2], false),
        (
            json!({ "locked": { "date": "due_on", "from": "2025-06-11" } }),
            vec![],
            true,
        ),
        (
            json!({ "locked": { "date": "completed_at", "to": "2025-06-04" } }),
            vec![1],
            false,
        ),
        (
            json!({ "locked": { "date": "created_at", "to": "2025-06-01" } }),
            vec![1, 2, 3, 4, 5, 6],
            false,
        ),
        (
            json!({
                "projects": [alpha],
                "locked": {
                    "status": ["todo", "blocked"],
                    "assignee": ada,
                    "date": "created_at",
                    "from": "2025-06-01",
                    "to": "2025-06-01",
                },
            }),
            vec![4, 6],
            false,
        ),
    ]
}

#[tokio::test]
async fn what_a_token_is_locked_out_of_is_in_no_answer() {
    let server = Server::start().await;
    let world = World::of(&server, &server.ours).await;
    let everything: BTreeSet<String> = world.tasks.iter().flat_map(words).collect();
    for (limits, kept, has_milestones) in locks(&world) {
        let mut open: BTreeSet<String> = BTreeSet::new();
        open.extend(kept.iter().flat_map(|n| words(&world.tasks[n - 1])));
        if limits["projects"].is_null() {
            // Locks are of tasks: projects stay in sight.
            open.extend(world.projects.iter().flat_map(words));
        }
        let token = server.mint(&server.ours, limits.clone()).await.token;
        let reads = world.read(&server, &token).await;
        for (path, body) in &reads {
            for word in everything.difference(&open) {
                assert!(
                    !body.contains(word),
                    "{path} of {limits} has {word}: {body}"
                );
            }
            let milestones = has_milestones || !body.contains(" ready");
            assert!(milestones, "{path} of {limits} has a milestone: {body}");
        }
        let all: String = reads.into_iter().map(|(_, body)| body).collect();
        for word in &open {
            assert!(all.contains(word), "{limits} hides {word}");
        }
        assert_eq!(all.contains(" ready"), has_milestones, "{limits}");
        assert_counts(&server, &token, kept.len()).await;
    }
}

/// All that counts tasks counts so many.
async fn assert_counts(server: &Server, token: &str, tasks: usize) {
    let sum = |all: &Value, member: &str| -> u64 {
        let all = all.as_array().unwrap().iter();
        all.map(|each| each[member].as_u64().unwrap()).sum()
    };
    let get = async |path: &str| server.get_with(path, token).await.json();
    let page = get("/v1/embed/tasks").await;
    let dashboard = get("/v1/embed/dashboard?range=all").await;
    let today = dashboard["status_over_time"]["points"].as_array().unwrap();
    let today = today.last().unwrap().as_object().unwrap();
    let projects = get("/v1/embed/projects").await;
    let counts = [
        page["total"].as_u64().unwrap(),
        sum(&dashboard["statuses"], "tasks"),
        today.values().filter_map(Value::as_u64).sum(),
        dashboard["burn_up"]["points"]
            .as_array()
            .unwrap()
            .last()
            .unwrap()["scope"]
            .as_u64()
            .unwrap(),
        sum(&dashboard["health"]["items"], "tasks"),
        sum(&projects["items"], "tasks"),
    ];
    assert_eq!(counts, [tasks as u64; 6]);
    let people = get("/v1/embed/people").await;
    let assigned = sum(&people["items"], "open");
    let nobodys = dashboard["workload"]["people"].as_array().unwrap().iter();
    let nobodys: u64 = nobodys
        .filter(|load| load["user"].is_null())
        .map(|load| load["open"].as_u64().unwrap())
        .sum();
    assert_eq!(
        assigned + nobodys,
        dashboard["kpis"]["open"].as_u64().unwrap()
    );
}

#[tokio::test]
async fn without_their_scope_no_answer_names_people() {
    let server = Server::start().await;
    let world = World::of(&server, &server.ours).await;
    let full = server.embed_token().await;
    let named = world.read(&server, &full).await;
    let forbidden = ["Ada", "Grace", "ada@", "grace@", "example.test"];
    for scope in ["dashboard:read tasks:read", "tasks:read", "dashboard:read"] {
        let token = server
            .mint(&server.ours, json!({ "scope": scope }))
            .await
            .token;
        let masked = world.read(&server, &token).await;
        for ((path, named), (_, masked)) in named.iter().zip(&masked) {
            for name in forbidden {
                assert!(!masked.contains(name), "{path} of {scope}: {masked}");
            }
            let is_search = path.contains("people?q=");
            let is_open = !masked.contains("insufficient_scope");
            if is_open && !is_search {
                let names_somebody = named.contains("Ada") || named.contains("Grace");
                assert_eq!(masked.contains("Person "), names_somebody, "{path}");
            }
        }
        // A hit would tell the name, and a miss the pseudonym's owner.
        let found = async |q: &str| {
            let path = format!("/v1/embed/people?q={q}");
            let page = server.get_with(&path, &token).await.json();
            page["items"].as_array().unwrap().len()
        };
        let tail = &id(&world.people[0])[26..];
        assert_eq!((found("ada").await, found(tail).await), (0, 1), "{scope}");
    }
    let told = named
        .iter()
        .filter(|(_, body)| body.contains("Ada"))
        .count();
    assert!(told > 20, "{told}");
}

#[tokio::test]
async fn the_scope_of_names_opens_nothing_by_itself() {
    let server = Server::start().await;
    let world = World::of(&server, &server.ours).await;
    let token = server
        .mint(&server.ours, json!({ "scope": "people:read" }))
        .await
        .token;
    for (path, body) in world.read(&server, &token).await {
        let open = ["/v1/embed/session", "/v1/embed/events"].contains(&path.as_str());
        assert_eq!(open, !body.contains("insufficient_scope"), "{path}: {body}");
    }
}

#[tokio::test]
async fn tenants_that_are_alike_in_everything_never_see_each_other_s_ids() {
    let server = Server::start().await;
    let ours = World::of(&server, &server.ours).await;
    let theirs = World::of(&server, &server.other).await;
    let our_token = server.embed_token().await;
    let their_token = server.mint(&server.other, json!({})).await.token;
    let told = async |world: &World, token: &str| -> BTreeSet<String> {
        let reads = world.read(&server, token).await.into_iter();
        reads.flat_map(|(_, body)| ids(&body)).collect()
    };
    let (our_ids, their_ids) = (
        told(&ours, &our_token).await,
        told(&theirs, &their_token).await,
    );
    assert!(our_ids.len() > 14 && our_ids.len() == their_ids.len());
    assert!(our_ids.is_disjoint(&their_ids));
    // Nor does one find anything by the other's ids.
    let asked = told(&theirs, &our_token).await;
    assert!(asked.is_disjoint(&their_ids), "{asked:?}");
    assert!(asked.is_subset(&our_ids));

    let but_ids = |world: &World| -> BTreeSet<String> {
        let words = world.tasks.iter().flat_map(words);
        words.filter(|word| ids(word).is_empty()).collect()
    };
    assert_eq!(but_ids(&ours), but_ids(&theirs));
}
