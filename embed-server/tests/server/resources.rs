//! Projects, users, tasks and embeds of the management API: what is written is what is
//! read, nobody's update is lost, and what is refused says why.

use serde_json::{Value, json};

use crate::{
    caller::Caller,
    harness::{PORTAL, Server, get, with_token},
};

on_both_databases! {
    "":
        what_is_made_is_read_at_its_location_with_its_etag
        no_update_is_lost_to_one_that_did_not_know_of_it
        no_tag_of_what_was_deleted_fits_what_took_its_place
        twenty_updates_of_one_version_are_one
        another_system_s_id_makes_once_and_replaces_then
        an_external_id_names_one_thing_of_a_kind
        what_something_refers_to_is_not_deleted
        each_bad_member_is_named_by_its_pointer
        a_task_s_times_follow_its_status
        a_clock_that_is_set_back_keeps_the_order_of_a_history
        lists_are_sorted_and_filtered_as_asked
        an_embed_that_is_deleted_shows_nothing_at_once
        origins_that_are_changed_are_those_of_the_next_frame;
}

fn path(many: &str, thing: &Value) -> String {
    format!("/v1/{many}/{}", thing["id"].as_str().unwrap())
}

async fn what_is_made_is_read_at_its_location_with_its_etag(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let project = caller.project("Site").await;
    for (many, body) in [
        ("projects", json!({ "name": "Roof", "external_id": "R-1" })),
        (
            "users",
            json!({ "name": "Ada", "email": "ada@example.com", "external_id": "u1" }),
        ),
        (
            "tasks",
            json!({
                "title": "Pave", "project": project, "external_id": "T-100", "status": "done",
                "labels": ["b", "a", "b"], "due_on": "2025-07-01", "estimate_hours": 2.5,
                "completed_at": "2025-06-01T10:00:00.123Z", "priority": "high",
            }),
        ),
        (
            "embeds",
            json!({ "title": "Board", "allowed_origins": [PORTAL], "default_view": "board" }),
        ),
    ] {
        let made = caller.post(&format!("/v1/{many}"), body.clone()).await;
        assert_eq!(made.status, 201, "{many}: {:?}", made.body);
        let resource = made.json();
        let tag = format!("\"{}\"", resource["version"]);
        assert_eq!(made.header("etag"), tag);
        assert_eq!(made.header("location"), path(many, &resource));
        let read = caller.get(made.header("location")).await;
        assert_eq!(
            (read.json(), read.header("etag")),
            (resource.clone(), &*tag)
        );
        for (member, value) in body.as_object().unwrap() {
            if member != "labels" {
                assert_eq!(resource[member], *value, "{many}: {member}");
            }
        }
        let again = [("if-none-match", &*tag)];
        let request = caller.request(&hyper::Method::GET, &path(many, &resource), &again, None);
        assert_eq!(server.send(request).await.status, 304, "{many}");
    }
    let tasks = caller.get("/v1/tasks?external_id=T-100").await.json();
    assert_eq!(tasks["items"][0]["labels"], json!(["a", "b"]));
}

/// RFC 9110 §13.1.1: of two who change the same version, one is told.
async fn no_update_is_lost_to_one_that_did_not_know_of_it(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let project = caller.project("Site").await;
    for (many, body, member) in [
        ("projects", json!({ "name": "One" }), "name"),
        ("users", json!({ "name": "One" }), "name"),
        (
            "tasks",
            json!({ "title": "One", "project": project }),
            "title",
        ),
        (
            "embeds",
            json!({ "title": "One", "allowed_origins": [] }),
            "title",
        ),
    ] {
        let made = caller.made(&format!("/v1/{many}"), body).await;
        let path = path(many, &made);
        let version = made["version"].as_u64().unwrap();
        let [first, second] = [version, version + 1].map(|version| format!("\"{version}\""));
        let first = [("if-match", &*first)];
        let won = caller.patch(&path, &first, json!({ member: "Two" })).await;
        assert_eq!(
            (won.status.as_u16(), won.header("etag")),
            (200, &*second),
            "{many}"
        );
        let lost = caller
            .patch(&path, &first, json!({ member: "Three" }))
            .await;
        assert_eq!(
            (lost.status.as_u16(), &*lost.code()),
            (412, "precondition_failed")
        );
        let lost = caller.delete(&path, &first).await;
        assert_eq!(lost.status, 412, "{many}");
        assert_eq!(caller.get(&path).await.json()[member], "Two", "{many}");
        let weak = format!("W/{second}");
        let weak = caller.patch(&path, &[("if-match", &weak)], json!({})).await;
        assert_eq!(weak.status, 412, "{many}: a weak tag matches nothing");
        let odd = caller.patch(&path, &[("if-match", "2")], json!({})).await;
        assert_eq!(
            (odd.status.as_u16(), odd.errors_at()),
            (400, vec!["If-Match".to_owned()])
        );
        // What changes nothing makes no version.
        let same = caller
            .patch(&path, &[("if-match", "*")], json!({ member: "Two" }))
            .await;
        assert_eq!(
            (same.status.as_u16(), same.header("etag")),
            (200, &*second),
            "{many}"
        );
        assert_eq!(
            caller.delete(&path, &[("if-match", &second)]).await.status,
            204
        );
        assert_eq!(caller.get(&path).await.status, 404, "{many}");
        assert_eq!(caller.delete(&path, &[]).await.status, 404, "{many}");
    }
}

/// What comes under the same name is another thing, whoever knew the first one.
async fn no_tag_of_what_was_deleted_fits_what_took_its_place(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let project = caller.project("Site").await;
    for (many, body) in [
        ("projects", json!({ "name": "P" })),
        ("users", json!({ "name": "U" })),
        ("tasks", json!({ "title": "T", "project": project })),
    ] {
        let path = format!("/v1/{many}/by-external-id/again");
        let first = caller.put(&path, &[], body.clone()).await;
        let gone = format!("/v1/{many}/{}", first.json()["id"].as_str().unwrap());
        assert_eq!(caller.delete(&gone, &[]).await.status, 204, "{many}");
        let second = caller.put(&path, &[], body.clone()).await;
        assert_eq!(second.status, 201, "{many}");
        let tag = first.header("etag");
        let late = caller.put(&path, &[("if-match", tag)], body).await;
        assert_eq!(late.status, 412, "{many}");
    }
}

async fn twenty_updates_of_one_version_are_one(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let made = caller.made("/v1/projects", json!({ "name": "0" })).await;
    let path = path("projects", &made);
    let tag = format!("\"{}\"", made["version"]);
    let all = (1..=20).map(|n| {
        let (caller, path, tag) = (&caller, &path, &*tag);
        async move {
            let change = json!({ "name": n.to_string() });
            caller
                .patch(path, &[("if-match", tag)], change)
                .await
                .status
                .as_u16()
        }
    });
    let statuses = futures_util::future::join_all(all).await;
    let won = statuses.iter().filter(|status| **status == 200).count();
    let lost = statuses.iter().filter(|status| **status == 412).count();
    assert_eq!((won, lost), (1, 19));
}

async fn another_system_s_id_makes_once_and_replaces_then(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let project = caller.project("Site").await;
    for (many, first, second, cleared) in [
        (
            "projects",
            json!({ "name": "One" }),
            json!({ "name": "Two" }),
            "external_id",
        ),
        (
            "users",
            json!({ "name": "One", "email": "a@b.c" }),
            json!({ "name": "Two" }),
            "email",
        ),
        (
            "tasks",
            json!({ "title": "One", "project": project, "due_on": "2025-07-01" }),
            json!({ "title": "Two", "project": project }),
            "due_on",
        ),
    ] {
        let path = format!("/v1/{many}/by-external-id/a%2Fb%20%C3%A9");
        let made = caller
            .put(&path, &[("if-none-match", "*")], first.clone())
            .await;
        assert_eq!(made.status, 201, "{many}: {:?}", made.body);
        assert_eq!(made.json()["external_id"], "a/b é", "{many}");
        let again = caller.put(&path, &[], first.clone()).await;
        assert_eq!(
            (again.status.as_u16(), again.header("etag")),
            (200, made.header("etag")),
            "{many}"
        );
        assert_eq!(again.json(), made.json(), "{many}");
        let there = caller.put(&path, &[("if-none-match", "*")], first).await;
        assert_eq!(there.status, 412, "{many}");
        let tag = made.header("etag").to_owned();
        let replaced = caller.put(&path, &[("if-match", &tag)], second).await;
        let version = made.json()["version"].as_u64().unwrap() + 1;
        assert_eq!(
            (replaced.status.as_u16(), replaced.header("etag")),
            (200, &*format!("\"{version}\""))
        );
        assert_eq!(replaced.json()["id"], made.json()["id"], "{many}");
        if cleared != "external_id" {
            assert_eq!(replaced.json()[cleared], Value::Null, "{many}");
        }
        let absent = format!("/v1/{many}/by-external-id/nothing");
        let name = if many == "tasks" {
            json!({ "title": "x", "project": project })
        } else {
            json!({ "name": "x" })
        };
        let missing = caller.put(&absent, &[("if-match", "*")], name).await;
        assert_eq!(missing.status, 412, "{many}");
    }
}

async fn an_external_id_names_one_thing_of_a_kind(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let first = caller
        .made("/v1/projects", json!({ "name": "One", "external_id": "x" }))
        .await;
    let taken = caller
        .post("/v1/projects", json!({ "name": "Two", "external_id": "x" }))
        .await;
    assert_eq!((taken.status.as_u16(), &*taken.code()), (409, "conflict"));
    // Nor may one be called by the id of another.
    let id = first["id"].clone();
    let bare = caller.made("/v1/projects", json!({ "name": "Bare" })).await;
    let taken = caller
        .post(
            "/v1/projects",
            json!({ "name": "Two", "external_id": bare["id"] }),
        )
        .await;
    assert_eq!(taken.status, 409);
    let freed = caller
        .patch(
            &path("projects", &first),
            &[],
            json!({ "external_id": null }),
        )
        .await;
    assert_eq!(
        (
            freed.json()["external_id"].clone(),
            freed.json()["id"].clone()
        ),
        (Value::Null, id)
    );
    caller
        .made("/v1/projects", json!({ "name": "Two", "external_id": "x" }))
        .await;
    // Another tenant may call its own so.
    let other = Caller::of(&server, &server.other).await;
    other
        .made(
            "/v1/projects",
            json!({ "name": "Theirs", "external_id": "x" }),
        )
        .await;
}

async fn what_something_refers_to_is_not_deleted(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let project = caller.made("/v1/projects", json!({ "name": "Site" })).await;
    let user = caller.made("/v1/users", json!({ "name": "Ada" })).await;
    let task = json!({ "title": "Pave", "project": project["id"], "assignee": user["id"] });
    let task = caller.made("/v1/tasks", task).await;
    for thing in [path("projects", &project), path("users", &user)] {
        let refused = caller.delete(&thing, &[]).await;
        assert_eq!(
            (refused.status.as_u16(), &*refused.code()),
            (409, "conflict"),
            "{thing}"
        );
    }
    assert_eq!(caller.delete(&path("tasks", &task), &[]).await.status, 204);
    for thing in [path("projects", &project), path("users", &user)] {
        assert_eq!(caller.delete(&thing, &[]).await.status, 204, "{thing}");
    }
}

async fn each_bad_member_is_named_by_its_pointer(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let project = caller.project("Site").await;
    let theirs = Caller::of(&server, &server.other).await;
    let their_project = theirs.project("Theirs").await;
    for (path, body, at) in [
        ("/v1/projects", json!({}), vec!["/name"]),
        (
            "/v1/projects",
            json!({ "name": "x", "color": 1, "external_id": "" }),
            vec!["/color", "/external_id"],
        ),
        (
            "/v1/users",
            json!({ "name": "", "email": "nobody" }),
            vec!["/email", "/name"],
        ),
        (
            "/v1/tasks",
            json!({ "title": "x".repeat(501), "project": "p", "status": "open", "estimate_hours": -1 }),
            vec!["/estimate_hours", "/project", "/status", "/title"],
        ),
        (
            "/v1/tasks",
            json!({ "title": "x", "project": their_project }),
            vec!["/project"],
        ),
        (
            "/v1/tasks",
            json!({ "title": "x", "project": project, "assignee": "usr_01jd8x0c6tfwasq9m2yjz0v4kb" }),
            vec!["/assignee"],
        ),
        (
            "/v1/embeds",
            json!({ "title": "x", "allowed_origins": ["https://a.example", "http://b.example", "*"] }),
            vec!["/allowed_origins/1", "/allowed_origins/2"],
        ),
        (
            "/v1/embeds",
            json!({ "title": "x", "allowed_origins": ["https://embed.example.com"] }),
            vec!["/allowed_origins/0"],
        ),
    ] {
        let refused = caller.post(path, body.clone()).await;
        assert_eq!(refused.status, 422, "{path} {body}: {:?}", refused.body);
        assert_eq!(refused.errors_at(), at, "{path} {body}");
    }
}

async fn a_task_s_times_follow_its_status(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let project = caller.project("Site").await;
    let task = caller
        .made("/v1/tasks", json!({ "title": "Pave", "project": project }))
        .await;
    let path = path("tasks", &task);
    assert_eq!(
        (&task["status"], &task["started_at"]),
        (&json!("todo"), &Value::Null)
    );
    let step = async |status: &str| {
        server.clock.advance_ms(60_000);
        caller
            .patch(&path, &[], json!({ "status": status }))
            .await
            .json()
    };
    let begun = step("in_progress").await;
    assert_eq!(begun["started_at"], "2025-06-11T10:01:00Z");
    let done = step("done").await;
    assert_eq!(done["completed_at"], "2025-06-11T10:02:00Z");
    assert_eq!(done["started_at"], begun["started_at"]);
    let again = step("in_progress").await;
    assert_eq!(again["completed_at"], Value::Null);
    assert_eq!(again["started_at"], begun["started_at"]);
    // And the viewer sees the same.
    let embed = server.embed_token().await;
    let id = task["id"].as_str().unwrap();
    let seen = server
        .get_with(&format!("/v1/embed/tasks/{id}"), &embed)
        .await
        .json();
    let statuses: Vec<&str> = (seen["history"].as_array().unwrap().iter())
        .map(|change| change["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["todo", "in_progress", "done", "in_progress"]);
    assert_eq!(seen["task"]["external_id"], Value::Null);
}

/// A clock that is set back puts nothing in the wrong order.
async fn a_clock_that_is_set_back_keeps_the_order_of_a_history(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let project = caller.project("Site").await;
    let task = caller
        .made("/v1/tasks", json!({ "title": "Pave", "project": project }))
        .await;
    let path = path("tasks", &task);
    caller
        .patch(&path, &[], json!({ "status": "in_progress" }))
        .await;
    server.clock.advance_ms(-30_000);
    let changed = caller
        .patch(&path, &[], json!({ "status": "blocked" }))
        .await;
    let version = task["version"].as_u64().unwrap();
    let [third, fourth] = [version + 2, version + 3].map(|version| format!("\"{version}\""));
    assert_eq!(
        (changed.status.as_u16(), changed.header("etag")),
        (200, &*third)
    );
    let embed = server.embed_token().await;
    let id = task["id"].as_str().unwrap();
    let seen = server
        .get_with(&format!("/v1/embed/tasks/{id}"), &embed)
        .await
        .json();
    let last = seen["history"].as_array().unwrap().last().unwrap();
    assert_eq!(last["status"], "blocked");
    // A second change gets its own version whatever the clock says.
    let next = caller
        .patch(&path, &[("if-match", &third)], json!({ "status": "todo" }))
        .await;
    assert_eq!(next.header("etag"), fourth);
}

async fn lists_are_sorted_and_filtered_as_asked(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    for (name, email) in [("Cleo", "c@x.y"), ("ada", "a@x.y"), ("Bo", "b@x.y")] {
        server.clock.advance_ms(1);
        caller
            .made("/v1/users", json!({ "name": name, "email": email }))
            .await;
    }
    let names = async |query: &str| -> Vec<String> {
        let page = caller.get(&format!("/v1/users?{query}")).await.json();
        let items = page["items"].as_array().unwrap().clone();
        let own = items.into_iter().filter(|user| user["email"].is_string());
        own.map(|user| user["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        names("sort=-created_at&limit=3").await,
        ["Bo", "ada", "Cleo"]
    );
    assert_eq!(names("email=a@x.y").await, ["ada"]);
    assert_eq!(names("q=CLE").await, ["Cleo"]);
    assert_eq!(names("sort=-name&limit=1").await, ["ada"]);
    for query in [
        "sort=email",
        "limit=201",
        "cursor=x",
        "external_id=",
        "email=x",
        "zebra=1",
    ] {
        let refused = caller.get(&format!("/v1/users?{query}")).await;
        assert_eq!(
            (refused.status.as_u16(), refused.errors_at().len()),
            (400, 1),
            "{query}"
        );
    }
}

async fn an_embed_that_is_deleted_shows_nothing_at_once(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let token = server.embed_token().await;
    assert_eq!(
        server.get_with("/v1/embed/session", &token).await.status,
        200
    );
    let path = format!("/v1/embeds/{}", server.ours.embed.id);
    assert_eq!(caller.delete(&path, &[]).await.status, 204);
    server.clock.advance_ms(250);
    let refused = server
        .send(with_token(get("/v1/embed/session"), &token))
        .await;
    assert_eq!(
        (refused.status.as_u16(), &*refused.code()),
        (401, "session_revoked")
    );
    let frame = server
        .send(get(&format!("/v1/frame/{}", server.ours.embed.id)))
        .await;
    assert_eq!(frame.status, 404);
}

async fn origins_that_are_changed_are_those_of_the_next_frame(server: Server) {
    let caller = Caller::of(&server, &server.ours).await;
    let path = format!("/v1/embeds/{}", server.ours.embed.id);
    let changed = caller
        .patch(
            &path,
            &[],
            json!({ "allowed_origins": ["https://new.example"] }),
        )
        .await;
    assert_eq!(
        changed.json()["allowed_origins"],
        json!(["https://new.example"])
    );
    server.clock.advance_ms(250);
    let frame = server
        .send(get(&format!("/v1/frame/{}", server.ours.embed.id)))
        .await;
    let policy = frame.header("content-security-policy");
    assert!(
        policy.contains("frame-ancestors https://new.example"),
        "{policy}"
    );
    assert!(!policy.contains(PORTAL), "{policy}");
}
