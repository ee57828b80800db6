//! From whatever was pasted or saved to the XML of a message: base64 from a form, a form body, a
//! Redirect URL, a page that posts a form. Everything is recognized by its bytes and never by a
//! name, and what had to be repaired on the way is told ([`Oddity`]).
//!
//! This is for troubleshooting: a service reads with [`binding`](crate::binding), which repairs
//! nothing. Where there are two messages neither is picked, because programs differ in which they
//! read.
//!
//! JSON (HAR files and the like) is not read here; whoever reads it gives the strings in it to
//! [`decode`].

mod base64;
mod content;
mod html;
mod inflate;
mod percent;

use std::borrow::Cow;

use samlkit_dsig::parameters::{RELAY_STATE, Spelling, spelling};

pub use content::{Content, holds_saml, recognize};
pub use samlkit_dsig::redirect::INFLATED;

/// A message taken out of its wrapping.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message<'b> {
    /// The XML, octet by octet as it was sent; borrowed where the capture is the XML itself.
    pub xml: Cow<'b, [u8]>,
    /// What it came in.
    pub form: Form,
    /// The parameter that it came as.
    pub parameter: Option<Parameter>,
    /// The relay state beside it, decoded.
    pub relay_state: Option<String>,
    /// The query of a URL, whose signature can be verified.
    pub query: Option<String>,
    /// What had to be repaired.
    pub oddities: Vec<Oddity>,
}

/// What a message came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// XML, as it is.
    Xml,
    /// Base64, as a form posts it.
    Base64,
    /// Base64 of deflated XML, as the Redirect binding has it.
    Deflated,
    /// A form body.
    FormBody,
    /// A URL or its query.
    Url,
    /// An HTML page with a form that posts itself.
    HtmlForm,
}

impl Form {
    /// What it is, in words that follow *found in*.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Xml => "an XML file",
            Self::Base64 => "base64",
            Self::Deflated => "base64 of deflated XML",
            Self::FormBody => "a form body",
            Self::Url => "a URL",
            Self::HtmlForm => "an HTML page with a form",
        }
    }
}

/// Which parameter a message came as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// `SAMLRequest`.
    Request,
    /// `SAMLResponse`.
    Response,
    /// `SAMLAssertion`, in which a call of AWS STS sends a response.
    Assertion,
}

impl Parameter {
    const ALL: [Self; 3] = [Self::Response, Self::Request, Self::Assertion];

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "SAMLRequest",
            Self::Response => "SAMLResponse",
            Self::Assertion => "SAMLAssertion",
        }
    }
}

/// What had to be repaired to read a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Oddity {
    /// Spaces stood where `+` must have been: a form was decoded twice.
    PlusLost,
    /// `-` and `_` stood for `+` and `/` (RFC 4648, 5).
    Base64Url,
    /// It was percent-encoded twice.
    EscapedTwice,
}

/// Why there is no message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// It is none of the forms that a message comes in.
    #[error("this is {}", .0.describe())]
    Unrecognized(Content),
    /// A page without a message in it.
    #[error("this is an HTML page without a SAML message in it{}", titled(.title.as_deref()))]
    HtmlPage {
        /// The page's title.
        title: Option<String>,
    },
    /// The text is not base64.
    #[error("the {what} is not base64: found {found:?} at character {at}")]
    NotBase64 {
        /// What was read.
        what: &'static str,
        /// The character that does not belong.
        found: char,
        /// Its place, from 1.
        at: usize,
    },
    /// The base64 is cut short.
    #[error("the base64 is cut short")]
    CutShort,
    /// What the base64 holds is no XML, deflated or not.
    #[error("the base64 holds {length} octets that are neither XML nor deflated XML")]
    NoXml {
        /// How many octets there are.
        length: usize,
    },
    /// A parameter is there more than once, also in another spelling or without a value; which of
    /// them is the message depends on who reads.
    #[error("there is more than one {name}, and programs differ in which they read")]
    Repeated {
        /// The parameter.
        name: &'static str,
    },
    /// There are messages of two kinds.
    #[error("there is a {second} beside the {first}, and programs differ in which they read")]
    SeveralMessages {
        /// The parameter of the one.
        first: &'static str,
        /// The parameter of the other.
        second: &'static str,
    },
    /// The message is too large when inflated.
    #[error("the message inflates to more than {max} octets")]
    InflateLimit {
        /// How many octets are allowed.
        max: usize,
    },
}

fn titled(title: Option<&str>) -> String {
    title.map(|title| format!(": {title:?}")).unwrap_or_default()
}

/// The parameters that are looked for.
const NAMES: [&str; 4] = ["SAMLResponse", "SAMLRequest", "SAMLAssertion", RELAY_STATE];

/// The parameter that has a message, if one has, and its value; `named` gives the value of a
/// parameter.
fn one_message<'v>(
    named: impl Fn(&'static str) -> Result<Option<&'v str>, CaptureError>,
) -> Result<Option<(Parameter, &'v str)>, CaptureError> {
    let mut one: Option<(Parameter, &str)> = None;
    for parameter in Parameter::ALL {
        let Some(value) = named(parameter.name())? else { continue };
        if let Some((first, _)) = one {
            let (first, second) = (first.name(), parameter.name());
            return Err(CaptureError::SeveralMessages { first, second });
        }
        one = Some((parameter, value));
    }
    Ok(one)
}

/// Takes the message out of what was pasted or saved.
///
/// ```
/// use samlkit::capture::{Form, Parameter, decode};
///
/// let message = decode(b"RelayState=x%20y&SAMLResponse=PHNhbWxwOlJlc3BvbnNlLz4%3D")?;
/// assert_eq!(*message.xml, *b"<samlp:Response/>");
/// assert_eq!((message.form, message.parameter), (Form::FormBody, Some(Parameter::Response)));
/// assert_eq!(message.relay_state.as_deref(), Some("x y"));
/// # Ok::<(), samlkit::capture::CaptureError>(())
/// ```
///
/// # Errors
/// [`CaptureError`].
pub fn decode(bytes: &[u8]) -> Result<Message<'_>, CaptureError> {
    let content = recognize(bytes);
    let text = || String::from_utf8_lossy(bytes);
    match content {
        Content::Xml | Content::Blank => Ok(Message {
            xml: Cow::Borrowed(bytes),
            form: Form::Xml,
            parameter: None,
            relay_state: None,
            query: None,
            oddities: Vec::new(),
        }),
        Content::Html => {
            let page = text();
            html::form(&page)
                .unwrap_or_else(|| Err(CaptureError::HtmlPage { title: html::title(&page) }))
        }
        Content::SamlParameter => of_parameters(&text(), &content),
        Content::Base64Xml => of_value(&text(), "text", Form::Base64),
        // Base64 of deflated XML begins with anything.
        Content::Text(_) => {
            let unknown = |_| CaptureError::Unrecognized(content.clone());
            of_value(&text(), "text", Form::Base64).map_err(unknown)
        }
        other => Err(CaptureError::Unrecognized(other)),
    }
}

/// The message in one value of a form, a URL or a file.
fn of_value(value: &str, what: &'static str, form: Form) -> Result<Message<'static>, CaptureError> {
    let (octets, oddities) = base64::decode(value, what)?;
    let (xml, is_deflated) = inflate::xml(octets)?;
    let form = if is_deflated && form == Form::Base64 { Form::Deflated } else { form };
    let xml = Cow::Owned(xml);
    Ok(Message { xml, form, parameter: None, relay_state: None, query: None, oddities })
}

/// The message in a form body, a URL or its query.
fn of_parameters(text: &str, content: &Content) -> Result<Message<'static>, CaptureError> {
    let text = text.trim();
    // Only a URL has something before the question mark, and only its query is looked at.
    let (is_url, query) = match text.split_once('?') {
        Some((before, query)) if !before.contains('=') => (true, query),
        _ => (false, text),
    };
    let query = query.split('#').next().unwrap_or(query);
    let parameters = query.split('&').filter_map(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        Some((spelling(name, &NAMES)?, name, value))
    });
    let parameters: Vec<(Spelling, &str, &str)> = parameters.collect();
    let named = |name: &'static str| {
        let is_named =
            |spelled| matches!(spelled, Spelling::Exact(n) | Spelling::Alike(n) if n == name);
        let mut found = parameters.iter().filter(|&&(spelled, ..)| is_named(spelled));
        let first = found.next();
        if found.next().is_some() {
            return Err(CaptureError::Repeated { name });
        }
        // White space around a name comes with what was pasted; any other name is another parameter.
        let first = first.filter(|(_, spelled, _)| percent::decode(spelled).trim() == name);
        Ok(first.map(|&(_, _, value)| value))
    };
    let found = one_message(named)?;
    let (parameter, value) = found.ok_or_else(|| CaptureError::Unrecognized(content.clone()))?;
    let form = if is_url { Form::Url } else { Form::FormBody };
    let message = of_value(value, parameter.name(), form)?;
    let relay_state = named(RELAY_STATE)?;
    let relay_state = relay_state.map(|value| percent::decode(&value.replace('+', " ")));
    let is_signed = query.split('&').any(|parameter| parameter.starts_with("SigAlg="));
    let query = is_signed.then(|| query.to_owned());
    Ok(Message { parameter: Some(parameter), relay_state, query, ..message })
}
