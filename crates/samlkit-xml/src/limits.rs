//! How much a document may hold before it is refused (`xml.limit`), and how much may be done with
//! it afterwards. The limits keep the work that a stranger can cause within bounds; none of them
//! judges what the document says. Those that grow with the document keep that work linear.

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
    nodes: Option<usize>,
    canonical_octets: Option<usize>,
    signatures: Option<usize>,
    pub(crate) key_trials: usize,
    pub(crate) decryptions: usize,
}

/// 128 MiB: the largest aggregates in use (eduGAIN's) are near 100 MB.
const DEFAULT_SIZE: usize = 128 << 20;
/// Elements within elements. SAML's own schemas need fewer than 20.
const DEFAULT_DEPTH: usize = 256;
/// Attributes on one element. SAML's own schemas allow 10.
const DEFAULT_ATTRIBUTES: usize = 256;
/// Namespace declarations on one element. Aggregates declare up to 30 on their root.
const DEFAULT_NAMESPACES: usize = 128;
/// Bytes of a document for each of its nodes, on average. A node costs up to 56 octets of memory,
/// and `<a/>` is 4 bytes; the densest SAML in use has a node for each 26.
const BYTES_PER_NODE: usize = 16;
/// Nodes that are always allowed: they need half a megabyte.
const NODES_ALWAYS: usize = 10_000;
/// Canonical octets for each octet of a document, over all canonicalizations of it. A response with
/// two signatures needs two, an aggregate whose entities are signed one by one needs two, and a
/// report looks at each signature a few times.
pub const OUTPUT_FACTOR: usize = 8;
/// Canonical octets that are always allowed: a small document may be tried in many ways.
pub const OUTPUT_ALWAYS: usize = 1 << 20;
/// Signatures that are always allowed. The largest aggregates have 10,000 entities.
const SIGNATURES_ALWAYS: usize = 20_000;
/// Bytes of a document for each further signature; the shortest with a key of RSA-2048 is longer.
const BYTES_PER_SIGNATURE: usize = 1024;
/// Public-key operations: two seconds of RSA-2048. Each signature is tried with each trusted key,
/// and few identity providers list more than three.
const DEFAULT_KEY_TRIALS: usize = 100_000;
/// Private-key operations: each costs as much as 30 verifications. A response has one encrypted
/// assertion, or a few encrypted attributes, and a service provider has two keys at most.
const DEFAULT_DECRYPTIONS: usize = 256;
/// 1 GiB: offsets into text and decoded values together are kept in 32 bits.
const GREATEST_SIZE: usize = 1 << 30;

impl Default for Limits {
    fn default() -> Self {
        Self {
            size: DEFAULT_SIZE,
            depth: DEFAULT_DEPTH,
            attributes: DEFAULT_ATTRIBUTES,
            namespaces: DEFAULT_NAMESPACES,
            nodes: None,
            canonical_octets: None,
            signatures: None,
            key_trials: DEFAULT_KEY_TRIALS,
            decryptions: DEFAULT_DECRYPTIONS,
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

    /// Sets how many nodes the document may have: elements, texts, comments and processing
    /// instructions. By default one for each 16 bytes of it, and 10,000.
    #[must_use]
    pub fn nodes(mut self, count: usize) -> Self {
        self.nodes = Some(count);
        self
    }

    /// Sets how many octets all canonicalizations of the document together may write; what they
    /// pass over without writing is added. By default [`OUTPUT_FACTOR`] for each byte of the
    /// document, and [`OUTPUT_ALWAYS`].
    #[must_use]
    pub fn canonical_octets(mut self, octets: usize) -> Self {
        self.canonical_octets = Some(octets);
        self
    }

    /// Sets how many signatures may be looked at. By default one for each KiB of the document, and
    /// 20,000.
    #[must_use]
    pub fn signatures(mut self, count: usize) -> Self {
        self.signatures = Some(count);
        self
    }

    /// Sets how many public-key operations may be tried.
    #[must_use]
    pub fn key_trials(mut self, count: usize) -> Self {
        self.key_trials = count;
        self
    }

    /// Sets how many private-key operations may be tried.
    #[must_use]
    pub fn decryptions(mut self, count: usize) -> Self {
        self.decryptions = count;
        self
    }

    /// The greatest size of the input in bytes: a caller need not read more than that.
    pub fn greatest_size(&self) -> usize {
        self.size
    }

    pub(crate) fn nodes_for(&self, size: usize) -> usize {
        let default = (size / BYTES_PER_NODE).saturating_add(NODES_ALWAYS);
        self.nodes.unwrap_or(default)
    }

    pub(crate) fn canonical_octets_for(&self, size: usize) -> usize {
        let default = size.saturating_mul(OUTPUT_FACTOR).saturating_add(OUTPUT_ALWAYS);
        self.canonical_octets.unwrap_or(default)
    }

    pub(crate) fn signatures_for(&self, size: usize) -> usize {
        let default = (size / BYTES_PER_SIGNATURE).saturating_add(SIGNATURES_ALWAYS);
        self.signatures.unwrap_or(default)
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
    /// [`Limits::nodes`].
    Nodes,
    /// [`Limits::canonical_octets`].
    CanonicalOctets,
    /// [`Limits::signatures`].
    Signatures,
    /// [`Limits::key_trials`].
    KeyTrials,
    /// [`Limits::decryptions`].
    Decryptions,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Size => "bytes",
            Self::Depth => "elements inside each other",
            Self::Attributes => "attributes on one element",
            Self::Namespaces => "namespace declarations on one element",
            Self::Nodes => "nodes",
            Self::CanonicalOctets => "canonical octets",
            Self::Signatures => "signatures",
            Self::KeyTrials => "verifications with a public key",
            Self::Decryptions => "decryptions with a private key",
        })
    }
}
