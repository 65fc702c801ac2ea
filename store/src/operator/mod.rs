//! What the operator keeps about tenants: themselves, their clients, embeds,
//! signing keys, what was revoked and what browsers reported.

mod client;
mod csp_report;
mod embed;
mod revocation;
mod signing_key;
mod tenant;
mod view;

pub use client::Client;
pub use embed::{AsOf, Embed, NewEmbed};
pub use revocation::{Revocation, Revoked};
pub use signing_key::{NewSigningKey, SigningKey};
pub use tenant::Tenant;
pub use view::EmbedView;
