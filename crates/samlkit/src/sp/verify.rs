//! The verdict as a service calls it. The safe call has the short name: [`ServiceProvider::verify`] asks the
//! replay store as well. What does not says so in its name; it is for reports, which must not use up
//! what they look at.

use chrono::{DateTime, Utc};
use samlkit_xml::Document;

use super::context::Context;
use super::identity_provider::IdentityProvider;
use super::pending_request::PendingRequest;
use super::refusal::RefusalKind;
use super::rejection::Rejection;
use super::rules;
use super::service_provider::ServiceProvider;
use super::verified_response::VerifiedResponse;
use crate::binding::{Parameter, Posted};
use crate::replay::{AsyncReplayStore, ReplayError, ReplayStore};

impl ServiceProvider {
    /// Judges a response that was posted, and asks `replay` whether its assertion was used before.
    /// `pending` is the request that this very browser was sent away with, `now` is the time to judge at.
    ///
    /// # Errors
    /// Every rule that the response breaks, in the order of the document; if it breaks none, that it was
    /// used before, or that the store cannot say.
    pub fn verify(
        &self,
        idp: &IdentityProvider,
        posted: &Posted,
        pending: Option<&PendingRequest>,
        replay: &(impl ReplayStore + ?Sized),
        now: DateTime<Utc>,
    ) -> Result<VerifiedResponse, Rejection> {
        let verified = self.of_posted(idp, posted, pending, now)?;
        let until = self.remembered_until(&verified, now);
        let answer = replay.first_use(&verified.issuer, &verified.assertion_id, until, now);
        first_use(verified, answer)
    }

    /// [`ServiceProvider::verify`] for a service that must not wait for the store. What is computed before
    /// keeps the thread, mostly for less than a millisecond; an encrypted assertion costs a private-key
    /// operation for each of its keys, at most 24 of them.
    ///
    /// # Errors
    /// Those of [`ServiceProvider::verify`].
    pub async fn verify_async(
        &self,
        idp: &IdentityProvider,
        posted: &Posted,
        pending: Option<&PendingRequest>,
        replay: &(impl AsyncReplayStore + ?Sized),
        now: DateTime<Utc>,
    ) -> Result<VerifiedResponse, Rejection> {
        let verified = self.of_posted(idp, posted, pending, now)?;
        let until = self.remembered_until(&verified, now);
        let answer = replay.first_use(&verified.issuer, &verified.assertion_id, until, now).await;
        first_use(verified, answer)
    }

    fn of_posted(
        &self,
        idp: &IdentityProvider,
        posted: &Posted,
        pending: Option<&PendingRequest>,
        now: DateTime<Utc>,
    ) -> Result<VerifiedResponse, Rejection> {
        match posted.parameter() {
            Parameter::Response => self.verify_without_replay(idp, posted.xml(), pending, now),
            other => Err(Rejection::of_whole(RefusalKind::Parameter { found: other.name() })),
        }
    }

    /// Until when the assertion could be used again, clock skew included.
    fn remembered_until(&self, verified: &VerifiedResponse, now: DateTime<Utc>) -> DateTime<Utc> {
        // Every accepted response has an end: that of its confirmation.
        let until = verified.not_on_or_after.unwrap_or(now);
        until.checked_add_signed(self.clock_skew).unwrap_or(until)
    }

    /// Judges the XML of a response and does not ask whether it was used before: whoever lets somebody in
    /// on this has to ask that.
    ///
    /// # Errors
    /// Every rule that the response breaks, in the order of the document.
    pub fn verify_without_replay(
        &self,
        idp: &IdentityProvider,
        xml: &[u8],
        pending: Option<&PendingRequest>,
        now: DateTime<Utc>,
    ) -> Result<VerifiedResponse, Rejection> {
        let document =
            Document::parse_with(xml, &self.limits).map_err(|error| Rejection::xml(&error))?;
        self.verify_document_without_replay(idp, &document, pending, now)
    }

    /// [`ServiceProvider::verify_without_replay`] of a document that was read already.
    ///
    /// # Errors
    /// Every rule that the response breaks, in the order of the document.
    pub fn verify_document_without_replay(
        &self,
        idp: &IdentityProvider,
        document: &Document<'_>,
        pending: Option<&PendingRequest>,
        now: DateTime<Utc>,
    ) -> Result<VerifiedResponse, Rejection> {
        rules::judge(Context { sp: self, idp, pending, now }, document)
    }
}

fn first_use(
    verified: VerifiedResponse,
    answer: Result<bool, ReplayError>,
) -> Result<VerifiedResponse, Rejection> {
    Err(Rejection::of_whole(match answer {
        Ok(true) => return Ok(verified),
        Ok(false) => RefusalKind::Replayed { id: verified.assertion_id },
        Err(error) => RefusalKind::ReplayUnknown(error),
    }))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use samlkit_dsig::parameters::encode;
    use samlkit_xml::Limits;

    use super::*;
    use crate::binding::read_post;
    use crate::replay::MemoryStore;
    use crate::sp::tests::{GOOD, asked, idp, now, signed, sp};

    fn posted(parameter: &str) -> Posted {
        let form = format!("{parameter}={}", encode(&STANDARD.encode(signed(GOOD, "_a"))));
        read_post(form.as_bytes()).unwrap()
    }

    #[test]
    fn once() {
        let replay = MemoryStore::new(10);
        let verify =
            || sp().verify(&idp(), &posted("SAMLResponse"), Some(&asked()), &replay, now());
        assert_eq!(verify().unwrap().assertion_id(), "_a");
        let rejection = verify().unwrap_err();
        assert_eq!(
            rejection.to_string(),
            "assertion.replayed: the assertion \"_a\" was used before"
        );
    }

    #[test]
    fn once_without_blocking() {
        let replay = MemoryStore::new(10);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (sp, idp, asked) = (sp(), idp(), asked());
        let posted = posted("SAMLResponse");
        let verify =
            || runtime.block_on(sp.verify_async(&idp, &posted, Some(&asked), &replay, now()));
        assert_eq!(verify().unwrap().assertion_id(), "_a");
        assert_eq!(verify().unwrap_err().rules().collect::<Vec<_>>(), ["assertion.replayed"]);
        // It is the same question.
        let again = sp.verify(&idp, &posted, Some(&asked), &replay, now());
        assert_eq!(again.unwrap_err().rules().collect::<Vec<_>>(), ["assertion.replayed"]);
    }

    #[test]
    fn a_response_that_came_as_a_request() {
        let replay = MemoryStore::new(10);
        let verdict = sp().verify(&idp(), &posted("SAMLRequest"), Some(&asked()), &replay, now());
        let kind = RefusalKind::Parameter { found: "SAMLRequest" };
        assert_eq!(verdict.unwrap_err().refusals()[0].kind, kind);
    }

    /// A store that says what it was asked, and cannot answer.
    #[derive(Default)]
    struct Broken(RefCell<Vec<String>>);

    impl ReplayStore for Broken {
        fn first_use(
            &self,
            issuer: &str,
            id: &str,
            expires: DateTime<Utc>,
            now: DateTime<Utc>,
        ) -> Result<bool, ReplayError> {
            let asked = format!("{issuer} {id} {expires} {now}");
            self.0.borrow_mut().push(asked);
            Err(ReplayError::Full { capacity: 1 })
        }
    }

    /// The confirmation ends at 12:05, and clocks may be three minutes apart.
    #[test]
    fn a_store_that_cannot_answer_is_a_refusal() {
        let replay = Broken::default();
        let verdict = sp().verify(&idp(), &posted("SAMLResponse"), Some(&asked()), &replay, now());
        let kind = RefusalKind::ReplayUnknown(ReplayError::Full { capacity: 1 });
        assert_eq!(verdict.unwrap_err().refusals()[0].kind, kind);
        let asked = "https://idp/ _a 2026-06-01 12:08:00 UTC 2026-06-01 12:00:00 UTC";
        assert_eq!(*replay.0.borrow(), [asked]);
    }

    #[test]
    fn what_cannot_be_read_has_a_place() {
        let verdict = sp().verify_without_replay(&idp(), b"<a>\n</b>", None, now());
        let rejection = verdict.unwrap_err();
        let [refusal] = rejection.refusals() else { panic!("{rejection}") };
        assert!(refusal.rule().starts_with("xml."), "{rejection}");
        assert_eq!((refusal.position.line, refusal.range.start), (2, refusal.position.offset));
        let sp = sp().to_builder().limits(Limits::default().size(100)).build().unwrap();
        let verdict = sp.verify_without_replay(&idp(), GOOD.as_bytes(), None, now());
        assert_eq!(verdict.unwrap_err().rules().collect::<Vec<_>>(), ["xml.limit"]);
    }
}
