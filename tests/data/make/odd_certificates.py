#!/usr/bin/env python3
"""Makes certificates that no identity provider has: a name of several parts with one that has no short
name, by another issuer, over a curve that is not NIST's; and a key that is neither RSA nor of a curve.
Run once; what it made is committed. Needs python3 with the package cryptography.
"""
import base64
import datetime
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID, ObjectIdentifier

CERTIFICATES = pathlib.Path(__file__).resolve().parent.parent / "certificates"


def make(name, key, digest, subject, issuer):
    of = lambda parts: x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])
    day = lambda year: datetime.datetime(year, 1, 2, 3, 4, 5)
    certificate = (x509.CertificateBuilder().subject_name(of(subject)).issuer_name(of(issuer)).serial_number(0x0102)
                   .not_valid_before(day(1960)).not_valid_after(day(2060)).public_key(key.public_key()).sign(key, digest))
    der = certificate.public_bytes(serialization.Encoding.DER)
    (CERTIFICATES / f"{name}.b64").write_text(base64.b64encode(der).decode())


CN, O = NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME
make("names", ec.generate_private_key(ec.SECP256K1()), hashes.SHA384(),
     [(CN, "Ada"), (O, "Engine, Ltd"), (ObjectIdentifier("1.2.3.4"), "x")], [(CN, "Babbage")])
make("ed25519", ed25519.Ed25519PrivateKey.generate(), None, [(CN, "Ada")], [(CN, "Ada")])
