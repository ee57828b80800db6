//! Strict XML for SAML: bytes in, a read-only tree with positions out.
//!
//! This crate knows XML 1.0 (fifth edition) and Namespaces in XML 1.0, and nothing of SAML. It
//! finds tokens with quick-xml, which is lenient, and then checks every octet of each token
//! itself: what the two specifications do not allow is refused with the name of a rule
//! ([`Error::rule`]) and a position. A document type declaration is always refused, and with it
//! every entity but the five that XML predefines; so is everything over the [`Limits`].
//!
//! There is one tree. What is later canonicalized and hashed is the same nodes that values are
//! read from, and each of them knows its range in the input ([`Document::position`] turns an
//! offset into line and column).
//!
//! ```
//! use samlkit_xml::Document;
//!
//! let document = Document::parse(b"<a xmlns='urn:x'>\n  <b id='1'>t&amp;u</b>\n</a>")?;
//! let b = document.root().children().find(|e| e.is("urn:x", "b")).ok_or("no b")?;
//! assert_eq!(b.text(), "t&u");
//! assert_eq!(b.attribute("id").map(|a| a.value()), Some("1"));
//! assert_eq!(document.position(b.range().start).to_string(), "2:3");
//!
//! let refused = Document::parse(b"<!DOCTYPE a><a/>").unwrap_err();
//! assert_eq!((refused.rule(), refused.position.column), ("xml.doctype", 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Time and memory are linear in the input, whatever it holds; nothing recurses over it. What is
//! done with a document afterwards is taken from its [`Budget`], so it is linear all together.

mod bindings;
mod budget;
mod c14n;
mod characters;
mod decode;
mod document;
mod encoding;
mod error;
mod limits;
mod position;
mod reader;
mod reserved;
mod tree;
mod xml_base;

pub use budget::{Budget, LimitExceeded};
pub use c14n::{Canonicalization, CanonicalizationError, Form};
pub use document::{Attribute, Document, Element, Name, NamespaceDeclaration, Node};
pub use encoding::Encoding;
pub use error::{Error, ErrorKind};
pub use limits::{Limit, Limits, OUTPUT_ALWAYS, OUTPUT_FACTOR};
pub use position::Position;
pub use reserved::{XML_NAMESPACE, XMLNS_NAMESPACE};
pub use tree::DUPLICATE_IDS_KEPT;
