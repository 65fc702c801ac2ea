//! What the operator keeps about tenants: themselves, their clients, embeds,
//! keys and what was revoked.

mod client;
mod client_key;
mod client_secret;
mod credential;
mod csp_report;
pub(crate) mod embed;
mod revocation;
mod signing_key;
mod tenant;
mod tenant_key;
mod view;

pub use client::{Client, ClientKind, NewApp};
pub use client_key::ClientKey;
pub use client_secret::{ClientSecret, LIVE_SECRETS};
pub use csp_report::CspReports;
pub use embed::{AsOf, Embed, NewEmbed};
pub(crate) use revocation::record as record_revocation;
pub use revocation::{Revocation, Revoked};
pub use signing_key::{NewSigningKey, SigningKey};
pub use tenant::Tenant;
pub use tenant_key::TenantKey;
pub use view::EmbedView;
