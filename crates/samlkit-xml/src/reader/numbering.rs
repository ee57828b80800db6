//! Numbers for names: the same name the same number, by its content. A table of numbers and
//! hashes, 11 to 21 octets for each name; the names stay in the text. The hash is keyed at random,
//! so nobody can choose names that all meet in one place.

use std::hash::{BuildHasher, RandomState};

use crate::tree::{Span, narrow, resolve, wide};

/// Names with a number below this are compared one by one: a SAML message has no others, and
/// comparing them costs less than hashing one.
const FEW: usize = 10;
/// Places that the table has at first; a power of two.
const FIRST_SIZE: usize = 64;

/// Which names have which number. The names themselves are given with each call.
#[derive(Default)]
pub(super) struct Numbering {
    /// The numbers from [`FEW`] on.
    places: Vec<Place>,
    keys: RandomState,
}

#[derive(Clone, Copy, Default)]
struct Place {
    /// One more than the number, or 0 where the place is free.
    taken: u32,
    /// Of the name: a name is looked at only where its hash is the same.
    hash: u32,
}

/// The names that have numbers, in the order of these.
#[derive(Clone, Copy)]
pub(super) struct Names<'t> {
    pub(super) text: &'t str,
    pub(super) decoded: &'t str,
    pub(super) spans: &'t [Span],
}

impl<'t> Names<'t> {
    fn name(self, number: usize) -> Option<&'t str> {
        self.spans.get(number).map(|&span| resolve(self.text, self.decoded, span))
    }
}

impl Numbering {
    /// The number of `name`. Where it has none, the next one is noted for it, and the caller has to
    /// append the name to the others.
    pub(super) fn number(&mut self, name: &str, names: Names<'_>) -> Result<u32, u32> {
        let few = names.spans.len().min(FEW);
        if let Some(known) = (0..few).find(|&number| names.name(number) == Some(name)) {
            return Ok(narrow(known));
        }
        let next = names.spans.len();
        if next < FEW {
            return Err(narrow(next));
        }
        // At most three quarters of the places are taken.
        if next.saturating_mul(4) >= self.places.len().saturating_mul(3) {
            self.grow();
        }
        let hash = narrow_hash(self.keys.hash_one(name));
        let mut at = self.first(hash);
        while let Some(place) = self.places.get(at).filter(|place| place.taken != 0) {
            let number = place.taken.saturating_sub(1);
            if place.hash == hash && names.name(wide(number)) == Some(name) {
                return Ok(number);
            }
            at = self.after(at);
        }
        let number = narrow(next);
        if let Some(place) = self.places.get_mut(at) {
            *place = Place { taken: number.saturating_add(1), hash };
        }
        Err(number)
    }

    fn grow(&mut self) {
        let size = self.places.len().saturating_mul(2).max(FIRST_SIZE);
        for place in std::mem::replace(&mut self.places, vec![Place::default(); size]) {
            if place.taken == 0 {
                continue;
            }
            let mut at = self.first(place.hash);
            while self.places.get(at).is_some_and(|other| other.taken != 0) {
                at = self.after(at);
            }
            if let Some(free) = self.places.get_mut(at) {
                *free = place;
            }
        }
    }

    /// The number of places is a power of two, so the mask leaves a place.
    fn first(&self, hash: u32) -> usize {
        wide(hash) & self.places.len().saturating_sub(1)
    }

    fn after(&self, at: usize) -> usize {
        at.saturating_add(1) & self.places.len().saturating_sub(1)
    }
}

/// The upper half of a hash; 32 bits are more than there can be places.
fn narrow_hash(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_has_the_same_number_however_many_there_are() {
        let text: String = (0..5000).map(|n| format!("{n:05}")).collect();
        let all: Vec<Span> = (0..5000).map(|n| Span::new(n * 5, n * 5 + 5)).collect();
        let mut numbering = Numbering::default();
        for known in 0..all.len() {
            let names = Names { text: &text, decoded: "", spans: &all[..known] };
            let next = u32::try_from(known).unwrap();
            assert_eq!(numbering.number(&text[all[known].range()], names), Err(next));
        }
        assert!(numbering.places.len() == 8192, "{}", numbering.places.len());
        let names = Names { text: &text, decoded: "", spans: &all };
        for (number, span) in all.iter().enumerate() {
            assert_eq!(numbering.number(&text[span.range()], names), Ok(narrow(number)));
        }
        assert_eq!(numbering.number("x", names), Err(5000));
    }

    #[test]
    fn a_name_may_be_among_the_decoded_values() {
        let names = Names { text: "ab", decoded: "cd", spans: &[Span::new(0, 2), Span::new(2, 4)] };
        let mut numbering = Numbering::default();
        assert_eq!(numbering.number("cd", names), Ok(1));
        assert_eq!(numbering.number("abcd", names), Err(2));
    }
}
