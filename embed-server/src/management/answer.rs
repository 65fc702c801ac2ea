//! Answers of the management API, which may be kept and given again.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use oriel_store::{Change, KeptAnswer};
use serde::Serialize;

use crate::{
    audit::Entered,
    problem::Failure,
    request::{etag, precondition},
};

const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// An answer.
pub struct Answer {
    status: StatusCode,
    location: Option<String>,
    etag: Option<String>,
    /// JSON; nothing where there is no body.
    body: Vec<u8>,
    is_replayed: bool,
    is_entered: bool,
}

impl Answer {
    /// A status and a body.
    pub fn new(status: StatusCode, body: &impl Serialize) -> Result<Self, Failure> {
        Ok(Self {
            body: serde_json::to_vec(body).map_err(Failure::internal)?,
            ..Self::empty(status)
        })
    }

    /// No more than a status.
    #[must_use]
    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            location: None,
            etag: None,
            body: Vec::new(),
            is_replayed: false,
            is_entered: false,
        }
    }

    /// A thing that is there.
    pub fn ok(version: u64, body: &impl Serialize) -> Result<Self, Failure> {
        Ok(Self {
            etag: Some(precondition::etag(version)),
            ..Self::new(StatusCode::OK, body)?
        })
    }

    /// A thing that was made, and the path that it is read at.
    pub fn created(path: String, version: u64, body: &impl Serialize) -> Result<Self, Failure> {
        Ok(Self {
            status: StatusCode::CREATED,
            location: Some(path),
            ..Self::ok(version, body)?
        })
    }

    /// A thing that was put in its place, where there was one or was none.
    pub fn put(
        is_new: bool,
        path: String,
        version: u64,
        body: &impl Serialize,
    ) -> Result<Self, Failure> {
        if is_new {
            Self::created(path, version, body)
        } else {
            Self::ok(version, body)
        }
    }

    /// The same once the change that it tells of is committed, with what is kept of it.
    pub async fn after(
        self,
        change: Change<'_>,
        kept: Option<KeptAnswer>,
    ) -> Result<Self, Failure> {
        let is_entered = change.commit(kept).await?;
        Ok(Self { is_entered, ..self })
    }

    /// The body's bytes.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// As it is kept, with its body sealed.
    #[must_use]
    pub fn kept(&self, sealed: Vec<u8>) -> KeptAnswer {
        KeptAnswer {
            status: self.status.as_u16(),
            location: self.location.clone(),
            etag: self.etag.clone(),
            body: sealed,
        }
    }

    /// As it was given the first time.
    pub fn replayed(kept: KeptAnswer, body: Vec<u8>) -> Result<Self, Failure> {
        Ok(Self {
            status: StatusCode::from_u16(kept.status).map_err(Failure::internal)?,
            location: kept.location,
            etag: kept.etag,
            body,
            is_replayed: true,
            is_entered: false,
        })
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.body).into_response();
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_TYPE);
        if self.status != StatusCode::NO_CONTENT {
            let json = HeaderValue::from_static("application/json");
            headers.insert(header::CONTENT_TYPE, json);
        }
        let texts = [(header::LOCATION, self.location), (header::ETAG, self.etag)];
        for (name, text) in texts {
            if let Some(value) = text.and_then(|text| HeaderValue::try_from(text).ok()) {
                headers.insert(name, value);
            }
        }
        if self.is_replayed {
            headers.insert(IDEMPOTENT_REPLAYED, HeaderValue::from_static("true"));
        }
        if self.is_entered {
            response.extensions_mut().insert(Entered);
        }
        response
    }
}

/// Why a request goes no further.
pub enum Stop {
    /// It was done before, and this was its answer.
    Known(Answer),
    Failure(Failure),
}

impl<E: Into<Failure>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failure(error.into())
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        match self {
            Self::Known(answer) => answer.into_response(),
            Self::Failure(failure) => failure.into_response(),
        }
    }
}

/// A thing as it is read: its version is its tag, by which a client that has it already
/// is told so.
pub fn read(request: &HeaderMap, version: u64, body: &impl Serialize) -> Result<Response, Failure> {
    let tag = HeaderValue::try_from(precondition::etag(version)).map_err(Failure::internal)?;
    if etag::is_unchanged(request, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    Ok(Answer::ok(version, body)?.into_response())
}
