//! Base64 as people paste it: with line breaks, without padding, percent-encoded once or twice, with
//! `+` lost to spaces, in the alphabet for URLs.

use super::{CaptureError, Oddity, inflate, percent};

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Padding says nothing that the length does not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The octets, and what had to be repaired. `what` names the text in errors.
pub(super) fn decode(
    text: &str,
    what: &'static str,
) -> Result<(Vec<u8>, Vec<Oddity>), CaptureError> {
    let mut oddities = Vec::new();
    let mut text = text.trim().to_owned();
    if text.contains('%') {
        text = percent::decode(&text);
        if text.contains('%') {
            text = percent::decode(&text);
            oddities.push(Oddity::EscapedTwice);
        }
    }
    let mut packed = String::with_capacity(text.len());
    let mut note = |oddity| {
        if !oddities.contains(&oddity) {
            oddities.push(oddity);
        }
    };
    for line in text.lines() {
        for c in line.trim().chars() {
            packed.push(match c {
                ' ' => {
                    note(Oddity::PlusLost);
                    '+'
                }
                '-' => {
                    note(Oddity::Base64Url);
                    '+'
                }
                '_' => {
                    note(Oddity::Base64Url);
                    '/'
                }
                other => other,
            });
        }
    }
    let foreign = |c: char| !(c.is_ascii_alphanumeric() || "+/=".contains(c));
    if let Some((before, found)) = packed.chars().enumerate().find(|&(_, c)| foreign(c)) {
        return Err(CaptureError::NotBase64 { what, found, at: before.saturating_add(1) });
    }
    let decode = |text: &str| BASE64.decode(text).map_err(|_| CaptureError::CutShort);
    let packed = packed.trim_end_matches('=');
    let octets = decode(packed)?;
    // A `+` at the very end is a space that was taken for none: the `>` of the last tag.
    let is_cut = packed.len() % 4 == 3 && !octets.trim_ascii_end().ends_with(b">");
    if is_cut && inflate::is_xml(&octets) {
        let whole = decode(&format!("{packed}+"))?;
        if whole.ends_with(b">") {
            note(Oddity::PlusLost);
            return Ok((whole, oddities));
        }
    }
    Ok((octets, oddities))
}
