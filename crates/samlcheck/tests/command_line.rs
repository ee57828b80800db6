//! The command as users call it: every case in `tests/cmd` and every call that the README shows,
//! run in the root of the repository and compared word by word.

#![allow(missing_docs, reason = "tests")]

#[test]
fn the_cases_and_the_readme() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    std::env::set_current_dir(root).unwrap();
    trycmd::TestCases::new()
        .case("tests/cmd/*.trycmd")
        .case("tests/cmd/*.toml")
        .case("README.md")
        .case("docs/*.md");
}
