//! The rule `capture.several-messages`.

use super::Captured;
use crate::case::Options;
use crate::rule::{Finding, Outcome, rule};

rule! {
    /// The export of a browser holds several messages; each is reported, in the order of time.
    ///
    /// ## Why it matters
    /// A sign-in that was tried twice leaves two of each. Only the last response tells how it ended, and an
    /// older one is expected to be refused.
    ///
    /// ## How to fix it
    /// Nothing has to be done. To look at one of them, save a recording that begins just before the sign-in.
    ///
    /// ## Example
    /// ```text
    /// bad   two sign-ins in one HAR file: the first response is expected to be refused
    /// good  one sign-in in one HAR file
    /// ```
    pub static SEVERAL_MESSAGES = "capture.several-messages" {
        severity: Info,
        sources: [],
        check: Capture(check)
    }
}

fn check(_: &Captured<'_>, options: &Options) -> Outcome {
    match &options.export {
        None => Outcome::DoesNotApply("the file is no export of a browser"),
        Some(place) if place.number == 1 && place.count > 1 => Finding::new(format!(
            "the export holds {} messages; they follow in the order of time",
            place.count
        ))
        .into(),
        Some(_) => Outcome::Passed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::ExportPlace;
    use crate::rules::testing::*;

    fn place(number: usize, count: usize) -> Options {
        Options {
            export: Some(ExportPlace { number, count, ..ExportPlace::default() }),
            ..Options::default()
        }
    }

    #[test]
    fn the_first_of_two() {
        let finding = fires_for(&SEVERAL_MESSAGES, RESPONSE, &place(1, 2));
        assert!(finding.message.contains("holds 2 messages"));
    }

    #[test]
    fn the_second_and_a_single_one() {
        passes_for(&SEVERAL_MESSAGES, RESPONSE, &place(2, 2));
        passes_for(&SEVERAL_MESSAGES, RESPONSE, &place(1, 1));
        does_not_apply(&SEVERAL_MESSAGES, RESPONSE);
    }
}
