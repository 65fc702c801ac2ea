//! The part of the deny matrix that is about things: what is another tenant's, of
//! another project, or locked out. Whoever names it hears that it is not found; and
//! whoever does not finds nothing of it in any answer. What single reads tell is held by
//! [`crate::confined`].

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    deny::{assert_denied, assert_taken, target},
    harness::{Answer, Server, mint_body, mint_request},
    operations::{self, Operation, Target},
    reads::{World, id, ids},
};

/// Holds one operation to it, for who may not see what is hidden.
async fn assert_hides(
    server: &Server,
    operation: &Operation,
    target: &Target,
    token: &str,
    hidden: &BTreeSet<String>,
) {
    let answer = server.send(operation.request_with(target, token)).await;
    if !ids(&operation.words(target)).is_disjoint(hidden) {
        return assert_not_there(operation, &answer);
    }
    assert_taken("a good token", operation, &answer);
    let told = ids(&String::from_utf8(answer.plain()).unwrap());
    let leaks: Vec<_> = told.intersection(hidden).collect();
    assert!(leaks.is_empty(), "{}: tells {leaks:?}", operation.id);
}

/// What a path names is not found; what a body refers to is named as unknown.
fn assert_not_there(operation: &Operation, answer: &Answer) {
    match operation.id.as_str() {
        "create_task" | "put_task_by_external_id" => {
            assert_eq!(answer.status, 422, "{}", operation.id);
            assert_eq!(answer.errors_at(), ["/project"], "{}", operation.id);
        }
        "write_tasks" => {
            let result = &answer.json()["results"][0];
            assert_eq!(result["status"], 422, "{result}");
            assert_eq!(result["problem"]["errors"][0]["at"], "/task/project");
        }
        _ => assert_denied("what is hidden", operation, answer, (404, "not_found", "")),
    }
}

/// The ids of all that a tenant has.
async fn everything(server: &Server, target: &Target, world: &World) -> BTreeSet<String> {
    let things = [&world.tasks, &world.projects, &world.people, &world.labels];
    let mut all: BTreeSet<_> = things
        .into_iter()
        .flatten()
        .flat_map(|thing| ids(&thing.to_string()))
        .collect();
    all.extend([target.embed.clone(), target.key.clone(), target.app.clone()]);
    all.extend(target.authorizations.lock().unwrap().iter().cloned());
    let keys = server.store.signing_keys().await.unwrap().into_iter();
    let own = keys.filter(|key| key.tenant == server.ours.tenant.id);
    all.extend(own.map(|key| key.id.to_string()));
    all
}

#[tokio::test]
async fn what_another_tenant_has_is_not_found_and_in_no_answer() {
    let server = Server::start().await;
    let ours = target(&server, &server.ours).await;
    let theirs = target(&server, &server.other).await;
    let world = World::of(&server, &server.ours).await;
    let hidden = everything(&server, &ours, &world).await;
    let mut named = 0;
    for operation in operations::guarded() {
        let token = operation.good_token(&server, &server.other).await;
        // Named outright, and looked for among their own.
        for target in [&ours, &theirs] {
            assert_hides(&server, &operation, target, &token, &hidden).await;
        }
        named += usize::from(!ids(&operation.words(&ours)).is_disjoint(&hidden));
        // And it is still there.
        let token = operation.good_token(&server, &server.ours).await;
        if operation.id != "retire_tenant_key" {
            let answer = server.send(operation.request_with(&ours, &token)).await;
            assert_taken("its owner", &operation, &answer);
        }
    }
    assert!(named >= 5, "{named}");
}

#[tokio::test]
async fn no_token_is_minted_for_another_tenant_s_project() {
    let server = Server::start().await;
    let ours = World::of(&server, &server.ours).await;
    let theirs = World::of(&server, &server.other).await;
    let access = server.access_token(&server.other).await;
    for projects in [
        json!([id(&ours.projects[0])]),
        json!([id(&ours.projects[0]), id(&theirs.projects[0])]),
    ] {
        let body = mint_body(&server.other, json!({ "projects": projects }));
        let answer = server.send(mint_request(&access, &body)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.errors_at()),
            (422, vec!["/projects/0".to_owned()])
        );
    }
}

/// A revocation is of its own tenant, whatever it names.
#[tokio::test]
async fn nobody_revokes_what_is_another_tenant_s() {
    let server = Server::start().await;
    let ours = server.mint(&server.ours, json!({})).await;
    let keys = server.store.signing_keys().await.unwrap().into_iter();
    let key = keys.clone().find(|key| key.tenant == server.ours.tenant.id);
    let access = server.access_token(&server.other).await;
    server.clock.advance_ms(1_000);
    for body in [
        json!({ "session": ours.session }),
        json!({ "viewer": "viewer-1" }),
        json!({ "key": key.unwrap().id }),
        json!({ "all": true }),
    ] {
        let mut request = mint_request(&access, &body);
        *request.uri_mut() = "/v1/revocations".parse().unwrap();
        assert_eq!(server.send(request).await.status, 201, "{body}");
        server.clock.advance_ms(250);
        let answer = server.get_with("/v1/embed/tasks", &ours.token).await;
        assert_eq!(answer.status, 200, "{body}");
    }
}

#[tokio::test]
async fn what_is_of_another_project_or_locked_out_is_not_found_and_in_no_answer() {
    let server = Server::start().await;
    let world = World::of(&server, &server.ours).await;
    let base = target(&server, &server.ours).await;
    let [alpha, beta] = [0, 1].map(|n| id(&world.projects[n]).to_owned());
    let tasks = |keeps: &dyn Fn(&Value) -> bool| -> BTreeSet<String> {
        let tasks = world.tasks.iter().map(|each| &each["task"]);
        let hidden = tasks.filter(|task| !keeps(task));
        hidden.map(|task| id(task).to_owned()).collect()
    };
    let mut of_beta = tasks(&|task| task["project"]["id"] == *alpha);
    of_beta.insert(beta.clone());
    let ada = id(&world.people[0]);
    let due = |task: &Value| {
        task["due_on"]
            .as_str()
            .is_some_and(|due| due >= "2025-06-01")
    };
    for (limits, hidden) in [
        (json!({ "projects": [alpha] }), of_beta),
        (
            json!({ "locked": { "status": ["done"] } }),
            tasks(&|task| task["status"] == "done"),
        ),
        (
            json!({ "locked": { "assignee": ada } }),
            tasks(&|task| task["assignee"]["id"] == ada),
        ),
        (json!({ "locked": { "from": "2025-06-01" } }), tasks(&due)),
    ] {
        let token = server.mint(&server.ours, limits).await.token;
        for operation in operations::guarded().iter().filter(|one| one.is_embed()) {
            for task in &hidden {
                let mut target = base.clone();
                target.task.clone_from(task);
                target.project = if hidden.contains(&beta) {
                    &beta
                } else {
                    &alpha
                }
                .clone();
                assert_hides(&server, operation, &target, &token, &hidden).await;
            }
        }
    }
}
