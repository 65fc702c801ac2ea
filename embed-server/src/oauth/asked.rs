//! What a client asks for, once it is known who asks.

use axum::{
    extract::{FromRequest, Request},
    http::HeaderMap,
};
use oriel_contract::OAuthErrorCode;
use oriel_store::Client;

use super::{
    credentials::{self, Credentials},
    form::Form,
    refusal::Refusal,
};
use crate::{app::App, audit::Denial, problem::Failure};

/// A request of a client that has shown who it is. A handler that takes one cannot be
/// reached without that.
pub struct Asked {
    pub client: Client,
    pub form: Form,
}

impl FromRequest<App> for Asked {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let form = Form::read(app, &parts.uri, &parts.headers, body).await?;
        let sent = Sent::of(&parts.headers, &form)?;
        let client = sent.authenticate(app).await?.ok_or_else(|| {
            deny(app, parts.uri.path());
            Refusal::invalid_client()
        })?;
        Ok(Self { client, form })
    }
}

/// By what a client means to show who it is.
enum Sent {
    Secret(Credentials),
}

impl Sent {
    /// Credentials from the header or from the form, never from both.
    fn of(headers: &HeaderMap, form: &Form) -> Result<Self, Refusal> {
        let (id, secret) = (form.get("client_id"), form.get("client_secret"));
        match credentials::basic(headers) {
            Some(Err(OAuthErrorCode::InvalidRequest)) => {
                Err(Refusal::invalid_request("Send one Authorization header."))
            }
            Some(Err(_)) => Err(Refusal::invalid_client()),
            // Some clients repeat their id in the form, which does no harm.
            Some(Ok(basic)) if secret.is_none() && id.is_none_or(|id| *id == basic.id) => {
                Ok(Self::Secret(basic))
            }
            Some(Ok(_)) => Err(Refusal::invalid_request(
                "Send credentials in the Authorization header or in the form, not in both.",
            )),
            None => match (id, secret) {
                (Some(id), Some(secret)) => Ok(Self::Secret(Credentials {
                    id: id.to_owned(),
                    secret: secret.to_owned(),
                })),
                _ => Err(Refusal::invalid_client()),
            },
        }
    }

    /// The client, if it is who it says.
    async fn authenticate(self, app: &App) -> Result<Option<Client>, Failure> {
        match self {
            Self::Secret(sent) => credentials::authenticate(app, sent).await,
        }
    }
}

/// Nobody knows who it was: the log says that somebody was refused, and how often.
fn deny(app: &App, route: &str) {
    let denial = Denial {
        of: None,
        route: route.to_owned(),
        why: "invalid_client".to_owned(),
    };
    app.audit.denied(denial, app.clock.now());
}
