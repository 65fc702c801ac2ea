//! OAuth 2.0: access tokens for the backends of tenants (RFC 6749, 8414, 9068).
//! No CORS anywhere: these endpoints are not for browsers.

pub mod asked;
pub mod credentials;
pub mod form;
pub mod jwks;
pub mod metadata;
pub mod refusal;
pub mod token;
