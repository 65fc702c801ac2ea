//! What a client asks for, once it is known who asks.

use axum::{
    extract::{FromRequest, Request},
    http::HeaderMap,
};
use oriel_contract::OAuthErrorCode;
use oriel_store::{Client, ClientKind};

use super::{
    assertions::{self, ASSERTION_TYPE},
    credentials::{self, Credentials},
    form::Form,
    refusal::Refusal,
};
use crate::{
    app::App,
    audit::{Attribution, Denial},
    problem::Failure,
    serve::{edge::RequestId, passage::Passage},
    token::assertion::Assertion,
};

/// A request of a client that has shown who it is. A handler that takes one cannot be
/// reached without that.
pub struct Asked {
    pub client: Client,
    pub form: Form,
    pub request_id: RequestId,
}

impl FromRequest<App> for Asked {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let request_id = RequestId::of(&parts.extensions);
        let form = Form::read(app, &parts.uri, &parts.headers, body).await?;
        let nobody = || deny(app, parts.uri.path(), &request_id);
        let sent = Sent::of(&parts.headers, &form).inspect_err(|_| nobody())?;
        let client = sent.authenticate(app).await?.ok_or_else(|| {
            nobody();
            Refusal::invalid_client()
        })?;
        Passage::of(&parts.extensions).called_by(Attribution {
            tenant: client.tenant.clone(),
            actor: client.id.to_string(),
            scope: String::new(),
            user: None,
        });
        Ok(Self {
            client,
            form,
            request_id,
        })
    }
}

/// By what a client means to show who it is.
enum Sent<'a> {
    Secret(Credentials),
    /// `private_key_jwt`.
    Assertion(&'a str),
    /// Its id alone, which is all that a public app has.
    Id(&'a str),
}

impl<'a> Sent<'a> {
    /// What was sent, in one way and no second one (RFC 6749 §2.3).
    fn of(headers: &HeaderMap, form: &'a Form) -> Result<Self, Refusal> {
        let (id, secret) = (form.get("client_id"), form.get("client_secret"));
        let assertion = form.get("client_assertion");
        match credentials::basic(headers) {
            Some(Err(OAuthErrorCode::InvalidRequest)) => {
                Err(Refusal::invalid_request("Send one Authorization header."))
            }
            Some(Err(_)) => Err(Refusal::invalid_client()),
            // Some clients repeat their id in the form, which does no harm.
            Some(Ok(basic))
                if secret.is_none()
                    && assertion.is_none()
                    && id.is_none_or(|id| *id == basic.id) =>
            {
                Ok(Self::Secret(basic))
            }
            Some(Ok(_)) => Err(in_one_way()),
            None => match (id, secret, assertion) {
                (_, Some(_), Some(_)) => Err(in_one_way()),
                (id, None, Some(assertion)) => Self::assertion(id, assertion, form),
                (Some(id), Some(secret), None) => Ok(Self::Secret(Credentials {
                    id: id.to_owned(),
                    secret: secret.to_owned(),
                })),
                (Some(id), None, None) => Ok(Self::Id(id)),
                (None, _, None) => Err(Refusal::invalid_client()),
            },
        }
    }

    fn assertion(id: Option<&str>, text: &'a str, form: &Form) -> Result<Self, Refusal> {
        if form.get("client_assertion_type") != Some(ASSERTION_TYPE) {
            return Err(Refusal::invalid_request(
                "Send client_assertion_type as RFC 7523 §2.2 has it.",
            ));
        }
        let said = Assertion::read(text);
        let is_of_another = said.is_ok_and(|said| id.is_some_and(|id| *id != *said.client()));
        if is_of_another {
            return Err(Refusal::invalid_request(
                "Send the client_id that the assertion names, or none.",
            ));
        }
        Ok(Self::Assertion(text))
    }

    /// The client, if it is who it says.
    async fn authenticate(self, app: &App) -> Result<Option<Client>, Failure> {
        match self {
            Self::Secret(sent) => credentials::authenticate(app, sent).await,
            Self::Assertion(text) => assertions::authenticate(app, text).await,
            Self::Id(id) => {
                let client = credentials::find(app, id).await?;
                Ok(client.filter(|client| client.kind == ClientKind::PublicApp))
            }
        }
    }
}

fn in_one_way() -> Refusal {
    Refusal::invalid_request(
        "Send credentials in one way: in the Authorization header, in the form, or as an assertion.",
    )
}

/// Nobody knows who it was: the log says that somebody was refused, and how often.
fn deny(app: &App, route: &str, request_id: &RequestId) {
    let denial = Denial::access(None, route, "invalid_client".to_owned());
    app.audit.denied(denial, request_id.text(), app.clock.now());
}
