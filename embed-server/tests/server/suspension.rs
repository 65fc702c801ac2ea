//! A tenant that is suspended: nothing of it is shown, and nothing of it is lost.

use serde_json::json;

use crate::{
    events::{Event, Events},
    harness::{Server, form, mint_body, mint_request},
};

/// Suspends our tenant, or resumes it.
pub async fn suspend(server: &mut Server, suspended: bool) {
    let (store, tenant) = (server.store.clone(), server.ours.tenant.id.clone());
    store
        .suspend_tenant(&mut server.context(), &tenant, suspended)
        .await
        .unwrap();
    // What was read of the tenant is this old at most.
    server.clock.advance_ms(250);
}

#[tokio::test]
async fn no_token_of_a_suspended_tenant_is_taken_until_it_is_resumed() {
    let mut server = Server::start().await;
    let embed = server.embed_token().await;
    let access = server.access_token(&server.ours).await;
    let theirs = server.mint(&server.other, json!({})).await.token;
    assert_eq!(server.get_with("/v1/embed/tasks", &embed).await.status, 200);

    suspend(&mut server, true).await;
    let read = server.get_with("/v1/embed/tasks", &embed).await;
    let minted = server
        .send(mint_request(&access, &mint_body(&server.ours, json!({}))))
        .await;
    for answer in [read, minted] {
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (403, "tenant_suspended")
        );
    }
    let body = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        server.ours.client.id, server.ours.secret
    );
    let answer = server.send(form("/oauth/token", &body)).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["error"]),
        (400, &json!("unauthorized_client"))
    );
    assert_eq!(
        server.get_with("/v1/embed/tasks", &theirs).await.status,
        200
    );

    suspend(&mut server, false).await;
    assert_eq!(server.get_with("/v1/embed/tasks", &embed).await.status, 200);
    server.embed_token().await;
}

#[tokio::test]
async fn the_streams_of_a_suspended_tenant_end() {
    let mut server = Server::start().await;
    let theirs = server.mint(&server.other, json!({})).await.token;
    let mut events = Events::open(&server, &server.embed_token().await).await;
    let mut goes_on = Events::open(&server, &theirs).await;
    events.next().await.unwrap();
    goes_on.next().await.unwrap();
    suspend(&mut server, true).await;
    let end = Event::End("tenant_suspended".to_owned());
    assert_eq!(events.next().await, Some(end));
    assert_eq!(events.next().await, None);
    assert_eq!(server.app.live.streams(), 1);
}
