//! Messages as a browser brings them, read strictly: the form body of the HTTP POST binding
//! (saml-bindings 3.5.4) and the query of the HTTP Redirect binding (3.4.4.1). A service reads what
//! comes from the network with these, and with nothing of [`capture`](crate::capture), which repairs
//! what people paste.
//!
//! Each parameter stands there once, and under a name that no other program could read otherwise;
//! nothing is repaired or guessed, and the error says what was found. Reading is no verdict: a form
//! carries its signatures inside the XML, a query beside it ([`Redirected::query`]).

use std::fmt;

use samlkit_dsig::parameters::{self, LineBreaks, RELAY_STATE, REQUEST, RESPONSE};
use samlkit_dsig::redirect::Query;

pub use samlkit_dsig::redirect::Parameter;
pub use samlkit_dsig::{Damage, ParameterError, RedirectError};

/// The parameters of the POST binding.
const NAMES: [&str; 3] = [REQUEST, RESPONSE, RELAY_STATE];

/// What is wrong with a form body or a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BindingError {
    /// The body is no form (`application/x-www-form-urlencoded`), whose octets are all ASCII.
    #[error("the form body has the octet {octet:#04X} at offset {offset}, expected ASCII only")]
    NotAForm {
        /// The first octet that is not ASCII.
        octet: u8,
        /// How many octets stand before it.
        offset: usize,
    },
    /// The parameters, or the spelling of one.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// The query is no message of the Redirect binding.
    #[error(transparent)]
    Redirect(#[from] RedirectError),
}

/// A message that was posted.
#[derive(Clone, PartialEq, Eq)]
pub struct Posted {
    parameter: Parameter,
    xml: Vec<u8>,
    relay_state: Option<String>,
}

impl Posted {
    /// Which message it is.
    pub fn parameter(&self) -> Parameter {
        self.parameter
    }

    /// The octets of the message. Nobody vouches for them.
    pub fn xml(&self) -> &[u8] {
        &self.xml
    }

    /// The relay state, decoded; `None` if there is no such parameter. Nobody vouches for it either:
    /// no signature of the POST binding covers it.
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_deref()
    }
}

/// Shows what the message is and not what it says: it may be a login.
impl fmt::Debug for Posted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Posted({} of {} octets)", self.parameter.name(), self.xml.len())
    }
}

/// A message that came in a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirected(Query);

impl Redirected {
    /// Which message it is.
    pub fn parameter(&self) -> Parameter {
        self.0.parameter()
    }

    /// The octets of the message, inflated. Nobody vouches for them.
    pub fn xml(&self) -> &[u8] {
        self.0.xml()
    }

    /// The relay state, decoded; `None` if there is no such parameter.
    pub fn relay_state(&self) -> Option<&str> {
        self.0.relay_state()
    }

    /// Whether the query has a signature, good or not.
    pub fn is_signed(&self) -> bool {
        self.0.is_signed()
    }

    /// The query, for [`verify`](samlkit_dsig::redirect::verify).
    pub fn query(&self) -> &Query {
        &self.0
    }
}

/// Reads the body of a form that was posted (`application/x-www-form-urlencoded`).
///
/// ```
/// use samlkit::binding::{Parameter, read_post};
///
/// let posted = read_post(b"SAMLResponse=PGEvPg%3D%3D&RelayState=%2Freports")?;
/// assert_eq!((posted.parameter(), posted.xml()), (Parameter::Response, &b"<a/>"[..]));
/// assert_eq!(posted.relay_state(), Some("/reports"));
///
/// let error = read_post(b"SAMLResponse=PGE+PGIvPjwvYT4=").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the value of SAMLResponse is not base64: found ' ' at character 4; \
///      a + that is not written as %2B becomes a space",
/// );
/// # Ok::<(), samlkit::binding::BindingError>(())
/// ```
///
/// # Errors
/// [`BindingError::NotAForm`], [`BindingError::Parameter`].
pub fn read_post(body: &[u8]) -> Result<Posted, BindingError> {
    let body = match str::from_utf8(body) {
        Ok(text) if text.is_ascii() => text,
        _ => {
            let offset = body.iter().take_while(|octet| octet.is_ascii()).count();
            let octet = body.get(offset).copied().unwrap_or_default();
            return Err(BindingError::NotAForm { octet, offset });
        }
    };
    let parts = parameters::split(body, &NAMES)?;
    let (parameter, message) = parameters::message(&parts)?;
    let relay_state = parameters::of(&parts, RELAY_STATE);
    let relay_state = relay_state.map(parameters::form_value).transpose()?;
    let base64 = parameters::form_value(message)?;
    let xml = parameters::base64(message.name, &base64, LineBreaks::Allowed)?;
    Ok(Posted { parameter, xml, relay_state })
}

/// Reads a query: what follows the first `?` in the URL, exactly as received, without `#` and what
/// follows that. Whether it has to be signed is for the reader to know.
///
/// ```
/// use samlkit::binding::{Parameter, read_redirect};
/// use samlkit::dsig::{AlgorithmPolicy, RedirectError, redirect};
///
/// let redirected = read_redirect("SAMLRequest=s0nUtwMA")?;
/// assert_eq!((redirected.parameter(), redirected.xml()), (Parameter::Request, &b"<a/>"[..]));
///
/// let keys = []; // those of the sender's metadata
/// let verdict = redirect::verify(redirected.query(), &keys, &AlgorithmPolicy::default());
/// assert_eq!(verdict.unwrap_err(), RedirectError::Unsigned);
/// # Ok::<(), samlkit::binding::BindingError>(())
/// ```
///
/// # Errors
/// [`BindingError::Redirect`].
pub fn read_redirect(query: &str) -> Result<Redirected, BindingError> {
    Ok(Redirected(Query::read(query)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(body: &str) -> BindingError {
        read_post(body.as_bytes()).unwrap_err()
    }

    #[test]
    fn both_messages_and_the_relay_state() {
        let posted = read_post(b"x=1&SAMLRe%71uest=PGEv%50g%3D%3D&RelayState=a%2Bb+c&y").unwrap();
        assert_eq!((posted.parameter(), posted.xml()), (Parameter::Request, &b"<a/>"[..]));
        assert_eq!(posted.relay_state(), Some("a+b c"));
        assert_eq!(format!("{posted:?}"), "Posted(SAMLRequest of 4 octets)");
        let posted = read_post(b"SAMLResponse=PGEv%0D%0APg").unwrap();
        assert_eq!((posted.parameter(), posted.xml()), (Parameter::Response, &b"<a/>"[..]));
        assert_eq!(posted.relay_state(), None);
        assert_eq!(read_post(b"SAMLResponse=PA&RelayState").unwrap().relay_state(), Some(""));
    }

    #[test]
    fn each_parameter_once() {
        for (body, name) in [
            ("SAMLResponse=PA&SAMLResponse=PA", RESPONSE),
            ("SAMLResponse=PA&SAMLResp%6Fnse=PA", RESPONSE),
            ("SAMLResponse&SAMLResponse=PA", RESPONSE),
            ("SAMLRequest=PA&SAMLRequest", REQUEST),
            ("RelayState=a&SAMLResponse=PA&RelayState=a", RELAY_STATE),
            ("RelayState&SAMLResponse=PA&%52elayState", RELAY_STATE),
        ] {
            assert_eq!(why(body), ParameterError::Repeated { name }.into(), "{body}");
        }
        assert_eq!(why("SAMLResponse=PA&SAMLRequest"), ParameterError::TwoMessages.into());
        for body in ["", "RelayState=x", "SAMLResponses=PA", "x=SAMLResponse"] {
            assert_eq!(why(body), ParameterError::NoMessage.into(), "{body}");
        }
        for found in ["samlresponse", " SAMLResponse", "SAMLResponse[]", "\u{A0}SAMLResponse"] {
            let escaped: String = found.bytes().map(|octet| format!("%{octet:02X}")).collect();
            let (found, expected) = (found.to_owned(), RESPONSE);
            let body = format!("SAMLResponse=PA&{escaped}=PA");
            assert_eq!(why(&body), ParameterError::Alike { found, expected }.into());
        }
    }

    #[test]
    fn nothing_is_repaired() {
        for (value, found, at, damage) in [
            ("PGE+PGI", ' ', 4, Damage::Space),
            ("PGE%20PGI", ' ', 4, Damage::Space),
            ("PGE-PGI", '-', 4, Damage::UrlAlphabet),
            ("PGE%252BPGI", '%', 4, Damage::EscapedTwice),
            ("%EF%BB%BFPGE%2B", '\u{FEFF}', 1, Damage::ByteOrderMark),
            ("PGE%2B%09", '\t', 5, Damage::Other),
            ("%3Ca/%3E", '<', 1, Damage::Other),
        ] {
            let expected = ParameterError::NotBase64 { name: RESPONSE, found, at, damage };
            assert_eq!(why(&format!("SAMLResponse={value}")), expected.into(), "{value}");
        }
        let incomplete = ParameterError::Incomplete { name: RESPONSE, characters: 5 };
        assert_eq!(why("SAMLResponse=PGEvP"), incomplete.into());
        assert_eq!(why("SAMLResponse="), ParameterError::Empty { name: RESPONSE }.into());
        let escape = ParameterError::Escape { name: RESPONSE, found: "%zz".to_owned() };
        assert_eq!(why("SAMLResponse=%zz"), escape.into());
        let not_utf8 = ParameterError::NotUtf8 { name: RELAY_STATE };
        assert_eq!(why("SAMLResponse=PA&RelayState=%FF"), not_utf8.into());
        let not_a_form = BindingError::NotAForm { octet: 0xEF, offset: 0 };
        assert_eq!(why("\u{FEFF}SAMLResponse=PA"), not_a_form);
    }

    #[test]
    fn what_is_kept_goes_from_thread_to_thread() {
        fn is_kept<T: Send + Sync + 'static>(_: &T) {}

        is_kept(&read_post(b"SAMLResponse=PA").unwrap());
        is_kept(&read_redirect("SAMLResponse=s0nUtwMA").unwrap());
        is_kept(&why(""));
    }
}
