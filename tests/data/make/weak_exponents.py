#!/usr/bin/env python3
"""Makes certificates whose keys prove nothing, from certificates that are there: an RSA exponent of 1, 2
and 3, and a point that is not on its curve. No tool makes such keys, so the numbers in a certificate are
exchanged and the lengths around them follow; its own signature, which nothing here looks at, breaks.
Run once; what it made is committed. Needs python3 and nothing else.
"""
import base64
import pathlib

CERTIFICATES = pathlib.Path(__file__).resolve().parent.parent / "certificates"


def read(der, at):
    """Tag, content and end of the element at `at`."""
    tag, first, start = der[at], der[at + 1], at + 2
    length = first
    if first & 0x80:
        count = first & 0x7F
        length = int.from_bytes(der[start:start + count], "big")
        start += count
    return tag, der[start:start + length], start + length


def write(tag, content):
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    digits = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(digits)]) + digits + content


def children(content):
    at, found = 0, []
    while at < len(content):
        tag, inside, at = read(content, at)
        found.append((tag, inside))
    return found


def with_key(der, change):
    """The certificate with its subjectPublicKey changed."""
    outer = children(read(der, 0)[1])
    signed = children(outer[0][1])
    # version, serial, algorithm, issuer, validity, subject, key
    tag, info = signed[6]
    algorithm, bits = children(info)
    changed = change(bits[1][1:])
    signed[6] = (tag, write(*algorithm) + write(3, b"\0" + changed))
    outer[0] = (outer[0][0], b"".join(write(*part) for part in signed))
    return write(0x30, b"".join(write(*part) for part in outer))


def exponent(number):
    def change(key):
        modulus, _ = children(read(key, 0)[1])
        return write(0x30, write(*modulus) + write(2, bytes([number])))
    return change


def off_the_curve(point):
    return point[:-1] + bytes([point[-1] ^ 1])


def make(name, source, change):
    der = base64.b64decode((CERTIFICATES / f"{source}.b64").read_text())
    text = base64.b64encode(with_key(der, change)).decode()
    (CERTIFICATES / f"{name}.b64").write_text(text)


for number in (1, 2, 3):
    make(f"rsa-exponent-{number}", "active", exponent(number))
make("ec-off-the-curve", "ec-p256", off_the_curve)
