//! The rule `capture.plus-lost`.

use samlkit::capture::Oddity;

use super::{Captured, for_message};
use crate::case::Options;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// Spaces stand in the base64 where `+` must have been.
    ///
    /// ## Why it matters
    /// A form was decoded twice, by a tool or by the program that logs it. A service provider that
    /// does the same refuses some responses and not others.
    ///
    /// ## How to fix it
    /// The spaces were read as `+`. Copy the raw value of the form; in a program, decode it once.
    ///
    /// ## Example
    /// ```text
    /// bad   PHNhbWxwOlJlc3BvbnNl PiAx
    /// good  PHNhbWxwOlJlc3BvbnNl+PiAx
    /// ```
    pub static PLUS_LOST = "capture.plus-lost" {
        severity: Warning,
        sources: [Other("RFC 4648, 4")],
        check: Capture(check)
    }
}

fn check(captured: &Captured<'_>, _: &Options) -> Outcome {
    for_message(captured, |message| {
        let finding = message.oddities.contains(&Oddity::PlusLost).then(|| {
            Finding::new("spaces stood in the base64 where + must have been, and were read as that")
                .help("copy the raw value of the form; a program has to decode it once, not twice")
        });
        finding.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::*;

    #[test]
    fn a_space_inside() {
        fires(&PLUS_LOST, RESPONSE.replace('+', " "));
    }

    #[test]
    fn line_breaks_and_spaces_around_lines() {
        passes(&PLUS_LOST, RESPONSE.replace('+', "+ \n  "));
        does_not_apply(&PLUS_LOST, idp());
    }
}
