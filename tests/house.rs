//! How the sources hang together: no two files of a crate import each other, directly or around a
//! corner. A file imports another where it names something by a path that leads there, in a `use`
//! or in the code; `mod` declares and imports nothing. Tests, which end a file or have one of
//! their own, may look wherever they like.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The crates that are looked at, and which part of each: all of it where that is empty.
const PARTS: [(&str, &str); 3] = [("samlkit-xml", ""), ("samlkit-dsig", ""), ("samlkit", "sp")];

/// A module by its path in the crate; empty for `lib.rs`.
type Module = Vec<String>;

#[test]
fn no_two_files_import_each_other() {
    for (name, part) in PARTS {
        let mut files = modules(name);
        files.retain(|module, _| part.is_empty() || module.first().is_some_and(|m| m == part));
        assert!(files.len() > 3, "{name} has its sources elsewhere");
        let known: BTreeSet<&Module> = files.keys().collect();
        let imports: BTreeMap<&Module, BTreeSet<Module>> =
            files.iter().map(|(module, text)| (module, imported(module, text, &known))).collect();
        let count: usize = imports.values().map(BTreeSet::len).sum();
        assert!(count >= files.len(), "{name}: only {count} imports were found");
        if let Some(circle) = circle(&imports) {
            let names: Vec<String> = circle.iter().map(|module| module.join("::")).collect();
            panic!("{name}: these files import each other in a circle: {}", names.join(" -> "));
        }
    }
}

#[test]
fn a_circle_is_found() {
    let known: BTreeSet<Module> = ["", "a", "a::b", "a::c", "d"].map(parts).into_iter().collect();
    let known: BTreeSet<&Module> = known.iter().collect();
    let of = |module: &str, text: &str| {
        let found = imported(&parts(module), text, &known);
        found.iter().map(|module| module.join("::")).collect::<Vec<_>>()
    };
    assert_eq!(of("a::b", "use super::c::{X, y};\nuse crate::{Z, d::W};"), ["", "a::c", "d"]);
    assert_eq!(of("a", "pub use self::b::{X, c};\nuse std::fmt;"), ["a::b"]);
    assert_eq!(of("", "mod a;\npub use a::X;"), ["a"]);
    assert_eq!(of("d", "fn f() { crate::a::c::g(super::h()) } // crate::a::b"), ["", "a::c"]);
    assert_eq!(of("d", "use super::*;"), [""]);
    assert_eq!(of("d", "#[cfg(test)]\nmod tests {\n    use crate::a::b::X;\n}"), [""; 0]);
    assert_eq!(of("a", "#[cfg(test)]\nmod tests;\nmod b;\nuse self::b::X;"), ["a::b"]);

    let (a, b, c, d) = (parts("a"), parts("b"), parts("c"), parts("d"));
    let to = |modules: &[&Module]| modules.iter().map(|&module| module.clone()).collect();
    let mut imports = BTreeMap::from([(&a, to(&[&b, &d])), (&b, to(&[&c])), (&c, to(&[&d]))]);
    assert_eq!(circle(&imports), None);
    imports.insert(&d, to(&[&b]));
    assert_eq!(circle(&imports), Some(vec![d.clone(), b, c, d.clone()]));
}

fn parts(path: &str) -> Module {
    path.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The source files of a crate by their modules.
fn modules(name: &str) -> BTreeMap<Module, String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates").join(name).join("src");
    let mut found = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![source.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let inside = path.strip_prefix(&source).unwrap().with_extension("");
                let mut module: Module =
                    inside.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
                match module.last().map(String::as_str) {
                    Some("mod" | "lib" | "main") => _ = module.pop(),
                    Some("tests") => continue,
                    _ => {}
                }
                found.insert(module, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

/// The modules that a file imports from.
fn imported(module: &Module, text: &str, known: &BTreeSet<&Module>) -> BTreeSet<Module> {
    // Tests inside a file are its last part: `mod tests {`, and not `mod tests;`.
    let is_inside = |&(at, _): &(usize, &str)| {
        text[at..].find(['{', ';']).is_some_and(|end| text[at + end..].starts_with('{'))
    };
    let end = text.match_indices("#[cfg(test)]").find(is_inside).map_or(text.len(), |(at, _)| at);
    let text = &text[..end];
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n");
    let mut found = BTreeSet::new();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    for start in ["crate::", "super::", "self::", "use "] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| is_word(c) || c == ':') {
                continue;
            }
            let rest = code[at..].strip_prefix("use ").unwrap_or(&code[at..]);
            let is_use = start == "use ";
            // In lib.rs a path may begin with the name of a module.
            if is_use && (!module.is_empty() || rest.starts_with("crate::")) {
                continue;
            }
            for path in paths(rest) {
                found.extend(target(module, &path, known));
            }
        }
    }
    found.remove(module);
    found
}

/// All paths of `a::{b, c::{d, e}}`, as far as it goes.
fn paths(text: &str) -> Vec<String> {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '*';
    let end = text.find(|c| !is_path(c)).unwrap_or(text.len());
    let (path, rest) = text.split_at(end);
    let Some(group) = rest.strip_prefix('{').filter(|_| path.ends_with("::")) else {
        return vec![path.to_owned()];
    };
    let (mut depth, mut from, mut found) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                let item = group[from..at].trim();
                found.extend(paths(item).iter().map(|inner| format!("{path}{inner}")));
                from = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}

/// The file that a path leads to: the longest part of it that is a module.
fn target(module: &Module, path: &str, known: &BTreeSet<&Module>) -> Option<Module> {
    let mut base: Module = match path.split("::").next() {
        Some("super" | "self") => module.clone(),
        _ => Vec::new(),
    };
    let mut is_ours = module.is_empty();
    for part in parts(path) {
        match part.as_str() {
            "crate" | "self" => is_ours = true,
            "super" => {
                is_ours = true;
                base.pop();
            }
            _ => {
                base.push(part);
                if !known.contains(&base) {
                    base.pop();
                    // A path of another crate, in lib.rs.
                    let is_foreign = base.is_empty() && !path.starts_with("crate::");
                    return (is_ours && !(is_foreign && module.is_empty())).then_some(base);
                }
            }
        }
    }
    is_ours.then_some(base)
}

/// The first circle, from a module back to itself.
fn circle(imports: &BTreeMap<&Module, BTreeSet<Module>>) -> Option<Vec<Module>> {
    let mut done: BTreeSet<&Module> = BTreeSet::new();
    for &start in imports.keys() {
        // The way from `start`, and what is still to be tried at each of its steps.
        let mut way: Vec<(&Module, Vec<&Module>)> = Vec::new();
        let mut next = Some(start);
        loop {
            if let Some(module) = next.take().filter(|module| !done.contains(module)) {
                if let Some(first) = way.iter().position(|(before, _)| *before == module) {
                    let way = way[first..].iter().map(|&(module, _)| module);
                    return Some(way.chain([module]).cloned().collect());
                }
                let inside = imports.get(module).map(|found| found.iter().collect());
                way.push((module, inside.unwrap_or_default()));
            }
            let Some((module, rest)) = way.last_mut() else { break };
            match rest.pop() {
                Some(module) => next = Some(module),
                None => {
                    done.insert(*module);
                    way.pop();
                }
            }
        }
    }
    None
}
