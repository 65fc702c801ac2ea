//! One listener's stream, as the events that go over the wire.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::body::Bytes;
use futures_util::{Stream, stream};
use oriel_store::Place;

use super::Seat;
use crate::{
    app::App,
    token::{AccessError, EmbedSession, verify::TokenError},
};

/// A comment, which a client takes for a sign of life and nothing else.
const HEARTBEAT: &str = ":\n\n";

/// A listener between two of its events.
pub struct Listener {
    app: App,
    session: Arc<EmbedSession>,
    seat: Seat,
    /// The last place that it was told of.
    last: Option<u64>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Opening,
    Listening,
    Ended,
}

/// Why a stream ends, as its last event says.
#[derive(Clone, Copy)]
enum End {
    Expired,
    Refused,
    Revoked,
    Suspended,
    Stopping,
}

impl Listener {
    /// Listens on from `last`.
    pub fn new(app: App, session: Arc<EmbedSession>, seat: Seat, last: Option<u64>) -> Self {
        Self {
            app,
            session,
            seat,
            last,
            state: State::Opening,
        }
    }

    /// The events, each made when there is room to send it and not before.
    pub fn events(self) -> impl Stream<Item = Result<Bytes, Infallible>> {
        stream::unfold(self, async |mut listener| {
            let text = listener.next().await?;
            Some((Ok(Bytes::from(text)), listener))
        })
    }

    /// What is sent next; `None` when all was said.
    async fn next(&mut self) -> Option<String> {
        match self.state {
            // The head of the answer goes out with it, through every proxy.
            State::Opening => {
                self.state = State::Listening;
                return Some(HEARTBEAT.to_owned());
            }
            State::Listening => {}
            State::Ended => return None,
        }
        let mut beat = false;
        loop {
            // The gate comes first: nothing is told to a token that fell meanwhile.
            if let Some(end) = self.end() {
                self.state = State::Ended;
                return Some(end.event());
            }
            if let Some(place) = self.due() {
                self.last = Some(place.seq);
                return Some(changed(place));
            }
            if beat {
                return Some(HEARTBEAT.to_owned());
            }
            beat = self.wait().await;
        }
    }

    fn due(&mut self) -> Option<Place> {
        let standing = *self.seat.standing.borrow_and_update();
        standing?.due(self.last)
    }

    fn end(&self) -> Option<End> {
        let now = self.app.clock.now();
        if *self.seat.stopping.borrow() {
            Some(End::Stopping)
        } else if self.session.claims.exp <= now.as_second() {
            Some(End::Expired)
        } else {
            match self.app.tokens.recheck(&self.session, now) {
                Ok(()) => None,
                Err(AccessError::Token(TokenError::Revoked)) => Some(End::Revoked),
                Err(AccessError::Token(TokenError::Suspended)) => Some(End::Suspended),
                Err(_) => Some(End::Refused),
            }
        }
    }

    /// Waits for news, and tells whether it is time for a heartbeat instead.
    async fn wait(&mut self) -> bool {
        let heartbeat = Duration::from_millis(self.app.config.limits.heartbeat_ms);
        let left = self.session.claims.exp * 1_000 - self.app.clock.now().as_millisecond();
        let left = Duration::from_millis(u64::try_from(left).unwrap_or(0));
        tokio::select! {
            Ok(()) = self.seat.standing.changed() => false,
            Ok(_) = self.seat.stopping.wait_for(|stopping| *stopping) => false,
            () = tokio::time::sleep(heartbeat.min(left)) => heartbeat <= left,
        }
    }
}

impl End {
    fn event(self) -> String {
        let reason = match self {
            Self::Expired => "token_expired",
            Self::Refused => "token_invalid",
            Self::Revoked => "session_revoked",
            Self::Suspended => "tenant_suspended",
            Self::Stopping => "stopping",
        };
        format!("event: end\ndata: {{\"reason\":\"{reason}\"}}\n\n")
    }
}

fn changed(Place { seq, revision }: Place) -> String {
    format!("id: {seq}\nevent: changed\ndata: {{\"revision\":{revision}}}\n\n")
}
