//! Builds again when a file that is embedded comes, goes or changes.

#![allow(clippy::print_stdout, reason = "the way a build script speaks to Cargo")]

fn main() {
    for folder in ["migrations", "templates"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
