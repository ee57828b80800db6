//! The rule `metadata.endpoint-url`.

use url::Url;

use super::{CORRECT, endpoint_urls, endpoints};
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// An endpoint has no `Location`, or one that is not an absolute URL, or one with white space, a
    /// fragment, or a user name in it.
    ///
    /// ## Why it matters
    /// Browsers and servers repair such URLs, each in its own way, while SAML compares them
    /// character by character.
    ///
    /// ## How to fix it
    /// Write the URL exactly as the other side has it: scheme, host, path, and nothing around it.
    ///
    /// ## Example
    /// ```text
    /// bad   Location="idp.example/sso"
    /// good  Location="https://idp.example/sso"
    /// ```
    pub static ENDPOINT_URL = "metadata.endpoint-url" {
        severity: Error,
        sources: [Metadata("2.2.2")],
        check: Entity(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    if endpoints(entity).next().is_none() {
        return Outcome::DoesNotApply("there is no endpoint");
    }
    let without = endpoints(entity).filter(|element| element.attribute("Location").is_none());
    let without = without.map(|element| {
        Finding::new(format!("the <{}> has no Location", element.name()))
            .at(element.start_tag_range())
    });
    let wrong = endpoint_urls(entity).filter_map(|(element, url)| {
        let problem = problem(url.value())?;
        let (name, local) = (element.name(), url.name().local);
        let message = format!("the {local} of <{name}> {problem}: {:?}", url.value());
        Some(Finding::new(message).at(url.value_range()))
    });
    let expected = "an absolute URL, such as https://idp.example.com/saml";
    without.chain(wrong).map(|f| f.expected(expected).help(CORRECT)).collect()
}

/// What is wrong with a URL, as words that follow its name.
fn problem(text: &str) -> Option<&'static str> {
    if text.contains(char::is_whitespace) {
        return Some("has white space in or around it");
    }
    // A URL reader for browsers passes over missing and turned slashes.
    let has_slashes = text.split_once(':').is_some_and(|(_, rest)| rest.starts_with("//"));
    match Url::parse(text) {
        Ok(url) if has_slashes && url.has_host() && !text.contains('\\') => {
            if text.contains('#') {
                Some("has a fragment")
            } else if !url.username().is_empty() || url.password().is_some() {
                Some("has a user name in it")
            } else {
                None
            }
        }
        _ => Some("is not an absolute URL"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    fn at(url: &str) -> String {
        with(idp(), "\"https://idp.example.org/sso\"", &format!("\"{url}\""))
    }

    #[test]
    fn what_is_no_endpoint() {
        for (url, problem) in [
            ("", "is not an absolute URL"),
            ("/sso", "is not an absolute URL"),
            ("idp.example.org/sso", "is not an absolute URL"),
            ("https:/idp.example.org/sso", "is not an absolute URL"),
            ("https:\\\\idp.example.org/sso", "is not an absolute URL"),
            ("urn:x:y", "is not an absolute URL"),
            ("https://idp.example.org/sso ", "has white space"),
            ("https://idp.example.org/sso#x", "has a fragment"),
            ("https://user@idp.example.org/sso", "has a user name"),
        ] {
            let finding = fires(&ENDPOINT_URL, at(url));
            assert!(finding.message.contains(problem), "{url:?}: {}", finding.message);
        }
        let none = with(idp(), " Location=\"https://idp.example.org/sso\"", "");
        assert!(fires(&ENDPOINT_URL, none).message.ends_with("has no Location"));
        let response = with(idp(), "/sso\"", "/sso\" ResponseLocation=\"x\"");
        assert!(fires(&ENDPOINT_URL, response).message.contains("ResponseLocation"));
    }

    #[test]
    fn ports_queries_and_loopback() {
        passes(&ENDPOINT_URL, at("https://idp.example.org:8443/sso?x=y"));
        passes(&ENDPOINT_URL, at("http://[::1]:35001"));
        passes(&ENDPOINT_URL, CLIENT_VPN);
    }
}
