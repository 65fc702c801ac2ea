//! Time and randomness, passed in so that every test is exact.

use jiff::Timestamp;
use oriel_contract::{
    AuthorizationId, ClientId, ClientKeyId, EmbedId, EventId, GrantId, KeyId, LabelId, MilestoneId,
    ProjectId, SecretId, SessionId, TaskId, TenantId, UserId,
};
use rand::RngCore;
use serde_json::Value;
use type_safe_id::{DynamicType, TypeSafeId};
use uuid::Uuid;

/// What a write may not fetch from the air.
pub struct Context<'a> {
    /// The time of the write.
    pub now: Timestamp,
    /// Where new ids take their random bits from.
    pub rng: &'a mut (dyn RngCore + Send),
    /// Who writes, for the audit log.
    pub actor: Actor<'a>,
}

/// Who does something, by what right and with which request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor<'a> {
    /// The id of a client or of a session, or `operator`.
    pub id: &'a str,
    /// The scope of its token, space-separated. Empty where there is no token.
    pub scope: &'a str,
    /// Empty where it is no request.
    pub request_id: &'a str,
    /// The user whom an app acts for. Empty where it acts for itself.
    pub user: &'a str,
}

/// The actor of whatever is done on the command line.
pub const OPERATOR: Actor<'static> = Actor {
    id: "operator",
    scope: "",
    request_id: "",
    user: "",
};

impl Actor<'_> {
    /// What an audit entry tells: `detail`, and by what right and with which request.
    pub(crate) fn sign(&self, mut detail: Value) -> Value {
        for (name, value) in [
            ("scope", self.scope),
            ("request_id", self.request_id),
            ("acting_for", self.user),
        ] {
            if !value.is_empty() {
                detail[name] = value.into();
            }
        }
        detail
    }
}

impl<'a> Context<'a> {
    /// The same for somebody else, for as long as they need it.
    pub(crate) fn lent(&mut self) -> Context<'_> {
        Context {
            now: self.now,
            rng: self.rng,
            actor: self.actor,
        }
    }

    /// The same at a time that can be stored: what is answered must be what is read later.
    pub(crate) fn at_millisecond(self) -> Context<'a> {
        let now = Timestamp::from_millisecond(self.now.as_millisecond());
        Context {
            now: now.unwrap_or(self.now),
            ..self
        }
    }

    /// A UUIDv7 (RFC 9562 §5.7) of this time and randomness.
    fn uuid(&mut self) -> Uuid {
        let mut random = [0; 10];
        self.rng.fill_bytes(&mut random);
        let millis = u64::try_from(self.now.as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

/// Ids that can be made new: TypeIDs of a UUIDv7, so that they sort by time.
pub trait NewId: Sized {
    /// A new id.
    fn new(cx: &mut Context<'_>) -> Self;
}

macro_rules! new_ids {
    ($($name:ident)*) => {$(
        impl NewId for $name {
            fn new(cx: &mut Context<'_>) -> Self {
                let kind = DynamicType::new(Self::PREFIX).expect("a prefix is lower-case ASCII");
                TypeSafeId::from_type_and_uuid(kind, cx.uuid())
                    .to_string()
                    .parse()
                    .expect("the contract's ids are TypeIDs")
            }
        }
    )*};
}

new_ids! {
    TenantId ClientId SecretId ClientKeyId AuthorizationId GrantId EmbedId KeyId ProjectId TaskId
    UserId LabelId MilestoneId SessionId EventId
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let mut id_at = |millis| {
            let now = Timestamp::from_millisecond(millis).unwrap();
            TaskId::new(&mut Context {
                now,
                rng: &mut rng,
                actor: OPERATOR,
            })
        };
        let early = id_at(1_700_000_000_000);
        let late = id_at(1_700_000_000_001);
        assert!(early < late, "{early} {late}");
    }
}
