//! One file per command: its arguments, and what it does with them.

pub mod bench;
pub mod build;
pub mod contract;
pub mod demo;
pub mod fuzz;
pub mod size;
pub mod test;
pub mod wasm_test_runner;
