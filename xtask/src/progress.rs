//! Owns what a person sees while work goes on: lines on stderr, each with the
//! seconds since the start.

use std::fmt::Display;
use std::sync::OnceLock;
use std::time::Instant;

static START: OnceLock<Instant> = OnceLock::new();

/// Says what begins now.
pub fn step(what: impl Display) {
    let seconds = START.get_or_init(Instant::now).elapsed().as_secs_f64();
    eprintln!("[{seconds:6.1}s] {what}");
}
