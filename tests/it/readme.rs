//! The README tells the truth about what can be checked.

use crate::architecture::source::root;

#[test]
fn every_setting_stands_in_the_readme_as_the_program_explains_it() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    for variable in hearth::config::variables() {
        let row = format!("| `{}` | {} | {} |", variable.name, variable.meaning, variable.default);
        assert!(readme.contains(&row), "the README's table lacks this row:\n{row}");
    }
}
