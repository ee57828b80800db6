//! What a rule finds: one [`Finding`] for each place where it is broken, gathered in [`Findings`], which
//! keep the first few in full and of the others only their number. A file of 100 MB may break a rule
//! ten million times, and nobody reads more than the first few; so there is no list that grows with the
//! file. How findings are shown is the business of `render`, and what they mean that of each rule.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Sign-in fails, or a verifier must refuse.
    Error,
    /// Works today, breaks soon or elsewhere.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// `error`, `warning` or `info`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One place where a rule is broken, as the rule's function tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong: lower case, true on its own, with the values in it.
    pub message: String,
    /// Where, as a range of the document's text; `None` for the file as a whole.
    pub range: Option<Range<usize>>,
    /// The severity, where it is another than the rule's.
    pub severity: Option<Severity>,
    /// What was found, where the message does not say it all.
    pub found: Option<String>,
    /// What was expected.
    pub expected: Option<String>,
    /// Further facts, one sentence each.
    pub notes: Vec<String>,
    /// What to do, in the words of the vendor's own pages.
    pub help: Option<String>,
}

impl Finding {
    /// A finding about the file as a whole.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            range: None,
            severity: None,
            found: None,
            expected: None,
            notes: Vec::new(),
            help: None,
        }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, range: Range<usize>) -> Self {
        self.range = Some(range);
        self
    }

    /// Gives the finding another severity than the rule's.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Says what was found.
    #[must_use]
    pub fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    /// Says what was expected.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Cuts what is too long to keep.
    fn cut(mut self) -> Self {
        let more = self.notes.len().saturating_sub(NOTES_KEPT);
        if more > 0 {
            self.notes.truncate(NOTES_KEPT);
            self.notes.push(format!("and {more} more"));
        }
        let texts = [&mut self.found, &mut self.expected, &mut self.help].into_iter().flatten();
        texts.chain(&mut self.notes).chain([&mut self.message]).for_each(cut);
        self
    }
}

/// How many findings of one rule and one severity are kept for each file: more than anybody reads, and
/// few enough for all rules together to take less than a megabyte.
pub const FINDINGS_KEPT: usize = 20;
/// Bytes that are kept of each text of a finding, half of them at each end. The longest that a healthy
/// file gives, the ACS URLs of all Regions, has half as many.
const TEXT_KEPT: usize = 8 << 10;
/// Notes that are kept of one finding.
const NOTES_KEPT: usize = 20;

/// The findings of one rule: the first few of each severity in full, of the others their number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    kept: Vec<Finding>,
    /// How many there are beside those; `None` is the rule's own severity.
    left_out: BTreeMap<Option<Severity>, usize>,
}

impl Findings {
    /// Adds a finding: keeps it, or counts it.
    pub fn push(&mut self, finding: Finding) {
        let alike = self.kept.iter().filter(|kept| kept.severity == finding.severity);
        if alike.count() < FINDINGS_KEPT {
            self.kept.push(finding.cut());
        } else {
            self.count(finding.severity, 1);
        }
    }

    /// Adds findings of the rule's own severity by their number.
    #[must_use]
    pub(crate) fn and_more(mut self, count: usize) -> Self {
        self.count(None, count);
        self
    }

    fn count(&mut self, severity: Option<Severity>, more: usize) {
        if more > 0 {
            let count = self.left_out.entry(severity).or_default();
            *count = count.saturating_add(more);
        }
    }

    /// Adds the findings of another part of the file.
    pub(crate) fn append(&mut self, other: Self) {
        self.extend(other.kept);
        for (severity, count) in other.left_out {
            self.count(severity, count);
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many are kept.
    pub(crate) fn len(&self) -> usize {
        self.kept.len()
    }

    /// Those that are kept, and how many there are of each severity beside them; `None` is the rule's own.
    pub(crate) fn into_parts(self) -> (Vec<Finding>, BTreeMap<Option<Severity>, usize>) {
        (self.kept, self.left_out)
    }

    /// Makes all of them hints, and gives each the same note.
    #[must_use]
    pub(crate) fn into_hints(self, note: &str) -> Self {
        let hint = |finding: Finding| finding.severity(Severity::Info).note(note);
        let mut hints: Self = self.kept.into_iter().map(hint).collect();
        self.left_out.into_values().for_each(|count| hints.count(Some(Severity::Info), count));
        hints
    }
}

impl Extend<Finding> for Findings {
    fn extend<I: IntoIterator<Item = Finding>>(&mut self, findings: I) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }
}

impl FromIterator<Finding> for Findings {
    fn from_iter<I: IntoIterator<Item = Finding>>(findings: I) -> Self {
        let mut all = Self::default();
        all.extend(findings);
        all
    }
}

/// Takes the middle out of a text that is too long to keep.
fn cut(text: &mut String) {
    if text.len() <= TEXT_KEPT {
        return;
    }
    let start = text.floor_char_boundary(TEXT_KEPT / 2);
    let end = text.ceil_char_boundary(text.len().saturating_sub(TEXT_KEPT / 2));
    text.replace_range(start..end, " … ");
    text.shrink_to_fit();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(findings: &Findings) -> Vec<&str> {
        findings.kept.iter().map(|finding| finding.message.as_str()).collect()
    }

    #[test]
    fn the_first_few_are_kept_and_the_others_counted() {
        let many = (0..100_000).map(|number| Finding::new(number.to_string()));
        let findings: Findings = many.collect();
        assert_eq!(findings.kept.len(), FINDINGS_KEPT);
        assert_eq!(numbers(&findings).last(), Some(&"19"));
        assert_eq!(findings.left_out, [(None, 99_980)].into());
        let few: Findings = (0..FINDINGS_KEPT).map(|_| Finding::new("x")).collect();
        assert!(few.left_out.is_empty());
        assert!(!few.is_empty() && Findings::default().is_empty());
    }

    #[test]
    fn a_grave_one_is_kept_behind_many_that_are_not() {
        let mut findings: Findings =
            (0..50).map(|_| Finding::new("hint").severity(Severity::Info)).collect();
        findings.push(Finding::new("grave"));
        assert_eq!(numbers(&findings).last(), Some(&"grave"));
        assert_eq!(findings.left_out, [(Some(Severity::Info), 30)].into());
    }

    #[test]
    fn those_of_several_parts_are_counted_together() {
        let part = |count| (0..count).map(|_| Finding::new("x")).collect::<Findings>();
        let mut all = Findings::default();
        for count in [1, 25, 30] {
            all.append(part(count));
        }
        assert_eq!(all.kept.len(), FINDINGS_KEPT);
        assert_eq!(all.left_out, [(None, 36)].into());
        let hints = all.into_hints("why");
        assert_eq!(hints.left_out, [(Some(Severity::Info), 36)].into());
        assert!(hints.kept.iter().all(|finding| finding.notes == ["why"]));
    }

    #[test]
    fn endless_texts_are_cut_in_their_middle() {
        let long = format!("begin{}end", "ä".repeat(100_000));
        let finding = (0..50).fold(Finding::new(&long).found(&long), |f, _| f.note(&long));
        let kept = [finding].into_iter().collect::<Findings>().kept.remove(0);
        for text in kept.notes.iter().take(NOTES_KEPT).chain([&kept.message]).chain(&kept.found) {
            assert!(text.starts_with("begin") && text.ends_with("end"), "{text}");
            assert!(text.contains(" … ") && text.len() <= TEXT_KEPT + 5);
        }
        assert_eq!(kept.notes.len(), NOTES_KEPT + 1);
        assert_eq!(kept.notes.last().unwrap(), "and 30 more");
    }
}
