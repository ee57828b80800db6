//! `samlcheck fix`: repairs that lose nothing, written to a new file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::files::{contents_or_input, write_new};
use super::{GOOD, TROUBLE, complain};
use crate::render::visible_lines;
use crate::repair::{Repair, repair};

/// The words of the subcommand.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// Metadata, a message or a capture; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Take the byte order mark away, which AWS IAM does not take
    #[arg(long)]
    strip_bom: bool,

    /// Write UTF-16 as UTF-8
    #[arg(long)]
    utf8: bool,

    /// Make each line end one line feed
    #[arg(long)]
    line_ends: bool,

    /// Put + where a form that was decoded twice left spaces in base64
    #[arg(long)]
    plus: bool,

    /// The new file; without it, FILE with .fixed before its extension. It may not exist yet
    #[arg(long, short, value_name = "NEW-FILE")]
    output: Option<PathBuf>,
}

const AFTER_HELP: &str = "\
Without a flag, all that the file needs is repaired. Signatures stay as good as they were: before
anything is written, what the file says is compared with what it said.

Exit status: 0 repaired, or nothing to repair; 2 it could not be done.";

/// Runs the subcommand and gives its exit status.
pub(super) fn run(arguments: &Arguments) -> u8 {
    match fix(arguments) {
        Ok(message) => {
            // Nothing can be done about a closed terminal.
            let _ = writeln!(io::stderr(), "{}", visible_lines(&message));
            GOOD
        }
        Err(message) => {
            complain(&message);
            TROUBLE
        }
    }
}

fn fix(arguments: &Arguments) -> Result<String, String> {
    let flags = [
        (arguments.strip_bom, Repair::ByteOrderMark),
        (arguments.utf8, Repair::Utf8),
        (arguments.line_ends, Repair::LineEnds),
        (arguments.plus, Repair::LostPlus),
    ];
    let asked = flags.iter().filter(|(is_asked, _)| *is_asked).map(|(_, repair)| *repair);
    let asked: Vec<Repair> = asked.collect();
    let wanted = if asked.is_empty() { Repair::ALL.to_vec() } else { asked };
    let name = arguments.file.display();
    let is_input = arguments.file == Path::new("-");
    let bytes = contents_or_input(&arguments.file)?;
    let repaired = repair(&bytes, &wanted).map_err(|error| format!("{name}: {error}"))?;
    if repaired.repairs.is_empty() {
        if is_input && arguments.output.is_none() {
            // Whoever reads from here goes on with the file as it is.
            let written = io::stdout().write_all(&bytes);
            written.map_err(|error| format!("the file cannot be written: {error}"))?;
            return Ok("nothing of the kind to repair; written as it is".to_owned());
        }
        return Ok(format!("{name} needs no such repair; nothing is written"));
    }
    let what: Vec<&str> = repaired.repairs.iter().map(|repair| repair.describe()).collect();
    let what = what.join(", ");
    match &arguments.output {
        None if is_input => {
            let written = io::stdout().write_all(&repaired.bytes);
            written.map_err(|error| format!("the file cannot be written: {error}"))?;
            Ok(format!("{what}; what it says is unchanged"))
        }
        output => {
            let path = output.clone().unwrap_or_else(|| beside(&arguments.file));
            write_new(&path, &repaired.bytes)?;
            Ok(format!("{}: {what}; what it says is unchanged", path.display()))
        }
    }
}

/// `name.fixed.xml` for `name.xml`.
pub(super) fn beside(file: &Path) -> PathBuf {
    let extension = file.extension().map(|extension| extension.to_string_lossy().into_owned());
    match extension {
        Some(extension) => file.with_extension(format!("fixed.{extension}")),
        None => file.with_extension("fixed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_new_files() {
        assert_eq!(beside(Path::new("a/b.xml")), Path::new("a/b.fixed.xml"));
        assert_eq!(beside(Path::new("a.b/c")), Path::new("a.b/c.fixed"));
    }
}
