//! The program `hearth`: see `hearth --help` and the README.

use std::process::ExitCode;

fn main() -> ExitCode {
    hearth::cli::main()
}
