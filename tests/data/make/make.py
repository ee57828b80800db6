#!/usr/bin/env python3
"""Makes the certificates of the tests and the metadata in examples/.

Run once; what it made is committed, because keys and so all octets differ from run to run. The
private keys are made for tests, used once and not kept, but for the ones in ../keys, which say
so. Needs python3 with the package cryptography, the commands openssl and xmlsec1.
"""
import base64
import datetime
import pathlib
import secrets
import subprocess
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

HERE = pathlib.Path(__file__).resolve().parent
CERTIFICATES = HERE.parent / "certificates"
KEYS = HERE.parent / "keys"
EXAMPLES = HERE.parent.parent.parent / "examples"
TENANT = "5b0e8c1e-93d4-4f6a-8a27-1f0c2d9b7e64"
ENTRA_APP = "Microsoft Azure Federated SSO Certificate"
ENTRA_TENANT = "accounts.accesscontrol.windows.net"


def day(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)


def certificate(cn, start, end, key=None, extensions=()):
    """Self-signed, X.509 v3, without extensions unless asked, as Entra's are."""
    key = key or rsa.generate_private_key(public_exponent=65537, key_size=2048)
    # 16 bytes, as Entra's: with it the base64 of a certificate has 1008 characters, as theirs.
    serial = (secrets.randbits(127) | 1 << 126)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, cn)])
    builder = (x509.CertificateBuilder().subject_name(name).issuer_name(name)
               .public_key(key.public_key()).serial_number(serial)
               .not_valid_before(day(start)).not_valid_after(day(end)))
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    made = builder.sign(key, hashes.SHA256())
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode(), key


def by_openssl(cn, bits, digest):
    """What the library above refuses to make: small keys and SHA-1 signatures."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", f"rsa:{bits}", "-nodes", f"-{digest}", "-days",
             "1500", "-subj", f"/CN={cn}", "-keyout", f"{folder}/k", "-out", f"{folder}/c",
             "-outform", "DER"], check=True, capture_output=True)
        return base64.b64encode(pathlib.Path(f"{folder}/c").read_bytes()).decode()


def repeated_extension():
    """The same extension twice: made with two that differ in the last digit, then patched."""
    first, second = (x509.UnrecognizedExtension(ObjectIdentifier(f"1.3.6.1.4.1.99999.{n}"), b"\x05\x00")
                     for n in (1, 2))
    text, _ = certificate("repeated extension", "2026-01-01", "2029-01-01", extensions=(first, second))
    der = base64.b64decode(text)
    oid = [bytes.fromhex("06092b06010401868d1f") + bytes([n]) for n in (1, 2)]
    assert der.count(oid[1]) == 1, der.hex()
    return base64.b64encode(der.replace(oid[1], oid[0])).decode()


def key_info(text):
    return (f'<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>{text}'
            "</X509Certificate></X509Data></KeyInfo>")


def key_descriptors(texts):
    return "".join(f'<KeyDescriptor use="signing">{key_info(t)}</KeyDescriptor>' for t in texts)


CLAIMS = [
    ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "Name", "The mutable display name of the user."),
    ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier", "Subject", "An identifier of the user that is unique to the application."),
    ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname", "Given Name", "First name of the user."),
    ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname", "Surname", "Last name of the user."),
    ("http://schemas.microsoft.com/identity/claims/displayname", "Display Name", "Display name of the user."),
    ("http://schemas.microsoft.com/identity/claims/objectidentifier", "ObjectIdentifier", "Primary identifier for the user in the directory."),
    ("http://schemas.microsoft.com/identity/claims/tenantid", "TenantId", "Identifier for the user's tenant."),
    ("http://schemas.microsoft.com/identity/claims/identityprovider", "IdentityProvider", "Identity provider for the user."),
    ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "Email", "Email address of the user."),
    ("http://schemas.microsoft.com/ws/2008/06/identity/claims/groups", "Groups", "Groups of the user."),
    ("http://schemas.microsoft.com/ws/2008/06/identity/claims/role", "Role", "Roles that the user or Service Principal is attached to"),
]
FED = ('protocolSupportEnumeration="http://docs.oasis-open.org/wsfed/federation/200706" '
       'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
       'xmlns:fed="http://docs.oasis-open.org/wsfed/federation/200706"')


def reference(url):
    return ('<wsa:EndpointReference xmlns:wsa="http://www.w3.org/2005/08/addressing"><wsa:Address>'
            f"{url}</wsa:Address></wsa:EndpointReference>")


def entra(tenant_in_id, tenant_in_url, texts, key, identifier):
    """One line, in the order of the real thing: signature, WS-Federation roles, IDPSSODescriptor."""
    entity = f"https://sts.windows.net/{tenant_in_id}/"
    login = f"https://login.microsoftonline.com/{tenant_in_url}"
    keys = key_descriptors(texts)
    claims = "".join(
        f'<auth:ClaimType Uri="{uri}" xmlns:auth="http://docs.oasis-open.org/wsfed/authorization/200706">'
        f"<auth:DisplayName>{name}</auth:DisplayName><auth:Description>{text}</auth:Description></auth:ClaimType>"
        for uri, name, text in CLAIMS)
    wsfed = reference(login + "/wsfed")
    post = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
    redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
    unsigned = (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<EntityDescriptor ID="_{identifier}" entityID="{entity}" xmlns="urn:oasis:names:tc:SAML:2.0:metadata">'
        '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>'
        '<CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#" />'
        '<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" />'
        f'<Reference URI="#_{identifier}"><Transforms>'
        '<Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature" />'
        '<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#" /></Transforms>'
        '<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256" /><DigestValue></DigestValue>'
        "</Reference></SignedInfo><SignatureValue></SignatureValue><KeyInfo><X509Data>"
        f"<X509Certificate>{texts[0]}</X509Certificate></X509Data></KeyInfo></Signature>"
        f'<RoleDescriptor xsi:type="fed:SecurityTokenServiceType" {FED}>{keys}'
        f"<fed:ClaimTypesOffered>{claims}</fed:ClaimTypesOffered>"
        f"<fed:SecurityTokenServiceEndpoint>{wsfed}</fed:SecurityTokenServiceEndpoint>"
        f"<fed:PassiveRequestorEndpoint>{wsfed}</fed:PassiveRequestorEndpoint></RoleDescriptor>"
        f'<RoleDescriptor xsi:type="fed:ApplicationServiceType" {FED}>{keys}'
        f"<fed:TargetScopes>{reference(entity)}</fed:TargetScopes>"
        f"<fed:ApplicationServiceEndpoint>{wsfed}</fed:ApplicationServiceEndpoint>"
        f"<fed:PassiveRequestorEndpoint>{wsfed}</fed:PassiveRequestorEndpoint></RoleDescriptor>"
        f'<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">{keys}'
        f'<SingleLogoutService Binding="{redirect}" Location="{login}/saml2" />'
        f'<SingleSignOnService Binding="{redirect}" Location="{login}/saml2" />'
        f'<SingleSignOnService Binding="{post}" Location="{login}/saml2" /></IDPSSODescriptor></EntityDescriptor>')
    return signed(unsigned, key)


def signed(template, key):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "t.xml").write_text(template)
        (path / "k.pem").write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        entity = "urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor"
        subprocess.run(["xmlsec1", "--sign", "--id-attr:ID", entity, "--privkey-pem", path / "k.pem",
                        "--output", path / "o.xml", path / "t.xml"], check=True, capture_output=True)
        out = (path / "o.xml").read_text()
    # Only the two values are taken from what xmlsec1 writes: it orders attributes and breaks lines
    # its own way, and the real files do not.
    for tag in ("DigestValue", "SignatureValue"):
        value = out.split(f"<{tag}>")[1].split("<")[0].replace("\n", "")
        template = template.replace(f"<{tag}></{tag}>", f"<{tag}>{value}</{tag}>")
    return template


def main():
    for folder in (CERTIFICATES, KEYS, EXAMPLES):
        folder.mkdir(parents=True, exist_ok=True)
    active, active_key = certificate(ENTRA_APP, "2024-03-04T09:12:31", "2027-03-04T09:12:31")
    after, _ = certificate(ENTRA_APP, "2026-11-10T14:05:02", "2029-11-10T14:05:02")
    tenant, tenant_key = certificate(ENTRA_TENANT, "2026-01-25T21:03:48", "2031-01-25T21:03:48")
    tenant_next, _ = certificate(ENTRA_TENANT, "2026-08-11T19:00:06", "2031-08-11T19:00:06")
    made = {
        "active": active,
        "next": after,
        "tenant": tenant,
        "expired": certificate(ENTRA_APP, "2023-01-10", "2026-01-10")[0],
        "expires-soon": certificate(ENTRA_APP, "2023-12-14", "2026-12-14")[0],
        "not-yet-valid": certificate(ENTRA_APP, "2027-01-01", "2030-01-01")[0],
        "ec-p256": certificate("EC", "2026-01-01", "2029-01-01", ec.generate_private_key(ec.SECP256R1()))[0],
        "rsa-1024": certificate("RSA 1024", "2026-01-01", "2029-01-01",
                                rsa.generate_private_key(public_exponent=65537, key_size=1024))[0],
        "rsa-512": by_openssl("RSA 512", 512, "sha256"),
        "sha1": by_openssl("SHA-1", 2048, "sha1"),
        "repeated-extension": repeated_extension(),
        "two-extensions": certificate("two extensions", "2026-01-01", "2029-01-01", extensions=(
            x509.BasicConstraints(False, None), x509.OCSPNoCheck()))[0],
    }
    for name, text in made.items():
        (CERTIFICATES / f"{name}.b64").write_text(text + "\n")
    many = [certificate(f"key {n}", "2026-01-01", "2029-01-01", ec.generate_private_key(ec.SECP256R1()))[0]
            for n in range(11)]
    (CERTIFICATES / "eleven.b64").write_text("\n".join(many) + "\n")
    KEYS.joinpath("entra-app-active.test-only.pem").write_bytes(
        b"A key made for tests. It signs nothing but files in this repository.\n"
        + active_key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                   serialization.NoEncryption()))
    app = entra(TENANT, TENANT, [active, after], active_key, "c4a7e0d2-6b1f-4c58-9d3e-8f2a7b6c5d41")
    (EXAMPLES / "entra-app.xml").write_bytes(b"\xef\xbb\xbf" + app.encode())
    common = entra("{tenantid}", "common", [tenant, tenant_next], tenant_key, "0d1f5c3e-2b7a-4e69-8c40-7a9b6d5e4f31")
    (EXAMPLES / "entra-common.xml").write_bytes(b"\xef\xbb\xbf" + common.encode())
    aws, _ = certificate("urn:amazon:webservices", "2026-05-06T00:00:00", "2027-05-06T00:00:00")
    template = (HERE / "aws-iam.xml").read_text()
    (EXAMPLES / "aws-iam.xml").write_text(template.replace("CERTIFICATE", aws))


if __name__ == "__main__":
    main()
