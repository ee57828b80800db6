use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::*;
use crate::sp::identity_provider::IdentityProvider;
use crate::sp::pending_request::PendingRequest;
use crate::sp::service_provider::ServiceProvider;
use crate::sp::tests::*;

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
    let xml = with("<Assertion ", "<p:Status><p:StatusCode Value='urn:x'/></p:Status><Assertion ");
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
    let expected = format!("assertion.schema: the SubjectConfirmation has more than one {one_of}");
    assert_eq!(told(&with("</SubjectConfirmation>", twice)), expected);
    assert_eq!(
        told(&with("</SubjectConfirmation>", "<SubjectConfirmationData/></SubjectConfirmation>")),
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
        (with_inside("IssueInstant='2026-06-01T12:00:00Z'", "IssueInstant=''"), "assertion.date"),
        (with(" AuthnInstant='2026-06-01T12:00:00Z'", ""), "assertion.date"),
        (with("AuthnInstant='2026-06-01T12:00:00Z'", "AuthnInstant='x'"), "assertion.date"),
        (with("<AuthnStatement ", "<AuthnStatement SessionNotOnOrAfter='x' "), "assertion.date"),
        (with("<Conditions ", "<Conditions NotBefore='x' "), "assertion.date"),
        (with("NotOnOrAfter='2026-06-01T13:00:00Z'", "NotOnOrAfter='x'"), "assertion.date"),
        (with("NotOnOrAfter='2026-06-01T12:05:00Z'", "NotOnOrAfter='x'"), "assertion.date"),
    ] {
        let rejection = verdict(&xml, "_r").unwrap_err();
        assert_eq!(rejection.rules().collect::<Vec<_>>(), [rule], "{xml}");
    }
    let (before, rest) = GOOD.split_once("<p:Status>").unwrap();
    let (_, after) = rest.split_once("</p:Status>").unwrap();
    let expected = "response.status: the identity provider reports no status code";
    assert_eq!(told(&format!("{before}{after}")), expected);
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
    let at = |xml: &str, url: &str| verdict_of(&sp(), xml, "_a", Some(&asked().with_acs_url(url)));
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

/// The end is what a replay is measured by, so it is the latest of all that hold and not that of the first.
#[test]
fn of_several_that_hold_the_latest_end_is_told() {
    let nothing = GOOD.replace(" InResponseTo='_q'", "");
    let sp = builder().allow_unsolicited().build().unwrap();
    let first =
        confirmation("bearer", "Recipient='https://sp/acs' NotOnOrAfter='2026-06-01T12:04:00Z'");
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

#[test]
fn a_response_is_the_root() {
    let assertion = "<Assertion xmlns='urn:oasis:names:tc:SAML:2.0:assertion' ID='_a'/>";
    assert_eq!(rules(verdict(assertion, "_a")), ["document.root"]);
}

#[test]
fn an_id_that_is_there_twice() {
    let twice = signed(GOOD, "_a").replacen("<p:Status>", "<p:Status ID='_a'>", 1);
    let verdict = verdict_as_is(&sp(), &twice, Some(&asked()));
    let rules = rules(verdict);
    assert_eq!(rules.iter().filter(|rule| **rule == "xml.duplicate-id").count(), 1, "{rules:?}");
}

#[test]
fn exactly_one_assertion() {
    let second = "<Assertion ID='_b'/></p:Response>";
    let expected = "assertion.multiple: the response has 2 assertions, expected one";
    assert_eq!(told(&with("</p:Response>", second)), expected);
    let second = "<EncryptedAssertion/></p:Response>";
    assert_eq!(told(&with("</p:Response>", second)), expected);
}

/// It says why there is no assertion, and is not signed by everybody.
#[test]
fn a_failure_without_an_assertion() {
    let (before, rest) = GOOD.split_once("<Assertion ").unwrap();
    let (_, after) = rest.split_once("</Assertion>").unwrap();
    let xml = format!("{before}{after}").replace(
        "status:Success'/>",
        "status:Responder'><p:StatusCode Value='urn:second'/></p:StatusCode>\
         <p:StatusMessage>no such user</p:StatusMessage>",
    );
    let expected = "response.status: the identity provider reports \
                    \"urn:oasis:names:tc:SAML:2.0:status:Responder\" / \"urn:second\": \
                    \"no such user\"";
    let unsigned = verdict_as_is(&sp(), &xml, Some(&asked())).unwrap_err();
    assert_eq!(unsigned.to_string(), expected);
    assert_eq!(verdict(&xml, "_r").unwrap_err().to_string(), expected);
    // What else is wrong is said too.
    let other = xml.replace("_q", "_x");
    let verdict = verdict_as_is(&sp(), &other, Some(&asked()));
    assert_eq!(rules(verdict), ["response.in-response-to", "response.status"]);
    // With an assertion it is no less a failure.
    assert_eq!(
        rules(self::verdict(&with("status:Success", "status:Responder"), "_a")),
        ["response.status"]
    );
}

#[test]
fn who_says_it() {
    let expected = "response.issuer: the response is issued by \"https://idp\", expected \
                    \"https://idp/\": they differ in the slash at the end only";
    assert_eq!(told(&with("https://idp/", "https://idp")), expected);
    let expected = "assertion.issuer: the assertion is issued by \"https://idp\", expected \
                    \"https://idp/\": they differ in the slash at the end only";
    assert_eq!(told(&with_inside("https://idp/", "https://idp")), expected);
    let xml = with_inside("<Issuer>https://idp/</Issuer>", "");
    let expected = "assertion.issuer: the assertion is issued by none, expected \"https://idp/\": \
                    they differ";
    assert_eq!(told(&xml), expected);
}

#[test]
fn where_it_is_sent() {
    let xml = with("Destination='https://sp/acs'", "Destination='https://sp/acs/'");
    let expected = "response.destination: the response is for \"https://sp/acs/\", expected \
                    https://sp/acs or https://sp/other: they differ in the slash at the end only";
    assert_eq!(told(&xml), expected);
    assert!(verdict(&with("https://sp/acs", "https://sp/other"), "_a").is_ok());
    // What is signed has to say it; what is not need not.
    let none = with(" Destination='https://sp/acs'", "");
    assert!(verdict(&none, "_a").is_ok());
    let expected = "response.destination: the response is signed and has no Destination, which it \
                    must have then";
    assert_eq!(verdict(&none, "_r").unwrap_err().to_string(), expected);
}

#[test]
fn what_it_answers() {
    let expected = "response.in-response-to: the response answers the request \"_x\", expected \
                    \"_q\"";
    assert_eq!(told(&with("InResponseTo='_q'", "InResponseTo='_x'")), expected);
    let expected = "subject.in-response-to: the confirmation answers the request \"_x\", expected \
                    \"_q\"";
    assert_eq!(told(&with_inside("InResponseTo='_q'", "InResponseTo='_x'")), expected);
    // An answer says so where it is signed too.
    let expected = "subject.in-response-to: the confirmation answers no request, expected \"_q\"";
    assert_eq!(told(&with_inside(" InResponseTo='_q'", "")), expected);
    // Nothing was asked, and one part of it answers something.
    let sp = builder().allow_unsolicited().build().unwrap();
    let unasked = |xml: &str| rules(verdict_of(&sp, xml, "_a", None));
    assert_eq!(unasked(&with(" InResponseTo='_q'", "")), ["subject.in-response-to"]);
    let outside = with_inside(" InResponseTo='_q'", "");
    assert_eq!(unasked(&outside), ["response.in-response-to"]);
}

#[test]
fn whom_it_is_about() {
    for (from, to, expected) in [
        ("<NameID>ada</NameID>", "", "assertion.name-id: the Subject has no NameID"),
        (">ada<", "> \n<", "assertion.name-id: the NameID is empty"),
        (
            "<NameID>ada</NameID>",
            "<EncryptedID/>",
            "assertion.encrypted: the assertion, or the name in it, is encrypted, and no key is given",
        ),
    ] {
        assert_eq!(told(&with(from, to)), expected);
    }
    let (before, rest) = GOOD.split_once("<Subject>").unwrap();
    let (_, after) = rest.split_once("</Subject>").unwrap();
    let expected = "assertion.subject: the assertion has no Subject";
    assert_eq!(told(&format!("{before}{after}")), expected);
}

#[test]
fn how_it_is_confirmed() {
    let none = "subject.confirmation: no confirmation of the subject is a bearer's with data";
    assert_eq!(told(&with("cm:bearer", "cm:sender-vouches")), none);
    let (before, rest) = GOOD.split_once("<SubjectConfirmationData").unwrap();
    let (_, after) = rest.split_once("/>").unwrap();
    assert_eq!(told(&format!("{before}{after}")), none);
    for (from, to, expected) in [
        (
            " Recipient='https://sp/acs'",
            "",
            "subject.recipient: the confirmation is for none, expected https://sp/acs or \
             https://sp/other: they differ",
        ),
        (
            "Recipient='https://sp/acs'",
            "Recipient='http://sp/acs'",
            "subject.recipient: the confirmation is for \"http://sp/acs\", expected https://sp/acs \
             or https://sp/other: they differ in http and https only",
        ),
        (
            "<SubjectConfirmationData ",
            "<SubjectConfirmationData NotBefore='2026-06-01T11:00:00Z' ",
            "subject.not-before: the confirmation has a NotBefore, which a bearer's must not have",
        ),
        (
            " NotOnOrAfter='2026-06-01T12:05:00Z'",
            "",
            "subject.expired: the confirmation has no NotOnOrAfter",
        ),
        (
            "NotOnOrAfter='2026-06-01T12:05:00Z'",
            "NotOnOrAfter='2026-06-01T11:57:00Z'",
            "subject.expired: the confirmation counted until 2026-06-01 11:57:00 UTC, 3 minutes ago",
        ),
    ] {
        assert_eq!(told(&with(from, to)), expected);
    }
    // Of two that do not hold, all is said.
    let other = confirmation("bearer", "Recipient='https://sp/acs' InResponseTo='_q'");
    let xml = with(
        "cm:bearer'><SubjectConfirmationData",
        "cm:bearer'><SubjectConfirmationData NotBefore='2026-06-01T11:00:00Z'",
    );
    let xml = xml.replace("</Subject>", &format!("{other}</Subject>"));
    assert_eq!(rules(verdict(&xml, "_a")), ["subject.not-before", "subject.expired"]);
}

#[test]
fn when_it_is_valid() {
    let issued = |time: &str| {
        with_inside("IssueInstant='2026-06-01T12:00:00Z'", &format!("IssueInstant='{time}'"))
    };
    let from = |time: &str| with("<Conditions ", &format!("<Conditions NotBefore='{time}' "));
    let until =
        |time: &str| with("NotOnOrAfter='2026-06-01T13:00:00Z'", &format!("NotOnOrAfter='{time}'"));
    let session = |time: &str| {
        with("<AuthnStatement ", &format!("<AuthnStatement SessionNotOnOrAfter='{time}' "))
    };
    for good in [
        issued("2026-06-01T12:03:00Z"),
        from("2026-06-01T12:03:00Z"),
        until("2026-06-01T11:57:01Z"),
        session("2026-06-01T11:57:01Z"),
    ] {
        assert!(verdict(&good, "_a").is_ok(), "{good}");
    }
    for (bad, expected) in [
        (
            issued("2026-06-01T12:03:01Z"),
            "assertion.issue-instant: the assertion was issued 3 minutes from now",
        ),
        (
            from("2026-06-01T12:03:01Z"),
            "assertion.not-yet-valid: the assertion counts from 2026-06-01 12:03:01 UTC on, 3 \
             minutes from now",
        ),
        (
            until("2026-06-01T11:57:00Z"),
            "assertion.expired: the assertion counted until 2026-06-01 11:57:00 UTC, 3 minutes ago",
        ),
        (
            session("2026-06-01T11:57:00Z"),
            "assertion.session-expired: the session ended at 2026-06-01 11:57:00 UTC, 3 minutes ago",
        ),
    ] {
        assert_eq!(told(&bad), expected);
    }
}

#[test]
fn for_whom_it_is() {
    let expected = "assertion.audience: the assertion is for \"urn:SP\", expected \"urn:sp\": they \
                    differ in upper and lower case only";
    assert_eq!(told(&with("urn:sp", "urn:SP")), expected);
    let two = "<Audience>urn:other</Audience><Audience>urn:sp</Audience>";
    assert!(verdict(&with("<Audience>urn:sp</Audience>", two), "_a").is_ok());
    // Each restriction has to be met.
    let second =
        "<AudienceRestriction><Audience>urn:other</Audience></AudienceRestriction></Conditions>";
    let expected =
        "assertion.audience: the assertion is for \"urn:other\", expected \"urn:sp\": they differ";
    assert_eq!(told(&with("</Conditions>", second)), expected);
    let restriction = "<AudienceRestriction><Audience>urn:sp</Audience></AudienceRestriction>";
    assert_eq!(told(&with(restriction, "")), "assertion.audience: the assertion names no audience");
    let also = builder().audience("urn:SP").build().unwrap();
    assert!(verdict_of(&also, &with("urn:sp", "urn:SP"), "_a", Some(&asked())).is_ok());
}

#[test]
fn what_else_it_has_to_have() {
    let (before, rest) = GOOD.split_once("<Conditions ").unwrap();
    let (_, after) = rest.split_once("</Conditions>").unwrap();
    let expected = "assertion.conditions: the assertion has no Conditions";
    assert_eq!(told(&format!("{before}{after}")), expected);
    let (before, rest) = GOOD.split_once("<AuthnStatement ").unwrap();
    let (_, after) = rest.split_once("</AuthnStatement>").unwrap();
    let expected = "assertion.authn-statement: the assertion has no AuthnStatement";
    assert_eq!(told(&format!("{before}{after}")), expected);
    for known in ["<OneTimeUse/>", "<ProxyRestriction/>"] {
        assert!(verdict(&with("</Conditions>", &format!("{known}</Conditions>")), "_a").is_ok());
    }
    let expected = "assertion.condition-unknown: the condition <x> is not known, so that the \
                    assertion must not be relied on";
    assert_eq!(told(&with("</Conditions>", "<x/></Conditions>")), expected);
}

/// All of it, and not only the first, where a signature vouches for it too.
#[test]
fn each_fault_is_said() {
    let xml = with("<Attribute Name='groups'>", "<Attribute>").replace("urn:sp", "urn:other");
    let rejection = verdict(&xml, "_a").unwrap_err();
    let rules: Vec<&str> = rejection.rules().collect();
    assert_eq!(rules, ["assertion.audience", "assertion.schema"]);
}
