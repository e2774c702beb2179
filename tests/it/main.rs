//! The project's tests from outside its modules: one binary, a fresh database a test.

mod architecture;
