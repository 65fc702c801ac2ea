//! The `oriel` program: the embed server and its command line.
//!
//! A room each: `commands` is what an operator types, `router` every route,
//! `embed` the read API, `management` the API of a tenant's backend, `oauth`
//! access tokens, `token` signing and the one verification function, `frame`
//! what a browser loads, `live` event streams, `coding` compression, `serve` sockets
//! and limits. No SQL here: that is `oriel-store`.

pub mod app;
pub mod audit;
pub mod clock;
pub mod coding;
pub mod commands;
pub mod config;
pub mod contract;
pub mod embed;
pub mod frame;
pub mod health;
pub mod import;
pub mod live;
pub mod log;
pub mod management;
pub mod oauth;
pub mod origin;
pub mod problem;
pub mod provision;
pub mod rate;
pub mod recent;
pub mod request;
pub mod router;
pub mod sandbox;
pub mod serve;
pub mod token;
