//! Refusals, which may come by the thousand: those that are alike are counted.

use jiff::Timestamp;
use oriel_contract::TenantId;
use oriel_store::{Chain, NewAuditEntry};
use serde_json::{Value, json};

use super::API_CALLED;
use crate::token::claims::Kind;

/// Who sent a request, where a signature says so.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Attribution {
    pub tenant: TenantId,
    /// The id of the embed session or of the client.
    pub actor: String,
    /// By what right: the scope of its token.
    pub scope: String,
    /// The user whom an app acts for.
    pub user: Option<String>,
}

impl Attribution {
    /// The sender of a token that was signed for it.
    pub fn of<K: Kind>(claims: &K) -> Self {
        Self {
            tenant: claims.registered().tenant.clone(),
            actor: claims.sender().to_owned(),
            scope: claims.scope().to_owned(),
            user: claims.user().map(str::to_owned),
        }
    }

    /// Whoever of the tenant it was.
    pub(super) fn anybody(self) -> Self {
        Self {
            actor: String::new(),
            scope: String::new(),
            user: None,
            ..self
        }
    }
}

/// A refusal, as the edge sees it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Denial {
    /// The kind of its entry.
    pub kind: &'static str,
    pub of: Option<Attribution>,
    /// The route's template; an address may hold what a viewer looks for.
    pub route: String,
    /// The code that the client was told.
    pub why: String,
}

impl Denial {
    /// Who is not let in at all.
    #[must_use]
    pub fn access(of: Option<Attribution>, route: &str, why: String) -> Self {
        Self {
            kind: "access.denied",
            of,
            route: route.to_owned(),
            why,
        }
    }

    pub(super) fn chain(&self) -> Chain {
        let tenant = self.of.as_ref().map(|of| of.tenant.clone());
        tenant.map_or(Chain::Operator, Chain::Tenant)
    }

    /// What it counts as where there are too many kinds of them. Whose log it belongs to
    /// is kept: nobody crowds another tenant's denials out.
    pub(super) fn rest(self) -> Self {
        Self {
            of: self.of.map(Attribution::anybody),
            route: "(others)".to_owned(),
            why: "several".to_owned(),
            ..self
        }
    }

    pub(super) fn entry(&self, tally: &Tally) -> NewAuditEntry {
        let mut detail = tally.detail();
        if let Some(of) = &self.of
            && !of.scope.is_empty()
        {
            detail["scope"] = of.scope.as_str().into();
        }
        NewAuditEntry {
            kind: self.kind,
            actor: self
                .of
                .as_ref()
                .map(|of| of.actor.clone())
                .unwrap_or_default(),
            subject: self.route.clone(),
            outcome: self.why.clone(),
            detail,
        }
    }
}

/// How often, when and with which requests.
pub(super) struct Tally {
    pub count: u64,
    first: Occasion,
    last: Occasion,
}

#[derive(Clone)]
struct Occasion {
    at: Timestamp,
    request_id: String,
}

impl Tally {
    /// Of one request.
    pub fn of(request_id: &str, at: Timestamp) -> Self {
        let occasion = Occasion {
            at,
            request_id: request_id.to_owned(),
        };
        Self {
            count: 1,
            first: occasion.clone(),
            last: occasion,
        }
    }

    /// Both together, whichever was before the other.
    pub fn add(&mut self, other: Self) {
        self.count += other.count;
        if other.first.at < self.first.at {
            self.first = other.first;
        }
        if other.last.at >= self.last.at {
            self.last = other.last;
        }
    }

    fn detail(&self) -> Value {
        let mut detail = json!({
            "count": self.count,
            "first_at": self.first.at,
            "last_at": self.last.at,
        });
        if self.count == 1 {
            detail["request_id"] = self.first.request_id.as_str().into();
        } else {
            detail["first_request_id"] = self.first.request_id.as_str().into();
            detail["last_request_id"] = self.last.request_id.as_str().into();
        }
        detail
    }
}

/// Calls of a tenant that are not told apart any longer.
pub(super) fn further_calls(of: &Attribution) -> Denial {
    Denial {
        kind: API_CALLED,
        of: Some(of.clone()),
        route: String::new(),
        why: String::new(),
    }
    .rest()
}
