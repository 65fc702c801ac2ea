//! What the operator keeps about tenants: themselves, their clients, embeds
//! and signing keys.

mod client;
mod embed;
mod signing_key;
mod tenant;
mod view;

pub use client::Client;
pub use embed::{AsOf, Embed, NewEmbed};
pub use signing_key::{NewSigningKey, SigningKey};
pub use tenant::Tenant;
pub use view::EmbedView;
