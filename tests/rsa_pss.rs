//! RSA-PSS in the two spellings that exist, with signatures made by the `openssl` command, because
//! xmlsec1 has none before its version 1.3.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use samlkit::dsig::{AlgorithmPolicy, Digest, VerifyingKey, verify};
use samlkit::names::SIGNATURE;
use samlkit::xml::{Canonicalization, Document};
use samlkit_tests::key;
use samlkit_tests::openssl::sign as openssl;

/// A document whose signature is RSA-PSS by the `openssl` command, under this SignatureMethod.
fn pss(method: &str, salt: &str) -> Option<String> {
    let content = "<Assertion ID=\"_1\"></Assertion>";
    let digest = STANDARD.encode(Digest::Sha256.value(content.as_bytes()));
    let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    let unsigned = format!(
        "<Assertion ID='_1'><Signature xmlns='{SIGNATURE}'><SignedInfo>\
         <CanonicalizationMethod Algorithm='{exclusive}'/>{method}<Reference URI='#_1'><Transforms>\
         <Transform Algorithm='http://www.w3.org/2000/09/xmldsig#enveloped-signature'/>\
         <Transform Algorithm='{exclusive}'/></Transforms>\
         <DigestMethod Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/>\
         <DigestValue>{digest}</DigestValue></Reference></SignedInfo>\
         <SignatureValue>VALUE</SignatureValue></Signature></Assertion>"
    );
    let document = Document::parse(unsigned.as_bytes()).unwrap();
    let info = document.elements().find(|element| element.is(SIGNATURE, "SignedInfo")).unwrap();
    let octets = Canonicalization::by_uri(exclusive).unwrap().octets(info, None).unwrap();
    let salt = format!("rsa_pss_saltlen:{salt}");
    let options = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", &salt];
    let value = openssl("rsa-2048", &options, &octets)?;
    Some(unsigned.replace("VALUE", &STANDARD.encode(value)))
}

#[test]
fn rsa_pss_in_both_spellings() {
    let more = "http://www.w3.org/2007/05/xmldsig-more#";
    let sha256 = "http://www.w3.org/2001/04/xmlenc#sha256";
    let with = |parameters: &str| {
        format!(
            "<SignatureMethod Algorithm='{more}rsa-pss'><p:RSAPSSParams xmlns:p='{more}'>{parameters}\
             </p:RSAPSSParams></SignatureMethod>"
        )
    };
    let digest = format!("<DigestMethod xmlns='{SIGNATURE}' Algorithm='{sha256}'/>");
    let mask = format!(
        "<p:MaskGenerationFunction Algorithm='{more}MGF1'>{digest}</p:MaskGenerationFunction>"
    );
    let full =
        format!("{digest}{mask}<p:SaltLength>32</p:SaltLength><p:TrailerField>1</p:TrailerField>");
    let trusted = [VerifyingKey::from_pem(&key("rsa-2048").1).unwrap()];
    let rules = |xml: String| -> Vec<&'static str> {
        let document = Document::parse(xml.as_bytes()).unwrap();
        let verdict = verify(document.root(), &trusted, &AlgorithmPolicy::default());
        verdict.err().map_or(Vec::new(), |r| r.failures().iter().map(|f| f.rule()).collect())
    };
    for method in [
        format!("<SignatureMethod Algorithm='{more}sha256-rsa-MGF1'/>"),
        format!("<SignatureMethod Algorithm='{more}rsa-pss'/>"),
        with(""),
        with(&full),
    ] {
        let Some(xml) = pss(&method, "32") else { return };
        assert_eq!(rules(xml), [""; 0], "{method}");
    }
    // Parameters that mean another thing than the spelling without them are not accepted.
    for parameters in [
        full.replace("32", "20"),
        full.replace(">1<", ">2<"),
        full.replace("#MGF1", "#MGF2"),
        full.replacen(sha256, "http://www.w3.org/2001/04/xmlenc#sha512", 1),
        format!("{full}<p:Other/>"),
    ] {
        let Some(xml) = pss(&with(&parameters), "32") else { return };
        assert_eq!(rules(xml), ["signature.algorithm"], "{parameters}");
    }
    // A salt of another length than the parameters say is another signature.
    let Some(xml) = pss(&format!("<SignatureMethod Algorithm='{more}sha256-rsa-MGF1'/>"), "20")
    else {
        return;
    };
    assert_eq!(rules(xml), ["signature.invalid"]);
}
