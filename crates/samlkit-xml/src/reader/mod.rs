//! From text to tree. quick-xml says where each token ends; every rule about what a token may
//! hold is checked here, on the token's own octets, so that nothing depends on what quick-xml
//! lets through. Attributes are not read with quick-xml at all.
//!
//! One file for each part: the tokens (here), the nodes that they become (`builder`), start tags
//! (`start_tag`, with the attributes in `cursor`), the namespaces in scope (`scope`), duplicate IDs
//! (`ids`). Not here: encodings (`decode`), and anything that SAML says.

mod builder;
mod cursor;
mod declaration;
mod ids;
mod numbering;
mod reference;
mod scope;
mod start_tag;

use quick_xml::Reader;
use quick_xml::events::Event;

use self::builder::Builder;
use self::cursor::piece;
use self::declaration::declaration;
use crate::characters::{first_forbidden, is_space};
use crate::encoding::Encoding;
use crate::error::{ErrorKind, Failure, excerpt, fail};
use crate::limits::Limits;
use crate::tree::Tree;

/// Reads `text` (with its byte order mark, if any) into a tree.
pub(crate) fn read(text: &str, encoding: Encoding, limits: &Limits) -> Result<Tree, Failure> {
    let body = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let base = text.len().saturating_sub(body.len());
    if body.bytes().all(is_space) {
        return fail(ErrorKind::Empty { blank: !body.is_empty() }, base);
    }
    if let Some((at, character)) = first_forbidden(body) {
        let at = base.saturating_add(at);
        return fail(ErrorKind::ForbiddenCharacter { character }, at);
    }
    let mut builder = Builder::new(text, limits);
    let mut tokens = Reader::from_str(body);
    let config = tokens.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;

    loop {
        let start = base.saturating_add(offset(tokens.buffer_position()));
        let ahead = piece(text, start..text.len());
        if let Some(kind) = declaration_of_type(ahead) {
            return fail(kind, start);
        }
        let Ok(event) = tokens.read_event() else {
            return fail(broken_token(ahead), start);
        };
        let range = start..base.saturating_add(offset(tokens.buffer_position()));
        match event {
            Event::Eof => return builder.finish(),
            Event::Start(_) => builder.start_tag(range, 1)?,
            Event::Empty(_) => {
                let end = range.end;
                builder.start_tag(range, 2)?;
                builder.close(end)?;
            }
            Event::End(_) => builder.end_tag(range)?,
            Event::Text(_) => builder.text(range)?,
            Event::GeneralRef(_) => builder.reference(range)?,
            Event::CData(_) => builder.cdata(range)?,
            Event::Comment(_) => builder.comment(range)?,
            Event::Decl(_) if range.start == base => declaration(text, range, encoding)?,
            Event::Decl(_) | Event::PI(_) => builder.instruction(range)?,
            Event::DocType(_) => return fail(ErrorKind::Doctype, range.start),
        }
    }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// Markup that begins with `<!` and is neither comment nor CDATA section never reaches quick-xml.
fn declaration_of_type(ahead: &str) -> Option<ErrorKind> {
    let markup = ahead.strip_prefix("<!")?;
    if markup.starts_with("--") || markup.starts_with("[CDATA[") {
        return None;
    }
    Some(match markup.strip_prefix("DOCTYPE") {
        Some(_) => ErrorKind::Doctype,
        None => ErrorKind::UnknownMarkup { found: excerpt(ahead) },
    })
}

/// Why quick-xml finds no token at the start of `ahead`.
fn broken_token(ahead: &str) -> ErrorKind {
    let unclosed = |what| ErrorKind::Unclosed { what };
    match ahead {
        _ if ahead.starts_with("<!--") => unclosed("a comment"),
        _ if ahead.starts_with("<![CDATA[") => unclosed("a CDATA section"),
        _ if ahead.starts_with("<?") => unclosed("a processing instruction"),
        _ if ahead.starts_with('&') => ErrorKind::BareAmpersand { found: excerpt(ahead) },
        _ => unclosed("a tag"),
    }
}
