#!/usr/bin/env python3
"""Makes the encrypted responses of the tests: the assertion of a good vector, with its signature,
encrypted for the key rsa-2048 in every way that is read. Run once; what it made is committed.
Needs python3 with the package cryptography.
"""
import base64
import os
import pathlib

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent
OLD = "http://www.w3.org/2001/04/xmlenc#"
NEW = "http://www.w3.org/2009/xmlenc11#"
DS = "http://www.w3.org/2000/09/xmldsig#"


def content(name, plain):
    key = os.urandom(int(name[3:6]) // 8)
    if name.endswith("gcm"):
        nonce = os.urandom(12)
        return NEW + name, key, nonce + AESGCM(key).encrypt(nonce, plain, None)
    vector = os.urandom(16)
    pad = 16 - len(plain) % 16
    # Only the last octet of the padding says something.
    plain += os.urandom(pad - 1) + bytes([pad])
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return OLD + name, key, vector + encryptor.update(plain) + encryptor.finalize()


def transport(name, public, key):
    sha1, sha256, sha512 = hashes.SHA1(), hashes.SHA256(), hashes.SHA512()
    oaep = lambda digest, mask: padding.OAEP(padding.MGF1(mask), digest, None)
    digest = lambda uri: f'<ds:DigestMethod xmlns:ds="{DS}" Algorithm="{uri}"/>'
    mgf = lambda which: f'<n:MGF xmlns:n="{NEW}" Algorithm="{NEW}{which}"/>'
    return {
        "oaep-mgf1p": (OLD + "rsa-oaep-mgf1p", "", oaep(sha1, sha1)),
        "oaep-mgf1p-sha256": (OLD + "rsa-oaep-mgf1p", digest(OLD + "sha256"), oaep(sha256, sha1)),
        "oaep-sha256": (NEW + "rsa-oaep", digest(OLD + "sha256") + mgf("mgf1sha256"), oaep(sha256, sha256)),
        "oaep-sha512-mgf1sha1": (NEW + "rsa-oaep", digest(OLD + "sha512") + mgf("mgf1sha1"), oaep(sha512, sha1)),
        "pkcs1": (OLD + "rsa-1_5", "", padding.PKCS1v15()),
    }[name]


def part(name, plain, public, namespace=""):
    """The assertion or an element of it, encrypted in the way of Shibboleth."""
    method, key, value = content("aes256-gcm", plain.encode())
    uri, parameters, scheme = transport("oaep-mgf1p", public, key)
    encode = lambda octets: base64.encodebytes(octets).decode()
    return (f'<{name}{namespace} xmlns:xenc="{OLD}"><xenc:EncryptedData Type="{OLD}Element">'
            f'<xenc:EncryptionMethod Algorithm="{method}"/><ds:KeyInfo xmlns:ds="{DS}"><xenc:EncryptedKey>'
            f'<xenc:EncryptionMethod Algorithm="{uri}">{parameters}</xenc:EncryptionMethod><xenc:CipherData>'
            f'<xenc:CipherValue>{encode(public.encrypt(key, scheme))}</xenc:CipherValue></xenc:CipherData>'
            f'</xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData><xenc:CipherValue>{encode(value)}'
            f'</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></{name}>')


def parts(public):
    """The same response without a signature, its name and one attribute encrypted: for tests to sign.
    Beside it one with a name that is empty, one with an element in the name, and one where something
    else is encrypted; and two with the whole assertion encrypted, in one of them with an ID twice."""
    response = (DATA / "vectors/responses/good-assertion-signed.xml").read_text()
    cut = lambda text, first, last: (text.index(first), text.index(last, text.index(first)) + len(last))
    start, end = cut(response, "<Signature ", "</Signature>")
    response = response[:start] + response[end:]
    name = slice(*cut(response, "<NameID ", "</NameID>"))
    attribute = slice(*cut(response, '<Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName"', "</Attribute>"))
    target = DATA / "encrypted-parts"
    target.mkdir(exist_ok=True)
    namespace = ' xmlns="urn:oasis:names:tc:SAML:2.0:assertion"'
    for case, plain in (("good", response[name].replace("<NameID", "<NameID" + namespace)),
                        ("empty", f"<NameID{namespace}> </NameID>"),
                        ("element", f"<NameID{namespace}>ada@<x/>example.com</NameID>"),
                        ("other", f"<Audience{namespace}>ada@example.com</Audience>")):
        (target / f"{case}.xml").write_text(
            response[:name.start] + part("EncryptedID", plain, public) + response[name.stop:attribute.start]
            + part("EncryptedAttribute", response[attribute], public) + response[attribute.stop:])
    whole = slice(*cut(response, "<Assertion ", "</Assertion>"))
    plain = response[whole]
    for case, plain in (("assertion", plain), ("assertion-id-twice", plain.replace("<NameID ", '<NameID ID="_a1" '))):
        (target / f"{case}.xml").write_text(
            response[:whole.start] + part("EncryptedAssertion", plain, public, namespace) + response[whole.stop:])


def main():
    target = DATA / "encrypted"
    target.mkdir(exist_ok=True)
    response = (DATA / "vectors/responses/good-assertion-signed.xml").read_text()
    start, end = response.index("<Assertion "), response.index("</Assertion>") + len("</Assertion>")
    pem = (DATA / "keys/rsa-2048.test-only.pem").read_bytes()
    public = serialization.load_pem_private_key(pem, None).public_key()
    parts(public)
    cases = [(cipher, "oaep-mgf1p") for cipher in
             ("aes128-cbc", "aes192-cbc", "aes256-cbc", "aes128-gcm", "aes192-gcm", "aes256-gcm")]
    cases += [("aes256-gcm", way) for way in ("oaep-mgf1p-sha256", "oaep-sha256", "oaep-sha512-mgf1sha1", "pkcs1")]
    for cipher, way in cases:
        method, key, value = content(cipher, response[start:end].encode())
        uri, parameters, scheme = transport(way, public, key)
        encode = lambda octets: base64.encodebytes(octets).decode()
        wrapped = (f'<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="{uri}">{parameters}</xenc:EncryptionMethod>'
                   f'<xenc:CipherData><xenc:CipherValue>{encode(public.encrypt(key, scheme))}</xenc:CipherValue>'
                   '</xenc:CipherData></xenc:EncryptedKey>')
        # Inside KeyInfo, or beside the data: both are in use.
        inside = cipher != "aes192-gcm"
        info = f'<ds:KeyInfo xmlns:ds="{DS}">{wrapped if inside else ""}</ds:KeyInfo>'
        encrypted = (f'<EncryptedAssertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xenc="{OLD}">'
                     f'<xenc:EncryptedData Type="{OLD}Element"><xenc:EncryptionMethod Algorithm="{method}"/>{info}'
                     f'<xenc:CipherData><xenc:CipherValue>{encode(value)}</xenc:CipherValue></xenc:CipherData>'
                     f'</xenc:EncryptedData>{"" if inside else wrapped}</EncryptedAssertion>')
        (target / f"{cipher}.{way}.xml").write_text(response[:start] + encrypted + response[end:])


if __name__ == "__main__":
    main()
