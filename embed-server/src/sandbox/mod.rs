//! A tenant to try things on: its files, its credentials and its demo data.
//!
//! Owns the sandbox's folder (`oriel.toml`, `sandbox.json`, the database) and
//! what the demo data looks like. It knows no SQL and serves nothing.

mod files;
mod generate;
#[cfg(test)]
mod generate_tests;
mod plan;
mod prepare;
mod words;

pub use files::{Access, Settings, configure};
pub use generate::generate;
pub use prepare::{Contents, prepare};
