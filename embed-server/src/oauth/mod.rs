//! OAuth 2.0: access tokens for the backends of tenants, and for apps that act for their
//! users (RFC 6749, 7009, 7523, 7636, 7662, 8414, 8707, 9068, 9207, 9700).
//! No CORS anywhere: no script of a page asks here.

pub mod asked;
pub mod assertions;
pub mod authorize;
pub mod credentials;
pub mod form;
pub mod introspect;
pub mod issue;
pub mod jwks;
pub mod metadata;
pub mod opaque;
pub mod redirect;
pub mod refusal;
pub mod revoke;
pub mod secret_checks;
pub mod token;
