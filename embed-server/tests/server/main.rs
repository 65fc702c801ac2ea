//! The server as its clients see it, each exchange held to the contract.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod access;
mod caching;
mod contract;
mod errors;
mod forge;
mod frame;
mod harness;
mod keys;
mod limits;
mod mint;
mod oauth;
mod outage;
mod read_api;
mod routes;
mod sample;
mod tokens;
