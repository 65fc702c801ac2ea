//! Every route of the product.

use axum::{
    Router, middleware,
    response::IntoResponse,
    routing::{get, post},
};
use oriel_contract::ProblemCode;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{
    app::App, embed, frame, health, management, oauth, problem::Failure, serve::edge::edge,
};

/// The product, over HTTP.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/oauth/token", post(oauth::token::create_access_token))
        .route(
            "/.well-known/oauth-authorization-server",
            get(oauth::metadata::read_metadata),
        )
        .route("/.well-known/jwks.json", get(oauth::jwks::read_jwks))
        .route(
            "/v1/embed-tokens",
            post(management::embed_tokens::mint_embed_token),
        )
        .route("/v1/loader.js", get(frame::loader::read_loader))
        .route("/v1/frame/{embed}", get(frame::document::read_frame))
        .route("/assets/{file}", get(frame::assets::read_asset))
        .route("/v1/embed/session", get(embed::session::read_session))
        .route("/v1/embed/dashboard", get(embed::dashboard::read_dashboard))
        .route("/v1/embed/projects", get(embed::projects::list_projects))
        .route("/v1/embed/tasks", get(embed::tasks::list_tasks))
        .route("/v1/embed/tasks/{task}", get(embed::task::read_task))
        .route("/healthz", get(health::read_health))
        .route("/readyz", get(health::read_readiness))
        .method_not_allowed_fallback(async || Failure::new(ProblemCode::MethodNotAllowed))
        .fallback(async || Failure::new(ProblemCode::NotFound))
        .layer(CatchPanicLayer::custom(|_| {
            Failure::internal("a handler panicked").into_response()
        }))
        .layer(middleware::from_fn_with_state(app.clone(), edge))
        .with_state(app)
}
