//! `samlcheck c14n`: the canonical octets of a document or of one element, as a signature is over
//! them. They are written as they are, without a line end that does not belong to them.

use std::io::{self, Write};
use std::path::PathBuf;

use samlkit::names::SIGNATURE;
use samlkit::xml::{Canonicalization, Document};

use super::files::{contents_or_input, document};
use super::{GOOD, TROUBLE, complain};

/// The words of the subcommand.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// An XML file, or - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Only the element with this ID, and what is inside it
    #[arg(long)]
    id: Option<String>,

    /// The method, by its URI; exclusive canonicalization without comments if none is said
    #[arg(long, value_name = "URI", default_value = "http://www.w3.org/2001/10/xml-exc-c14n#")]
    algorithm: String,

    /// The PrefixList of exclusive canonicalization, such as "xs #default"
    #[arg(long, value_name = "PREFIXES", default_value = "")]
    inclusive_prefixes: String,

    /// Leave out the signature directly inside the element, as a verifier does
    #[arg(long)]
    enveloped: bool,
}

/// Runs the subcommand and gives its exit status.
pub(super) fn run(arguments: &Arguments) -> u8 {
    match octets(arguments) {
        Ok(octets) => match io::stdout().write_all(&octets) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                complain(&format!("the octets cannot be written: {error}"));
                TROUBLE
            }
            _ => GOOD,
        },
        Err(message) => {
            complain(&message);
            TROUBLE
        }
    }
}

fn octets(arguments: &Arguments) -> Result<Vec<u8>, String> {
    let name = arguments.file.display();
    let method = Canonicalization::by_uri(&arguments.algorithm);
    let mut method = method.ok_or_else(|| {
        let known: Vec<&str> = Canonicalization::all().map(|method| method.uri()).collect();
        format!(
            "{:?} is no canonicalization; known are\n  {}",
            arguments.algorithm,
            known.join("\n  ")
        )
    })?;
    method.prefixes = arguments.inclusive_prefixes.split_ascii_whitespace().collect();
    let bytes = contents_or_input(&arguments.file)?;
    let document = document(&arguments.file, &bytes)?;
    let element = match &arguments.id {
        Some(id) => Some(document.element_by_id(id).ok_or_else(|| {
            format!("no element of {name} has the ID {id:?}{}", known_ids(&document))
        })?),
        None => None,
    };
    let mut octets = Vec::new();
    let written = match element {
        None if !arguments.enveloped => {
            method.document(&document, |piece| octets.extend_from_slice(piece))
        }
        _ => {
            let element = element.unwrap_or_else(|| document.root());
            let mut signatures =
                element.children().filter(|child| child.is(SIGNATURE, "Signature"));
            let without = signatures.next().filter(|_| arguments.enveloped);
            method.element(element, without, |piece| octets.extend_from_slice(piece))
        }
    };
    written.map_err(|error| format!("{name}: {error}"))?;
    Ok(octets)
}

/// The first few IDs of a document, in words that end a sentence.
fn known_ids(document: &Document<'_>) -> String {
    let ids = document.elements().filter_map(|element| element.attribute("ID"));
    let ids: Vec<&str> = ids.map(|id| id.value()).take(5).collect();
    if ids.is_empty() {
        "; none has an ID".to_owned()
    } else {
        format!("; there are {}", ids.join(", "))
    }
}
