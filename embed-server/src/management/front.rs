//! What every call of the management API passes before its handler: its token is
//! verified here, once, and who calls is known from here on.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    app::App, audit::Attribution, problem::Failure, serve::passage::Passage, token::access,
};

/// Lets calls with a good access token through. What each may do is its handler's to
/// check, by [`access::ManagementAccess`].
pub async fn front(State(app): State<App>, mut request: Request, next: Next) -> Response {
    match admit(&app, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(failure) => failure.into_response(),
    }
}

async fn admit(app: &App, request: &mut Request) -> Result<(), Failure> {
    let caller = access::verified(app, request.headers()).await?;
    let passage = Passage::of(request.extensions());
    passage.called_by(Attribution::of(caller.claims()));
    request.extensions_mut().insert(caller);
    Ok(())
}
