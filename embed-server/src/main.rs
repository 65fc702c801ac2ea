//! The `oriel` program. Everything is in the library; see `commands`.

use std::process::ExitCode;

fn main() -> ExitCode {
    oriel::commands::run()
}
