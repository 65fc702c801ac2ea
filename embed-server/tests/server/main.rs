//! The server as its clients see it, each exchange held to the contract.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod access;
mod apps;
mod audit;
mod caching;
#[macro_use]
mod both;
mod bulk;
mod caller;
mod calls;
mod compression;
mod confined;
mod contract;
mod csp_reports;
mod deny;
mod deprecation;
mod dpop;
mod errors;
mod events;
mod export;
mod filters;
mod forge;
mod frame;
mod harness;
mod headers;
mod idempotency;
mod keys;
mod limits;
mod live;
mod mint;
mod oauth;
mod oauth_authorize;
mod oauth_clients;
mod oauth_crate;
mod oauth_grants;
mod oauth_tokens;
mod operations;
mod out_of_sight;
mod outage;
#[path = "../postgres/mod.rs"]
mod postgres;
mod public;
mod rates;
mod raw;
mod read_api;
mod reads;
mod resources;
mod revocations;
mod routes;
mod sample;
mod spelling;
mod suspension;
mod tenant_keys;
mod timeline;
mod tokens;
mod walks;
