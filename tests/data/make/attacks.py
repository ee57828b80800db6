#!/usr/bin/env python3
"""Makes the vectors of attacks on what is around a signature, each folder with its index.json:

    metadata-wrapped     genuine signed metadata, hidden in or put beside what nobody signed
    metadata-roots       metadata that is no root of trust: out of date, broken, keys that prove nothing
    encrypted-joints     what decryption gives, and the namespaces that it is read with
    relative-namespaces  namespace names that canonicalization has to refuse

It shares no code with samlkit: what is signed is written here in its canonical form, with the place of the
signature as {S}, so that the digests are a second opinion. Ciphertexts and ECDSA are random: run once; what
it made is committed. Needs python3 with the package cryptography.

"before" in an index is what samlkit and samlcheck said of the file before they were mended.
"""
import base64
import hashlib
import json
import os
import pathlib
import re

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from encrypted import DATA, DS, OLD, content

VECTORS = DATA / "vectors"
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ENVELOPED = DS + "enveloped-signature"
NOW = "2026-06-01T12:00:00Z"

# What samlkit and samlcheck said at first, where that was something else than now.
AS_NOW = "as now"
TRUSTED = "--trust: good, by the trusted CN=rsa-2048; exit status 0"
ACCEPT = "accept: ada@example.com, groups users"
EVE = "accept, and its response signs in eve@example.com"
BEFORE = {
    "metadata-wrapped": {
        "good-nested-group": "--trust: signature.missing; exit status 1",
        "group-in-extensions": "signature.missing, and no signature.wrapping",
        "in-extensions-own-signature": "signature.untrusted-key, and no signature.wrapping; without --trust nothing",
        "twins-one-unsigned": "--trust: good, by the trusted CN=rsa-2048; metadata.duplicate-entity only",
        **dict.fromkeys(("in-extensions", "in-role-extensions", "in-key-info", "in-foreign-child", "in-foreign-grandchild",
                         "in-entity", "in-organization", "group-evil-first", "group-evil-last", "group-evil-nested"), TRUSTED),
    },
    "metadata-roots": {
        **dict.fromkeys(("expired", "expired-group", "expired-role", "expired-this-moment", "valid-until-broken", "saml-1-only",
                         "signature-broken", "signature-of-group-broken", "signature-value-broken", "exponent-2"), "accept"),
        "exponent-1": EVE, "exponent-1-beside-good": EVE,
        "ec-off-the-curve": "no root of trust, and no finding",
    },
    "encrypted-joints": {
        **dict.fromkeys(("attribute-prefix-of-response", "attribute-prefix-foreign", "assertion-prefix-not-rendered",
                         "second-encrypted-data", "plain-assertion-inside"), ACCEPT),
        "attribute-prefix-rebound": "accept: ada@example.com, groups users, admins",
        "name-prefix-rebound": "accept: eve@example.com, groups users",
        "own-signature-prefix-rebound": "reject: signature.digest, which tells a stranger that it could be decrypted",
        "prefix-list-rebound": "reject: signature.digest, which tells a stranger that it could be decrypted",
        "good-inclusive-standalone": "reject: signature.digest, signature.invalid",
        **dict.fromkeys(("good-comments-around", "good-oaep-params", "good-key-behind-eight"), "reject: assertion.decryption"),
    },
    "relative-namespaces": dict.fromkeys(
        ("relative-prefix", "relative-default", "relative-path", "relative-host", "relative-attribute", "relative-inclusive",
         "relative-prefix-list"), ACCEPT),
}
encode = lambda octets: base64.b64encode(octets).decode()


def private(name):
    return serialization.load_pem_private_key((DATA / f"keys/{name}.test-only.pem").read_bytes(), None)


def pem(name):
    return "".join((DATA / f"keys/{name}.crt.pem").read_text().split("-----")[2].split())


def certificate(name):
    return "".join((DATA / f"certificates/{name}.b64").read_text().split())


# Signatures ------------------------------------------------------------------------------------

def by_rsa(octets):
    method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    return method, lambda: private("rsa-2048").sign(octets, padding.PKCS1v15(), hashes.SHA256())


def by_ec(octets):
    def value():
        r, s = decode_dss_signature(private("p256").sign(octets, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", value


def by_exponent_1(octets):
    """The number that RSA verification has to arrive at, as it is: to the power of 1 it stays so."""
    def value():
        head = bytes.fromhex("3031300d060960864801650304020105000420")
        tail = b"\0" + head + hashlib.sha256(octets).digest()
        return b"\0\1" + b"\xff" * (256 - 2 - len(tail)) + tail
    return "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", value


def signature(canonical, ident, by, transform, key, prefixes, scope):
    method, _ = by(b"")
    inclusive = (f'<ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE}" PrefixList="{prefixes}">'
                 "</ec:InclusiveNamespaces>" if prefixes else "")
    inside = (f'<ds:CanonicalizationMethod Algorithm="{transform}"></ds:CanonicalizationMethod>'
              f'<ds:SignatureMethod Algorithm="{method}"></ds:SignatureMethod>'
              f'<ds:Reference URI="#{ident}"><ds:Transforms><ds:Transform Algorithm="{ENVELOPED}"></ds:Transform>'
              f'<ds:Transform Algorithm="{transform}">{inclusive}</ds:Transform></ds:Transforms>'
              '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>'
              f'<ds:DigestValue>{encode(hashlib.sha256(canonical.encode()).digest())}</ds:DigestValue></ds:Reference>')
    # In canonical form SignedInfo declares its own prefix, and what is in scope around it if inclusive.
    info = f'<ds:SignedInfo{scope}>{inside}</ds:SignedInfo>'
    _, value = by(info.encode())
    info = f"<ds:SignedInfo>{inside}</ds:SignedInfo>"
    key = f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{key}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>" if key else ""
    return (f'<ds:Signature xmlns:ds="{DS}">{info}<ds:SignatureValue>{encode(value())}</ds:SignatureValue>'
            f'{key}</ds:Signature>')


def sign(text, by=by_rsa, transform=EXCLUSIVE, canonical=None, key=None, prefixes="", scope=f' xmlns:ds="{DS}"'):
    """The element with the signature at {S}. `canonical` where it is not the text itself."""
    ident = re.search(r'\bID="([^"]*)"', text)[1]
    canonical = (canonical or text).replace("{S}", "")
    return text.replace("{S}", signature(canonical, ident, by, transform, key, prefixes, scope))


def write(folder, files, index):
    target = VECTORS / folder
    for case in index["cases"]:
        case["before"] = BEFORE[folder].get(case["file"].removesuffix(".xml"), AS_NOW)
    target.mkdir(exist_ok=True)
    for name, text in files.items():
        (target / name).write_text(text)
    (target / "index.json").write_text(json.dumps(index, indent=2, ensure_ascii=False) + "\n")


# Metadata --------------------------------------------------------------------------------------

def role(key, extensions="", attributes="", protocol=SAMLP, in_key_info=""):
    keys = "".join(f'<KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{DS}"><ds:X509Data><ds:X509Certificate>{one}'
                   f'</ds:X509Certificate></ds:X509Data>{in_key_info}</ds:KeyInfo></KeyDescriptor>'
                   for one in ([key] if isinstance(key, str) else key))
    return (f'<IDPSSODescriptor protocolSupportEnumeration="{protocol}"{attributes}>{extensions}{keys}<SingleSignOnService '
            'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example/sso">'
            '</SingleSignOnService></IDPSSODescriptor>')


def entity(ident, name, key, before="", after="", attributes="", the_role=None):
    """In canonical form: the namespace, then attributes in alphabetical order."""
    return (f'<EntityDescriptor xmlns="{MD}" ID="{ident}" entityID="{name}"{attributes}>{{S}}{before}'
            f'{the_role or role(key)}{after}</EntityDescriptor>')


def group(inside, ident="", attributes=""):
    ident = f' ID="{ident}"' if ident else ""
    return f'<EntitiesDescriptor xmlns="{MD}"{ident}{attributes}>{{S}}{inside}</EntitiesDescriptor>'


IDP, EVIL = "https://idp.example/", "https://evil.example/"


def metadata_wrapped():
    genuine_key, evil_key = pem("rsa-2048"), pem("p256")
    unsigned = lambda text: text.replace("{S}", "")
    # Inside a signed group an entity inherits the namespace: in canonical form it does not repeat it.
    inherit = lambda text: text.replace(f' xmlns="{MD}"', "")
    genuine = entity("_good", IDP, genuine_key)
    signed = sign(genuine, key=genuine_key)
    evil = lambda **more: unsigned(entity("_evil", IDP, evil_key, **more))
    other = entity("_other", "https://other.example/", genuine_key)
    signed_alone = re.search(r"<ds:Signature .*?</ds:Signature>", signed)[0]
    own = sign(entity("_evil", IDP, evil_key, before=f"<Extensions>{inherit(signed)}</Extensions>"), by=by_ec, key=evil_key)
    cases, files = [], {}

    def case(name, text, what, why, entities, signature, with_trust=(), without_trust=()):
        """`why` is the rule for which the library refuses, or None; `signature` the line of the card with
        --trust and without; then the rules that the command reports with --trust and without."""
        files[f"{name}.xml"] = text
        said = lambda at, rules: {"status": 1 if rules else 0, "signature": signature[at], "rules": sorted(rules)}
        cases.append({"file": f"{name}.xml", "what": what, "verdict": "reject" if why else "accept", "why": why or "",
                      "entities": entities, "with_trust": said(0, with_trust), "without_trust": said(1, without_trust)})

    each = "each entity's is good, by the trusted CN=rsa-2048"
    trusted, agrees = "good, by the trusted CN=rsa-2048", "fits the certificate in it, which proves nothing"
    good = (trusted, agrees)
    case("good-entity", signed, "an entity by itself, signed", None, [IDP], good)
    one_signed = inherit(sign(genuine, key=genuine_key))
    two = inherit(unsigned(genuine)) + inherit(unsigned(other))
    case("good-group", sign(group(two, "_group"), key=genuine_key),
         "a group of two entities; the group is signed", None, [IDP, "https://other.example/"], good)
    case("good-group-of-signed", unsigned(group(one_signed + inherit(sign(other, key=genuine_key)))),
         "an unsigned group of two entities, each of them signed", None, [IDP, "https://other.example/"], (each, agrees))
    case("good-group-and-entity-signed", sign(group(one_signed, "_group"), key=genuine_key),
         "a signed group around a signed entity: one vouches for the other", None, [IDP], good)
    case("good-nested-group", unsigned(group(sign(inherit(group(two, "_inner")), canonical=group(two, "_inner"), key=genuine_key))),
         "an unsigned group around a signed one", None, [IDP, "https://other.example/"], (each, agrees))

    hidden = "the unsigned root lists the attacker's key; the genuine signed entity is hidden in "
    foreign = f'<x:keep xmlns:x="urn:example:x">{signed}</x:keep>'
    extensions = f"<Extensions>{signed}</Extensions>"
    wrapped = ("none", "none")
    for name, text, where in (
        ("in-extensions", evil(before=extensions), "its Extensions"),
        ("in-role-extensions", evil(the_role=role(evil_key, extensions=extensions)), "the Extensions of its role"),
        ("in-key-info", evil(the_role=role(evil_key, in_key_info=signed)), "the KeyInfo of its key"),
        ("in-foreign-child", evil(after=foreign), "a child of a foreign namespace"),
        ("in-foreign-grandchild", evil(before=f"<Extensions>{foreign}</Extensions>"), "a foreign element in its Extensions"),
        ("in-entity", evil(after=signed), "it as a child, as in a group, which it is not"),
        ("in-organization", evil(after=f"<Organization>{extensions}</Organization>"), "its Organization"),
        ("group-in-extensions", evil(before=f"<Extensions>{sign(group(two, '_group'), key=genuine_key)}</Extensions>"),
         "its Extensions, as a signed group"),
    ):
        case(name, text, hidden + where, "signature.wrapping", [], wrapped,
             ["signature.missing", "signature.wrapping"], ["signature.wrapping"])
    in_object = signed_alone.replace("</ds:Signature>", f"<ds:Object>{unsigned(genuine)}</ds:Object></ds:Signature>")
    case("in-object", entity("_evil", IDP, evil_key).replace("{S}", in_object),
         "the signature of the genuine entity, moved to the evil root with the genuine entity in its Object",
         "signature.malformed", [], ("refused, see below", "refused, see below"), *[["signature.malformed", "signature.reference"]] * 2)
    case("in-extensions-own-signature", own,
         "the evil root is signed by the attacker's own key, and the genuine one is in its Extensions",
         "signature.wrapping", [], ("refused, see below", agrees), ["signature.untrusted-key", "signature.wrapping"],
         ["signature.wrapping"])

    beside = "an unsigned group with an unsigned entity that lists the attacker's key "
    evil_in_group = inherit(unsigned(entity("_evil", EVIL, evil_key)))
    partial = ("refused, see below", "covers all entities except one")
    for name, inside, where in (
        ("group-evil-first", evil_in_group + one_signed, "before a signed one"),
        ("group-evil-last", one_signed + evil_in_group, "after a signed one"),
        ("group-evil-nested", one_signed + inherit(unsigned(group(evil_in_group))), "in a group beside a signed one"),
    ):
        case(name, unsigned(group(inside)), beside + where, "signature.missing", [], partial, ["signature.missing"])
    twice = "metadata.duplicate-entity"
    case("twins-one-unsigned", unsigned(group(one_signed + inherit(evil()))),
         "two entities of one entityID: the signed genuine one, and an unsigned one with the attacker's key",
         "signature.missing", [], partial, ["signature.missing", twice], [twice])
    same = inherit(evil()).replace("_evil", "_good")
    case("twins-one-xml-id", unsigned(group(one_signed + same)),
         "the same with the same XML ID as well, which the reference could mean", "xml.duplicate-id", [],
         ("refused, see below", "refused, see below"), ["signature.missing", "xml.duplicate-id", twice],
         ["xml.duplicate-id", twice])
    twins = inherit(unsigned(genuine)) + inherit(evil())
    case("twins-in-signed-group", sign(group(twins, "_group"), key=genuine_key),
         "two entities of one entityID in a group that is signed: all is vouched for, and neither is given out by that ID",
         None, [], good, [twice], [twice])
    write("metadata-wrapped", files, {
        "context": {
            "at": "2026-11-22T00:00:00Z",
            "trust": "../../keys/rsa-2048.crt.pem",
            "matching": "verdict, why: what Metadata::verify says under the trusted key, and the rule among its reasons; entities: "
                        "the entity IDs that can be had from what it gives. with_trust: samlcheck --trust: exit status, the "
                        "rules among its errors, and how the line signature of the card begins. without_trust: the same "
                        "without --trust",
        },
        "cases": cases})


# Metadata as a root of trust --------------------------------------------------------------------

OLD_TIME = ' validUntil="2001-01-01T00:00:00Z"'


def metadata_roots():
    key = pem("rsa-2048")
    unsigned = lambda text: text.replace("{S}", "")
    inherit = lambda text: text.replace(f' xmlns="{MD}"', "")
    plain = lambda **more: entity("_good", IDP, key, **more)
    expired = plain(attributes=OLD_TIME)
    saml1 = plain(the_role=role(key, protocol="urn:oasis:names:tc:SAML:1.1:protocol"))
    changed = lambda text: text.replace("https://idp.example/sso", "https://evil.example/sso")
    in_group = group(inherit(unsigned(plain())), "_group")
    cases, files = [], {}

    def case(name, text, what, on_trust=None, verified=None, findings=(), **more):
        """Of `on_trust` and `verified` each: None where a root is made, or part of the reason why not."""
        verdict = lambda why: {"verdict": "reject" if why else "accept", "why": why or ""}
        files[f"{name}.xml"] = text
        cases.append({"file": f"{name}.xml", "what": what, "on_trust": verdict(on_trust), "verified": verdict(verified),
                      "findings": list(findings), **more})

    missing = "signature.missing"
    case("good", unsigned(plain()), "metadata as AWS publishes it: valid, for SAML 2.0, not signed", verified=missing)
    case("good-signed", sign(plain(), key=key), "the same, signed")
    later = plain(attributes=' validUntil="2026-06-01T12:00:01Z"')
    case("good-until-a-second-later", sign(later, key=key), "validUntil is a second after the time that it is judged at")
    both = plain(the_role=role(key, protocol="urn:oasis:names:tc:SAML:1.1:protocol " + SAMLP))
    case("good-both-protocols", sign(both, key=key), "a role for SAML 1.1 and 2.0")
    until = "validUntil of the "
    case("expired", sign(expired, key=key), "validUntil was in 2001", until + "EntityDescriptor", until + "EntityDescriptor",
         ["metadata.expired"])
    case("expired-group", sign(group(inherit(unsigned(plain())), "_group", OLD_TIME), key=key),
         "validUntil of the group around was in 2001", until + "EntitiesDescriptor", until + "EntitiesDescriptor",
         ["metadata.expired"])
    case("expired-role", sign(plain(the_role=role(key, attributes=OLD_TIME)), key=key), "validUntil of the only role was in 2001",
         until + "role", until + "role", ["metadata.expired"])
    case("expired-this-moment", sign(plain(attributes=f' validUntil="{NOW}"'), key=key),
         "validUntil is the moment that it is judged at, which is past", until + "EntityDescriptor", until + "EntityDescriptor",
         ["metadata.expired"])
    case("valid-until-broken", sign(plain(attributes=' validUntil="soon"'), key=key), "validUntil is not a time",
         "not an xs:dateTime", "not an xs:dateTime", ["metadata.date-invalid"])
    case("saml-1-only", sign(saml1, key=key), "its only role is for SAML 1.1", "urn:oasis:names:tc:SAML:1.1:protocol",
         "urn:oasis:names:tc:SAML:1.1:protocol", ["metadata.role-protocol"])
    case("signature-broken", changed(sign(plain(), key=key)), "the sign-on URL was changed after it was signed",
         "was changed after", "signature.digest", ["signature.digest"])
    case("signature-of-group-broken", changed(sign(in_group, key=key)),
         "the same in a group that is signed: on trust an entity is taken by itself, and the group's signature is for "
         "Metadata::verify and for the report", verified="signature.digest", findings=["signature.digest"])
    value = re.compile(r"(<ds:SignatureValue>)(.)")
    other = lambda found: found[1] + ("A" if found[2] != "A" else "B")
    case("signature-value-broken", value.sub(other, sign(plain(), key=key)), "one bit of the signature value was changed",
         "fits none", "signature.invalid", ["signature.invalid"])
    case("signature-by-another", sign(plain(), by=by_ec, key=pem("p256")),
         "signed by a key that the caller does not have: on trust it agrees with itself, which proves nothing",
         verified="signature.algorithm")

    # Keys under which anybody can have signed.
    def weak(name, what, listed, on_trust=None, response=None, finding="certificate.key-proves-nothing"):
        text = entity("_good", IDP, listed)
        case(name, sign(text), what, on_trust, on_trust, [finding],
             **({"response": response} if response else {}))

    forged = response(sign(assertion(name=NAME.format("eve@example.com")), by=by_exponent_1))
    files["response-under-exponent-1.xml"] = forged
    of_response = lambda why: {
        "file": "response-under-exponent-1.xml", "verdict": "reject", "why": why,
        "what": "its signature is the padded hash itself: verification raises it to the power of 1"}
    weak("exponent-1", "the only certificate has the RSA exponent 1: everything is signed by it", certificate("rsa-exponent-1"),
         "exponent", of_response("signature.untrusted-key"))
    weak("exponent-2", "the RSA exponent 2: even, so no RSA", certificate("rsa-exponent-2"), "exponent")
    weak("ec-off-the-curve", "the point is not on the curve", certificate("ec-off-the-curve"), "cannot be read",
         finding="certificate.unreadable")
    weak("exponent-1-beside-good", "the exponent 1 in the first certificate, a good key in the second: only that is taken",
         [certificate("rsa-exponent-1"), key], None, of_response("signature.invalid"))
    case("exponent-3", sign(entity("_good", IDP, certificate("rsa-exponent-3"))),
         "the exponent 3: allowed, and warned of", findings=["certificate.small-exponent"])
    write("metadata-roots", files, {
        "context": {
            "now": NOW,
            "trust": "../../keys/rsa-2048.crt.pem",
            "sp_entity_id": "urn:sp", "acs_url": "https://sp.example/acs", "request_id": "_req-1",
            "matching": "on_trust: IdentityProvider::on_trust of the first entity; verified: Metadata::verify under the trusted "
                        "key and IdentityProvider::verified; each makes a root of trust, or says why not, with `why` in the "
                        "message. findings: the rules that samlcheck reports, among others. response: what becomes of it "
                        "under the keys of the root, or under none where there is no root",
        },
        "cases": cases})


# Responses -------------------------------------------------------------------------------------

NAME = '<NameID>{}</NameID>'
ISSUER = "<Issuer>https://idp.example/</Issuer>"
GROUPS = '<Attribute Name="groups"><AttributeValue>users</AttributeValue></Attribute>'


def assertion(name=NAME.format("ada@example.com"), attributes=GROUPS, ident="_a1", prefix=""):
    """In canonical form. With a prefix, every name in it that has none gets that."""
    text = (f'<Assertion ID="{ident}" IssueInstant="{NOW}" Version="2.0">{ISSUER}{{S}}<Subject>{name}'
            '<SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><SubjectConfirmationData '
            'InResponseTo="_req-1" NotOnOrAfter="2026-06-01T12:05:00Z" Recipient="https://sp.example/acs">'
            '</SubjectConfirmationData></SubjectConfirmation></Subject><Conditions NotBefore="2026-06-01T11:55:00Z" '
            'NotOnOrAfter="2026-06-01T13:00:00Z"><AudienceRestriction><Audience>urn:sp</Audience></AudienceRestriction>'
            f'</Conditions><AuthnStatement AuthnInstant="{NOW}"><AuthnContext><AuthnContextClassRef>'
            'urn:oasis:names:tc:SAML:2.0:ac:classes:Password</AuthnContextClassRef></AuthnContext></AuthnStatement>'
            f'<AttributeStatement>{attributes}</AttributeStatement></Assertion>')
    if prefix:
        text = re.sub(r"(</?)(\w+)(?=[ >])", rf"\1{prefix}:\2", text)
    colon = f":{prefix}" if prefix else ""
    return text.replace("Assertion ", f'Assertion xmlns{colon}="{SAML}" ', 1)


def response(inside, declarations="", extensions="", is_signed=False):
    """In canonical form, except for `declarations` that nothing uses."""
    place = "{S}" if is_signed else ""
    return (f'<samlp:Response xmlns:samlp="{SAMLP}"{declarations} Destination="https://sp.example/acs" ID="_r1" '
            f'InResponseTo="_req-1" IssueInstant="{NOW}" Version="2.0"><Issuer xmlns="{SAML}">https://idp.example/</Issuer>'
            f'{place}{extensions}<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success">'
            f'</samlp:StatusCode></samlp:Status>{inside}</samlp:Response>')


# Encryption ------------------------------------------------------------------------------------

def encrypted_key(key, public, label=None, written=None):
    label_text = f"<xenc:OAEPparams>{encode(written if written is not None else label)}</xenc:OAEPparams>" if label else ""
    wrapped = public.encrypt(key, padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), label))
    return (f'<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="{OLD}rsa-oaep-mgf1p">{label_text}'
            f'</xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue>{encode(wrapped)}</xenc:CipherValue>'
            '</xenc:CipherData></xenc:EncryptedKey>')


def encrypted_data(plain, label=None, written=None, others=0):
    method, key, value = content("aes256-gcm", plain.encode())
    public = private("rsa-2048").public_key()
    stranger = rsa.generate_private_key(65537, 2048).public_key() if others else None
    keys = "".join(encrypted_key(key, stranger) for _ in range(others)) + encrypted_key(key, public, label, written)
    return (f'<xenc:EncryptedData xmlns:xenc="{OLD}" Type="{OLD}Element"><xenc:EncryptionMethod Algorithm="{method}">'
            f'</xenc:EncryptionMethod><ds:KeyInfo xmlns:ds="{DS}">{keys}</ds:KeyInfo><xenc:CipherData><xenc:CipherValue>'
            f'{encode(value)}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>')


def sealed(name, plain, inherits=True, **more):
    """The element `name` of SAML around the plaintext, encrypted."""
    namespace = "" if inherits else f' xmlns="{SAML}"'
    return f"<{name}{namespace}>{encrypted_data(plain, **more)}</{name}>"


def encrypted_joints():
    cases, files = [], {}
    unsigned = lambda text: text.replace("{S}", "")
    own = lambda text, **more: sign(text, by=by_ec, **more)
    with_namespace = lambda text: re.sub(r"<(\w+)", rf'<\1 xmlns="{SAML}"', text, count=1)
    whole = lambda plain, **more: sealed("EncryptedAssertion", plain, inherits=False, **more)

    def case(name, text, what, why=None, **more):
        add(files, cases, name, text, what, why, **more)

    # Inside a signed assertion.
    attribute = lambda plain, prefix="": own(assertion(
        attributes=sealed("EncryptedAttribute", plain), prefix=prefix))
    saml = f' xmlns:s="{SAML}"'
    to_saml, to_other = f' xmlns:x="{SAML}"', ' xmlns:x="urn:example:x"'
    case("good-attribute", response(attribute(with_namespace(GROUPS))),
         "an attribute, encrypted inside a signed assertion; the plaintext declares its own namespace")
    prefixed = re.sub(r"(</?)(\w+)(?=[ >])", r"\1a:\2", GROUPS)
    case("good-attribute-prefix-of-assertion", response(attribute(prefixed, "a")),
         "the plaintext uses a prefix that the signed assertion declares and uses: its canonical form has it")
    strange = re.sub(r"(</?)(\w+)(?=[ >])", r"\1s:\2", GROUPS)
    case("attribute-prefix-of-response", response(attribute(strange), saml),
         "the plaintext uses a prefix that only the Response declares, which nobody signed", "assertion.decryption")
    mixed = with_namespace(GROUPS.replace("</Attribute>", "<x:AttributeValue>admins</x:AttributeValue></Attribute>"))
    signed = attribute(mixed)
    case("attribute-prefix-foreign", response(signed, to_other),
         "one of two values is in a namespace of a prefix that only the Response declares; here it is not SAML's",
         "assertion.decryption")
    case("attribute-prefix-rebound", response(signed, to_saml),
         "the same signed octets, and on the Response the prefix is bound to SAML's namespace: the second value becomes a "
         "group", "assertion.decryption")
    case("attribute-prefix-unbound", response(signed), "the same, and nothing declares the prefix", "assertion.decryption")
    name = lambda plain: own(assertion(name=sealed("EncryptedID", plain)))
    case("good-name", response(name(with_namespace(NAME.format("ada@example.com")))), "the name, encrypted in the same way")
    foreign = name("<x:NameID>eve@example.com</x:NameID>")
    case("name-prefix-foreign", response(foreign, to_other), "the name is in the namespace of a prefix of the Response",
         "assertion.decryption")
    case("name-prefix-rebound", response(foreign, to_saml), "the same with the prefix bound to SAML's namespace",
         "assertion.decryption")

    # Inside a signed Response.
    plain = unsigned(assertion())
    case("good-inside-signed-response", own(response(whole(plain), is_signed=True)), "an assertion, encrypted inside a signed Response")
    strange = unsigned(assertion(prefix="x")).replace(to_saml, "", 1)
    around = response(whole(strange), to_saml, is_signed=True)
    case("assertion-prefix-not-rendered", own(around, canonical=around.replace(to_saml, "", 1)),
         "the plaintext uses a prefix that the signed Response declares and does not use: exclusive canonicalization does not "
         "sign that, so anybody can have bound it", "assertion.decryption")
    used = whole(unsigned(assertion(prefix="a")).replace(f' xmlns:a="{SAML}"', "", 1))
    used = used.replace("<EncryptedAssertion xmlns=", "<a:EncryptedAssertion xmlns:a=").replace("</Enc", "</a:Enc")
    case("good-assertion-prefix-rendered", own(response(used, is_signed=True)),
         "the plaintext uses the prefix of the EncryptedAssertion around it, which the canonical form declares there")

    # By a signature of its own.
    case("good-own-signature", response(whole(own(assertion()))), "a signed assertion, encrypted; the Response is not signed")
    prefixed = assertion(prefix="s")
    bare = own(prefixed).replace(saml, "", 1)
    case("good-own-signature-prefix-of-response", response(whole(bare), saml),
         "the plaintext uses a prefix of the Response; its own signature is over that binding")
    value = GROUPS + '<Attribute Name="x"><AttributeValue><x:v{}></x:v></AttributeValue></Attribute>'
    with_x = assertion(attributes=value.format(to_other))
    inner = own(assertion(attributes=value.format("")), canonical=with_x)
    case("good-own-signature-prefix-inside", response(whole(inner), to_other),
         "an element of the signed assertion has a prefix of the Response; its own signature is over that binding")
    case("own-signature-prefix-rebound", response(whole(inner), to_saml),
         "the same, and the Response binds the prefix to SAML's namespace",
         "assertion.decryption")
    inclusive = lambda text, scope, **more: own(text, transform=INCLUSIVE, scope=scope, **more)
    default, d, p = f' xmlns="{SAML}"', f' xmlns:ds="{DS}"', f' xmlns:samlp="{SAMLP}"'
    case("good-inclusive-standalone", response(whole(inclusive(assertion(), default + d))),
         "signed standing by itself, with inclusive canonicalization, and then encrypted")
    inside = assertion()
    declared = inside.replace(default, default + p, 1)
    case("good-inclusive-in-place", response(whole(inclusive(inside, default + d + p, canonical=declared))),
         "signed standing in the Response, with inclusive canonicalization, which signs the Response's prefix too, and then "
         "encrypted without it")
    case("good-inclusive-in-place-copied", response(whole(inclusive(declared, default + d + p))),
         "the same, and the declarations were copied into the plaintext, as XML Encryption advises")
    inside, xs = assertion(attributes=GROUPS.replace("<AttributeValue", '<AttributeValue xmlns:xsi="http://www.w3.org/2001/'
                           'XMLSchema-instance" xsi:type="xs:string"')), ' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    declared = inside.replace(default, default + xs, 1)
    case("good-prefix-list-in-place", response(whole(own(inside, canonical=declared, prefixes="xs")), xs),
         "signed standing in the Response, with a prefix of the Response in the PrefixList, as types of values need it, and "
         "then encrypted without its declaration")
    case("prefix-list-rebound", response(whole(own(inside, canonical=declared, prefixes="xs")), ' xmlns:xs="urn:example:xs"'),
         "the same, and the Response binds the prefix to something else", "assertion.decryption")
    signed = own(assertion())
    case("good-comments-around", response(whole(f"<!-- a --><?b c?>\n {signed} <!-- d -->\n")),
         "comments, a processing instruction and white space around the assertion in the plaintext")
    case("good-declaration-before", response(whole(f'<?xml version="1.0" encoding="UTF-8"?>\n{signed}')),
         "an XML declaration before the assertion in the plaintext")
    case("good-oaep-params", response(whole(signed, label=b"a label")), "RSA-OAEP with OAEPparams")
    case("oaep-params-changed", response(whole(signed, label=b"a label", written=b"another")),
         "OAEPparams that it was not encrypted with", "assertion.decryption")
    case("good-key-behind-eight", response(whole(signed, others=8)),
         "eight EncryptedKeys for somebody else before the one that fits")

    # What must not stand in or beside an encrypted assertion.
    evil = unsigned(assertion(name=NAME.format("eve@example.com"), ident="_evil"))
    good = whole(signed)
    case("id-also-in-the-file", response(good, extensions='<samlp:Extensions><x:x xmlns:x="urn:example:x" ID="_a1"></x:x></samlp:Extensions>'),
         "the ID of the encrypted assertion is also one in the file", "xml.duplicate-id")
    end = "</EncryptedAssertion>"
    case("second-encrypted-data", response(good.replace(end, encrypted_data(evil) + end)),
         "a second EncryptedData in the EncryptedAssertion", "assertion.decryption")
    case("plain-assertion-inside", response(good.replace(end, evil + end)), "a plain Assertion beside the EncryptedData",
         "assertion.decryption")
    case("plain-assertion-alone", response(
         f'<EncryptedAssertion xmlns="{SAML}">{evil}</EncryptedAssertion>'), "a plain Assertion in the place of the EncryptedData",
         "assertion.decryption")
    case("two-encrypted-assertions", response(good + whole(evil)), "a second EncryptedAssertion", "assertion.multiple", also=["signature.missing"])
    case("two-assertions-encrypted", response(whole(signed + evil)), "two assertions in one EncryptedData", "assertion.decryption")
    write("encrypted-joints", files, responses_index(cases, "p256", decryption="../../keys/rsa-2048.test-only.pem"))


def add(files, cases, name, text, what, why, **more):
    """A response that is good, or that is refused for the one reason `why`."""
    files[f"{name}.xml"] = text
    expected = {"why": why} if why else {"name_id": "ada@example.com", "groups": ["users"]}
    cases.append({"file": f"{name}.xml", "what": what, "verdict": "reject" if why else "accept", **expected, **more})


def responses_index(cases, key, **more):
    return {
        "context": {
            "now": NOW, "idp_entity_id": IDP, "sp_entity_id": "urn:sp", "acs_url": "https://sp.example/acs",
            "request_id": "_req-1", "trust": f"../../keys/{key}.crt.pem", **more,
            "matching": "accept: name_id and the values of the attribute groups match. reject: the rule in why is the only "
                        "reason, except for those in also",
        },
        "cases": cases}


# Relative namespace names ----------------------------------------------------------------------

def relative_namespaces():
    cases, files = [], {}

    def case(name, text, what, why=None):
        add(files, cases, name, text, what, why)

    def with_value(inside):
        return assertion(attributes=GROUPS + f'<Attribute Name="x"><AttributeValue>{inside}</AttributeValue></Attribute>')

    refused = "signature.transform"
    case("good-absolute", response(sign(with_value('<x:v xmlns:x="urn:x"></x:v>'))), "an absolute namespace name in a signed value")
    for name, inside, what in (
        ("prefix", '<x:v xmlns:x="x"></x:v>', "a prefix of a signed value is bound to the relative name x"),
        ("default", '<v xmlns="x"></v>', "the default namespace of a signed value is the relative name x"),
        ("path", '<x:v xmlns:x="../x"></x:v>', "the name is a path"),
        ("host", '<x:v xmlns:x="//example.com/x"></x:v>', "the name is without a scheme"),
        ("attribute", '<v xmlns:x="x" x:a="1"></v>', "only an attribute uses the prefix"),
    ):
        case(f"relative-{name}", response(sign(with_value(inside))), what, refused)
    declared = ' xmlns:x="x"'
    unused = f' xmlns="{SAML}"'
    text = assertion()
    in_scope = f'{unused} xmlns:samlp="{SAMLP}"{declared}'
    case("relative-inclusive", response(sign(text, transform=INCLUSIVE, canonical=text.replace(unused, in_scope, 1),
         scope=f'{unused} xmlns:ds="{DS}" xmlns:samlp="{SAMLP}"{declared}'), declared),
         "the Response declares it; inclusive canonicalization would sign it", refused)
    case("relative-prefix-list", response(sign(text, canonical=text.replace(unused, unused + declared, 1), prefixes="x"), declared),
         "the Response declares it; the PrefixList of the signature names it", refused)
    case("good-relative-unused", response(sign(text), declared), "the Response declares it, and nothing that is signed uses it")
    case("good-relative-outside", response(sign(text), extensions=f'<samlp:Extensions><x:v{declared}></x:v></samlp:Extensions>'),
         "it is used outside what is signed")
    write("relative-namespaces", files, responses_index(cases, "rsa-2048"))


def main():
    metadata_wrapped()
    metadata_roots()
    encrypted_joints()
    relative_namespaces()


if __name__ == "__main__":
    main()
