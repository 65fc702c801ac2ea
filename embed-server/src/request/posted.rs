//! Bodies of POST, which may come again under an `Idempotency-Key`
//! (draft-ietf-httpapi-idempotency-key-header-07).

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderName},
};
use oriel_contract::{FieldError, ProblemCode, TenantId};
use oriel_store::{Begun, Change, Context, IdempotencyKey, Kept, KeptAnswer, Touches};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::{body, schema::Schema};
use crate::{
    app::App,
    management::answer::{Answer, Stop},
    problem::Failure,
};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Longest key, without its quotes.
const LONGEST_KEY: usize = 255;

/// A POST: what it says, and what it is known by if it comes again.
pub struct Posted<T> {
    pub body: T,
    key: Option<IdempotencyKey>,
    under_way: Option<UnderWay>,
}

impl<T: Schema + DeserializeOwned> FromRequest<App> for Posted<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let known_by = KnownBy::of(&request)?;
        let (body, bytes) = body::read_json::<T>(request, app, body::JSON).await?;
        Ok(known_by.posted(body, &bytes))
    }
}

/// A POST that says nothing.
impl FromRequest<App> for Posted<()> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let known_by = KnownBy::of(&request)?;
        let bytes = body::read(request.into_body(), &app.config.limits).await?;
        Ok(known_by.posted((), &bytes))
    }
}

/// The route of a request, and its key where it has one.
struct KnownBy {
    route: String,
    key: Option<String>,
}

impl KnownBy {
    fn of(request: &Request) -> Result<Self, Failure> {
        Ok(Self {
            route: format!("{} {}", request.method(), request.uri().path()),
            key: key_of(request.headers())?,
        })
    }

    fn posted<T>(self, body: T, bytes: &[u8]) -> Posted<T> {
        Posted {
            body,
            key: self.key.map(|key| IdempotencyKey {
                route: self.route,
                key,
                fingerprint: format!("{:x}", Sha256::digest(bytes)),
            }),
            under_way: None,
        }
    }
}

impl<T> Posted<T> {
    /// Whether it was done already: for who has to look at other things first, which may be
    /// gone by now.
    pub async fn replay(&mut self, app: &App, tenant: &TenantId) -> Result<(), Stop> {
        self.hold(app, tenant)?;
        let Some(key) = &self.key else {
            return Ok(());
        };
        let kept = app.store.kept(tenant, key, app.clock.now()).await;
        match kept.map_err(Failure::from)? {
            None => Ok(()),
            Some(kept) => Err(known(app, tenant, key, kept)),
        }
    }

    /// Begins to do what was asked for, unless it was done already: then there is its
    /// answer.
    pub async fn begin<'a>(
        &mut self,
        app: &App,
        cx: Context<'a>,
        tenant: &TenantId,
    ) -> Result<Change<'a>, Stop> {
        self.begin_touching(app, cx, tenant, Touches::Data).await
    }

    /// The same for what no read is made from: nobody is told of a change.
    pub async fn begin_aside<'a>(
        &mut self,
        app: &App,
        cx: Context<'a>,
        tenant: &TenantId,
    ) -> Result<Change<'a>, Stop> {
        self.begin_touching(app, cx, tenant, Touches::Nothing).await
    }

    async fn begin_touching<'a>(
        &mut self,
        app: &App,
        cx: Context<'a>,
        tenant: &TenantId,
        touches: Touches,
    ) -> Result<Change<'a>, Stop> {
        self.hold(app, tenant)?;
        let Some(key) = &self.key else {
            return Ok(app.store.change(cx, tenant, touches).await?);
        };
        let begun = app.store.change_once(cx, tenant, key.clone(), touches);
        match begun.await? {
            Begun::New(change) => Ok(change),
            Begun::Known(kept) => Err(known(app, tenant, key, kept)),
        }
    }

    /// Commits, and keeps the answer for when the request comes again.
    pub async fn commit(
        self,
        app: &App,
        tenant: &TenantId,
        change: Change<'_>,
        answer: Answer,
    ) -> Result<Answer, Failure> {
        let kept = match &self.key {
            Some(key) => Some(self::keep(app, tenant, key, &answer)?),
            None => None,
        };
        answer.after(change, kept).await
    }

    /// One request of a key at a time.
    fn hold(&mut self, app: &App, tenant: &TenantId) -> Result<(), Failure> {
        let Some(key) = self.key.as_ref().filter(|_| self.under_way.is_none()) else {
            return Ok(());
        };
        let held = app.under_way.begin(place(tenant, key));
        self.under_way = Some(held.ok_or_else(|| Failure::new(ProblemCode::IdempotencyKeyInUse))?);
        Ok(())
    }
}

/// Requests with a key that are under way in this process.
#[derive(Clone, Default)]
pub struct AllUnderWay(Arc<Mutex<HashSet<String>>>);

/// One of them; it is over when this is dropped.
struct UnderWay {
    all: AllUnderWay,
    place: String,
}

impl AllUnderWay {
    fn begin(&self, place: String) -> Option<UnderWay> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(place.clone()).then(|| UnderWay {
            all: self.clone(),
            place,
        })
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut all = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&self.place);
    }
}

/// The key of a request, quoted or bare; both are the same key.
fn key_of(headers: &HeaderMap) -> Result<Option<String>, Failure> {
    let refused = || {
        Failure::parameters(vec![FieldError {
            at: "Idempotency-Key".to_owned(),
            detail: format!("takes one key of 1 to {LONGEST_KEY} visible ASCII characters"),
        }])
    };
    let mut all = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = all.next() else {
        return Ok(None);
    };
    let text = value.to_str().map_err(|_| refused())?.trim();
    let key = match text.strip_prefix('"') {
        Some(quoted) => unquoted(quoted.strip_suffix('"').ok_or_else(refused)?),
        None => Some(text.to_owned()),
    };
    let key = key.filter(|key| {
        (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic())
    });
    match (key, all.next()) {
        (Some(key), None) => Ok(Some(key)),
        _ => Err(refused()),
    }
}

/// The text of a structured string (RFC 9651 §3.3.3): `\"` and `\\` are escapes.
fn unquoted(text: &str) -> Option<String> {
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => plain.push(chars.next().filter(|c| matches!(c, '"' | '\\'))?),
            '"' => return None,
            c => plain.push(c),
        }
    }
    Some(plain)
}

/// Where a kept answer belongs; sealed for here, it opens nowhere else.
fn place(tenant: &TenantId, key: &IdempotencyKey) -> String {
    format!("idempotency {tenant} {} {}", key.route, key.key)
}

fn keep(
    app: &App,
    tenant: &TenantId,
    key: &IdempotencyKey,
    answer: &Answer,
) -> Result<KeptAnswer, Failure> {
    let master = app.config.require_master_key().map_err(Failure::internal)?;
    let rng = &mut app.entropy.fork();
    let body = master.seal(rng, &place(tenant, key), answer.body());
    Ok(answer.kept(body.map_err(Failure::internal)?))
}

/// What a request whose key was used is answered.
fn known(app: &App, tenant: &TenantId, key: &IdempotencyKey, kept: Kept) -> Stop {
    match kept {
        Kept::Answer(answer) => match open(app, tenant, key, answer) {
            Ok(answer) => Stop::Known(answer),
            Err(failure) => failure.into(),
        },
        Kept::Other => Failure::new(ProblemCode::IdempotencyKeyReused).into(),
    }
}

fn open(
    app: &App,
    tenant: &TenantId,
    key: &IdempotencyKey,
    kept: KeptAnswer,
) -> Result<Answer, Failure> {
    let master = app.config.require_master_key().map_err(Failure::internal)?;
    let body = master.open(&place(tenant, key), &kept.body);
    Answer::replayed(kept, body.map_err(Failure::internal)?)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn read(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IDEMPOTENCY_KEY, HeaderValue::from_str(value).unwrap());
        }
        key_of(&headers).ok().flatten()
    }

    #[test]
    fn a_quoted_key_is_the_same_as_a_bare_one() {
        assert_eq!(read(&["abc-1"]), read(&["\"abc-1\""]));
        assert_eq!(read(&[r#""a\"b\\c""#]).unwrap(), r#"a"b\c"#);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let long = "x".repeat(256);
        for values in [
            &[""][..],
            &["\"\""],
            &["a b"],
            &["\"a"],
            &[r#""a"b""#],
            &[r#""a\b""#],
            &["a", "a"],
            &[&long],
        ] {
            assert_eq!(read(values), None, "{values:?}");
        }
    }
}
