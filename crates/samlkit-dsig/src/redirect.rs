//! Signatures of the HTTP Redirect binding (saml-bindings 3.4.4.1): detached, over the octets of
//! the query as they stand in the URL. What is signed is `SAMLRequest=…` or `SAMLResponse=…`, then
//! `RelayState=…` if there is one, then `SigAlg=…`.

use crate::algorithm::{AlgorithmPolicy, SignatureAlgorithm};
use crate::base64;
use crate::crypto::Hasher;
use crate::error::{RedirectError, SignError};
use crate::key::{SigningKey, VerifyingKey};

/// Which message a query carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// `SAMLRequest`.
    Request,
    /// `SAMLResponse`.
    Response,
}

impl Parameter {
    /// The name in the query.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "SAMLRequest",
            Self::Response => "SAMLResponse",
        }
    }
}

/// A query whose signature was verified. There is no other way to make one than
/// [`verify_query`].
#[derive(Clone, Debug)]
pub struct SignedQuery<'q> {
    parameter: Parameter,
    message: &'q str,
    relay_state: Option<&'q str>,
    key: VerifyingKey,
}

impl<'q> SignedQuery<'q> {
    /// Which message it is.
    pub fn parameter(&self) -> Parameter {
        self.parameter
    }

    /// The message as it stands in the URL: percent-encoded base64 of the deflated XML.
    pub fn message(&self) -> &'q str {
        self.message
    }

    /// The relay state as it stands in the URL.
    pub fn relay_state(&self) -> Option<&'q str> {
        self.relay_state
    }

    /// The trusted key that signed.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }
}

/// Verifies the signature of a query, which is what follows `?` in the URL, exactly as received.
///
/// ```
/// use samlkit_dsig::{AlgorithmPolicy, RedirectError, redirect};
///
/// let policy = AlgorithmPolicy::default();
/// let error = redirect::verify_query("SAMLRequest=fZ&RelayState=x", &[], &policy).unwrap_err();
/// assert_eq!(error, RedirectError::Unsigned);
/// ```
///
/// # Errors
/// [`RedirectError`]. A parameter that stands twice is one: two readers would take two messages.
pub fn verify_query<'q>(
    query: &'q str,
    keys: &[VerifyingKey],
    policy: &AlgorithmPolicy,
) -> Result<SignedQuery<'q>, RedirectError> {
    let one = |name: &'static str| one_of(query, name);
    let (parameter, message) = match (one("SAMLRequest")?, one("SAMLResponse")?) {
        (Some(message), None) => (Parameter::Request, message),
        (None, Some(message)) => (Parameter::Response, message),
        (Some(_), Some(_)) => return Err(RedirectError::TwoMessages),
        (None, None) => return Err(RedirectError::NoMessage),
    };
    let relay_state = one("RelayState")?;
    let (Some(signature), Some(method)) = (one("Signature")?, one("SigAlg")?) else {
        return Err(RedirectError::Unsigned);
    };
    let uri = decode(method.value).ok_or(RedirectError::NotDecodable { name: "SigAlg" })?;
    let algorithm = SignatureAlgorithm::by_uri(&uri).filter(|known| policy.accepts(known.digest()));
    let algorithm = algorithm.ok_or(RedirectError::Algorithm { found: uri })?;
    let value = decode(signature.value).and_then(|text| base64::decode(&text));
    let value = value.ok_or(RedirectError::NotDecodable { name: "Signature" })?;

    let in_order: Vec<Part<'_>> =
        [Some(message), relay_state, Some(method)].into_iter().flatten().collect();
    let mut as_received = in_order.clone();
    as_received.sort_by_key(|part| part.at);
    let mut key = made_by(&in_order, algorithm, &value, keys);
    if key.is_none() && as_received != in_order {
        // Some senders sign the parameters in the order in which they write them.
        key = made_by(&as_received, algorithm, &value, keys);
    }
    let key = key.ok_or(RedirectError::Invalid { keys: keys.len() })?;
    if let Some(least) = policy.lacks(key.kind()) {
        return Err(RedirectError::WeakKey { key: key.kind().clone(), least });
    }
    Ok(SignedQuery {
        parameter,
        message: message.value,
        relay_state: relay_state.map(|part| part.value),
        key: key.clone(),
    })
}

/// Signs a message for the Redirect binding. `message` and `relay_state` are values as they shall
/// stand in the URL, percent-encoded; what comes back is the whole query.
///
/// # Errors
/// [`SignError::Key`] if the key cannot make the signature, [`SignError::QueryValue`] if a value
/// is not percent-encoded.
pub fn sign_query(
    parameter: Parameter,
    message: &str,
    relay_state: Option<&str>,
    key: &SigningKey,
    method: Option<SignatureAlgorithm>,
) -> Result<String, SignError> {
    for value in [Some(message), relay_state].into_iter().flatten() {
        if value.contains(|c: char| !c.is_ascii_graphic() || "&=#\"<>".contains(c)) {
            return Err(SignError::QueryValue { value: value.to_owned() });
        }
    }
    let method = method.unwrap_or_else(|| key.usual_algorithm());
    let mut query = format!("{}={message}", parameter.name());
    if let Some(relay_state) = relay_state {
        query.push_str("&RelayState=");
        query.push_str(relay_state);
    }
    query.push_str("&SigAlg=");
    query.push_str(&encode(method.uri()));
    let mut hasher = Hasher::new(method.digest());
    hasher.update(query.as_bytes());
    let value = key
        .sign(method, hasher.finish().octets())
        .ok_or_else(|| SignError::Key { key: key.kind().clone(), method })?;
    query.push_str("&Signature=");
    query.push_str(&encode(&base64::encode(&value)));
    Ok(query)
}

/// A parameter as it stands in the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part<'q> {
    /// Which of the parameters it is.
    at: usize,
    /// Name, `=` and value.
    whole: &'q str,
    value: &'q str,
}

fn one_of<'q>(query: &'q str, name: &'static str) -> Result<Option<Part<'q>>, RedirectError> {
    let parts = query.split('&').enumerate().filter_map(|(at, whole)| {
        let (found, value) = whole.split_once('=')?;
        (found == name).then_some(Part { at, whole, value })
    });
    let mut parts = parts;
    let first = parts.next();
    match parts.next() {
        Some(_) => Err(RedirectError::Repeated { name }),
        None => Ok(first),
    }
}

fn made_by<'k>(
    parts: &[Part<'_>],
    algorithm: SignatureAlgorithm,
    value: &[u8],
    keys: &'k [VerifyingKey],
) -> Option<&'k VerifyingKey> {
    let mut hasher = Hasher::new(algorithm.digest());
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            hasher.update(b"&");
        }
        hasher.update(part.whole.as_bytes());
    }
    let hash = hasher.finish();
    keys.iter().find(|key| key.verifies(algorithm, hash.octets(), value))
}

/// Undoes percent-encoding. `+` stays what it is, because base64 has it.
fn decode(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
            octets.push(u8::try_from(high.checked_mul(16)?.checked_add(low)?).ok()?);
        } else {
            octets.push(byte);
        }
    }
    String::from_utf8(octets).ok()
}

fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
