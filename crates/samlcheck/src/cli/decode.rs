//! `samlcheck decode`: the XML inside a capture, octet by octet.

use std::io::{self, Write};
use std::path::PathBuf;

use samlkit::capture::decode;
use samlkit::xml::{Document, Element, Node};

use super::files::{contents_or_input, document};
use super::{GOOD, TROUBLE, complain};

/// The words of the subcommand.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// A capture: base64, a form body, a URL, a page, XML; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Put each element on a line of its own, to read it; no signature survives that
    #[arg(long)]
    pretty: bool,
}

/// Runs the subcommand and gives its exit status.
pub(super) fn run(arguments: &Arguments) -> u8 {
    let written = xml(arguments).and_then(|xml| match io::stdout().write_all(&xml) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("the XML cannot be written: {error}"))
        }
        _ => Ok(()),
    });
    match written {
        Ok(()) => GOOD,
        Err(message) => {
            complain(&message);
            TROUBLE
        }
    }
}

fn xml(arguments: &Arguments) -> Result<Vec<u8>, String> {
    let name = arguments.file.display();
    let bytes = contents_or_input(&arguments.file)?;
    let message = decode(&bytes).map_err(|error| format!("{name}: {error}"))?;
    if !arguments.pretty {
        return Ok(message.xml.into_owned());
    }
    Ok(pretty(&document(&arguments.file, &message.xml)?).into_bytes())
}

/// Each tag on a line of its own, but for elements with nothing but text; tags are copied as they
/// stand.
fn pretty(document: &Document<'_>) -> String {
    let mut lines = String::new();
    let mut open: Vec<Element<'_>> = Vec::new();
    let text = document.text();
    let piece = |range: std::ops::Range<usize>| text.get(range).unwrap_or("");
    let close = |open: &mut Vec<Element<'_>>, lines: &mut String| {
        if let Some(element) = open.pop() {
            let end = piece(element.content_range().end..element.range().end);
            lines.push_str(&format!(
                "{:indent$}{end}\n",
                "",
                indent = open.len().saturating_mul(2)
            ));
        }
    };
    for element in document.elements() {
        while open.last().is_some_and(|last| element.range().start >= last.range().end) {
            close(&mut open, &mut lines);
        }
        let indent = open.len().saturating_mul(2);
        let has_elements = element.nodes().any(|node| matches!(node, Node::Element(_)));
        let range = if has_elements { element.start_tag_range() } else { element.range() };
        lines.push_str(&format!("{:indent$}{}\n", "", piece(range)));
        if has_elements {
            open.push(element);
        }
    }
    while !open.is_empty() {
        close(&mut open, &mut lines);
    }
    lines
}
