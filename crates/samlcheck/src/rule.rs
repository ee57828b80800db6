//! What a rule is: a name, a severity, an explanation, its sources and a small function that
//! checks it. Each rule is a file in [`rules`](crate::rules), written with [`rule!`].

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Utc};
use samlkit::metadata::{IdpSsoDescriptor, SpSsoDescriptor};

use crate::case::{Case, Entity, IdpOffer, Message, Options};
use crate::policy::Policy;
use crate::rules::capture::Captured;

pub use crate::finding::{Finding, Findings, Severity};

/// A check with a public name. The name never changes its meaning.
#[derive(Debug)]
pub struct Rule {
    /// The dotted name: `metadata.no-acs`.
    pub name: &'static str,
    /// How bad it is to break the rule, unless a finding says otherwise.
    pub severity: Severity,
    /// What the rule means, why it matters and how to fix it, in Markdown.
    pub explanation: &'static str,
    /// What demands it.
    pub sources: &'static [Source],
    /// What it looks at, and the function that does.
    pub check: Check,
}

impl Rule {
    /// The explanation's lines, without the space that a doc comment has before each.
    pub fn lines(&self) -> impl Iterator<Item = &'static str> {
        let lines = self.explanation.trim_end().lines();
        lines.map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
    }

    /// The first paragraph of the explanation, on one line.
    pub fn summary(&self) -> String {
        self.lines().take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// What demands it, each in words.
    pub fn source_names(&self) -> Vec<String> {
        self.sources.iter().map(ToString::to_string).collect()
    }
}

/// What demands a rule, with the section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// XML 1.0, fifth edition.
    Xml(&'static str),
    /// Namespaces in XML 1.0.
    Namespaces(&'static str),
    /// XML Schema part 2.
    Schema(&'static str),
    /// XML Signature 1.1.
    XmlSignature(&'static str),
    /// saml-core-2.0-os.
    Core(&'static str),
    /// saml-metadata-2.0-os.
    Metadata(&'static str),
    /// saml-profiles-2.0-os.
    Profiles(&'static str),
    /// Microsoft's documentation of Entra ID.
    Entra(&'static str),
    /// AWS's documentation.
    Aws(&'static str),
    /// Anything else, by its name.
    Other(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Xml(section) => write!(f, "XML 1.0 (5th ed.), {section}"),
            Self::Namespaces(section) => write!(f, "Namespaces in XML 1.0, {section}"),
            Self::Schema(section) => write!(f, "XML Schema Part 2, {section}"),
            Self::XmlSignature(section) => write!(f, "XML Signature 1.1, {section}"),
            Self::Core(section) => write!(f, "saml-core-2.0-os, {section}"),
            Self::Metadata(section) => write!(f, "saml-metadata-2.0-os, {section}"),
            Self::Profiles(section) => write!(f, "saml-profiles-2.0-os, {section}"),
            Self::Entra(page) => write!(f, "Microsoft Entra documentation, {page}"),
            Self::Aws(page) => write!(f, "AWS documentation, {page}"),
            Self::Other(name) => f.write_str(name),
        }
    }
}

/// What a rule looks at, and the function that checks it. A rule about a part of metadata is
/// called for each such part; where a file has none, the rule does not apply.
#[derive(Clone, Copy)]
pub enum Check {
    /// How the message came, and what had to be done to get at it.
    Capture(fn(&Captured<'_>, &Options) -> Outcome),
    /// Whether the file could be read as XML; called whether it could or not.
    Reading(fn(&Case<'_>) -> Outcome),
    /// The document as a whole, of whatever kind.
    Document(fn(&Case<'_>) -> Outcome),
    /// A response, whoever wrote it.
    Response(fn(&Case<'_>, &Message<'_>) -> Outcome),
    /// Each entity.
    Entity(fn(&Case<'_>, &Entity<'_>) -> Outcome),
    /// Each identity provider role.
    Idp(fn(&Case<'_>, &Entity<'_>, &IdpSsoDescriptor<'_>) -> Outcome),
    /// Each service provider role.
    Sp(fn(&Case<'_>, &Entity<'_>, &SpSsoDescriptor<'_>) -> Outcome),
    /// What the user made of findings: the names of the rules that are broken, the policy, the time.
    Policy(fn(&BTreeSet<&str>, &Policy, DateTime<Utc>) -> Outcome),
    /// Each service provider role, beside the identity provider on the other side.
    Pair(fn(&Entity<'_>, &SpSsoDescriptor<'_>, &IdpOffer) -> Outcome),
}

impl Check {
    /// Why a rule that was never called does not apply.
    pub(crate) fn nothing_there(&self) -> &'static str {
        match self {
            Self::Capture(_) | Self::Reading(_) | Self::Document(_) | Self::Policy(_) => {
                "there is nothing to look at"
            }
            Self::Response(_) => "the document is no response",
            Self::Entity(_) => "the document is no metadata",
            Self::Idp(_) => "there is no identity provider in the document",
            Self::Sp(_) => "there is no service provider in the document",
            Self::Pair(_) => "the file was not checked as the service provider's side of a pair",
        }
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Capture(_) => "Capture",
            Self::Reading(_) => "Reading",
            Self::Document(_) => "Document",
            Self::Response(_) => "Response",
            Self::Entity(_) => "Entity",
            Self::Idp(_) => "Idp",
            Self::Sp(_) => "Sp",
            Self::Pair(_) => "Pair",
            Self::Policy(_) => "Policy",
        })
    }
}

/// What a check comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Looked at, and good.
    Passed,
    /// Broken, at least once.
    Found(Findings),
    /// There is nothing here for the rule to look at; why not.
    DoesNotApply(&'static str),
    /// What the rule looks at could not be read.
    NotReached,
}

impl From<Findings> for Outcome {
    /// No findings are a pass.
    fn from(findings: Findings) -> Self {
        if findings.is_empty() { Self::Passed } else { Self::Found(findings) }
    }
}

impl FromIterator<Finding> for Outcome {
    /// No findings are a pass.
    fn from_iter<I: IntoIterator<Item = Finding>>(findings: I) -> Self {
        findings.into_iter().collect::<Findings>().into()
    }
}

impl From<Option<Finding>> for Outcome {
    /// No finding is a pass.
    fn from(finding: Option<Finding>) -> Self {
        finding.into_iter().collect()
    }
}

impl From<Finding> for Outcome {
    fn from(finding: Finding) -> Self {
        Some(finding).into()
    }
}

/// Declares a [`Rule`]. The doc comment is its explanation, as users read it.
macro_rules! rule {
    (
        $(#[doc = $doc:expr])+
        pub static $id:ident = $name:literal {
            severity: $severity:ident,
            sources: [$($source:expr),* $(,)?],
            check: $on:ident($check:expr) $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        pub static $id: $crate::rule::Rule = $crate::rule::Rule {
            name: $name,
            severity: $crate::rule::Severity::$severity,
            explanation: concat!($($doc, "\n"),+),
            sources: {
                #[allow(unused_imports, reason = "a rule may have no source")]
                use $crate::rule::Source::*;
                &[$($source),*]
            },
            check: $crate::rule::Check::$on($check),
        };
    };
}
pub(crate) use rule;
