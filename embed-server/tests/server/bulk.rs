//! `POST /v1/tasks/bulk`: each item its own result, and all of it once.

use hyper::Method;
use serde_json::{Value, json};

use crate::{caller::Caller, harness::Server};

on_both_databases! {
    "":
        what_takes_its_place_has_a_version_of_its_own
        each_item_has_the_result_that_it_would_have_alone
        a_thousand_items_are_taken_and_one_more_is_not
        a_call_that_comes_again_does_nothing_again
        a_call_is_one_entry_of_the_audit_log;
}

async fn bulk(caller: &Caller<'_>, items: Vec<Value>) -> Value {
    let answer = caller
        .post("/v1/tasks/bulk", json!({ "items": items }))
        .await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    answer.json()
}

fn statuses(results: &Value) -> Vec<u64> {
    let all = results["results"].as_array().unwrap().iter();
    all.map(|result| result["status"].as_u64().unwrap())
        .collect()
}

/// However often one call has changed what is deleted then.
async fn what_takes_its_place_has_a_version_of_its_own(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let project = caller.project("Site").await;
    let body = json!({ "title": "0", "project": project });
    let path = "/v1/tasks/by-external-id/x";
    let first = caller.put(path, &[], body.clone()).await.json();
    let renamed = (1..=9).map(
        |n| json!({ "action": "update", "id": first["id"], "task": { "title": n.to_string() } }),
    );
    let changed = bulk(&caller, renamed.collect()).await;
    assert_eq!(statuses(&changed), [200; 9]);
    let last = first["version"].as_u64().unwrap() + 9;
    let gone = format!("/v1/tasks/{}", first["id"].as_str().unwrap());
    let tag = format!("\"{last}\"");
    assert_eq!(
        caller.delete(&gone, &[("if-match", &tag)]).await.status,
        204
    );
    let second = caller.put(path, &[], body).await.json();
    assert!(second["version"].as_u64().unwrap() > last, "{second}");
}

async fn each_item_has_the_result_that_it_would_have_alone(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let project = caller.project("Site").await;
    let task = |title: &str| json!({ "title": title, "project": project });
    let there = caller.made("/v1/tasks", task("There")).await;
    let gone = caller.made("/v1/tasks", task("Gone")).await;
    let results = bulk(
        &caller,
        vec![
            json!({ "action": "create", "task": task("New") }),
            json!({ "action": "upsert", "external_id": "x", "task": task("Put") }),
            json!({ "action": "upsert", "external_id": "x", "task": task("Put again") }),
            json!({ "action": "update", "id": there["id"], "version": there["version"], "task": { "status": "done" } }),
            json!({ "action": "update", "id": there["id"], "version": there["version"], "task": { "status": "todo" } }),
            json!({ "action": "delete", "id": gone["id"] }),
            json!({ "action": "delete", "id": gone["id"] }),
            json!({ "action": "create", "task": { "title": "", "project": project } }),
            json!({ "action": "create", "task": { "title": "x", "project": "prj_01jd8x0c6tfwasq9m2yjz0v4kb" } }),
            json!({ "action": "create", "task": { "title": "x", "project": project, "external_id": "x" } }),
            json!({ "action": "burn" }),
        ],
    )
    .await;
    assert_eq!(
        statuses(&results),
        [201, 201, 200, 200, 412, 204, 404, 422, 422, 409, 422]
    );
    assert_eq!(
        (&results["succeeded"], &results["failed"]),
        (&json!(5), &json!(6))
    );
    assert_eq!(
        results["results"][7]["problem"]["errors"][0]["at"],
        "/task/title"
    );
    assert_eq!(
        results["results"][8]["problem"]["errors"][0]["at"],
        "/task/project"
    );
    let titles: Vec<Value> = (caller.walk("/v1/tasks?sort=title", 200).await.into_iter())
        .filter(|task| task["project"] == project)
        .map(|task| task["title"].clone())
        .collect();
    assert_eq!(titles, ["New", "Put again", "There"]);
}

async fn a_thousand_items_are_taken_and_one_more_is_not(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let project = caller.project("Site").await;
    let items = |count: usize| -> Vec<Value> {
        let item = |n: usize| json!({ "action": "create", "task": { "title": format!("Task {n}"), "project": project } });
        (0..count).map(item).collect()
    };
    let results = bulk(&caller, items(1_000)).await;
    assert_eq!(results["succeeded"], 1_000);
    let made = caller
        .walk(&format!("/v1/tasks?project={project}"), 200)
        .await;
    assert_eq!(made.len(), 1_000);
    let refused = caller
        .post("/v1/tasks/bulk", json!({ "items": items(1_001) }))
        .await;
    assert_eq!(
        (refused.status.as_u16(), refused.errors_at()),
        (422, vec!["/items".to_owned()])
    );
    let refused = caller.post("/v1/tasks/bulk", json!({ "items": [] })).await;
    assert_eq!(refused.status, 422);
}

async fn a_call_that_comes_again_does_nothing_again(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let project = caller.project("Site").await;
    let body = json!({ "items": [
        { "action": "create", "task": { "title": "One", "project": project } },
        { "action": "create", "task": { "title": "", "project": project } },
    ] });
    let send = async || {
        let headers = [("idempotency-key", "k")];
        let request = caller.request(&Method::POST, "/v1/tasks/bulk", &headers, Some(&body));
        server.send(request).await
    };
    let first = send().await;
    let again = send().await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.body, first.body);
    let made = caller
        .walk(&format!("/v1/tasks?project={project}"), 200)
        .await;
    assert_eq!(made.len(), 1);
}

/// The log tells of one call, and of how much it did.
async fn a_call_is_one_entry_of_the_audit_log(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let project = caller.project("Site").await;
    let task = json!({ "title": "One", "project": project });
    let create = json!({ "action": "create", "task": task });
    bulk(&caller, vec![create.clone(), create.clone(), create]).await;
    let log = caller.get("/v1/audit-entries?limit=1").await.json();
    let entry = &log["items"][0];
    assert_eq!(entry["kind"], "tasks.written");
    assert_eq!(entry["detail"]["task.created"], 3);
    assert_eq!(entry["actor"], server.ours.client.id.as_str());
    assert!(
        entry["detail"]["scope"]
            .as_str()
            .unwrap()
            .contains("tasks:write")
    );
    assert!(
        entry["detail"]["request_id"]
            .as_str()
            .unwrap()
            .starts_with("req_")
    );
}
