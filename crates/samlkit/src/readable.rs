//! What a type of SAML's is read from: an element inside what was signed, or one of which nobody
//! said anything. The reading is the same, the evidence is not (see [`Verified`](crate::Verified)).

use std::borrow::Cow;
use std::ops::Range;

use samlkit_dsig::SignedElement;
use samlkit_xml::{Attribute, Element, Name};

/// An element that can be read.
pub(crate) trait Readable<'doc>: Copy {
    fn name(self) -> Name<'doc>;
    fn attribute_in(self, namespace: &str, local: &str) -> Option<Attribute<'doc>>;
    fn children(self) -> impl Iterator<Item = Self>;
    fn text(self) -> Cow<'doc, str>;
    fn range(self) -> Range<usize>;
    fn content_range(self) -> Range<usize>;

    fn is(self, namespace: &str, local: &str) -> bool;

    fn attribute(self, local: &str) -> Option<Attribute<'doc>> {
        self.attribute_in("", local)
    }

    /// The children of that name.
    fn all(self, namespace: &'static str, local: &'static str) -> impl Iterator<Item = Self> {
        self.children().filter(move |child| child.is(namespace, local))
    }

    /// What is read of each child of that name, in room that was counted first.
    fn read_all<T>(
        self,
        namespace: &'static str,
        local: &'static str,
        read: impl FnMut(Self) -> T,
    ) -> Vec<T> {
        let mut all = Vec::with_capacity(self.all(namespace, local).count());
        all.extend(self.all(namespace, local).map(read));
        all
    }

    /// The first child of that name.
    fn first(self, namespace: &'static str, local: &'static str) -> Option<Self> {
        self.all(namespace, local).next()
    }
}

macro_rules! readable {
    ($of:ident) => {
        impl<'doc> Readable<'doc> for $of<'doc> {
            fn name(self) -> Name<'doc> {
                $of::name(self)
            }
            fn is(self, namespace: &str, local: &str) -> bool {
                $of::is(self, namespace, local)
            }
            fn attribute_in(self, namespace: &str, local: &str) -> Option<Attribute<'doc>> {
                $of::attribute_in(self, namespace, local)
            }
            fn children(self) -> impl Iterator<Item = Self> {
                $of::children(self)
            }
            fn text(self) -> Cow<'doc, str> {
                $of::text(self)
            }
            fn range(self) -> Range<usize> {
                $of::range(self)
            }
            fn content_range(self) -> Range<usize> {
                $of::content_range(self)
            }
        }
    };
}
readable!(Element);
readable!(SignedElement);
