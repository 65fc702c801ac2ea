//! Headers that every answer has, whatever was asked and however that went.

use crate::{
    deny::target,
    harness::{Server, get},
    operations,
};

#[tokio::test]
async fn every_answer_says_what_browsers_may_not_do_with_it() {
    let server = Server::start().await;
    let target = target(&server, &server.ours).await;
    let token = server.embed_token().await;
    let mut answers = Vec::new();
    for operation in operations::all() {
        answers.push((
            operation.id.clone(),
            server.send(operation.request(&target)).await,
        ));
        let request = operation.request_with(&target, &token);
        answers.push((operation.id.clone(), server.send(request).await));
    }
    answers.push(("no route".to_owned(), server.send(get("/nowhere")).await));
    for (what, answer) in answers {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("strict-transport-security", "max-age=63072000"),
        ] {
            assert_eq!(answer.header(name), value, "{what}: {name}");
        }
        let shared = ["read_loader", "read_frame", "read_asset"];
        let is_shared = shared.contains(&what.as_str()) && answer.status.is_success();
        let policy = if is_shared {
            "cross-origin"
        } else {
            "same-origin"
        };
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            policy,
            "{what}"
        );
        if !answer.status.is_success()
            && answer.header("content-type") == "application/problem+json"
        {
            assert_eq!(answer.header("cache-control"), "no-store", "{what}");
        }
    }
}
