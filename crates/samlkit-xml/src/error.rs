//! Why a document is refused: one error, with the values in it, the rule it breaks and the
//! position. The first thing that is wrong ends the reading, because what follows it in a
//! document that is not well-formed means nothing.

use crate::encoding::Encoding;
use crate::limits::Limit;
use crate::position::Position;

/// A document that is refused: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Where it begins.
    pub position: Position,
}

impl Error {
    /// The name of the rule that the document breaks, such as `xml.syntax`.
    pub fn rule(&self) -> &'static str {
        self.kind.rule()
    }
}

/// What is wrong with a document. Long names and values are cut.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields are the values that each message names")]
pub enum ErrorKind {
    // xml.syntax
    /// The input has no byte but white space and perhaps a byte order mark.
    #[error("{}", if *.blank { "the document holds nothing but white space" } else { "the document is empty" })]
    Empty { blank: bool },
    /// The input ends before the elements do.
    #[error("the document ends inside <{element}>, which was opened on line {line}")]
    UnexpectedEnd { element: String, line: u32 },
    /// There is no element at all.
    #[error("the document has no element")]
    NoElement,
    /// A tag, comment, CDATA section or processing instruction never ends.
    #[error("{what} begins here and never ends")]
    Unclosed { what: &'static str },
    /// An end tag does not match the open element.
    #[error("found </{found}>, expected </{expected}> for the element opened on line {line}")]
    MismatchedEndTag { found: String, expected: String, line: u32 },
    /// An end tag where no element is open.
    #[error("found </{found}> where no element is open")]
    UnopenedEndTag { found: String },
    /// Text, a reference or a CDATA section before or after the root element.
    #[error("found text outside the root element: {found:?}")]
    TextOutsideRoot { found: String },
    /// A second element beside the root.
    #[error("found a second root element <{found}>; a document has one")]
    SecondRoot { found: String },
    /// A tag, an attribute or a processing instruction whose name is none.
    #[error("expected {what}, found {found:?}")]
    Expected { what: &'static str, found: String },
    /// Two attributes, or the name and an attribute, with no white space between them.
    #[error("expected white space before the attribute, found {found:?}")]
    MissingSpace { found: String },
    /// `<` inside an attribute value.
    #[error("the value of attribute {attribute} holds a `<`; it is written &lt; there")]
    LessThanInAttribute { attribute: String },
    /// `]]>` in text.
    #[error("text holds `]]>`; it is written ]]&gt; there")]
    CdataEndInText,
    /// `--` inside a comment, or `--->` at its end.
    #[error("a comment holds `--`, or ends in `--->`")]
    DoubleHyphenInComment,
    /// A processing instruction named xml, or an XML declaration that is not at the start.
    #[error("found <?{found}; the name is reserved for an XML declaration at the very start")]
    ReservedTarget { found: String },
    /// An XML declaration that is not as XML 1.0 section 2.8 has it.
    #[error("the XML declaration is malformed: expected {expected}")]
    Declaration { expected: &'static str },
    /// An XML version other than 1.0.
    #[error("found XML version {found:?}, expected 1.0")]
    Version { found: String },
    /// An `&` that begins no reference.
    #[error("found an `&` that begins no reference: {found:?}; a literal one is written &amp;")]
    BareAmpersand { found: String },
    /// `<!` followed by something else than a comment or a CDATA section.
    #[error("found {found:?}, which is no markup of XML")]
    UnknownMarkup { found: String },

    // xml.doctype
    /// A document type declaration.
    #[error("the document has a document type declaration; SAML messages and metadata carry none")]
    Doctype,

    // xml.entity
    /// A reference to an entity that XML does not predefine.
    #[error("the entity &{name}; is not defined; XML has only lt, gt, amp, apos and quot")]
    UndefinedEntity { name: String },

    // xml.character
    /// A character that XML forbids.
    #[error("the character U+{:04X} may not stand in XML", u32::from(*.character))]
    ForbiddenCharacter { character: char },
    /// A character reference to something that is no character of XML.
    #[error("the reference {reference} names no character that XML allows")]
    ForbiddenReference { reference: String },

    // xml.encoding
    /// The bytes are not UTF-8.
    #[error("the byte 0x{byte:02X} does not belong here in UTF-8")]
    InvalidUtf8 { byte: u8 },
    /// The bytes are not UTF-16.
    #[error("the bytes are not {}, which the byte order mark announces", .encoding.name())]
    InvalidUtf16 { encoding: Encoding },
    /// UTF-16 that does not begin with its byte order mark.
    #[error("the bytes look like UTF-16 without its byte order mark")]
    Utf16WithoutMark,
    /// A UTF-32 byte order mark.
    #[error("the byte order mark is that of UTF-32; UTF-8 or UTF-16 is expected")]
    Utf32,
    /// A declared encoding that is not read.
    #[error("the XML declaration names the encoding {declared:?}; expected UTF-8")]
    DeclaredEncoding { declared: String },
    /// A declared encoding other than the one found.
    #[error("the XML declaration names the encoding {declared:?}, but the bytes are {}", .found.name())]
    OtherEncoding { declared: String, found: Encoding },

    // xml.attribute
    /// The same attribute twice on one element, by qualified or by expanded name.
    #[error("the attribute {name} stands twice on one element{}",
        if .first == .name { String::new() } else { format!(": {first} has the same namespace and name") })]
    DuplicateAttribute { name: String, first: String },

    // xml.namespace
    /// A prefix that nothing binds.
    #[error("the prefix {prefix:?} of {name} is not declared")]
    UndeclaredPrefix { prefix: String, name: String },
    /// `xmlns:p=""`.
    #[error("xmlns:{prefix}=\"\": a prefix cannot be undeclared in Namespaces 1.0")]
    EmptyPrefixBinding { prefix: String },
    /// `xml` or `xmlns` bound to something else, or their namespaces bound to something else.
    #[error("the declaration {declaration} rebinds what XML reserves")]
    ReservedBinding { declaration: String },
    /// A name with a colon where Namespaces 1.0 allows none.
    #[error("{found:?} is no qualified name: it has more than one colon, or one at an end")]
    NotQualified { found: String },
    /// A processing instruction whose target has a colon.
    #[error("the processing instruction target {found:?} has a colon")]
    ColonInTarget { found: String },

    // xml.limit
    /// More than a limit allows.
    #[error("over the limit of {max} {limit}")]
    Limit { limit: Limit, max: usize },
}

impl ErrorKind {
    /// The name of the rule that the document breaks, such as `xml.syntax`.
    pub fn rule(&self) -> &'static str {
        use ErrorKind::*;
        match self {
            Empty { .. }
            | UnexpectedEnd { .. }
            | NoElement
            | Unclosed { .. }
            | MismatchedEndTag { .. }
            | UnopenedEndTag { .. }
            | TextOutsideRoot { .. }
            | SecondRoot { .. }
            | Expected { .. }
            | MissingSpace { .. }
            | LessThanInAttribute { .. }
            | CdataEndInText
            | DoubleHyphenInComment
            | ReservedTarget { .. }
            | Declaration { .. }
            | Version { .. }
            | BareAmpersand { .. }
            | UnknownMarkup { .. } => "xml.syntax",
            Doctype => "xml.doctype",
            UndefinedEntity { .. } => "xml.entity",
            ForbiddenCharacter { .. } | ForbiddenReference { .. } => "xml.character",
            InvalidUtf8 { .. }
            | InvalidUtf16 { .. }
            | Utf16WithoutMark
            | Utf32
            | DeclaredEncoding { .. }
            | OtherEncoding { .. } => "xml.encoding",
            DuplicateAttribute { .. } => "xml.attribute",
            UndeclaredPrefix { .. }
            | EmptyPrefixBinding { .. }
            | ReservedBinding { .. }
            | NotQualified { .. }
            | ColonInTarget { .. } => "xml.namespace",
            Limit { .. } => "xml.limit",
        }
    }
}

/// An error whose place is still an offset into the text.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: ErrorKind,
    pub(crate) at: usize,
}

/// Ends the reading at an offset into the text.
pub(crate) fn fail<T>(kind: ErrorKind, at: usize) -> Result<T, Failure> {
    Err(Failure { kind, at })
}

/// Characters of the input that a message quotes at most.
const EXCERPT: usize = 40;

/// The beginning of `text`, cut so that a message stays readable.
pub(crate) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT) {
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or("")),
        None => text.to_owned(),
    }
}
