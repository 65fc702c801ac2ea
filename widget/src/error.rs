//! Why a read failed, in the terms that the host page and the viewer get.

use serde::Deserialize;

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
#[derive(Debug, Default, Deserialize)]
pub struct ProblemHead {
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub request_id: Option<String>,
}

impl ApiError {
    /// What an answer that is not a success means.
    pub fn of(status: u16, problem: ProblemHead) -> Self {
        let kind = match problem.code.as_str() {
            "token_expired" => ErrorKind::TokenExpired,
            "token_missing" | "token_malformed" | "token_invalid" => ErrorKind::TokenInvalid,
            "insufficient_scope" => ErrorKind::InsufficientScope,
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
            ErrorKind::Network => "network",
            ErrorKind::NotFound | ErrorKind::Refused | ErrorKind::Server => "server",
            ErrorKind::NoToken(code) => code,
        }
    }

    /// What the viewer reads.
    pub const fn message(&self) -> &'static str {
        match self.kind {
            ErrorKind::TokenExpired => "Your session has ended. Try again, or reload the page.",
            ErrorKind::TokenInvalid => "This page is not allowed to show the dashboard.",
            ErrorKind::InsufficientScope => "You do not have access to this part.",
            ErrorKind::NotFound => "This is no longer here.",
            ErrorKind::Refused => "The server did not accept this request. Reload the page.",
            ErrorKind::Network => "The server cannot be reached. Check your connection.",
            ErrorKind::Server => "The server has a problem. Try again in a moment.",
            ErrorKind::NoToken(_) => "The page could not sign you in to the dashboard.",
        }
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
            code: code.to_owned(),
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
    fn a_code_of_a_newer_server_goes_by_its_status() {
        assert_eq!(code(403, "region_closed"), "insufficient_scope");
    }

    #[test]
    fn the_loaders_reason_is_passed_on() {
        let error = ApiError::without_answer(ErrorKind::NoToken("token_fetch_failed".to_owned()));
        assert_eq!(error.code(), "token_fetch_failed");
    }
}
