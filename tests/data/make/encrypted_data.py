#!/usr/bin/env python3
"""Makes the `EncryptedData` elements that samlkit-dsig's own tests read: small plaintexts, each hostile or
odd in one way, for the key rsa-2048. Run once; what it made is committed.
Needs python3 with the package cryptography.
"""
import base64
import hashlib
import os
import pathlib

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

DATA = pathlib.Path(__file__).resolve().parent.parent
OLD = "http://www.w3.org/2001/04/xmlenc#"
NEW = "http://www.w3.org/2009/xmlenc11#"
DS = "http://www.w3.org/2000/09/xmldsig#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
PRIVATE = serialization.load_pem_private_key((DATA / "keys/rsa-2048.test-only.pem").read_bytes(), None)
encode = lambda octets: base64.b64encode(octets).decode()


def gcm(plain, key):
    nonce = os.urandom(12)
    return NEW + "aes128-gcm", nonce + AESGCM(key).encrypt(nonce, plain, None)


def cbc(plain, key, last=None):
    """With the padding of XML Encryption, or with that last octet, which then has to fill a block."""
    vector = os.urandom(16)
    if last is None:
        pad = 16 - len(plain) % 16
        plain += os.urandom(pad - 1) + bytes([pad])
    else:
        plain += bytes([last])
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return OLD + "aes128-cbc", vector + encryptor.update(plain) + encryptor.finalize()


def oaep(key, label=None):
    scheme = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), label)
    parameters = "" if label is None else f"<e:OAEPparams>{encode(label)}</e:OAEPparams>"
    return OLD + "rsa-oaep-mgf1p", parameters, PRIVATE.public_key().encrypt(key, scheme)


def pkcs1(key):
    return OLD + "rsa-1_5", "", PRIVATE.public_key().encrypt(key, padding.PKCS1v15())


def write(name, content, wrapped):
    (method, value), (uri, parameters, key) = content, wrapped
    (TARGET / f"{name}.xml").write_text(
        f'<e:EncryptedData xmlns:e="{OLD}"><e:EncryptionMethod Algorithm="{method}"/>'
        f'<d:KeyInfo xmlns:d="{DS}"><e:EncryptedKey><e:EncryptionMethod Algorithm="{uri}">{parameters}'
        f'</e:EncryptionMethod><e:CipherData><e:CipherValue>{encode(key)}</e:CipherValue></e:CipherData>'
        f'</e:EncryptedKey></d:KeyInfo><e:CipherData><e:CipherValue>{encode(value)}</e:CipherValue>'
        '</e:CipherData></e:EncryptedData>\n')


def signed(declared, scope):
    """An assertion signed over Canonical XML 1.0 with these namespaces in scope, as its own text
    declares them: it is written in canonical form, but for what `declared` leaves to the place where it
    stands."""
    digest = encode(hashlib.sha256(f'<a:Assertion{scope} ID="_2"><a:Name>ada</a:Name></a:Assertion>'.encode()).digest())
    info = (f'<CanonicalizationMethod Algorithm="{INCLUSIVE}"></CanonicalizationMethod>'
            '<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></SignatureMethod>'
            f'<Reference URI="#_2"><Transforms><Transform Algorithm="{DS}enveloped-signature"></Transform>'
            f'<Transform Algorithm="{INCLUSIVE}"></Transform></Transforms>'
            f'<DigestMethod Algorithm="{OLD}sha256"></DigestMethod><DigestValue>{digest}</DigestValue></Reference></SignedInfo>')
    octets = f'<SignedInfo xmlns="{DS}"{scope}>{info}'.encode()
    value = encode(PRIVATE.sign(octets, padding.PKCS1v15(), hashes.SHA256()))
    return (f'<a:Assertion{declared} ID="_2"><Signature xmlns="{DS}"><SignedInfo>{info}'
            f'<SignatureValue>{value}</SignatureValue></Signature><a:Name>ada</a:Name></a:Assertion>').encode()


TARGET = DATA / "encrypted-data"
TARGET.mkdir(exist_ok=True)
SCOPE = ' xmlns:a="urn:a" xmlns:u="urn:unused"'
for name, plain in {
    # A prefix that only stands around it, and none at all.
    "prefixed": b'<p:Attribute>users</p:Attribute>',
    "bare": b'<Attribute>users</Attribute>',
    # As xsi:type often is: declared around it, used by no other name.
    "typed": b'<Attribute p:type="p:string">users</Attribute>',
    "whole": b'<s:Attribute xmlns:s="urn:s">users</s:Attribute>',
    # Signed before it was encrypted: complete by itself, and cut out of a document.
    "signed-whole": signed(SCOPE, SCOPE),
    "signed-part": signed("", SCOPE),
    "comments": b'<!-- a --><?b c?> <s:Attribute xmlns:s="urn:s">users</s:Attribute> <!-- d -->',
    "comments-prefixed": b'<!-- a --><?b c?> <p:Attribute>users</p:Attribute> <!-- d -->',
    "declaration": '\N{ZERO WIDTH NO-BREAK SPACE}<?xml version="1.0"?>\n<p:Attribute>users</p:Attribute>\n'.encode(),
    "declaration-cut": b'<?xml version="1.0"',
    "two": b'<p:Attribute>users</p:Attribute><p:Attribute>admins</p:Attribute>',
    "text-before": b'users<p:Attribute/>',
    "text-after": b'<p:Attribute/>users',
    "text": b'users',
    "empty": b'',
    # What would end the element around it.
    "breakout": b'<p:A/></decrypted><decrypted><p:B/>',
    "latin-1": b'<p:Attribute>\xE9</p:Attribute>',
}.items():
    key = os.urandom(16)
    write(name, gcm(plain, key), oaep(key))
key = os.urandom(16)
write("label", gcm(b'<Attribute>users</Attribute>', key), oaep(key, b"samlkit"))
write("cbc", cbc(b'<Attribute>users</Attribute>', key), oaep(key))
write("cbc-full-block", cbc(b'<Attribute>6</Attribute>' + b' ' * 8, key), oaep(key))
# The last octet says 0 or 17 octets of padding; of 32 octets of plaintext neither can be taken away.
write("cbc-padding-0", cbc(b'<Attribute>0</Attribute>       ', key, 0), oaep(key))
write("cbc-padding-17", cbc(b'<Attribute/>                   ', key, 17), oaep(key))
write("pkcs1", gcm(b'<Attribute>users</Attribute>', key), pkcs1(key))
write("pkcs1-short", gcm(b'<Attribute>users</Attribute>', key), pkcs1(key[:15]))
write("oaep-short", gcm(b'<Attribute>users</Attribute>', key), oaep(key[:15]))
