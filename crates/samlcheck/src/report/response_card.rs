//! The facts of a response, as it says them of itself.

use samlkit::assertion::Assertion;
use samlkit::dsig::is_signed;

use crate::case::Case;

/// What a response says of itself, signed or not.
#[derive(Clone, Debug)]
pub struct ResponseCard {
    /// `IssueInstant`.
    pub issued: Option<String>,
    /// `Destination`.
    pub destination: Option<String>,
    /// The issuer of the assertion, or else of the response.
    pub issuer: Option<String>,
    /// `InResponseTo`.
    pub in_response_to: Option<String>,
    /// Whether that was compared with the request that the user named, or is that of a request in the same
    /// recording.
    pub is_request_known: bool,
    /// Whether there are requests in the recording, and it is that of none of them.
    pub is_of_no_request: bool,
    /// The codes of the status, without what all begin with, if it is no success.
    pub failure: Option<String>,
    /// The audiences of the assertion.
    pub audiences: Vec<String>,
    /// When the assertion counts.
    pub window: Option<(String, String)>,
    /// How many assertions there are, and how many encrypted ones.
    pub assertions: (usize, usize),
    /// What is signed, in words.
    pub signed: Vec<&'static str>,
}

impl ResponseCard {
    pub(crate) fn new(case: &Case<'_>) -> Option<Self> {
        let message = case.response.as_ref()?;
        let root = case.document.ok()?.root();
        let response = message.response.unverified();
        let assertion = message.first_assertion();
        let text = |value: Option<&samlkit::Value<'_>>| value.map(|value| value.text().to_owned());
        let issuer = assertion.and_then(|a| a.issuer.as_ref()).or(response.issuer.as_ref());
        let conditions = assertion.and_then(|assertion| assertion.conditions.as_ref());
        let signed = [
            (is_signed(root), "the response"),
            (response.assertions.first().is_some_and(|&e| is_signed(e)), "the assertion"),
        ];
        let context = case.options.verdict.as_ref();
        let requests = case.options.export.as_ref().map(|export| &export.requests);
        let is_recorded = response
            .in_response_to
            .as_ref()
            .is_some_and(|own| requests.is_some_and(|requests| requests.contains(own.text())));
        let failed = response.status.as_ref().filter(|status| !status.is_success());
        let short = |code: &str| code.rsplit(':').next().unwrap_or(code).to_owned();
        Some(Self {
            issued: text(response.issue_instant.as_ref()),
            destination: text(response.destination.as_ref()),
            issuer: text(issuer.map(|issuer| &issuer.value)),
            in_response_to: text(response.in_response_to.as_ref()),
            is_request_known: context.is_none_or(|context| {
                context.request_id.is_some() || context.sp.allows_unsolicited() || is_recorded
            }),
            is_of_no_request: !is_recorded && requests.is_some_and(|requests| !requests.is_empty()),
            failure: failed.map(|status| {
                status.codes.iter().map(|code| short(code.text())).collect::<Vec<_>>().join(" / ")
            }),
            audiences: assertion
                .into_iter()
                .flat_map(Assertion::audiences)
                .map(|audience| audience.to_string())
                .collect(),
            window: conditions.and_then(|conditions| {
                let from = text(conditions.not_before.as_ref());
                let until = text(conditions.not_on_or_after.as_ref());
                from.zip(until)
            }),
            assertions: (response.assertions.len(), response.encrypted_assertions.len()),
            signed: signed.into_iter().filter(|(is, _)| *is).map(|(_, what)| what).collect(),
        })
    }
}
