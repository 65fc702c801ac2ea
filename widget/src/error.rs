//! Why a read failed, in the terms that the host page and the viewer get.

use crate::{
    messages::{Message, msg},
    wire::objects,
};

/// A read that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    pub kind: ErrorKind,
    /// Names the request when asking for help.
    pub request_id: Option<String>,
}

/// Kinds of failure that the widget tells apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    TokenExpired,
    TokenInvalid,
    InsufficientScope,
    /// Whoever showed the dashboard has ended that; a new token of the same session is of no use.
    SessionRevoked,
    /// Nothing of the tenant is shown now, with whatever token.
    TenantSuspended,
    NotFound,
    /// The request was refused as it stands; asking again will not help.
    Refused,
    Network,
    Server,
    /// No token came: the loader's code says why.
    NoToken(String),
}

/// The members of a problem (RFC 9457) that the widget reads. The code stays text,
/// so that one which a newer server adds is no parse error here.
#[derive(Debug, Default)]
pub struct ProblemHead {
    pub code: Option<String>,
    pub request_id: Option<String>,
}

objects! { ProblemHead { code, request_id } }

impl ApiError {
    /// What an answer that is not a success means.
    pub fn of(status: u16, problem: ProblemHead) -> Self {
        let kind = match problem.code.as_deref().unwrap_or_default() {
            "token_expired" => ErrorKind::TokenExpired,
            "token_missing" | "token_malformed" | "token_invalid" => ErrorKind::TokenInvalid,
            "insufficient_scope" => ErrorKind::InsufficientScope,
            "session_revoked" => ErrorKind::SessionRevoked,
            "tenant_suspended" => ErrorKind::TenantSuspended,
            "not_found" => ErrorKind::NotFound,
            _ => match status {
                401 => ErrorKind::TokenInvalid,
                403 => ErrorKind::InsufficientScope,
                404 => ErrorKind::NotFound,
                408 | 429 => ErrorKind::Server,
                400..500 => ErrorKind::Refused,
                _ => ErrorKind::Server,
            },
        };
        Self {
            kind,
            request_id: problem.request_id,
        }
    }

    /// An error without an answer.
    pub const fn without_answer(kind: ErrorKind) -> Self {
        Self {
            kind,
            request_id: None,
        }
    }

    /// Stable; the host page gets it in `oriel-error`.
    pub fn code(&self) -> &str {
        match &self.kind {
            ErrorKind::TokenExpired => "token_expired",
            ErrorKind::TokenInvalid => "token_invalid",
            ErrorKind::InsufficientScope => "insufficient_scope",
            ErrorKind::SessionRevoked => "session_revoked",
            ErrorKind::TenantSuspended => "tenant_suspended",
            ErrorKind::Network => "network",
            ErrorKind::NotFound | ErrorKind::Refused | ErrorKind::Server => "server",
            ErrorKind::NoToken(code) => code,
        }
    }

    /// What the viewer reads.
    pub const fn message(&self) -> Message<0> {
        match self.kind {
            ErrorKind::TokenExpired => msg::ERROR_TOKEN_EXPIRED,
            ErrorKind::SessionRevoked => msg::ERROR_SESSION_REVOKED,
            ErrorKind::TenantSuspended => msg::ERROR_TENANT_SUSPENDED,
            ErrorKind::TokenInvalid => msg::ERROR_TOKEN_INVALID,
            ErrorKind::InsufficientScope => msg::ERROR_INSUFFICIENT_SCOPE,
            ErrorKind::NotFound => msg::ERROR_NOT_FOUND,
            ErrorKind::Refused => msg::ERROR_REFUSED,
            ErrorKind::Network => msg::ERROR_NETWORK,
            ErrorKind::Server => msg::ERROR_SERVER,
            ErrorKind::NoToken(_) => msg::ERROR_NO_TOKEN,
        }
    }

    /// Whether nothing that was read before may be seen any longer.
    pub fn ends_session(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::SessionRevoked | ErrorKind::TenantSuspended
        )
    }

    /// Whether a new token may help.
    pub const fn asks_for_a_token(&self) -> bool {
        matches!(self.kind, ErrorKind::TokenExpired | ErrorKind::TokenInvalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(status: u16, code: &str) -> String {
        let problem = ProblemHead {
            code: Some(code.to_owned()),
            request_id: None,
        };
        ApiError::of(status, problem).code().to_owned()
    }

    #[test]
    fn an_expired_token_is_told_from_a_bad_one() {
        assert_eq!(code(401, "token_expired"), "token_expired");
        assert_eq!(code(401, "token_invalid"), "token_invalid");
        assert_eq!(code(401, "token_missing"), "token_invalid");
    }

    #[test]
    fn a_suspended_tenant_is_no_missing_scope_and_shows_nothing() {
        let problem = ProblemHead {
            code: Some("tenant_suspended".to_owned()),
            request_id: None,
        };
        let error = ApiError::of(403, problem);
        assert_eq!(error.code(), "tenant_suspended");
        assert_eq!(error.message(), msg::ERROR_TENANT_SUSPENDED);
        assert!(error.ends_session() && !error.asks_for_a_token());
    }

    #[test]
    fn a_revoked_session_is_told_as_such_and_asks_for_no_token() {
        let problem = ProblemHead {
            code: Some("session_revoked".to_owned()),
            request_id: None,
        };
        let error = ApiError::of(401, problem);
        assert_eq!(
            (error.code(), error.asks_for_a_token()),
            ("session_revoked", false)
        );
    }

    #[test]
    fn a_missing_scope_is_no_server_error() {
        assert_eq!(code(403, "insufficient_scope"), "insufficient_scope");
    }

    #[test]
    fn an_answer_without_a_problem_goes_by_its_status() {
        assert_eq!(code(401, ""), "token_invalid");
        assert_eq!(code(503, ""), "server");
        assert_eq!(code(502, "<html>"), "server");
    }

    #[test]
    fn one_read_too_many_fails_as_a_server_that_is_busy() {
        assert_eq!(code(429, "too_many_requests"), "server");
    }

    #[test]
    fn a_code_of_a_newer_server_goes_by_its_status() {
        assert_eq!(code(403, "region_closed"), "insufficient_scope");
    }

    #[test]
    fn the_loaders_reason_is_passed_on() {
        let error = ApiError::without_answer(ErrorKind::NoToken("token_fetch_failed".to_owned()));
        assert_eq!(error.code(), "token_fetch_failed");
    }
}
