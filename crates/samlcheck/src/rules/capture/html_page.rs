//! The rule `capture.html-page`.

use samlkit::capture::CaptureError;

use super::{Captured, for_message};
use crate::case::Options;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The file is an HTML page without a SAML message in it: a sign-in page, the block page of a proxy, an
    /// error page.
    ///
    /// ## Why it matters
    /// Whoever downloaded it got the page in the place of the file: the session had ended, a proxy stepped in,
    /// or the address was that of the portal's page and not of the file.
    ///
    /// ## How to fix it
    /// Open the address in a browser and look at what it shows. Metadata of Entra is public at
    /// `https://login.microsoftonline.com/TENANT/federationmetadata/2007-06/federationmetadata.xml?appid=APP`;
    /// the portal has it under *Single sign-on > SAML certificates*.
    ///
    /// ## Example
    /// ```text
    /// bad   <!DOCTYPE html><title>Sign in to your account</title>
    /// good  <EntityDescriptor entityID="https://sts.windows.net/…/">
    /// ```
    pub static HTML_PAGE = "capture.html-page" {
        severity: Error,
        sources: [],
        check: Capture(check)
    }
}

fn check(captured: &Captured<'_>, _: &Options) -> Outcome {
    match captured {
        Err(error @ CaptureError::HtmlPage { .. }) => Finding::new(error.to_string())
            .expected("SAML metadata or a message")
            .help(
                "open the address in a browser: it shows a sign-in page, an error or a proxy's page. \
                 Then save the file itself: Entra admin center > Enterprise apps > (app) > Single \
                 sign-on > SAML certificates > Federation Metadata XML > Download",
            )
            .into(),
        other => for_message(other, |_| Outcome::Passed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    const PAGE: &str =
        "<!DOCTYPE html><html><head><title>\n Sign in to\n your account </title></head>";

    #[test]
    fn a_sign_in_page() {
        let finding = fires(&HTML_PAGE, PAGE);
        assert!(finding.message.ends_with(": \"Sign in to your account\""), "{}", finding.message);
        fires(&HTML_PAGE, "<html><body>blocked</body></html>");
    }

    #[test]
    fn a_page_that_posts_a_message() {
        let base64 = RESPONSE.split_once('=').unwrap().1;
        let form = format!(
            "{PAGE}<form><input type=\"hidden\" name=\"SAMLResponse\" value=\"{base64}\"></form>"
        );
        passes(&HTML_PAGE, form);
        does_not_apply(&HTML_PAGE, idp());
    }
}
