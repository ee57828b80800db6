//! Which files the words of a call stand for: themselves, the files below a folder, those that a pattern
//! matches.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use super::complain;
use super::files::missing;

/// The files that were found, and what was wrong.
#[derive(Default)]
pub(super) struct Found {
    /// Each file, and whether the user named it.
    pub(super) files: Vec<(PathBuf, bool)>,
    /// Sentences.
    pub(super) complaints: Vec<String>,
}

/// The files that one word of the call stands for; `-` is standard input.
pub(super) fn expand(path: &Path) -> Found {
    let mut found = Found::default();
    if path == Path::new("-") {
        if io::stdin().is_terminal() {
            complain("reading standard input; end it with Ctrl-D");
        }
        found.files.push((path.to_owned(), true));
    } else if path.is_dir() {
        found.folder(path);
    } else if path.exists() {
        found.files.push((path.to_owned(), true));
    } else {
        found.pattern(path);
    }
    found
}

impl Found {
    /// A path that does not exist: a pattern that the shell did not fill in, or a slip.
    fn pattern(&mut self, path: &Path) {
        let text = path.to_string_lossy();
        let is_pattern = text.contains(['*', '?', '[']);
        let found = is_pattern.then(|| glob::glob(&text)).and_then(Result::ok);
        let found: Vec<PathBuf> = found.into_iter().flatten().filter_map(Result::ok).collect();
        match (is_pattern, found.is_empty()) {
            (false, _) => self.complaints.push(missing(path)),
            (true, true) => self.complaints.push(format!("nothing matches {}", path.display())),
            (true, false) => {}
        }
        for path in found {
            if path.is_dir() {
                self.folder(&path);
            } else {
                self.files.push((path, true));
            }
        }
    }

    /// All files below a folder, but hidden ones, in the order of their names.
    fn folder(&mut self, folder: &Path) {
        let mut waiting = vec![folder.to_owned()];
        while let Some(path) = waiting.pop() {
            let entries = match fs::read_dir(&path) {
                Ok(entries) => entries,
                Err(error) => {
                    self.complaints.push(format!("{} cannot be read: {error}", path.display()));
                    continue;
                }
            };
            let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.file_name()));
            for entry in entries {
                let hidden = entry.file_name().to_string_lossy().starts_with('.');
                // A link to a folder may lead back to it, so that only folders proper are entered.
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                if !hidden && (is_folder || entry.path().is_file()) {
                    waiting.push(entry.path());
                }
            }
            // Files are taken when they come off the list, to keep the order of names.
            while let Some(file) = waiting.pop_if(|path| !path.is_dir() || path.is_symlink()) {
                self.files.push((file, false));
            }
        }
    }
}
