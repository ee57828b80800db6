#!/bin/sh
# Makes the seeds: signed documents by xmlsec1 and a key of the tests, and small documents of every
# kind. Run once; what it made is committed.
set -eu
cd "$(dirname "$0")"
root=../..
template() {
    exclusive=http://www.w3.org/2001/10/xml-exc-c14n#
    printf '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo><CanonicalizationMethod Algorithm="%s"/><SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><Reference URI="#%s"><Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><Transform Algorithm="%s"/></Transforms><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference></SignedInfo><SignatureValue/></Signature>' $exclusive "$1" $exclusive
}
sign() { # node, output; the template comes by standard input
    cat > t.xml
    xmlsec1 --sign --id-attr:ID "$1" --privkey-pem $root/tests/data/keys/rsa-2048.test-only.pem --output "$2" t.xml
    rm t.xml
}
assertion() {
    printf '<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1"><a:Issuer>i</a:Issuer>%s<a:Subject><a:NameID>ada</a:NameID></a:Subject></a:Assertion>' "$(template _1)"
}
assertion | sign urn:oasis:names:tc:SAML:2.0:assertion:Assertion verify/assertion.xml
printf '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" ID="_m" entityID="e">%s<Organization/></EntityDescriptor>' "$(template _m)" |
    sign urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor verify/metadata.xml
printf '<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r">%s%s</p:Response>' "$(template _r)" "$(tail -n +2 verify/assertion.xml)" |
    sign urn:oasis:names:tc:SAML:2.0:protocol:Response verify/response.xml
cp $root/examples/aws-client-vpn.xml xml_parse/
for name in attr-escapes cdata comments crlf-literal pi utf8 xml-base saml-shape default-shadow; do
    cp $root/tests/data/vectors/c14n/$name.xml xml_parse/
    for method in 0 1 2 3 4 5; do
        { printf "\\00$method"; cat $root/tests/data/vectors/c14n/$name.xml; } > c14n/$name-$method
    done
done
mkdir -p binding capture_decode check metadata_read verify_response
for name in aws-client-vpn aws-identity-center; do cp $root/examples/$name.xml metadata_read/; done
cp $root/tests/cmd/files/folder/cut.xml metadata_read/
for name in good-assertion-signed good-both-signed good-prefixes good-escapes-and-cdata xsw3 unsigned; do
    cp $root/tests/data/vectors/responses/$name.xml verify_response/
done
printf 'SAMLResponse=PHNhbWxwOlJlc3BvbnNlLz4%%3D&RelayState=x' > capture_decode/form
printf 'https://idp.example/?SAMLRequest=s0nUtwMA&SigAlg=x&Signature=y' > capture_decode/url
printf '<html><input type="hidden" name="SAMLResponse" value="PGEvPg=="/></html>' > capture_decode/page
printf 'PGE+\nPj48L2E+' > capture_decode/base64
printf 's0nUtwMA' > capture_decode/deflated
for name in aws-client-vpn aws-identity-center; do cp $root/examples/$name.xml check/; done
for name in good-assertion-signed status-failure-entra unsigned; do
    cp $root/tests/data/vectors/responses/$name.xml check/
done
cp $root/tests/cmd/files/response/redirect-url.txt check/
printf 'SAMLResponse=PHNhbWxwOlJlc3BvbnNlLz4%%3D&RelayState=x+y' > binding/post
# The message is the DEFLATE of a LogoutRequest for ada.
query='SAMLRequest=%s&RelayState=x+y&SigAlg=http%%3A%%2F%%2Fwww.w3.org%%2F2001%%2F04%%2Fxmldsig-more%%23rsa-sha256'
escape() { sed 's/+/%2B/g; s|/|%2F|g; s/=/%3D/g' | tr -d '\n'; }
query=$(printf "$query" 's%2FHJT88vLQlKLSxNLS5RqMjNySu2VSotyrPKTyzOLLbKS8xNLbYqSbYKdvT1sTLSM7AqKMovyU%2FOz1FS8HSxVYo3VLKz8QMq8nQhRnNicXFqUUlmfp6SXWJKoo0%2BRKedjT6KM%2BwA')
printf '%s' "$query" > binding/redirect
signature=$(printf '%s' "$query" | openssl dgst -sha256 -sign $root/tests/data/keys/rsa-2048.test-only.pem | base64 -w 0 | escape)
printf '&Signature=%s' "$signature" >> binding/redirect
