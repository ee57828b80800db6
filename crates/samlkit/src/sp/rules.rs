//! The processing rules (saml-profiles 4.1.4.2, 4.1.4.3; saml-core 2 and 3), top to bottom in the
//! order of a response. What they compare about the assertion they read through the evidence for
//! it; where there is none, they say what else is wrong with what was sent, and the verdict is no in
//! any case.

use std::ops::Range;

use chrono::{DateTime, Utc};
use samlkit_dsig::{
    DecryptError, FailureKind, SignedElement, VerifyingKey, decrypt, decrypt_signed,
};
use samlkit_xml::{Document, Element};

use super::decryption;
use super::evidence::{self, Evidence};
use super::refusal::{Difference, Refusal, RefusalKind, Rejection};
use super::verified_response::VerifiedResponse;
use super::{Expected, IdentityProvider, ServiceProvider};
use crate::Kind;
use crate::assertion::{
    Assertion, AuthnStatement, Condition, Conditions, Subject, SubjectConfirmation,
    SubjectConfirmationData,
};
use crate::names::ASSERTION;
use crate::protocol::Response;
use crate::value::Value;
use crate::verified::Verified;

/// The method of a bearer's confirmation (saml-profiles 3.3).
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// All that a verdict depends on, besides the message.
pub(super) struct Context<'a> {
    pub(super) sp: &'a ServiceProvider,
    pub(super) idp: &'a IdentityProvider,
    pub(super) expected: &'a Expected<'a>,
    pub(super) now: DateTime<Utc>,
}

impl Context<'_> {
    /// The URLs at which the response may have arrived.
    fn acs_urls(&self) -> Vec<String> {
        match self.expected.acs_url {
            Some(url) => vec![url.to_owned()],
            None => self.sp.acs_urls.clone(),
        }
    }

    fn is_acs(&self, url: &str) -> bool {
        match self.expected.acs_url {
            Some(expected) => url == expected,
            None => self.sp.acs_urls.iter().any(|known| known == url),
        }
    }

    fn is_before(&self, moment: DateTime<Utc>) -> bool {
        moment.signed_duration_since(self.now) > self.sp.clock_skew
    }

    fn is_past(&self, moment: DateTime<Utc>) -> bool {
        self.now.signed_duration_since(moment) >= self.sp.clock_skew
    }
}

/// Collects refusals.
struct Judge<'a> {
    context: &'a Context<'a>,
    refusals: Vec<Refusal>,
    /// Where the encrypted assertion stands, while what was in it is judged: the places in that are
    /// none of the file.
    inside: Option<Range<usize>>,
}

pub(super) fn judge(
    context: &Context<'_>,
    document: &Document<'_>,
) -> Result<VerifiedResponse, Rejection> {
    let mut judge = Judge { context, refusals: Vec::new(), inside: None };
    match judge.response(document.root()) {
        Some(verified) if judge.refusals.is_empty() => Ok(verified),
        _ => Err(Rejection::new(judge.refusals, document)),
    }
}

impl Judge<'_> {
    fn refuse(&mut self, kind: RefusalKind, range: Range<usize>) {
        let range = self.inside.clone().unwrap_or(range);
        self.refusals.push(Refusal { kind, range });
    }

    /// `None` only with a refusal noted; one may be noted beside `Some`.
    fn response(&mut self, root: Element<'_>) -> Option<VerifiedResponse> {
        if let Some((_, second)) = root.document().duplicate_ids().next() {
            let kind = RefusalKind::Signature(FailureKind::DuplicateId);
            self.refuse(kind, second.start_tag_range());
        }
        if Kind::of(root) != Some(Kind::Response) {
            let kind = RefusalKind::Root { found: root.name().to_string() };
            self.refuse(kind, root.start_tag_range());
            return None;
        }
        let response = Response::read(root);
        let assertion = self.one_assertion(&response);
        if let ([], [encrypted]) =
            (response.assertions.as_slice(), response.encrypted_assertions.as_slice())
        {
            return self.encrypted(root, *encrypted, &response);
        }
        let has_failed = response.status.as_ref().is_some_and(|status| !status.is_success());
        // A failure without an assertion has nothing that would have to be signed.
        let evidence = if assertion.is_none() && has_failed {
            None
        } else {
            evidence::find(self.context, root, assertion, &mut self.refusals)
        };
        let is_signed = evidence.as_ref().is_some_and(|evidence| evidence.is_response_signed);
        self.envelope(&response, is_signed);
        // Without evidence the assertion is looked at all the same: the report is complete.
        match evidence {
            Some(Evidence { assertion, key, .. }) => {
                Some(self.verified(assertion, &response, key, is_signed))
            }
            None => {
                if let Some(assertion) = assertion {
                    self.assertion(&Assertion::read(assertion), &response);
                }
                None
            }
        }
    }

    fn one_assertion<'doc>(&mut self, response: &Response<'doc>) -> Option<Element<'doc>> {
        let count = response.assertions.len().saturating_add(response.encrypted_assertions.len());
        let failed = response.status.as_ref().is_some_and(|status| !status.is_success());
        match count {
            // A failure has none, and says why.
            0 if failed => {}
            0 => self.refuse(RefusalKind::NoAssertion, response.range.clone()),
            1 => {}
            count => self.refuse(RefusalKind::Assertions { count }, response.range.clone()),
        }
        response.assertions.first().copied()
    }

    /// An assertion that is encrypted (saml-core 2.3.4): decrypted, and judged in its place. Its own
    /// signature is evidence for it, or that of the response, which covers what was encrypted.
    fn encrypted(
        &mut self,
        root: Element<'_>,
        encrypted: Element<'_>,
        response: &Response<'_>,
    ) -> Option<VerifiedResponse> {
        let around = evidence::by_own_signature(self.context, root, &mut self.refusals);
        self.envelope(response, around.is_some());
        let place = encrypted.start_tag_range();
        let policy = self.context.sp.encryption_policy;
        let keys = &self.context.sp.decryption_keys;
        let signed = around.as_ref().and_then(|around| {
            let mut children = around.root().children();
            children.find(|child| child.range() == encrypted.range())
        });
        let decrypted = match signed {
            Some(signed) => decrypt_signed(signed, keys, policy),
            None => decrypt(encrypted, keys, policy),
        };
        let decrypted = match decrypted {
            Ok(decrypted) => decrypted,
            Err(DecryptError::NoKey) => {
                self.refuse(RefusalKind::Encrypted, place);
                return None;
            }
            Err(error) => {
                self.refuse(RefusalKind::Decryption(error), place);
                return None;
            }
        };
        // That the plaintext is no XML is told like any other failure.
        let document = decrypted.document(&self.context.sp.limits);
        let assertion = document.as_ref().ok().and_then(|document| document.element());
        let assertion = assertion.filter(|element| element.is(ASSERTION, "Assertion"));
        let (Ok(document), Some(assertion)) = (&document, assertion) else {
            self.refuse(RefusalKind::Decryption(DecryptError::Failed), place);
            return None;
        };
        self.inside = Some(place);
        let outside = root.document();
        let is_known = |id: &str| outside.element_by_id(id).is_some();
        let elements = document.document().elements();
        let ids = elements.filter_map(|element| element.attribute("ID"));
        let stands_twice = document.document().duplicate_ids().next().is_some();
        if stands_twice || ids.into_iter().any(|id| is_known(id.value())) {
            let kind = RefusalKind::Signature(FailureKind::DuplicateId);
            self.refuse(kind, 0..0);
        }
        let before = self.refusals.len();
        let own = evidence::by_own_signature(self.context, assertion, &mut self.refusals);
        let by_itself = own.map(|signed| (signed.root(), signed.key().clone()));
        let by_response = around
            .as_ref()
            .and_then(|around| Some((document.signed_element()?, around.key().clone())));
        let has_failed = self.refusals.iter().any(Refusal::is_about_signatures);
        let evidence = by_itself.or(by_response).filter(|_| !has_failed);
        if evidence.is_none() && !has_failed {
            evidence::missing(self.context, assertion, &mut self.refusals);
        }
        for refusal in self.refusals.iter_mut().skip(before) {
            refusal.range = encrypted.start_tag_range();
        }
        match evidence {
            Some((signed, key)) => Some(self.verified(signed, response, key, around.is_some())),
            None => {
                self.assertion(&Assertion::read(assertion), response);
                None
            }
        }
    }

    /// The assertion, read and judged through the evidence for it.
    fn verified(
        &mut self,
        signed: SignedElement<'_>,
        response: &Response<'_>,
        key: VerifyingKey,
        is_response_signed: bool,
    ) -> VerifiedResponse {
        let assertion = Verified::<Assertion<'_>>::read(signed);
        self.assertion(&assertion, response);
        let mut verified = VerifiedResponse::new(&assertion, key, is_response_signed);
        decryption::open(self.context.sp, signed, &mut verified, |kind, range| {
            self.refuse(kind, range);
        });
        verified
    }

    /// What the response itself says (saml-core 3.2.2, saml-bindings 3.5.5.2).
    fn envelope(&mut self, response: &Response<'_>, is_signed: bool) {
        let whole = || response.range.clone();
        if text(&response.version) != Some("2.0") {
            let found = owned(&response.version);
            self.refuse(RefusalKind::ResponseVersion { found }, place(&response.version, whole()));
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
            None if is_signed => self.refuse(RefusalKind::NoDestination, whole()),
            _ => {}
        }
        match (&response.in_response_to, self.context.expected.request_id) {
            (None, _) if self.context.sp.allow_unsolicited => {}
            (None, _) => self.refuse(RefusalKind::Unsolicited, whole()),
            (Some(found), expected) if Some(found.text()) != expected => {
                let kind = RefusalKind::ResponseInResponseTo {
                    found: found.text().to_owned(),
                    expected: expected.map(str::to_owned),
                };
                self.refuse(kind, found.range());
            }
            _ => {}
        }
        match &response.status {
            Some(status) if status.is_success() => {}
            Some(status) => {
                let kind = RefusalKind::Status {
                    codes: status.codes.iter().map(|code| code.text().to_owned()).collect(),
                    message: owned(&status.message),
                };
                self.refuse(kind, status.range.clone());
            }
            None => {
                let codes = vec!["no status at all".to_owned()];
                self.refuse(RefusalKind::Status { codes, message: None }, whole());
            }
        }
    }

    /// What the assertion says (saml-core 2.3.3).
    fn assertion(&mut self, assertion: &Assertion<'_>, response: &Response<'_>) {
        let start = assertion.range.start;
        let whole = || start..start;
        if text(&assertion.id).is_none_or(str::is_empty) {
            self.refuse(RefusalKind::NoAssertionId, whole());
        }
        if text(&assertion.version) != Some("2.0") {
            let found = owned(&assertion.version);
            let place = place(&assertion.version, whole());
            self.refuse(RefusalKind::AssertionVersion { found }, place);
        }
        let issuer = assertion.issuer.as_ref().map(|issuer| &issuer.value);
        let expected = &self.context.idp.entity_id;
        if issuer.map(Value::text) != Some(expected) {
            let kind = RefusalKind::AssertionIssuer {
                found: issuer.map(|issuer| issuer.text().to_owned()),
                expected: expected.clone(),
                difference: Difference::between(issuer.map_or("", Value::text), expected),
            };
            self.refuse(kind, issuer.map_or(whole(), Value::range));
        }
        match &assertion.issue_instant {
            Some(instant) => {
                if let Some(at) = self.date("IssueInstant", instant)
                    && self.context.is_before(at)
                {
                    let ahead = at.signed_duration_since(self.context.now);
                    self.refuse(RefusalKind::IssuedAhead { at, ahead }, instant.range());
                }
            }
            None => {
                let kind = RefusalKind::Date { attribute: "IssueInstant", found: None };
                self.refuse(kind, whole());
            }
        }
        match &assertion.subject {
            Some(subject) => self.subject(subject, response),
            None => self.refuse(RefusalKind::NoSubject, whole()),
        }
        match &assertion.conditions {
            Some(conditions) => self.conditions(conditions),
            None => self.refuse(RefusalKind::NoConditions, whole()),
        }
        if assertion.authn_statements.is_empty() {
            self.refuse(RefusalKind::NoAuthnStatement, whole());
        }
        for statement in &assertion.authn_statements {
            self.authn_statement(statement);
        }
    }

    /// The time that an attribute names, if it names one.
    fn date(&mut self, attribute: &'static str, value: &Value<'_>) -> Option<DateTime<Utc>> {
        let date = value.date_time();
        if date.is_none() {
            let found = Some(value.text().to_owned());
            self.refuse(RefusalKind::Date { attribute, found }, value.range());
        }
        date
    }

    /// Whom it is about, and whether the bearer may use it (saml-profiles 4.1.4.2).
    fn subject(&mut self, subject: &Subject<'_>, response: &Response<'_>) {
        match &subject.name_id {
            // Whether the keys fit shows when it is opened, which only what is signed is.
            None if subject.has_encrypted_id => {
                if self.context.sp.decryption_keys.is_empty() {
                    self.refuse(RefusalKind::Encrypted, subject.range.clone());
                }
            }
            None => self.refuse(RefusalKind::NoNameId, subject.range.clone()),
            Some(name_id) if name_id.value.text().trim().is_empty() => {
                self.refuse(RefusalKind::EmptyNameId, name_id.value.range());
            }
            Some(_) => {}
        }
        let of_bearer =
            |confirmation: &&SubjectConfirmation<'_>| text(&confirmation.method) == Some(BEARER);
        let bearers = subject.confirmations.iter().filter(of_bearer);
        let mut with_data = bearers.filter_map(|bearer| bearer.data.as_ref()).peekable();
        if with_data.peek().is_none() {
            return self.refuse(RefusalKind::NoConfirmation, subject.range.clone());
        }
        // One that holds is enough; if none does, all that is wrong with each is told.
        let before = self.refusals.len();
        for data in with_data {
            let so_far = self.refusals.len();
            self.confirmation(data, response);
            if self.refusals.len() == so_far {
                self.refusals.truncate(before);
                return;
            }
        }
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
            None => self.refuse(RefusalKind::ConfirmationUnlimited, whole()),
            Some(until) => {
                if let Some(at) = self.date("NotOnOrAfter", until)
                    && self.context.is_past(at)
                {
                    let behind = self.context.now.signed_duration_since(at);
                    self.refuse(RefusalKind::ConfirmationExpired { at, behind }, until.range());
                }
            }
        }
        let expected = self.context.expected.request_id;
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
            && let Some(at) = self.date("NotBefore", from)
            && self.context.is_before(at)
        {
            let ahead = at.signed_duration_since(self.context.now);
            self.refuse(RefusalKind::NotYetValid { at, ahead }, from.range());
        }
        if let Some(until) = &conditions.not_on_or_after
            && let Some(at) = self.date("NotOnOrAfter", until)
            && self.context.is_past(at)
        {
            let behind = self.context.now.signed_duration_since(at);
            self.refuse(RefusalKind::Expired { at, behind }, until.range());
        }
        if conditions.audience_restrictions.is_empty() {
            self.refuse(RefusalKind::NoAudience, conditions.range.clone());
        }
        let me = &self.context.sp.entity_id;
        for restriction in &conditions.audience_restrictions {
            if !restriction.audiences.iter().any(|audience| audience.text() == me) {
                let found: Vec<String> =
                    restriction.audiences.iter().map(|a| a.text().to_owned()).collect();
                let kind = RefusalKind::Audience {
                    difference: nearest(me, &found),
                    found,
                    expected: me.clone(),
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
        match &statement.authn_instant {
            Some(instant) => _ = self.date("AuthnInstant", instant),
            None => {
                let kind = RefusalKind::Date { attribute: "AuthnInstant", found: None };
                self.refuse(kind, statement.range.clone());
            }
        }
        if let Some(until) = &statement.session_not_on_or_after
            && let Some(at) = self.date("SessionNotOnOrAfter", until)
            && self.context.is_past(at)
        {
            let behind = self.context.now.signed_duration_since(at);
            self.refuse(RefusalKind::SessionExpired { at, behind }, until.range());
        }
    }
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
