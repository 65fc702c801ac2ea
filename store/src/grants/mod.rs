//! What users let apps do: from the asking (authorizations) over the consent (grants) to
//! what the app holds of it (refresh tokens).
//!
//! Codes and refresh tokens come here as hashes alone. Whether an app is who it says is
//! for the caller to know; that what it shows was made for it is checked here.

mod authorization;
mod code;
mod grant;
mod refresh;
mod retire;

pub use authorization::{Approval, Authorization, Decided, NewAuthorization};
pub use code::{CodeUse, Redeemed};
pub use grant::{Grant, RevokedFor};
pub use refresh::{LiveRefresh, RefreshUse};

/// How long a refresh token is good that is not used, in milliseconds: 30 days.
const IDLE: i64 = 30 * 24 * 60 * 60 * 1_000;

/// How long what is over is kept, so that a code that comes again is known, in
/// milliseconds: a day.
const KEPT: i64 = 24 * 60 * 60 * 1_000;
