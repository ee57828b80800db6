//! The processing rules (saml-profiles 4.1.4.2, 4.1.4.3; saml-core 2 and 3), top to bottom in the
//! order of a response. What they compare about the assertion they read through the evidence for
//! it; where there is none, they say what else is wrong with what was sent, and the verdict is no in
//! any case.

#[cfg(test)]
mod tests;

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
        SchemaFault::Missing { child: "Status" | "StatusCode", .. } => {
            RefusalKind::Status { codes: Vec::new(), message: None }
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
