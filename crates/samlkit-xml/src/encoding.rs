//! The encodings that are read, and what a declaration may call them (XML 1.0, 4.3.3).

/// The encoding that the bytes were found in. US-ASCII is a part of UTF-8 and reported as that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, big end first, with its byte order mark.
    Utf16Be,
    /// UTF-16, little end first, with its byte order mark.
    Utf16Le,
}

impl Encoding {
    /// The name as it is spoken of: `UTF-8`, `UTF-16BE`, `UTF-16LE`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Be => "UTF-16BE",
            Self::Utf16Le => "UTF-16LE",
        }
    }

    /// Whether an encoding declaration may call this one `declared`. Names ignore case.
    pub(crate) fn may_be_declared(self, declared: &str, text: &str) -> bool {
        let is = |names: &[&str]| names.iter().any(|n| declared.eq_ignore_ascii_case(n));
        match self {
            Self::Utf8 if is(&["UTF-8", "UTF8"]) => true,
            Self::Utf8 if is(&["US-ASCII", "ASCII"]) => text.is_ascii(),
            Self::Utf8 => false,
            Self::Utf16Be => is(&["UTF-16", "UTF-16BE"]),
            Self::Utf16Le => is(&["UTF-16", "UTF-16LE"]),
        }
    }
}
