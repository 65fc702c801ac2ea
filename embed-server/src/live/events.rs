//! `GET /v1/embed/events`

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use oriel_contract::FieldError;

use super::stream::Listener;
use crate::{
    app::App,
    problem::Failure,
    request::parameters::Parameters,
    token::access::{AnyScope, EmbedAccess},
};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Asks proxies that know it (nginx) to pass each event on at once.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// More digits than a place in a log ever has.
const MOST_DIGITS: usize = 18;

/// Tells when what the token shows has changed.
pub async fn stream_events(
    access: EmbedAccess<AnyScope>,
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    Parameters::of(&uri).finish()?;
    let last = last_event_id(&headers)?;
    let session = access.into_session();
    let seat = app.live.join(&app, &session)?;
    let listener = Listener::new(app, session, seat, last);
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/event-stream"),
        ),
        (X_ACCEL_BUFFERING, HeaderValue::from_static("no")),
    ];
    Ok((headers, Body::from_stream(listener.events())).into_response())
}

/// The place that the client heard of last: digits, as they were sent.
fn last_event_id(headers: &HeaderMap) -> Result<Option<u64>, Failure> {
    let mut all = headers.get_all(LAST_EVENT_ID).iter();
    let Some(value) = all.next() else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default();
    let place = text
        .parse()
        .ok()
        .filter(|place: &u64| text.len() <= MOST_DIGITS && place.to_string() == text);
    match (place, all.next()) {
        (Some(place), None) => Ok(Some(place)),
        _ => Err(Failure::parameters(vec![FieldError {
            at: "Last-Event-ID".to_owned(),
            detail: "takes the `id` of an event of this stream, once".to_owned(),
        }])),
    }
}
