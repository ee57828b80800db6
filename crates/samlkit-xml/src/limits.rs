//! How much a document may hold before it is refused (`xml.limit`). The limits keep the work
//! that a stranger can cause within bounds; none of them judges what the document says.

use std::fmt;

/// The bounds within which a document is read. Start from [`Limits::default`].
///
/// The defaults let Entra's, ADFS's and AWS's documents and a federation aggregate of 100 MB
/// pass. A service that takes messages from browsers should lower [`Limits::size`].
///
/// ```
/// use samlkit_xml::{Document, Limits};
///
/// let strict = Limits::default().size(64).depth(2);
/// assert!(Document::parse_with(b"<a><b/></a>", &strict).is_ok());
/// let refused = Document::parse_with(b"<a><b><c/></b></a>", &strict).unwrap_err();
/// assert_eq!(refused.rule(), "xml.limit");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub(crate) size: usize,
    pub(crate) depth: usize,
    pub(crate) attributes: usize,
    pub(crate) namespaces: usize,
}

/// 128 MiB: the largest aggregates in use (eduGAIN's) are near 100 MB.
const DEFAULT_SIZE: usize = 128 << 20;
/// Elements within elements. SAML's own schemas need fewer than 20.
const DEFAULT_DEPTH: usize = 256;
/// Attributes on one element. SAML's own schemas allow 10.
const DEFAULT_ATTRIBUTES: usize = 256;
/// Namespace declarations on one element. Aggregates declare up to 30 on their root.
const DEFAULT_NAMESPACES: usize = 128;
/// 1 GiB: offsets into text and decoded values together are kept in 32 bits.
const GREATEST_SIZE: usize = 1 << 30;

impl Default for Limits {
    fn default() -> Self {
        Self {
            size: DEFAULT_SIZE,
            depth: DEFAULT_DEPTH,
            attributes: DEFAULT_ATTRIBUTES,
            namespaces: DEFAULT_NAMESPACES,
        }
    }
}

impl Limits {
    /// Sets the greatest size of the input in bytes; at most 1 GiB, a larger value counts as that.
    #[must_use]
    pub fn size(mut self, bytes: usize) -> Self {
        self.size = bytes.min(GREATEST_SIZE);
        self
    }

    /// Sets how many elements may be open at once.
    #[must_use]
    pub fn depth(mut self, elements: usize) -> Self {
        self.depth = elements;
        self
    }

    /// Sets how many attributes one element may have, namespace declarations not counted.
    #[must_use]
    pub fn attributes(mut self, count: usize) -> Self {
        self.attributes = count;
        self
    }

    /// Sets how many namespace declarations one element may have.
    #[must_use]
    pub fn namespaces(mut self, count: usize) -> Self {
        self.namespaces = count;
        self
    }

    /// The greatest size of the input in bytes, so that a caller need not read more than that.
    pub fn greatest_size(&self) -> usize {
        self.size
    }
}

/// Which of the [`Limits`] a document went over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// [`Limits::size`].
    Size,
    /// [`Limits::depth`].
    Depth,
    /// [`Limits::attributes`].
    Attributes,
    /// [`Limits::namespaces`].
    Namespaces,
    /// S
    Signatures,
    /// K
    KeyTrials,
    /// D
    Decryptions,
    /// O
    Octets,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Size => "bytes",
            Self::Depth => "elements inside each other",
            Self::Attributes => "attributes on one element",
            Self::Namespaces => "namespace declarations on one element",
            _ => "STUB",
        })
    }
}

/// STUB
#[derive(Debug)]
pub struct Budget;
/// STUB
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("over the limit of {max} {limit}")]
pub struct LimitExceeded {
    /// l
    pub limit: Limit,
    /// m
    pub max: usize,
}
impl Budget {
    /// STUB
    pub fn spend(&self, _: Limit, _: usize) -> Result<(), LimitExceeded> {
        Ok(())
    }
}
