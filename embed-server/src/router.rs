//! Every route of the product.

use std::any::Any;

use axum::{
    Router, middleware,
    response::{IntoResponse, Response},
    routing::{delete, get, patch, post, put},
};
use oriel_contract::ProblemCode;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    app::App,
    embed::{
        dashboard::read_dashboard,
        export::export_tasks,
        names::{list_labels, list_people, list_projects},
        session::read_session,
        task::read_task,
        tasks::list_tasks,
        timeline::read_timeline,
    },
    frame::{
        assets::read_asset, document::read_frame, loader::read_loader,
        reports::report_csp_violation,
    },
    health::{read_health, read_readiness},
    live::events::stream_events,
    management::{
        audit_entries::list_audit_entries,
        authorizations::{approve_authorization, deny_authorization, read_authorization},
        bulk::write_tasks,
        embed_tokens::mint_embed_token,
        embeds::{
            create_embed, delete_embed, list_embed_resources, read_embed_resource, update_embed,
        },
        front::front,
        projects::{
            create_project, delete_project, list_project_resources, put_project_by_external_id,
            read_project_resource, update_project,
        },
        revocations::revoke_embed_tokens,
        tasks::{
            create_task, delete_task, list_task_resources, put_task_by_external_id,
            read_task_resource, update_task,
        },
        tenant_keys::{list_tenant_keys, register_tenant_key, retire_tenant_key},
        users::{
            create_user, delete_user, list_user_resources, put_user_by_external_id,
            read_user_resource, update_user,
        },
    },
    oauth::{
        authorize::authorize, introspect::introspect_token, jwks::read_jwks,
        metadata::read_metadata, revoke::revoke_token, token::create_access_token,
    },
    problem::Failure,
    serve::edge::edge,
};

/// The product, over HTTP.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/oauth/authorize", get(authorize))
        .route("/oauth/token", post(create_access_token))
        .route("/oauth/revoke", post(revoke_token))
        .route("/oauth/introspect", post(introspect_token))
        .route(
            "/.well-known/oauth-authorization-server",
            get(read_metadata),
        )
        .route("/.well-known/jwks.json", get(read_jwks))
        .merge(management(&app))
        .route("/v1/loader.js", get(read_loader))
        .route("/v1/frame/{embed}", get(read_frame))
        .route("/v1/csp-reports/{embed}", post(report_csp_violation))
        .route("/assets/{file}", get(read_asset))
        .route("/v1/embed/session", get(read_session))
        .route("/v1/embed/events", get(stream_events))
        .route("/v1/embed/dashboard", get(read_dashboard))
        .route("/v1/embed/projects", get(list_projects))
        .route("/v1/embed/people", get(list_people))
        .route("/v1/embed/labels", get(list_labels))
        .route("/v1/embed/tasks", get(list_tasks))
        .route("/v1/embed/tasks/export", get(export_tasks))
        .route("/v1/embed/tasks/{task}", get(read_task))
        .route("/v1/embed/timeline", get(read_timeline))
        .route("/healthz", get(read_health))
        .route("/readyz", get(read_readiness))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(app.clone(), edge))
        .with_state(app)
}

/// What takes access tokens.
fn management(app: &App) -> Router<App> {
    Router::new()
        .route("/v1/embed-tokens", post(mint_embed_token))
        .route("/v1/revocations", post(revoke_embed_tokens))
        .route("/v1/tenant-keys", get(list_tenant_keys))
        .route("/v1/tenant-keys", post(register_tenant_key))
        .route("/v1/tenant-keys/{key}", delete(retire_tenant_key))
        .route("/v1/audit-entries", get(list_audit_entries))
        .route(
            "/v1/authorizations/{authorization}",
            get(read_authorization),
        )
        .route(
            "/v1/authorizations/{authorization}/approval",
            post(approve_authorization),
        )
        .route(
            "/v1/authorizations/{authorization}/denial",
            post(deny_authorization),
        )
        .route("/v1/projects", get(list_project_resources))
        .route("/v1/projects", post(create_project))
        .route(
            "/v1/projects/by-external-id/{external_id}",
            put(put_project_by_external_id),
        )
        .route("/v1/projects/{project}", get(read_project_resource))
        .route("/v1/projects/{project}", patch(update_project))
        .route("/v1/projects/{project}", delete(delete_project))
        .route("/v1/tasks", get(list_task_resources))
        .route("/v1/tasks", post(create_task))
        .route("/v1/tasks/bulk", post(write_tasks))
        .route(
            "/v1/tasks/by-external-id/{external_id}",
            put(put_task_by_external_id),
        )
        .route("/v1/tasks/{task}", get(read_task_resource))
        .route("/v1/tasks/{task}", patch(update_task))
        .route("/v1/tasks/{task}", delete(delete_task))
        .route("/v1/users", get(list_user_resources))
        .route("/v1/users", post(create_user))
        .route(
            "/v1/users/by-external-id/{external_id}",
            put(put_user_by_external_id),
        )
        .route("/v1/users/{user}", get(read_user_resource))
        .route("/v1/users/{user}", patch(update_user))
        .route("/v1/users/{user}", delete(delete_user))
        .route("/v1/embeds", get(list_embed_resources))
        .route("/v1/embeds", post(create_embed))
        .route("/v1/embeds/{embed}", get(read_embed_resource))
        .route("/v1/embeds/{embed}", patch(update_embed))
        .route("/v1/embeds/{embed}", delete(delete_embed))
        .route_layer(middleware::from_fn_with_state(app.clone(), front))
}

async fn not_found() -> Failure {
    Failure::new(ProblemCode::NotFound)
}

/// Axum adds the Allow header.
async fn method_not_allowed() -> Failure {
    Failure::new(ProblemCode::MethodNotAllowed)
}

/// Takes the panic's payload, which may hold anything and goes nowhere.
fn panicked(_payload: Box<dyn Any + Send>) -> Response {
    Failure::internal("a handler panicked").into_response()
}
