//! Looking for a text within another, alike on both engines.

#![allow(missing_docs, reason = "the macro writes types beside the function")]

diesel::define_sql_function! {
    /// In lower case: on SQLite its unaccented letters, on PostgreSQL all.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// The pattern of what contains this text, in lower case, with the backslash as its escape: `%` and `_` mean themselves.
pub fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.trim().to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::containing;

    #[test]
    fn signs_of_patterns_mean_themselves() {
        assert_eq!(containing(" Ann "), "%ann%");
        assert_eq!(containing(r"50%_\"), r"%50\%\_\\%");
    }
}
