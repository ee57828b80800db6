//! What may be spent on one document after it was read. Each piece of work that a stranger can
//! ask for over and over (a canonical form, a signature, a key tried, a decryption) is taken from
//! an account of the document, so it is bounded for all of them together and not for each alone:
//! a thousand signatures over one megabyte are as bounded as one.
//!
//! Nothing is ever paid back. A document is for one verdict or one report; to verify it again and
//! again is to parse it again.
//!
//! Not here: the limits that reading keeps by itself, which have their end with the reading.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::limits::{Limit, Limits};

/// The accounts of one document ([`Document::budget`](crate::Document::budget)), filled from its
/// [`Limits`].
///
/// ```
/// use samlkit_xml::{Document, Limit, Limits};
///
/// let limits = Limits::default().signatures(2);
/// let document = Document::parse_with(b"<a/>", &limits)?;
/// assert!(document.budget().spend(Limit::Signatures, 2).is_ok());
/// let refused = document.budget().spend(Limit::Signatures, 1).unwrap_err();
/// assert_eq!(refused.to_string(), "over the limit of 2 signatures");
/// # Ok::<(), samlkit_xml::Error>(())
/// ```
#[derive(Debug)]
pub struct Budget {
    canonical_octets: Account,
    signatures: Account,
    key_trials: Account,
    decryptions: Account,
}

/// More was asked for than a limit allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("over the limit of {max} {limit}")]
#[non_exhaustive]
pub struct LimitExceeded {
    /// Which limit.
    pub limit: Limit,
    /// How much it allows.
    pub max: usize,
}

#[derive(Debug)]
struct Account {
    max: usize,
    spent: AtomicUsize,
}

impl Budget {
    /// The budget of a document of `size` bytes.
    pub(crate) fn new(limits: &Limits, size: usize) -> Self {
        let account = |max| Account { max, spent: AtomicUsize::new(0) };
        Self {
            canonical_octets: account(limits.canonical_octets_for(size)),
            signatures: account(limits.signatures_for(size)),
            key_trials: account(limits.key_trials),
            decryptions: account(limits.decryptions),
        }
    }

    /// Takes `amount` from the account of `limit`. An amount that is not there is taken all the
    /// same: once over its limit, an account stays over it.
    ///
    /// # Errors
    /// The account is empty. One that was used up by reading (bytes, depth, attributes,
    /// namespaces, nodes) always is, and has a `max` of 0.
    pub fn spend(&self, limit: Limit, amount: usize) -> Result<(), LimitExceeded> {
        let account = match limit {
            Limit::CanonicalOctets => &self.canonical_octets,
            Limit::Signatures => &self.signatures,
            Limit::KeyTrials => &self.key_trials,
            Limit::Decryptions => &self.decryptions,
            Limit::Size | Limit::Depth | Limit::Attributes | Limit::Namespaces | Limit::Nodes => {
                return Err(LimitExceeded { limit, max: 0 });
            }
        };
        let max = account.max;
        // Nothing else is published with the sum, so its order to other memory does not matter.
        let add = |spent: usize| Some(spent.saturating_add(amount));
        let before = account.spent.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
        match before.unwrap_or(usize::MAX).checked_add(amount) {
            Some(spent) if spent <= max => Ok(()),
            _ => Err(LimitExceeded { limit, max }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spend_all(limit: Limit, limits: &Limits, size: usize) -> usize {
        let budget = Budget::new(limits, size);
        let refused = budget.spend(limit, usize::MAX).unwrap_err();
        assert_eq!(refused.limit, limit);
        let budget = Budget::new(limits, size);
        assert_eq!(budget.spend(limit, refused.max), Ok(()));
        assert_eq!(budget.spend(limit, 0), Ok(()));
        assert_eq!(budget.spend(limit, 1), Err(refused));
        assert_eq!(budget.spend(limit, 0), Err(refused), "once over, it stays over");
        refused.max
    }

    #[test]
    fn each_account_ends_where_its_limit_says() {
        let limits =
            Limits::default().canonical_octets(10).signatures(11).key_trials(12).decryptions(13);
        for (limit, max) in [
            (Limit::CanonicalOctets, 10),
            (Limit::Signatures, 11),
            (Limit::KeyTrials, 12),
            (Limit::Decryptions, 13),
        ] {
            assert_eq!(spend_all(limit, &limits, 1 << 20), max);
        }
    }

    #[test]
    fn the_defaults_grow_with_the_document() {
        let limits = Limits::default();
        assert_eq!(spend_all(Limit::CanonicalOctets, &limits, 0), 1 << 20);
        assert_eq!(spend_all(Limit::CanonicalOctets, &limits, 1000), (1 << 20) + 8000);
        assert_eq!(spend_all(Limit::Signatures, &limits, 10 << 10), 20_010);
        assert_eq!(spend_all(Limit::KeyTrials, &limits, 10 << 10), 100_000);
        assert_eq!(spend_all(Limit::Decryptions, &limits, 10 << 10), 256);
    }

    #[test]
    fn an_account_never_overflows_into_being_empty() {
        let budget = Budget::new(&Limits::default().signatures(usize::MAX), 0);
        assert_eq!(budget.spend(Limit::Signatures, usize::MAX), Ok(()));
        assert!(budget.spend(Limit::Signatures, 1).is_err());
        assert!(budget.spend(Limit::Signatures, usize::MAX).is_err());
    }

    #[test]
    fn what_reading_limits_cannot_be_spent() {
        let budget = Budget::new(&Limits::default(), 1 << 20);
        for limit in [Limit::Size, Limit::Depth, Limit::Attributes, Limit::Namespaces, Limit::Nodes]
        {
            assert_eq!(budget.spend(limit, 1), Err(LimitExceeded { limit, max: 0 }));
        }
    }
}
