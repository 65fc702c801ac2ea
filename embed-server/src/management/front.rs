//! What every call of the management API passes before its handler: its token is
//! verified here, once, and the call is counted for its tenant. Who calls is known from
//! here on, whatever becomes of it.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    app::App, audit::Attribution, problem::Failure, rate::Standing, serve::passage::Passage,
    token::access,
};

/// Lets calls with a good access token through, as many as the tenant may make in a
/// minute. What each may do is its handler's to check, by [`access::ManagementAccess`].
pub async fn front(State(app): State<App>, mut request: Request, next: Next) -> Response {
    match admit(&app, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(failure) => failure.into_response(),
    }
}

async fn admit(app: &App, request: &mut Request) -> Result<(), Failure> {
    let caller = access::verified(app, request.headers()).await?;
    let passage = Passage::of(request.extensions());
    passage.called_by(Attribution::of(&*caller.claims));
    let plan = caller.tenant.requests_per_minute;
    let limit = plan.unwrap_or(app.config.limits.requests_per_minute);
    let counting = app
        .store
        .take_request(&caller.tenant.id, limit, app.clock.now());
    let standing = Standing::new([("default", counting.await?)]);
    passage.stands(&standing);
    standing.check()?;
    request.extensions_mut().insert(caller);
    Ok(())
}
