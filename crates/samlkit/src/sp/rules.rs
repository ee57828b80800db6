//! The processing rules (saml-profiles 4.1.4.2, 4.1.4.3; saml-core 2 and 3), top to bottom in the
//! order of a response. What they compare about the assertion they read through the evidence for
//! it; where there is none, they say what else is wrong with what was sent, and the verdict is no in
//! any case.

use std::ops::Range;

use samlkit_dsig::{
    DecryptError, DecryptedDocument, FailureKind, Signed, SignedElement, VerifyingKey,
};
use samlkit_xml::{Document, Element};

use super::context::Context;
use super::evidence::{self, Evidence};
use super::refusal::{Difference, RefusalKind};
use super::rejection::{Refusals, Refused, Rejection};
use super::verified_response::VerifiedResponse;
use super::{encrypted_assertion, encrypted_parts};
use crate::Kind;
use crate::assertion::{
    Assertion, AuthnStatement, Condition, Conditions, Subject, SubjectConfirmationData,
};
use crate::names::ASSERTION;
use crate::protocol::Response;
use crate::readable::Readable;
use crate::schema::{Faults, SchemaFault};
use crate::value::Value;
use crate::verified::Verified;

/// The method of a bearer's confirmation (saml-profiles 3.3).
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// Judges one message.
struct Judge<'a> {
    context: Context<'a>,
    refusals: Refusals,
    /// Where the encrypted assertion stands, while what was in it is judged: the places in that are
    /// none of the file.
    inside: Option<Range<usize>>,
}

/// An assertion that was decrypted, and what its own signature gives, if it has one.
struct Opened<'d> {
    document: &'d DecryptedDocument<'d>,
    assertion: Element<'d>,
    own: Result<Option<Signed<'d>>, Refused>,
    refusals: Refusals,
}

pub(super) fn judge(
    context: Context<'_>,
    document: &Document<'_>,
) -> Result<VerifiedResponse, Rejection> {
    let mut judge = Judge { context, refusals: Refusals::default(), inside: None };
    let verified = judge.response(document.root());
    // A refusal may have been noted beside a result.
    let verified = verified.and_then(|verified| judge.refusals.any().map(|()| verified));
    verified.map_err(|refused| judge.refusals.reject(refused, document))
}

impl<'a> Judge<'a> {
    fn refuse(&mut self, kind: RefusalKind, range: Range<usize>) -> Refused {
        let range = self.inside.clone().unwrap_or(range);
        self.refusals.add(kind, range)
    }

    /// Another judge of the same message, whose refusals are not told yet.
    fn apart(&self, inside: Option<Range<usize>>) -> Self {
        Self { context: self.context, refusals: Refusals::default(), inside }
    }

    /// A refusal may be noted beside a result.
    fn response(&mut self, root: Element<'_>) -> Result<VerifiedResponse, Refused> {
        if let Some((_, second)) = root.document().duplicate_ids().next() {
            let kind = RefusalKind::Signature(FailureKind::DuplicateId);
            self.refuse(kind, second.start_tag_range());
        }
        if Kind::of(root) != Some(Kind::Response) {
            let kind = RefusalKind::Root { found: root.name().to_string() };
            return Err(self.refuse(kind, root.start_tag_range()));
        }
        let mut faults = Faults::default();
        let response = Response::read(root, &mut faults);
        for (fault, range) in faults.iter() {
            self.refuse(of_response(fault), range);
        }
        let assertion = self.one_assertion(&response);
        if let ([], [encrypted]) =
            (response.assertions.as_slice(), response.encrypted_assertions.as_slice())
        {
            return self.encrypted(root, *encrypted, &response);
        }
        let has_failed = response.status.as_ref().is_some_and(|status| !status.is_success());
        // A failure without an assertion has nothing that would have to be signed, and says why there
        // is none.
        if let (None, true) = (assertion, has_failed) {
            let refused = self.failed(&response);
            self.envelope(&response, false);
            return Err(refused);
        }
        let evidence = evidence::find(&self.context, root, assertion, &mut self.refusals);
        let is_signed = evidence.as_ref().is_ok_and(|evidence| evidence.is_response_signed);
        if has_failed {
            self.failed(&response);
        }
        self.envelope(&response, is_signed);
        match (evidence, assertion) {
            (Ok(Evidence { assertion, key, .. }), _) => {
                self.verified(assertion, &response, key, is_signed)
            }
            // Without evidence the assertion is looked at all the same: the report is complete.
            (Err(refused), Some(assertion)) => {
                let _ = self.unverified(assertion, &response);
                Err(refused)
            }
            (Err(refused), None) => Err(refused),
        }
    }

    fn one_assertion<'doc>(&mut self, response: &Response<'doc>) -> Option<Element<'doc>> {
        let count = response.assertions.len().saturating_add(response.encrypted_assertions.len());
        let failed = response.status.as_ref().is_some_and(|status| !status.is_success());
        match count {
            // A failure has none, and says why.
            0 if failed => {}
            0 => _ = self.refuse(RefusalKind::NoAssertion, response.range.clone()),
            1 => {}
            count => _ = self.refuse(RefusalKind::Assertions { count }, response.range.clone()),
        }
        response.assertions.first().copied()
    }

    /// An assertion that is encrypted: decrypted, and judged in its place. Its own signature is evidence
    /// for it, or that of the response, which covers what was encrypted.
    fn encrypted(
        &mut self,
        root: Element<'_>,
        encrypted: Element<'_>,
        response: &Response<'_>,
    ) -> Result<VerifiedResponse, Refused> {
        let around = evidence::own(&self.context, root, &mut self.refusals);
        let around = around.ok().flatten();
        if response.status.as_ref().is_some_and(|status| !status.is_success()) {
            self.failed(response);
        }
        self.envelope(response, around.is_some());
        let place = encrypted.start_tag_range();
        let decrypted = encrypted_assertion::open(self.context.sp, encrypted, around.as_ref());
        let decrypted = match decrypted {
            Ok(decrypted) => decrypted,
            Err(kind) => return Err(self.refuse(kind, place)),
        };
        let unreadable = match around {
            Some(_) => RefusalKind::Decryption(DecryptError::Failed),
            None => RefusalKind::Sealed,
        };
        let limits = &self.context.sp.limits;
        let (by_itself, in_place);
        by_itself = decrypted.document(limits).ok();
        let mut read = by_itself.as_ref().and_then(|document| self.read(document));
        // A signature in it may be over the namespaces around it as well.
        if read.as_ref().is_some_and(|read| read.own.is_err()) {
            in_place = decrypted.document_in_place(limits).ok();
            let again = in_place.as_ref().and_then(|document| self.read(document));
            read = again.filter(|again| again.own.is_ok()).or(read);
        }
        // That the plaintext is not XML, or another element, is told like any other failure.
        let Some(Opened { document, assertion, own, refusals }) = read else {
            return Err(self.refuse(unreadable, place));
        };
        if around.is_none() && !matches!(own, Ok(Some(_))) {
            return Err(self.refuse(unreadable, place));
        }
        let mut inner = self.apart(Some(place.clone()));
        inner.refusals.absorb_at(refusals, &place);
        inner.unique_ids(root.document(), document.document());
        let outcome = match own {
            Err(refused) => {
                let _ = inner.unverified(assertion, response);
                Err(refused)
            }
            Ok(own) => inner.opened(own, around.as_ref(), document, response),
        };
        self.refusals.absorb(inner.refusals);
        outcome
    }

    /// What came out of decryption, if it is an assertion, with what its own signature gives.
    fn read<'d>(&self, document: &'d DecryptedDocument<'d>) -> Option<Opened<'d>> {
        let assertion = document.element().filter(|element| element.is(ASSERTION, "Assertion"))?;
        let mut refusals = Refusals::default();
        let own = evidence::own(&self.context, assertion, &mut refusals);
        Some(Opened { document, assertion, own, refusals })
    }

    /// What came out of decryption, by its own evidence or by that of the response around.
    fn opened(
        &mut self,
        own: Option<Signed<'_>>,
        around: Option<&Signed<'_>>,
        document: &DecryptedDocument<'_>,
        response: &Response<'_>,
    ) -> Result<VerifiedResponse, Refused> {
        let by_itself = own.map(|signed| (signed.root(), signed.key().clone()));
        let by_response =
            around.and_then(|around| Some((document.signed_element()?, around.key().clone())));
        match by_itself.or(by_response) {
            Some((signed, key)) => self.verified(signed, response, key, around.is_some()),
            None => Err(self.refuse(RefusalKind::Sealed, 0..0)),
        }
    }

    /// An ID inside that is also one outside could be meant by a reference in either.
    fn unique_ids(&mut self, outside: &Document<'_>, inside: &Document<'_>) {
        let ids = inside.elements().flat_map(|element| element.attributes());
        let mut ids = ids.filter(|a| a.name().local.eq_ignore_ascii_case("id"));
        let is_known = ids.any(|id| outside.element_by_id(id.value()).is_some());
        if is_known || inside.duplicate_ids().next().is_some() {
            self.refuse(RefusalKind::Signature(FailureKind::DuplicateId), 0..0);
        }
    }

    /// The assertion, read and judged through the evidence for it.
    fn verified(
        &mut self,
        signed: SignedElement<'_>,
        response: &Response<'_>,
        key: VerifyingKey,
        is_response_signed: bool,
    ) -> Result<VerifiedResponse, Refused> {
        let assertion = match Verified::<Assertion<'_>>::read(signed) {
            Ok(assertion) => assertion,
            Err(error) => {
                self.unverified(signed, response)?;
                let (fault, range) = error.first();
                return Err(self.refuse(self.of_assertion(fault), range));
            }
        };
        let held = self.assertion(&assertion, response)?;
        let data = assertion.subject.iter().flat_map(bearers);
        let usable = data.filter(|data| self.is_usable(data));
        let mut verified = VerifiedResponse::new(&assertion, held, usable, key, is_response_signed);
        encrypted_parts::open(self.context.sp, signed, &mut verified, |kind, range| {
            self.refuse(kind, range);
        });
        Ok(verified)
    }

    /// The assertion where there is no evidence for it, or where it is not as the schema has it: all
    /// that is wrong is noted, and nothing of it is used.
    fn unverified<'doc, R: Readable<'doc>>(
        &mut self,
        element: R,
        response: &Response<'_>,
    ) -> Result<(), Refused> {
        let mut faults = Faults::default();
        let assertion = Assertion::read(element, &mut faults);
        for (fault, range) in faults.iter() {
            let kind = self.of_assertion(fault);
            self.refuse(kind, range);
        }
        self.assertion(&assertion, response).map(|_| ())?;
        self.refusals.any()
    }

    /// The refusal for a fault of an assertion: that of the rule about the value, if there is one.
    fn of_assertion(&self, fault: &SchemaFault) -> RefusalKind {
        match fault {
            SchemaFault::MissingAttribute { attribute: "ID", .. } => RefusalKind::NoAssertionId,
            SchemaFault::MissingAttribute { attribute: "Version", .. } => {
                RefusalKind::AssertionVersion { found: None }
            }
            SchemaFault::Version { found, .. } => {
                RefusalKind::AssertionVersion { found: Some(found.clone()) }
            }
            SchemaFault::MissingAttribute {
                attribute: attribute @ ("IssueInstant" | "AuthnInstant"),
                ..
            } => RefusalKind::Date { attribute, found: None },
            SchemaFault::Date { attribute, found, .. } => {
                RefusalKind::Date { attribute, found: Some(found.clone()) }
            }
            SchemaFault::Missing { child: "Issuer", .. } => RefusalKind::AssertionIssuer {
                found: None,
                expected: self.context.idp.entity_id.clone(),
                difference: Difference::between("", &self.context.idp.entity_id),
            },
            other => RefusalKind::AssertionSchema(other.clone()),
        }
    }

    /// What the response itself says (saml-core 3.2.2, saml-bindings 3.5.5.2).
    fn envelope(&mut self, response: &Response<'_>, is_signed: bool) {
        let whole = || response.range.clone();
        if let Some(found) = self.context.asked_at()
            && !self.context.is_configured(found)
        {
            let (found, configured) = (found.to_owned(), self.context.sp.acs_urls.clone());
            self.refuse(RefusalKind::AcsNotConfigured { found, configured }, whole());
        }
        // What a key signed has to say whose key it is (saml-profiles 4.1.4.2).
        if response.issuer.is_none() && is_signed {
            let parent = "Response".to_owned();
            let fault = SchemaFault::Missing { parent, child: "Issuer" };
            self.refuse(RefusalKind::ResponseSchema(fault), whole());
        }
        if let Some(issuer) = &response.issuer {
            let (found, expected) = (issuer.value.text(), &self.context.idp.entity_id);
            if found != expected {
                let kind = RefusalKind::ResponseIssuer {
                    found: found.to_owned(),
                    expected: expected.clone(),
                    difference: Difference::between(found, expected),
                };
                self.refuse(kind, issuer.value.range());
            }
        }
        match &response.destination {
            Some(destination) if !self.context.is_acs(destination.text()) => {
                let expected = self.context.acs_urls();
                let kind = RefusalKind::Destination {
                    found: destination.text().to_owned(),
                    difference: nearest(destination.text(), &expected),
                    expected,
                };
                self.refuse(kind, destination.range());
            }
            None if is_signed => _ = self.refuse(RefusalKind::NoDestination, whole()),
            _ => {}
        }
        match (&response.in_response_to, self.context.request_id()) {
            (None, _) if !self.context.sp.allow_unsolicited => {
                self.refuse(RefusalKind::Unsolicited, whole());
            }
            // Somebody else's login could be slipped to a user who waits for an answer.
            (None, Some(expected)) => {
                let expected = Some(expected.to_owned());
                self.refuse(RefusalKind::ResponseInResponseTo { found: None, expected }, whole());
            }
            (Some(found), expected) if Some(found.text()) != expected => {
                let kind = RefusalKind::ResponseInResponseTo {
                    found: Some(found.text().to_owned()),
                    expected: expected.map(str::to_owned),
                };
                self.refuse(kind, found.range());
            }
            _ => {}
        }
    }

    /// That the identity provider reports a failure. A status without a code is a fault of its own.
    fn failed(&mut self, response: &Response<'_>) -> Refused {
        let status = response.status.as_ref().filter(|status| !status.codes.is_empty());
        let (codes, message, range) = match (status, self.refusals.any()) {
            (Some(status), _) => (
                status.codes.iter().map(|code| code.text().to_owned()).collect(),
                owned(&status.message),
                status.range.clone(),
            ),
            (None, Err(refused)) => return refused,
            (None, Ok(())) => (Vec::new(), None, response.range.clone()),
        };
        self.refuse(RefusalKind::Status { codes, message }, range)
    }

    /// What the assertion says (saml-core 2.3.3), where it says something: what it lacks is a fault
    /// of reading. Gives the confirmation that holds.
    fn assertion<'s, 'doc>(
        &mut self,
        assertion: &'s Assertion<'doc>,
        response: &Response<'_>,
    ) -> Result<&'s SubjectConfirmationData<'doc>, Refused> {
        let start = assertion.range.start;
        let whole = || start..start;
        let expected = &self.context.idp.entity_id;
        if let Some(issuer) = assertion.issuer.as_ref().map(|issuer| &issuer.value)
            && issuer.text() != expected
        {
            let kind = RefusalKind::AssertionIssuer {
                found: Some(issuer.text().to_owned()),
                expected: expected.clone(),
                difference: Difference::between(issuer.text(), expected),
            };
            self.refuse(kind, issuer.range());
        }
        if let Some(instant) = &assertion.issue_instant
            && let Some(at) = instant.date_time()
            && self.context.is_before(at)
        {
            let ahead = at.signed_duration_since(self.context.now);
            self.refuse(RefusalKind::IssuedAhead { at, ahead }, instant.range());
        }
        let held = match &assertion.subject {
            Some(subject) => self.subject(subject, response),
            None => Err(self.refuse(RefusalKind::NoSubject, whole())),
        };
        match &assertion.conditions {
            Some(conditions) => self.conditions(conditions),
            None => _ = self.refuse(RefusalKind::NoConditions, whole()),
        }
        if assertion.authn_statements.is_empty() {
            self.refuse(RefusalKind::NoAuthnStatement, whole());
        }
        for statement in &assertion.authn_statements {
            self.authn_statement(statement);
        }
        held
    }

    /// Whom it is about, and whether the bearer may use it (saml-profiles 4.1.4.2). Gives the first
    /// confirmation that holds.
    fn subject<'s, 'doc>(
        &mut self,
        subject: &'s Subject<'doc>,
        response: &Response<'_>,
    ) -> Result<&'s SubjectConfirmationData<'doc>, Refused> {
        match &subject.name_id {
            // Whether the keys fit shows when it is opened, which only what is signed is.
            None if subject.has_encrypted_id => {
                if self.context.sp.decryption_keys.is_empty() {
                    self.refuse(RefusalKind::Encrypted, subject.range.clone());
                }
            }
            None => _ = self.refuse(RefusalKind::NoNameId, subject.range.clone()),
            Some(name_id) if name_id.value.text().trim().is_empty() => {
                self.refuse(RefusalKind::EmptyNameId, name_id.value.range());
            }
            Some(_) => {}
        }
        // One that holds is enough; if none does, all that is wrong with each is told.
        let mut failed = Refusals::default();
        for data in bearers(subject) {
            let mut apart = self.apart(self.inside.clone());
            apart.confirmation(data, response);
            if apart.refusals.any().is_ok() {
                return Ok(data);
            }
            failed.absorb(apart.refusals);
        }
        match failed.any() {
            Err(refused) => {
                self.refusals.absorb(failed);
                Err(refused)
            }
            Ok(()) => Err(self.refuse(RefusalKind::NoConfirmation, subject.range.clone())),
        }
    }

    /// Whether a confirmation can hold here, be it in answer to another request or at another of the
    /// ACS URLs. One that can in no case hold has no say in how long an assertion is remembered.
    fn is_usable(&self, data: &SubjectConfirmationData<'_>) -> bool {
        let recipient = text(&data.recipient);
        data.not_before.is_none()
            && recipient.is_some_and(|recipient| self.context.is_configured(recipient))
    }

    fn confirmation(&mut self, data: &SubjectConfirmationData<'_>, response: &Response<'_>) {
        let whole = || data.range.clone();
        let recipient = text(&data.recipient);
        if !recipient.is_some_and(|recipient| self.context.is_acs(recipient)) {
            let expected = self.context.acs_urls();
            let kind = RefusalKind::Recipient {
                found: owned(&data.recipient),
                difference: nearest(recipient.unwrap_or(""), &expected),
                expected,
            };
            self.refuse(kind, place(&data.recipient, whole()));
        }
        if let Some(not_before) = &data.not_before {
            self.refuse(RefusalKind::ConfirmationNotBefore, not_before.range());
        }
        match &data.not_on_or_after {
            None => _ = self.refuse(RefusalKind::ConfirmationUnlimited, whole()),
            Some(until) => {
                if let Some(at) = until.date_time()
                    && self.context.is_past(at)
                {
                    let behind = self.context.now.signed_duration_since(at);
                    self.refuse(RefusalKind::ConfirmationExpired { at, behind }, until.range());
                }
            }
        }
        let expected = self.context.request_id();
        let found = text(&data.in_response_to);
        // An answer to a request has to say so here too, where it is signed. What answers none was
        // judged with the response.
        let may_be_absent = response.in_response_to.is_none();
        if found != expected && !(found.is_none() && may_be_absent) {
            let kind = RefusalKind::ConfirmationInResponseTo {
                found: owned(&data.in_response_to),
                expected: expected.map(str::to_owned),
            };
            self.refuse(kind, place(&data.in_response_to, whole()));
        }
    }

    /// When it counts and for whom (saml-core 2.5.1).
    fn conditions(&mut self, conditions: &Conditions<'_>) {
        if let Some(from) = &conditions.not_before
            && let Some(at) = from.date_time()
            && self.context.is_before(at)
        {
            let ahead = at.signed_duration_since(self.context.now);
            self.refuse(RefusalKind::NotYetValid { at, ahead }, from.range());
        }
        if let Some(until) = &conditions.not_on_or_after
            && let Some(at) = until.date_time()
            && self.context.is_past(at)
        {
            let behind = self.context.now.signed_duration_since(at);
            self.refuse(RefusalKind::Expired { at, behind }, until.range());
        }
        if conditions.audience_restrictions.is_empty() {
            self.refuse(RefusalKind::NoAudience, conditions.range.clone());
        }
        for restriction in &conditions.audience_restrictions {
            let sp = self.context.sp;
            let is_mine = |audience: &Value<'_>| sp.audiences().any(|mine| mine == audience.text());
            if !restriction.audiences.iter().any(is_mine) {
                let found: Vec<String> =
                    restriction.audiences.iter().map(|a| a.text().to_owned()).collect();
                let kind = RefusalKind::Audience {
                    difference: nearest(&sp.entity_id, &found),
                    found,
                    expected: sp.audiences().map(str::to_owned).collect(),
                };
                self.refuse(kind, restriction.range.clone());
            }
        }
        for condition in &conditions.others {
            if let Condition::Unknown(name, range) = condition {
                let kind = RefusalKind::UnknownCondition { found: name.clone() };
                self.refuse(kind, range.clone());
            }
        }
    }

    fn authn_statement(&mut self, statement: &AuthnStatement<'_>) {
        if let Some(until) = &statement.session_not_on_or_after
            && let Some(at) = until.date_time()
            && self.context.is_past(at)
        {
            let behind = self.context.now.signed_duration_since(at);
            self.refuse(RefusalKind::SessionExpired { at, behind }, until.range());
        }
    }
}

/// The refusal for a fault of a response: that of the rule about the value, if there is one.
fn of_response(fault: &SchemaFault) -> RefusalKind {
    match fault {
        SchemaFault::MissingAttribute { attribute: "Version", .. } => {
            RefusalKind::ResponseVersion { found: None }
        }
        SchemaFault::Version { found, .. } => {
            RefusalKind::ResponseVersion { found: Some(found.clone()) }
        }
        SchemaFault::Missing { child: child @ ("Status" | "StatusCode"), .. } => {
            RefusalKind::Status { codes: vec![format!("no {child} at all")], message: None }
        }
        other => RefusalKind::ResponseSchema(other.clone()),
    }
}

/// The data of the bearer's confirmations.
fn bearers<'s, 'doc>(
    subject: &'s Subject<'doc>,
) -> impl Iterator<Item = &'s SubjectConfirmationData<'doc>> {
    let confirmations = subject.confirmations.iter();
    let of_bearer = confirmations.filter(|confirmation| text(&confirmation.method) == Some(BEARER));
    of_bearer.filter_map(|bearer| bearer.data.as_ref())
}

fn text<'v>(value: &'v Option<Value<'_>>) -> Option<&'v str> {
    value.as_ref().map(Value::text)
}

fn owned(value: &Option<Value<'_>>) -> Option<String> {
    text(value).map(str::to_owned)
}

fn place(value: &Option<Value<'_>>, otherwise: Range<usize>) -> Range<usize> {
    value.as_ref().map_or(otherwise, Value::range)
}

/// In what `text` differs from the one of `others` that it is most like.
fn nearest(text: &str, others: &[String]) -> Difference {
    let differences = others.iter().map(|other| Difference::between(text, other));
    let mut differences = differences.filter(|difference| *difference != Difference::Other);
    differences.next().unwrap_or(Difference::Other)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::{DateTime, Utc};
    use samlkit_dsig::{SignOptions, SigningKey, sign};

    use super::*;
    use crate::sp::identity_provider::IdentityProvider;
    use crate::sp::pending_request::PendingRequest;
    use crate::sp::service_provider::{ServiceProvider, ServiceProviderBuilder};

    const PRIVATE: &str = include_str!("../../../../tests/data/keys/p256.test-only.pem");
    const CERTIFICATE: &str = include_str!("../../../../tests/data/keys/p256.crt.pem");
    const NOW: &str = "2026-06-01T12:00:00Z";
    const ACS: &str = "https://sp/acs";

    /// A good response, not signed yet.
    const GOOD: &str = "<p:Response xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol' \
        xmlns='urn:oasis:names:tc:SAML:2.0:assertion' ID='_r' Version='2.0' \
        IssueInstant='2026-06-01T12:00:00Z' InResponseTo='_q' Destination='https://sp/acs'>\
        <Issuer>https://idp/</Issuer><p:Status>\
        <p:StatusCode Value='urn:oasis:names:tc:SAML:2.0:status:Success'/></p:Status>\
        <Assertion ID='_a' Version='2.0' IssueInstant='2026-06-01T12:00:00Z'>\
        <Issuer>https://idp/</Issuer><Subject><NameID>ada</NameID>\
        <SubjectConfirmation Method='urn:oasis:names:tc:SAML:2.0:cm:bearer'>\
        <SubjectConfirmationData Recipient='https://sp/acs' InResponseTo='_q' \
        NotOnOrAfter='2026-06-01T12:05:00Z'/></SubjectConfirmation></Subject>\
        <Conditions NotOnOrAfter='2026-06-01T13:00:00Z'><AudienceRestriction>\
        <Audience>urn:sp</Audience></AudienceRestriction></Conditions>\
        <AuthnStatement AuthnInstant='2026-06-01T12:00:00Z'><AuthnContext>\
        <AuthnContextClassRef>urn:c</AuthnContextClassRef></AuthnContext></AuthnStatement>\
        <AttributeStatement><Attribute Name='groups'><AttributeValue>users</AttributeValue>\
        </Attribute></AttributeStatement></Assertion></p:Response>";

    /// [`GOOD`] with the first `from` made a `to`; there has to be one.
    fn with(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from), "{from}");
        GOOD.replacen(from, to, 1)
    }

    /// The same, after the beginning of the assertion.
    fn with_inside(from: &str, to: &str) -> String {
        let (before, assertion) = GOOD.split_at(GOOD.find("<Assertion ").unwrap());
        assert!(assertion.contains(from), "{from}");
        format!("{before}{}", assertion.replacen(from, to, 1))
    }

    fn builder() -> ServiceProviderBuilder {
        ServiceProvider::builder("urn:sp").acs(ACS).acs("https://sp/other")
    }

    fn sp() -> ServiceProvider {
        builder().build().unwrap()
    }

    fn asked() -> PendingRequest {
        PendingRequest::new("_q", NOW.parse().unwrap())
    }

    /// The verdict, after the element with that ID was signed.
    fn verdict_of(
        sp: &ServiceProvider,
        xml: &str,
        id: &str,
        pending: Option<&PendingRequest>,
    ) -> Result<VerifiedResponse, Rejection> {
        let key = SigningKey::from_pem(PRIVATE, None).unwrap();
        let document = Document::parse(xml.as_bytes()).unwrap();
        let signed = sign(&document, id, &key, &SignOptions::default()).unwrap();
        let key = VerifyingKey::from_pem(CERTIFICATE).unwrap();
        let idp = IdentityProvider::new("https://idp/", [key]);
        let document = Document::parse(&signed).unwrap();
        let now = NOW.parse().unwrap();
        judge(Context { sp, idp: &idp, pending, now }, &document)
    }

    fn verdict(xml: &str, id: &str) -> Result<VerifiedResponse, Rejection> {
        verdict_of(&sp(), xml, id, Some(&asked()))
    }

    /// What is told, and that it is the same whether the assertion is signed or the response.
    fn told(xml: &str) -> String {
        let texts = ["_a", "_r"].map(|id| verdict(xml, id).unwrap_err().to_string());
        let texts: BTreeSet<String> = texts.into();
        assert_eq!(texts.len(), 1, "{texts:?}");
        texts.into_iter().next().unwrap()
    }

    #[test]
    fn the_good_one_is_accepted() {
        for id in ["_a", "_r"] {
            let verified = verdict(GOOD, id).unwrap();
            assert_eq!(verified.name_id.value, "ada");
            assert_eq!(verified.in_response_to.as_deref(), Some("_q"));
            assert_eq!(verified.attributes[0].values, ["users"]);
        }
    }

    #[test]
    fn what_may_stand_once_stands_once() {
        for (child, of, inside) in [
            ("<Issuer>https://idp/</Issuer>", "Assertion", "Issuer"),
            (
                "<Conditions><AudienceRestriction><Audience>urn:sp</Audience></AudienceRestriction></Conditions>",
                "Assertion",
                "Conditions",
            ),
            ("<Subject><NameID>eve</NameID></Subject>", "Assertion", "Subject"),
        ] {
            let xml = with("</Assertion>", &format!("{child}</Assertion>"));
            let expected = format!("assertion.schema: the {of} has more than one {inside}");
            assert_eq!(told(&xml), expected);
        }
        let xml =
            with("<Assertion ", "<p:Status><p:StatusCode Value='urn:x'/></p:Status><Assertion ");
        assert_eq!(told(&xml), "response.schema: the Response has more than one Status");
        let xml = with(
            "<Issuer>https://idp/</Issuer>",
            "<Issuer>https://idp/</Issuer><Issuer>https://idp/</Issuer>",
        );
        assert_eq!(told(&xml), "response.schema: the Response has more than one Issuer");
        let xml = with("</p:Status>", "<p:StatusCode Value='urn:x'/></p:Status>");
        assert_eq!(told(&xml), "response.schema: the Status has more than one StatusCode");
        let one_of = "NameID, EncryptedID or BaseID";
        for second in ["<NameID>eve</NameID>", "<EncryptedID/>", "<BaseID/>"] {
            let xml = with("<NameID>ada</NameID>", &format!("<NameID>ada</NameID>{second}"));
            let expected = format!("assertion.schema: the Subject has more than one {one_of}");
            assert_eq!(told(&xml), expected);
        }
        let twice = "<NameID>ada</NameID><NameID>eve</NameID></SubjectConfirmation>";
        let expected =
            format!("assertion.schema: the SubjectConfirmation has more than one {one_of}");
        assert_eq!(told(&with("</SubjectConfirmation>", twice)), expected);
        assert_eq!(
            told(&with(
                "</SubjectConfirmation>",
                "<SubjectConfirmationData/></SubjectConfirmation>"
            )),
            "assertion.schema: the SubjectConfirmation has more than one SubjectConfirmationData"
        );
        assert_eq!(
            told(&with("</AuthnStatement>", "<AuthnContext/></AuthnStatement>")),
            "assertion.schema: the AuthnStatement has more than one AuthnContext"
        );
    }

    #[test]
    fn what_has_to_be_there_is_there() {
        for (xml, expected) in [
            (with(" ID='_r'", " id='_r'"), "response.schema: the Response has no ID"),
            (
                with(" IssueInstant='2026-06-01T12:00:00Z'", ""),
                "response.schema: the Response has no IssueInstant",
            ),
            (
                with(" IssueInstant='2026-06-01T12:00:00Z'", " IssueInstant='now'"),
                "response.schema: IssueInstant of the Response is not a time: \"now\"",
            ),
            (
                with(" Value='urn:oasis:names:tc:SAML:2.0:status:Success'", ""),
                "response.schema: the StatusCode has no Value",
            ),
        ] {
            assert_eq!(verdict(&xml, "_a").unwrap_err().to_string(), expected);
        }
        let (before, rest) = GOOD.split_once("<AuthnContext>").unwrap();
        let (_, after) = rest.split_once("</AuthnContext>").unwrap();
        let expected = "assertion.schema: the AuthnStatement has no AuthnContext";
        assert_eq!(told(&format!("{before}{after}")), expected);
        let xml = with("<Attribute Name='groups'>", "<Attribute>");
        assert_eq!(told(&xml), "assertion.schema: the Attribute has no Name");
        // It does not confirm anything either.
        let xml = with(" Method='urn:oasis:names:tc:SAML:2.0:cm:bearer'", "");
        let rejection = verdict(&xml, "_a").unwrap_err();
        let rules: Vec<&str> = rejection.rules().collect();
        assert_eq!(rules, ["subject.confirmation", "assertion.schema"]);
    }

    /// A signed response says who made it; one that is not signed may leave that to the assertion.
    #[test]
    fn a_signed_response_has_an_issuer() {
        let xml = with("<Issuer>https://idp/</Issuer>", "");
        assert!(verdict(&xml, "_a").is_ok());
        let expected = "response.schema: the Response has no Issuer";
        assert_eq!(verdict(&xml, "_r").unwrap_err().to_string(), expected);
    }

    #[test]
    fn what_has_a_rule_of_its_own_is_said_by_that_alone() {
        for (xml, rule) in [
            (with(" Version='2.0'", ""), "response.version"),
            (with(" Version='2.0'", " Version='1.1'"), "response.version"),
            (with_inside(" Version='2.0'", ""), "assertion.version"),
            (with_inside(" Version='2.0'", " Version='1.1'"), "assertion.version"),
            (with_inside("<Issuer>https://idp/</Issuer>", ""), "assertion.issuer"),
            (with_inside(" ID='_a'", ""), "assertion.replayed"),
            (with_inside(" ID='_a'", " ID=''"), "assertion.replayed"),
            (with_inside(" IssueInstant='2026-06-01T12:00:00Z'", ""), "assertion.date"),
            (
                with_inside("IssueInstant='2026-06-01T12:00:00Z'", "IssueInstant=''"),
                "assertion.date",
            ),
            (with(" AuthnInstant='2026-06-01T12:00:00Z'", ""), "assertion.date"),
            (with("AuthnInstant='2026-06-01T12:00:00Z'", "AuthnInstant='x'"), "assertion.date"),
            (
                with("<AuthnStatement ", "<AuthnStatement SessionNotOnOrAfter='x' "),
                "assertion.date",
            ),
            (with("<Conditions ", "<Conditions NotBefore='x' "), "assertion.date"),
            (with("NotOnOrAfter='2026-06-01T13:00:00Z'", "NotOnOrAfter='x'"), "assertion.date"),
            (with("NotOnOrAfter='2026-06-01T12:05:00Z'", "NotOnOrAfter='x'"), "assertion.date"),
        ] {
            let rejection = verdict(&xml, "_r").unwrap_err();
            assert_eq!(rejection.rules().collect::<Vec<_>>(), [rule], "{xml}");
        }
        let (before, rest) = GOOD.split_once("<p:Status>").unwrap();
        let (_, after) = rest.split_once("</p:Status>").unwrap();
        let expected = "response.status: the identity provider reports no Status at all";
        assert_eq!(told(&format!("{before}{after}")), expected);
        let expected = "response.status: the identity provider reports no StatusCode at all";
        assert_eq!(told(&format!("{before}<p:Status/>{after}")), expected);
    }

    #[test]
    fn a_text_is_a_text() {
        for (element, name, scope) in [
            ("<NameID>", "NameID", "assertion"),
            ("<Audience>", "Audience", "assertion"),
            ("<AuthnContextClassRef>", "AuthnContextClassRef", "assertion"),
            ("<Issuer>", "Issuer", "response"),
        ] {
            let xml = with(element, &format!("{element}<x>e</x>"));
            let expected =
                format!("{scope}.schema: the {name} holds the element <x>, and may hold text only");
            assert_eq!(told(&xml), expected);
            // A comment or an instruction splits it and takes nothing away.
            for id in ["_a", "_r"] {
                assert!(verdict(&with(element, &format!("{element}<!--x--><?x y?>")), id).is_ok());
            }
        }
        let xml = with_inside("<Issuer>", "<Issuer><x/>");
        assert!(told(&xml).starts_with("assertion.schema: the Issuer holds"), "{}", told(&xml));
    }

    #[test]
    fn an_issuer_is_an_entity() {
        let entity = "<Issuer Format='urn:oasis:names:tc:SAML:2.0:nameid-format:entity'>";
        let other = "<Issuer Format='urn:oasis:names:tc:SAML:2.0:nameid-format:transient'>";
        assert!(verdict(&with("<Issuer>", entity), "_a").is_ok());
        assert!(verdict(&with_inside("<Issuer>", entity), "_a").is_ok());
        for (xml, rule) in [
            (with("<Issuer>", other), "response.schema"),
            (with_inside("<Issuer>", other), "assertion.schema"),
        ] {
            assert!(told(&xml).starts_with(&format!("{rule}: the Format of the Issuer is \"urn:")));
        }
    }

    /// A value with structure has no text that all readers would agree on.
    #[test]
    fn of_a_structured_value_nothing_is_made_up() {
        let value = |inside: &str| {
            let xml = with(">users<", &format!(">{inside}<"));
            let attribute = verdict(&xml, "_a").unwrap().attributes.remove(0);
            (attribute.values, attribute.structured_values)
        };
        assert_eq!(value("<NameID>x</NameID>"), (vec!["x".to_owned()], 0));
        assert_eq!(value(" <NameID>x</NameID>\n"), (vec!["x".to_owned()], 0));
        for structured in [
            "users<x>, admins</x>",
            "<x>admins</x>",
            "admins<NameID>x</NameID>",
            "<NameID>x</NameID><NameID>y</NameID>",
        ] {
            assert_eq!(value(structured), (vec![], 1), "{structured}");
        }
    }

    #[test]
    fn a_response_arrives_at_a_configured_url_only() {
        let at =
            |xml: &str, url: &str| verdict_of(&sp(), xml, "_a", Some(&asked().with_acs_url(url)));
        assert!(at(GOOD, ACS).is_ok());
        // Whoever writes the Host header has a response for his own URL.
        let evil = GOOD.replace(ACS, "https://evil/acs");
        let rejection = at(&evil, "https://evil/acs").unwrap_err();
        let rules: Vec<&str> = rejection.rules().collect();
        assert_eq!(rules, ["response.destination", "response.destination", "subject.recipient"]);
        let rejection = at(GOOD, "https://evil/acs").unwrap_err();
        assert_eq!(
            rejection.to_string(),
            "response.destination: the response arrived at \"https://evil/acs\", which is not a \
             configured ACS URL: expected https://sp/acs or https://sp/other"
        );
        // Of the configured ones it is the one named.
        let rejection = at(GOOD, "https://sp/other").unwrap_err();
        assert_eq!(
            rejection.rules().collect::<Vec<_>>(),
            ["response.destination", "subject.recipient"]
        );
    }

    #[test]
    fn an_answer_to_nothing_is_accepted_where_nothing_was_asked() {
        let nothing = GOOD.replace(" InResponseTo='_q'", "");
        let rules = |sp: &ServiceProvider, pending: Option<&PendingRequest>| match verdict_of(
            sp, &nothing, "_a", pending,
        ) {
            Ok(_) => Vec::new(),
            Err(rejection) => rejection.rules().collect(),
        };
        assert_eq!(rules(&sp(), None), ["response.unsolicited"]);
        assert_eq!(rules(&sp(), Some(&asked())), ["response.unsolicited"]);
        let sp = builder().allow_unsolicited().build().unwrap();
        assert_eq!(rules(&sp, None), Vec::<&str>::new());
        assert_eq!(rules(&sp, Some(&asked())), ["response.in-response-to"]);
    }

    /// The good assertion with these confirmations before its own.
    fn confirmed_also(others: &str) -> VerifiedResponse {
        let own = "<SubjectConfirmation Method='urn:oasis:names:tc:SAML:2.0:cm:bearer'>";
        verdict(&with(own, &format!("{others}{own}")), "_a").unwrap()
    }

    fn confirmation(method: &str, data: &str) -> String {
        format!(
            "<SubjectConfirmation Method='urn:oasis:names:tc:SAML:2.0:cm:{method}'>\
             <SubjectConfirmationData {data}/></SubjectConfirmation>"
        )
    }

    fn at(time: &str) -> Option<DateTime<Utc>> {
        Some(format!("2026-06-01T{time}Z").parse().unwrap())
    }

    #[test]
    fn a_confirmation_that_does_not_hold_contributes_nothing() {
        let later = "InResponseTo='_other' NotOnOrAfter='2036-06-01T12:00:00Z'";
        for other in [
            confirmation("sender-vouches", &format!("Recipient='https://sp/acs' {later}")),
            confirmation("holder-of-key", later),
            confirmation("bearer", later),
            confirmation("bearer", &format!("Recipient='https://evil/' {later}")),
            confirmation(
                "bearer",
                &format!("Recipient='https://sp/acs' NotBefore='2026-06-01T11:00:00Z' {later}"),
            ),
        ] {
            let verified = confirmed_also(&other);
            assert_eq!(verified.in_response_to.as_deref(), Some("_q"), "{other}");
            assert_eq!(verified.not_on_or_after, at("12:05:00"), "{other}");
        }
    }

    /// One that answers another request, or is for another URL, can be used with that later: what
    /// can be used has to be remembered, and not longer than the conditions allow.
    #[test]
    fn an_assertion_is_remembered_while_it_can_be_used() {
        let until = |data: &str| confirmed_also(&confirmation("bearer", data)).not_on_or_after;
        let other = "Recipient='https://sp/acs' InResponseTo='_other'";
        assert_eq!(until(&format!("{other} NotOnOrAfter='2026-06-01T12:30:00Z'")), at("12:30:00"));
        let other = "Recipient='https://sp/other' InResponseTo='_q'";
        assert_eq!(until(&format!("{other} NotOnOrAfter='2026-06-01T12:30:00Z'")), at("12:30:00"));
        assert_eq!(until(&format!("{other} NotOnOrAfter='2036-06-01T12:30:00Z'")), at("13:00:00"));
    }

    /// Both hold where a request has the ID that is expected; the values are those of the first.
    #[test]
    fn of_several_that_hold_the_first_is_told() {
        let nothing = GOOD.replace(" InResponseTo='_q'", "");
        let sp = builder().allow_unsolicited().build().unwrap();
        let first = confirmation(
            "bearer",
            "Recipient='https://sp/acs' NotOnOrAfter='2026-06-01T12:04:00Z'",
        );
        let own = "<SubjectConfirmation ";
        let xml = nothing.replacen(own, &format!("{first}{own}"), 1);
        let verified = verdict_of(&sp, &xml, "_a", None).unwrap();
        assert_eq!(verified.in_response_to, None);
        assert_eq!(verified.not_on_or_after, at("12:05:00"));
    }

    /// What is wrong is said of what nobody signed as well, but for what only a signature asks.
    #[test]
    fn without_evidence_the_report_is_complete() {
        let xml = with("<NameID>ada</NameID>", "<NameID>ada</NameID><NameID>eve</NameID>");
        let idp = IdentityProvider::new("https://idp/", []);
        let (sp, pending, now) = (sp(), asked(), NOW.parse().unwrap());
        let document = Document::parse(xml.as_bytes()).unwrap();
        let context = Context { sp: &sp, idp: &idp, pending: Some(&pending), now };
        let rejection = judge(context, &document).unwrap_err();
        let rules: Vec<&str> = rejection.rules().collect();
        assert_eq!(rules, ["signature.missing", "assertion.schema"]);
    }
}
