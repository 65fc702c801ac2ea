//! Answers are kept, and never too long.

use crate::{
    harness::{Server, get, with_token},
    sample::{import, task},
};

async fn tag(server: &Server, path: &str, token: &str) -> String {
    let answer = server.get_with(path, token).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("vary"), "authorization, accept-encoding");
    assert_eq!(answer.status, 200);
    answer.header("etag").to_owned()
}

async fn add_task(server: &mut Server, n: u32) {
    let (store, tenant) = (server.store.clone(), server.ours.tenant.clone());
    let batch = oriel_store::ImportBatch {
        tasks: vec![task("Ours", n)],
        source: "test".to_owned(),
        ..Default::default()
    };
    import(&store, &mut server.context(), &tenant, batch).await;
}

#[tokio::test]
async fn an_answer_that_is_held_is_not_sent_again() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    for path in [
        "/v1/embed/tasks?limit=3",
        "/v1/embed/dashboard",
        "/v1/embed/projects",
        "/v1/embed/people",
        "/v1/embed/labels",
    ] {
        let held = tag(&server, path, &token).await;
        let mut request = with_token(get(path), &token);
        request
            .headers_mut()
            .insert("if-none-match", held.parse().unwrap());
        let answer = server.send(request).await;
        assert_eq!(
            (answer.status.as_u16(), answer.body.len()),
            (304, 0),
            "{path}"
        );
        assert_eq!(answer.header("etag"), held);
        assert_eq!(answer.header("vary"), "authorization, accept-encoding");
    }
}

#[tokio::test]
async fn a_write_by_another_process_shows_after_a_quarter_of_a_second() {
    let mut server = Server::start().await;
    let token = server.embed_token().await;
    let path = "/v1/embed/tasks?limit=3";
    let total = async |server: &Server| server.get_with(path, &token).await.json()["total"].clone();
    assert_eq!(total(&server).await, 6);
    add_task(&mut server, 7).await;
    assert_eq!(
        total(&server).await,
        6,
        "within the window the kept answer stands"
    );
    server.clock.advance_ms(250);
    assert_eq!(total(&server).await, 7);
    add_task(&mut server, 8).await;
    server.clock.advance_ms(-3_600_000);
    assert_eq!(
        total(&server).await,
        8,
        "a clock that was set back asks again"
    );
}

#[tokio::test]
async fn midnight_makes_a_new_answer() {
    let server = Server::start().await;
    let token = server
        .mint(&server.ours, serde_json::json!({ "expires_in": 600 }))
        .await
        .token;
    let before = server.get_with("/v1/embed/dashboard", &token).await.json();
    assert_eq!(before["as_of"], "2025-06-11");
    server.clock.advance_ms(14 * 3_600_000 - 60_000);
    let token = server
        .mint(&server.ours, serde_json::json!({ "expires_in": 600 }))
        .await
        .token;
    let same = server.get_with("/v1/embed/dashboard", &token).await.json();
    assert_eq!(same["as_of"], "2025-06-11");
    server.clock.advance_ms(60_000);
    let after = server.get_with("/v1/embed/dashboard", &token).await.json();
    assert_eq!(after["as_of"], "2025-06-12");
}

#[tokio::test]
async fn requests_that_mean_the_same_share_an_answer_and_others_do_not() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    let a = tag(&server, "/v1/embed/tasks?status=todo,done&limit=3", &token).await;
    let b = tag(
        &server,
        "/v1/embed/tasks?limit=3&status=done%2Ctodo",
        &token,
    )
    .await;
    assert_eq!(a, b);
    let c = tag(&server, "/v1/embed/tasks?status=todo&limit=3", &token).await;
    assert_ne!(a, c);
    let theirs = server
        .mint(&server.other, serde_json::json!({}))
        .await
        .token;
    let d = tag(&server, "/v1/embed/tasks?status=todo,done&limit=3", &theirs).await;
    assert_ne!(a, d);
}

#[tokio::test]
async fn a_total_that_is_known_serves_its_own_list_only() {
    let mut server = Server::start().await;
    let whole = server.embed_token().await;
    let theirs = server
        .mint(&server.other, serde_json::json!({}))
        .await
        .token;
    let total = async |server: &Server, query: &str, token: &str| {
        let path = format!("/v1/embed/tasks?limit=2{query}");
        server.get_with(&path, token).await.json()["total"].clone()
    };
    let done = total(&server, "&status=done", &whole).await;
    assert_eq!(total(&server, "", &whole).await, 6);
    assert_ne!(done, 6);
    assert_eq!(
        total(&server, "&status=done&sort=title", &whole).await,
        done
    );
    let all_of_theirs = total(&server, "", &theirs).await;
    add_task(&mut server, 7).await;
    server.clock.advance_ms(250);
    assert_eq!(total(&server, "&sort=due_on", &whole).await, 7);
    assert_eq!(total(&server, "&sort=title", &theirs).await, all_of_theirs);
}
