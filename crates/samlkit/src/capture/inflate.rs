//! Deflated XML (RFC 1951, saml-bindings 3.4.4.1), within a limit.

use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};

use super::{CaptureError, INFLATED};

/// The XML that `octets` are, or that they inflate to, and whether they had to be inflated.
pub(super) fn xml(octets: Vec<u8>) -> Result<(Vec<u8>, bool), CaptureError> {
    if is_xml(&octets) {
        return Ok((octets, false));
    }
    // Some senders write the frame of zlib around it.
    let plain = limited(DeflateDecoder::new(octets.as_slice()))?.filter(|xml| is_xml(xml));
    let inflated = match plain {
        Some(xml) => Some(xml),
        None => limited(ZlibDecoder::new(octets.as_slice()))?.filter(|xml| is_xml(xml)),
    };
    match inflated {
        Some(xml) => Ok((xml, true)),
        None => Err(CaptureError::NoXml { length: octets.len() }),
    }
}

pub(super) fn is_xml(octets: &[u8]) -> bool {
    let body = octets.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(octets).trim_ascii_start();
    let is_utf_16 = matches!(octets, [0xFF, 0xFE, b'<', 0, ..] | [0xFE, 0xFF, 0, b'<', ..]);
    body.starts_with(b"<") || is_utf_16
}

/// What comes out, as far as it can be inflated: a message that was cut short is still one.
fn limited(from: impl Read) -> Result<Option<Vec<u8>>, CaptureError> {
    let one_more = u64::try_from(INFLATED).unwrap_or(u64::MAX).saturating_add(1);
    let mut xml = Vec::new();
    let _ = from.take(one_more).read_to_end(&mut xml);
    if xml.len() > INFLATED {
        return Err(CaptureError::InflateLimit { max: INFLATED });
    }
    Ok((!xml.is_empty()).then_some(xml))
}
