//! Where canonical octets go: to the sink, and off the budget of the document.

use crate::budget::{Budget, LimitExceeded};
use crate::error::excerpt;
use crate::limits::Limit;

/// Why there is no canonical form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CanonicalizationError {
    /// All canonicalizations of the document together are too large
    /// ([`Limits::canonical_octets`](crate::Limits::canonical_octets)).
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// A namespace name that would be written has no scheme (Canonical XML 1.0, 1.3).
    #[error("the namespace name {name:?} is relative; canonicalization takes absolute names only")]
    RelativeNamespace {
        /// The name, cut if it is long.
        name: String,
    },
}

/// Octets that are taken from the budget together; one at a time would cost more than writing them.
const INSTALMENT: usize = 4096;

/// The sink, and the account that it is paid from.
pub(super) struct Output<'d, Sink> {
    budget: &'d Budget,
    sink: Sink,
    /// Octets until the next payment; 0 once something is refused.
    room: usize,
    error: Option<CanonicalizationError>,
}

impl<'d, Sink: FnMut(&[u8])> Output<'d, Sink> {
    pub(super) fn new(budget: &'d Budget, sink: Sink) -> Self {
        Self { budget, sink, room: INSTALMENT, error: None }
    }

    #[inline]
    pub(super) fn put(&mut self, piece: &[u8]) {
        match self.room.checked_sub(piece.len()) {
            Some(room) => {
                self.room = room;
                (self.sink)(piece);
            }
            None => self.put_over(piece),
        }
    }

    /// Writes a piece that is paid for at once.
    #[cold]
    fn put_over(&mut self, piece: &[u8]) {
        self.pay(piece.len());
        if self.error.is_none() {
            (self.sink)(piece);
        }
    }

    /// Takes `octets` from the budget without writing any.
    #[inline]
    pub(super) fn pay(&mut self, octets: usize) {
        match self.room.checked_sub(octets) {
            Some(room) => self.room = room,
            None => self.settle(octets),
        }
    }

    /// Takes from the budget what is not paid for yet, and `more`.
    #[cold]
    fn settle(&mut self, more: usize) {
        if self.error.is_some() {
            return;
        }
        let unpaid = INSTALMENT.saturating_sub(self.room).saturating_add(more);
        self.room = INSTALMENT;
        if let Err(refused) = self.budget.spend(Limit::CanonicalOctets, unpaid) {
            self.refuse(refused.into());
        }
    }

    #[cold]
    fn refuse(&mut self, error: CanonicalizationError) {
        self.room = 0;
        self.error.get_or_insert(error);
    }

    /// Whether there is an error already, so nothing more has to be written. A budget that others
    /// have used up is one.
    pub(super) fn is_refused(&self) -> bool {
        self.error.is_some()
    }

    /// Pays what is owed, to see before any work whether that can be paid at all.
    pub(super) fn open_account(&mut self) -> bool {
        self.settle(0);
        self.error.is_none()
    }

    /// Pays the rest. The first error is the result.
    pub(super) fn finish(mut self) -> Result<(), CanonicalizationError> {
        self.settle(0);
        self.error.map_or(Ok(()), Err)
    }

    /// Writes text between tags.
    #[inline]
    pub(super) fn put_text(&mut self, text: &str) {
        self.put_escaped(text, text_escape);
    }

    /// Writes the value of an attribute, without its quotes.
    #[inline]
    pub(super) fn put_value(&mut self, value: &str) {
        self.put_escaped(value, attribute_escape);
    }

    /// Writes the name of a namespace, without its quotes, if it is absolute.
    pub(super) fn put_namespace(&mut self, name: &str) {
        if !name.is_empty() && !has_scheme(name) {
            self.settle(0);
            self.refuse(CanonicalizationError::RelativeNamespace { name: excerpt(name) });
        }
        self.put_value(name);
    }

    #[inline]
    fn put_escaped(&mut self, text: &str, escape: impl Fn(u8) -> &'static [u8]) {
        if self.is_refused() {
            return;
        }
        let mut rest = text.as_bytes();
        while let Some(at) = rest.iter().position(|&byte| !escape(byte).is_empty()) {
            let (before, after) = rest.split_at_checked(at).unwrap_or((rest, &[]));
            self.put(before);
            if let Some((&byte, after)) = after.split_first() {
                self.put(escape(byte));
                rest = after;
            }
        }
        self.put(rest);
    }
}

/// Whether a name begins with a scheme, which makes it absolute (RFC 3986, 3.1 and 4.2).
fn has_scheme(name: &str) -> bool {
    let in_scheme = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    let after = name.as_bytes().iter().find(|b| !in_scheme(b));
    after == Some(&b':') && name.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// What stands for a character of text; empty where it stands for itself.
#[inline]
fn text_escape(byte: u8) -> &'static [u8] {
    match byte {
        b'&' => b"&amp;",
        b'<' => b"&lt;",
        b'>' => b"&gt;",
        b'\r' => b"&#xD;",
        _ => b"",
    }
}

/// What stands for a character of an attribute's value; empty where it stands for itself.
#[inline]
fn attribute_escape(byte: u8) -> &'static [u8] {
    match byte {
        b'&' => b"&amp;",
        b'<' => b"&lt;",
        b'"' => b"&quot;",
        b'\t' => b"&#x9;",
        b'\n' => b"&#xA;",
        b'\r' => b"&#xD;",
        _ => b"",
    }
}
