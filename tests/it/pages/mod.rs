//! The pages, as somebody without JavaScript uses them.

mod signing_in;
