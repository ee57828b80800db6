//! The rule `certificate.unreadable`.

use samlkit::dsig::PublicKey;

use super::subject;
use crate::case::{Case, Entity};
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The text of an `X509Certificate` is not base64, what it encodes is no certificate, or the key in
    /// the certificate cannot be read, such as a point that is not on its curve.
    ///
    /// ## Why it matters
    /// A service provider cannot take a key from it. Some refuse the whole file, others skip the
    /// certificate, and sign-in fails on the day the identity provider signs with that key.
    ///
    /// ## How to fix it
    /// Download the metadata again. If it was put together by hand: the element holds the base64
    /// between the `BEGIN` and `END` lines of one PEM certificate, and nothing else.
    ///
    /// ## Example
    /// ```text
    /// bad   <X509Certificate>-----BEGIN CERTIFICATE-----MIIC8D…</X509Certificate>
    /// good  <X509Certificate>MIIC8D…</X509Certificate>
    /// ```
    pub static UNREADABLE = "certificate.unreadable" {
        severity: Error,
        sources: [XmlSignature("4.5.4"), Other("RFC 5280, 4.1")],
        check: Entity(check)
    }
}

fn check(_: &Case<'_>, entity: &Entity<'_>) -> Outcome {
    if entity.certificates.is_empty() {
        return Outcome::DoesNotApply("the entity lists no certificate");
    }
    let findings = entity.certificates.iter().filter_map(|key| {
        let message = match &key.decoded {
            Err(error) => format!("a certificate cannot be read: {error}"),
            Ok(certificate) if certificate.public_key == PublicKey::Unknown => {
                format!("the key in the certificate {} cannot be read", subject(certificate))
            }
            Ok(_) => return None,
        };
        let finding = Finding::new(message);
        let help = "download the metadata again, or put in the base64 between the BEGIN and END \
                    lines of the PEM certificate";
        Some(finding.at(key.range.clone()).expected("the base64 of one DER certificate").help(help))
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn text_that_is_no_certificate() {
        let (cut, _) = certificate("active").split_at(900);
        let finding = fires(&UNREADABLE, with(idp(), certificate("active"), cut));
        assert!(finding.message.contains("DER certificate"), "{}", finding.message);
        assert!(finding.location.is_some_and(|place| place.length == 900));
        let pem = format!("-----BEGIN CERTIFICATE-----\n{}", certificate("active"));
        let finding = fires(&UNREADABLE, with(idp(), certificate("active"), &pem));
        assert!(finding.message.contains("PEM"), "{}", finding.message);
    }

    #[test]
    fn a_point_that_is_not_on_its_curve() {
        let finding = fires(&UNREADABLE, idp_with(&["ec-off-the-curve"]));
        assert!(finding.message.starts_with("the key in the certificate "), "{}", finding.message);
        passes(&UNREADABLE, idp_with(&["ec-p256"]));
    }

    #[test]
    fn white_space_in_the_base64() {
        let (start, end) = certificate("active").split_at(64);
        let wrapped = format!("\n    {start}\r\n    {end}\n");
        passes(&UNREADABLE, with(idp(), certificate("active"), &wrapped));
        does_not_apply(&UNREADABLE, CLIENT_VPN);
    }
}
