//! The refusals of one message, collected and given out. A [`Rejection`] without a refusal cannot be made:
//! it takes a [`Refused`], which only noting a refusal gives.

use std::fmt;
use std::ops::Range;

use samlkit_dsig::{FailureKind, Rejection as SignatureRejection};
use samlkit_xml::{Document, Error, Position};

use super::refusal::{Refusal, RefusalKind};

/// Everything that keeps a message from being accepted. There is at least one refusal, and none can be
/// made by hand:
///
/// ```compile_fail,E0451
/// let no_reason = samlkit::sp::Rejection { refusals: Vec::new(), omitted: 0 };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    refusals: Vec<Refusal>,
    omitted: usize,
}

/// What a person may be told of a refusal. More would help whoever tries to get in; the rest is for the
/// log, beside a number that the person can give to the administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicReason {
    /// It took too long, or was done twice: trying once more helps.
    SignInAgain,
    /// The identity provider does not let this person in here.
    NotAdmitted,
    /// Something is wrong that the person cannot mend.
    AskAdministrator,
}

/// The codes by which an identity provider says that it knows who this is, or does not, and lets nobody in
/// here (saml-core 3.2.2.2).
const NOT_ADMITTED: [&str; 2] = [
    "urn:oasis:names:tc:SAML:2.0:status:RequestDenied",
    "urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal",
];

impl fmt::Display for PublicReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SignInAgain => "Please sign in again.",
            Self::NotAdmitted => {
                "Your account is not set up for this application. Please ask your administrator."
            }
            Self::AskAdministrator => "Sign-in did not work. Please ask your administrator.",
        })
    }
}

impl Rejection {
    /// The refusals in the order of their places; at least one. Of a message with very many faults these
    /// are the first hundred that were found.
    pub fn refusals(&self) -> &[Refusal] {
        &self.refusals
    }

    /// How many more there are.
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// The names of the rules that are broken.
    pub fn rules(&self) -> impl Iterator<Item = &'static str> {
        self.refusals.iter().map(Refusal::rule)
    }

    /// What the person may be told.
    pub fn public_reason(&self) -> PublicReason {
        let rules = || self.rules();
        let codes = self.refusals.iter().filter_map(|refusal| match &refusal.kind {
            RefusalKind::Status { codes, .. } => Some(codes),
            _ => None,
        });
        if codes.flatten().any(|code| NOT_ADMITTED.contains(&code.as_str())) {
            return PublicReason::NotAdmitted;
        }
        let passes_by_itself = [
            "assertion.expired",
            "assertion.session-expired",
            "assertion.replayed",
            "response.in-response-to",
            "subject.expired",
            "subject.in-response-to",
        ];
        match rules().all(|rule| passes_by_itself.contains(&rule)) {
            true => PublicReason::SignInAgain,
            false => PublicReason::AskAdministrator,
        }
    }

    /// A message that cannot be read at all.
    pub(super) fn xml(error: &Error) -> Self {
        let at = error.position.offset;
        let kind = RefusalKind::Xml(error.kind.clone());
        Self::one(Refusal { kind, range: at..at, position: error.position })
    }

    /// A refusal that has no place in the document.
    pub(super) fn of_whole(kind: RefusalKind) -> Self {
        let position = Position { line: 1, column: 1, offset: 0 };
        Self::one(Refusal { kind, range: 0..0, position })
    }

    fn one(refusal: Refusal) -> Self {
        Self { refusals: vec![refusal], omitted: 0 }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, refusal) in self.refusals.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{}: {}", refusal.rule(), refusal.kind)?;
        }
        match self.omitted {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl std::error::Error for Rejection {}

/// That a refusal was noted: what a step gives instead of its result.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refused(());

/// Refusals that are kept of one message. Nobody reads more, and a megabyte can have tens of thousands.
const MOST_REFUSALS: usize = 100;

/// Collects refusals.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    list: Vec<(RefusalKind, Range<usize>)>,
    omitted: usize,
}

impl Refusals {
    pub(super) fn add(&mut self, kind: RefusalKind, range: Range<usize>) -> Refused {
        if self.list.len() < MOST_REFUSALS {
            self.list.push((kind, range));
        } else {
            self.omitted = self.omitted.saturating_add(1);
        }
        Refused(())
    }

    /// What is wrong with a signature. That an ID is not unique is said once, of the document.
    pub(super) fn add_signature(&mut self, rejection: SignatureRejection) -> Refused {
        let is_known = |list: &[(RefusalKind, Range<usize>)], kind: &FailureKind| {
            *kind == FailureKind::DuplicateId
                && list
                    .iter()
                    .any(|(known, _)| *known == RefusalKind::Signature(FailureKind::DuplicateId))
        };
        for failure in rejection.into_failures() {
            if !is_known(&self.list, &failure.kind) {
                self.add(RefusalKind::Signature(failure.kind), failure.range);
            }
        }
        // There is at least one failure, and it stands here now if it did not before.
        Refused(())
    }

    /// That there is one.
    pub(super) fn any(&self) -> Result<(), Refused> {
        if self.list.is_empty() { Ok(()) } else { Err(Refused(())) }
    }

    /// Those of another collection too.
    pub(super) fn absorb(&mut self, others: Self) {
        self.omitted = self.omitted.saturating_add(others.omitted);
        for (kind, range) in others.list {
            self.add(kind, range);
        }
    }

    /// Those of another document, all at the place where that was found.
    pub(super) fn absorb_at(&mut self, others: Self, place: &Range<usize>) {
        let list = others.list.into_iter().map(|(kind, _)| (kind, place.clone())).collect();
        self.absorb(Self { list, omitted: others.omitted });
    }

    /// All of them, for the caller.
    pub(super) fn reject(self, _: Refused, document: &Document<'_>) -> Rejection {
        let placed = self.list.into_iter().map(|(kind, range)| {
            let position = document.position(range.start);
            Refusal { kind, range, position }
        });
        let mut refusals: Vec<Refusal> = placed.collect();
        refusals.sort_by_key(|refusal| refusal.range.start);
        Rejection { refusals, omitted: self.omitted }
    }
}

#[cfg(test)]
mod tests {
    use samlkit_dsig::{AlgorithmPolicy, verify};

    use super::*;

    fn rejection(kinds: Vec<RefusalKind>) -> Rejection {
        let document = Document::parse(b"<a/>").unwrap();
        let mut refusals = Refusals::default();
        for kind in kinds {
            refusals.add(kind, 0..1);
        }
        let refused = refusals.any().unwrap_err();
        refusals.reject(refused, &document)
    }

    #[test]
    fn a_person_is_told_little() {
        let status =
            |code: &str| RefusalKind::Status { codes: vec![code.to_owned()], message: None };
        let replayed = RefusalKind::Replayed { id: "_a".to_owned() };
        let reason = |kinds| rejection(kinds).public_reason();
        assert_eq!(reason(vec![replayed.clone()]), PublicReason::SignInAgain);
        assert_eq!(reason(vec![replayed, RefusalKind::NoAudience]), PublicReason::AskAdministrator);
        for code in NOT_ADMITTED {
            let refused = vec![RefusalKind::NoAudience, status(code)];
            assert_eq!(reason(refused), PublicReason::NotAdmitted);
        }
        let broken = status("urn:oasis:names:tc:SAML:2.0:status:Responder");
        assert_eq!(reason(vec![broken]), PublicReason::AskAdministrator);
        assert_eq!(reason(vec![RefusalKind::Unsolicited]), PublicReason::AskAdministrator);
    }

    #[test]
    fn a_hundred_are_enough() {
        let many = rejection(vec![RefusalKind::NoAudience; 103]);
        assert_eq!((many.refusals().len(), many.omitted()), (100, 3));
        assert!(many.to_string().ends_with("; and 3 more"));
        assert!(Refusals::default().any().is_ok());
    }

    #[test]
    fn what_is_absorbed_stands_beside_the_others() {
        let (mut one, mut other) = (Refusals::default(), Refusals::default());
        other.add(RefusalKind::NoSubject, 3..4);
        one.absorb(other);
        one.add(RefusalKind::NoAudience, 1..2);
        let document = Document::parse(b"<a>\n</a>").unwrap();
        let refused = one.any().unwrap_err();
        let rejection = one.reject(refused, &document);
        let rules: Vec<&str> = rejection.rules().collect();
        assert_eq!(rules, ["assertion.audience", "assertion.subject"]);
        assert_eq!(rejection.refusals()[0].position.column, 2);
    }

    #[test]
    fn in_words() {
        let two = rejection(vec![RefusalKind::NoAudience, RefusalKind::NoSubject]);
        assert_eq!(
            two.to_string(),
            "assertion.audience: the assertion names no audience; assertion.subject: the assertion \
             has no Subject"
        );
        let words = PublicReason::SignInAgain.to_string();
        assert_eq!(words, "Please sign in again.");
    }

    /// An ID that is not unique spoils every signature; it is one fault of the document.
    #[test]
    fn a_duplicate_id_is_said_once_and_hides_nothing() {
        let document = Document::parse(b"<a ID='_1'><b ID='_1'/></a>").unwrap();
        let twice = || verify(document.root(), &[], &AlgorithmPolicy::default()).unwrap_err();
        let document = Document::parse(b"<a/>").unwrap();
        let missing = || verify(document.root(), &[], &AlgorithmPolicy::default()).unwrap_err();
        let rules = |rejections: Vec<SignatureRejection>| -> Vec<&str> {
            let mut refusals = Refusals::default();
            for rejection in rejections {
                refusals.add_signature(rejection);
            }
            refusals.list.iter().map(|(kind, _)| kind.rule()).collect()
        };
        let once = rules(vec![twice()]);
        assert_eq!(once, ["signature.missing", "xml.duplicate-id"]);
        let all = rules(vec![twice(), twice(), missing()]);
        assert_eq!(all, [once, vec!["signature.missing"; 2]].concat());
    }

    #[test]
    fn what_was_found_in_another_document_is_placed_where_that_stands() {
        let (mut one, mut other) = (Refusals::default(), Refusals::default());
        for _ in 0..101 {
            other.add(RefusalKind::NoSubject, 7..9);
        }
        one.absorb_at(other, &(1..2));
        assert!(one.list.iter().all(|(_, range)| *range == (1..2)));
        assert_eq!((one.list.len(), one.omitted), (100, 1));
    }
}
