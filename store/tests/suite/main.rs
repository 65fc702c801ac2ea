//! One set of cases, run on SQLite and on PostgreSQL.
//!
//! Each case is a function that takes a fresh [`harness::TestDatabase`];
//! `on_both_databases!` makes two tests of it, `…::sqlite::case` and
//! `…::postgres::case`. Those on PostgreSQL need `ORIEL_TEST_POSTGRES_URL`, the
//! URL of a role that may create schemas in a throw-away cluster. Without it
//! they stand as ignored, never as passed: `cargo xtask test` sets it and runs
//! them all.

// The lint's own exemption covers `#[test]` functions, not what they call.
#![allow(clippy::unwrap_used)]
// Counts of a few hundred tasks and hours lose nothing as floats.
#![allow(clippy::cast_precision_loss)]

#[macro_use]
mod harness;

mod audit;
mod clients;
mod dashboard;
mod filters;
mod grants;
mod health;
mod imports;
mod keys;
mod lists;
mod locks;
mod log;
mod management;
mod names;
mod operator;
mod oracle;
mod orders;
mod over_time;
mod plans;
mod pseudonyms;
mod rates;
mod revocations;
mod sample;
mod scopes;
mod search;
mod timeline;
mod writes;
