//! The configuration: `samlcheck.toml`, in the folder of the file that is looked at or in one above it.
//! The words of the call win over it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use chrono::{NaiveDate, TimeDelta};
use glob::Pattern;
use serde::Deserialize;

use super::files::contents;
use super::response::skew;
use super::{by_name, rule_names};
use crate::case::Options;
use crate::policy::{Level, Policy, Thresholds, Waiver};
use crate::profile::{IdpProfile, SpProfile};
use crate::rule::Severity;

/// The name of the file.
const NAME: &str = "samlcheck.toml";

/// A configuration, read and checked.
#[derive(Debug)]
pub(super) struct Config {
    /// The folder that patterns are relative to.
    folder: PathBuf,
    levels: HashMap<String, Level>,
    thresholds: Thresholds,
    clock_skew: Option<TimeDelta>,
    waivers: Vec<(Option<Pattern>, Waiver)>,
    paths: Vec<PathProfiles>,
}

/// What files under a pattern are taken for.
#[derive(Debug)]
struct PathProfiles {
    files: Pattern,
    idp: Option<IdpProfile>,
    sp: Option<SpProfile>,
    target: Option<SpProfile>,
}

/// The file as it is written.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Written {
    rules: BTreeMap<String, WrittenLevel>,
    thresholds: WrittenThresholds,
    clock_skew: Option<String>,
    waivers: Vec<WrittenWaiver>,
    paths: Vec<WrittenPath>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum WrittenLevel {
    Error,
    Warning,
    Info,
    Allow,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct WrittenThresholds {
    certificate_days: Option<u16>,
    metadata_days: Option<u16>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WrittenWaiver {
    rule: String,
    reason: String,
    until: toml::value::Datetime,
    files: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WrittenPath {
    files: String,
    idp_profile: Option<String>,
    sp_profile: Option<String>,
    r#for: Option<String>,
}

impl Config {
    fn read(path: &Path) -> Result<Self, String> {
        let bytes = contents(path)?;
        let fail = |message: String| format!("{}: {message}", path.display());
        let text = std::str::from_utf8(&bytes).map_err(|error| fail(error.to_string()))?;
        let folder = path.canonicalize().ok().and_then(|path| Some(path.parent()?.to_owned()));
        Self::parse(text, folder.unwrap_or_default()).map_err(fail)
    }

    /// The configuration in `text`, or one line about what is wrong with it.
    fn parse(text: &str, folder: PathBuf) -> Result<Self, String> {
        let written: Written = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let before = text.get(..start).unwrap_or_default();
            let line = before.matches('\n').count().saturating_add(1);
            let message: Vec<&str> = error.message().split_whitespace().collect();
            format!("line {line}: {}", message.join(" "))
        })?;
        let mut levels = HashMap::new();
        for (name, level) in written.rules {
            rule_names::check(&name)?;
            levels.insert(name, level.into());
        }
        let mut waivers = Vec::new();
        for waiver in written.waivers {
            rule_names::check(&waiver.rule)?;
            let until = waiver.until.to_string();
            let day = until.get(..10).and_then(|day| day.parse::<NaiveDate>().ok());
            let until = day.ok_or_else(|| {
                format!(
                    "the waiver of {} ends on {until:?}, expected a day such as 2026-12-31",
                    waiver.rule
                )
            })?;
            if waiver.reason.trim().is_empty() {
                return Err(format!("the waiver of {} has no reason", waiver.rule));
            }
            let files = waiver.files.as_deref().map(pattern).transpose()?;
            waivers.push((files, Waiver { rule: waiver.rule, reason: waiver.reason, until }));
        }
        let days = |days: Option<u16>, usual: i64| days.map_or(usual, i64::from);
        let usual = Thresholds::default();
        let clock_skew = written.clock_skew.as_deref().map(skew).transpose();
        Ok(Self {
            folder,
            levels,
            thresholds: Thresholds {
                certificate_days: days(written.thresholds.certificate_days, usual.certificate_days),
                metadata_days: days(written.thresholds.metadata_days, usual.metadata_days),
            },
            clock_skew: clock_skew.map_err(|error| format!("clock-skew: {error}"))?,
            waivers,
            paths: written.paths.iter().map(WrittenPath::read).collect::<Result<_, _>>()?,
        })
    }

    /// Adds to the options of a file what is said here and was not said by the call.
    pub(super) fn apply(&self, file: &Path, is_skew_given: bool, options: &mut Options) {
        let path = file.canonicalize().unwrap_or_else(|_| file.to_owned());
        let path = path.strip_prefix(&self.folder).unwrap_or(&path);
        let waivers = self
            .waivers
            .iter()
            .filter(|(files, _)| files.as_ref().is_none_or(|files| files.matches_path(path)));
        options.policy = Policy {
            layers: vec![self.levels.clone()],
            waivers: waivers.map(|(_, waiver)| waiver.clone()).collect(),
            thresholds: self.thresholds,
        };
        if let (Some(skew), Some(context), false) =
            (self.clock_skew, &mut options.verdict, is_skew_given)
        {
            // It was checked to be within bounds when it was read.
            if let Ok(sp) = context.sp.to_builder().clock_skew(skew).build() {
                context.sp = sp;
            }
        }
        for profiles in self.paths.iter().filter(|profiles| profiles.files.matches_path(path)) {
            options.idp_profile = options.idp_profile.or(profiles.idp);
            options.sp_profile = options.sp_profile.or(profiles.sp);
            options.target = options.target.or(profiles.target);
        }
    }
}

impl From<WrittenLevel> for Level {
    fn from(level: WrittenLevel) -> Self {
        match level {
            WrittenLevel::Error => Self::Report(Severity::Error),
            WrittenLevel::Warning => Self::Report(Severity::Warning),
            WrittenLevel::Info => Self::Report(Severity::Info),
            WrittenLevel::Allow => Self::Allow,
        }
    }
}

impl WrittenPath {
    fn read(&self) -> Result<PathProfiles, String> {
        Ok(PathProfiles {
            files: pattern(&self.files)?,
            idp: vendor(self.idp_profile.as_deref(), &IdpProfile::ALL)?,
            sp: vendor(self.sp_profile.as_deref(), &SpProfile::ALL)?,
            target: vendor(self.r#for.as_deref(), &SpProfile::ALL)?,
        })
    }
}

fn pattern(text: &str) -> Result<Pattern, String> {
    Pattern::new(text).map_err(|error| format!("{text:?} is no pattern of files: {error}"))
}

fn vendor<T: Copy>(name: Option<&str>, all: &[(&str, T)]) -> Result<Option<T>, String> {
    let Some(name) = name else { return Ok(None) };
    let known = || all.iter().map(|(known, _)| *known).collect::<Vec<_>>().join(", ");
    by_name(all, Some(name))
        .map(Some)
        .ok_or_else(|| format!("there is no profile {name:?}; known are {}", known()))
}

/// The configurations of one call.
pub(super) struct Configs {
    named: Option<(String, Rc<Config>)>,
    /// By the folder of the files that they are for.
    found: HashMap<PathBuf, Option<Rc<Config>>>,
    used: BTreeSet<String>,
}

impl Configs {
    /// Reads the one that the call names.
    pub(super) fn new(named: Option<&Path>) -> Result<Self, String> {
        let named = match named {
            Some(path) => Some((path.to_string_lossy().into_owned(), Rc::new(Config::read(path)?))),
            None => None,
        };
        Ok(Self { named, found: HashMap::new(), used: BTreeSet::new() })
    }

    /// The configuration for a file: the one that the call names, or the nearest one above the file. For
    /// standard input that is the folder that the command runs in.
    pub(super) fn of(&mut self, file: &Path) -> Result<Option<Rc<Config>>, String> {
        if let Some((name, config)) = &self.named {
            self.used.insert(name.clone());
            return Ok(Some(Rc::clone(config)));
        }
        let is_input = file == Path::new("-");
        let file = if is_input { Path::new(".").join("-") } else { file.to_owned() };
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        if let Some(known) = self.found.get(&folder) {
            return Ok(known.clone());
        }
        // What is above a repository is somebody else's.
        let mut is_inside = true;
        let above = folder.ancestors().take_while(|above| {
            let is_looked_at = is_inside;
            is_inside &= !above.join(".git").exists();
            is_looked_at
        });
        let path = above.map(|above| above.join(NAME)).find(|path| path.is_file());
        let config = match path {
            Some(path) => {
                // As the user would name it.
                let here = std::env::current_dir().and_then(|here| here.canonicalize());
                let path = path.strip_prefix(here.unwrap_or_default()).unwrap_or(&path);
                self.used.insert(path.to_string_lossy().into_owned());
                Some(Rc::new(Config::read(path)?))
            }
            None => None,
        };
        self.found.insert(folder, config.clone());
        Ok(config)
    }

    /// The names of those that were used.
    pub(super) fn used(&self) -> Option<String> {
        let names: Vec<&str> = self.used.iter().map(String::as_str).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(text, PathBuf::from("/etc/saml"))
    }

    #[test]
    fn all_that_there_is() {
        let config = parse(
            r#"
            clock-skew = "90s"
            [rules]
            "metadata.unsigned" = "allow"
            entra = "warning"
            [thresholds]
            certificate-days = 90
            [[waivers]]
            rule = "certificate.expired"
            reason = "the vendor changes over in January"
            until = 2027-01-31
            files = "legacy/*.xml"
            [[paths]]
            files = "aws/**/*.xml"
            sp-profile = "aws-iam"
            for = "identity-center"
            "#,
        )
        .unwrap();
        let mut options = Options::default();
        config.apply(Path::new("/etc/saml/aws/a/sp.xml"), false, &mut options);
        assert_eq!(options.sp_profile, Some(SpProfile::AwsIam));
        assert_eq!(options.target, Some(SpProfile::IdentityCenter));
        assert_eq!(options.policy.level("metadata.unsigned"), Some(Level::Allow));
        assert_eq!(options.policy.thresholds.certificate_days, 90);
        assert_eq!(options.policy.thresholds.metadata_days, 14);
        assert!(options.policy.waivers.is_empty());
        let mut options = Options { target: Some(SpProfile::ClientVpn), ..Options::default() };
        config.apply(Path::new("/etc/saml/legacy/x.xml"), false, &mut options);
        assert_eq!(options.policy.waivers.len(), 1);
        assert_eq!(options.target, Some(SpProfile::ClientVpn));
    }

    #[test]
    fn one_line_for_each_mistake() {
        for (text, expected) in [
            ("[rules]\nentra.bom = 1", "line 2: "),
            ("[rules]\n\"aws-iam.bon\" = \"allow\"", "did you mean aws-iam.bom?"),
            ("[rules]\nentra = \"loud\"", "line 2: unknown variant `loud`"),
            ("colour = 1", "line 1: unknown field `colour`"),
            ("clock-skew = \"soon\"", "clock-skew: expected a length of time"),
            ("[[waivers]]\nrule = \"entra\"\nuntil = 2026-01-01", "missing field `reason`"),
            ("[[waivers]]\nrule = \"entra\"\nreason=\" \"\nuntil = 2026-01-01", "has no reason"),
            ("[[waivers]]\nrule = \"entra\"\nreason=\"x\"\nuntil = 10:00:00", "expected a day"),
            ("[[paths]]\nfiles = \"*\"\nsp-profile = \"okta\"", "there is no profile \"okta\""),
            ("[[paths]]\nfiles = \"***\"", "is no pattern of files"),
        ] {
            let message = parse(text).unwrap_err();
            assert!(message.contains(expected), "{message}");
            assert!(!message.contains('\n'), "{message}");
        }
    }

    #[test]
    fn no_further_than_the_repository() {
        let top = std::env::temp_dir().join(format!("samlcheck-config-{}", std::process::id()));
        let inside = top.join("repository/folder");
        std::fs::create_dir_all(&inside).unwrap();
        let write = |path: PathBuf| {
            #[allow(clippy::disallowed_methods, reason = "the test makes its files")]
            std::fs::write(path, "").unwrap();
        };
        write(top.join(NAME));
        let found = || Configs::new(None).unwrap().of(&inside.join("x.xml")).unwrap().is_some();
        assert!(found());
        std::fs::create_dir(top.join("repository/.git")).unwrap();
        assert!(!found());
        write(top.join("repository").join(NAME));
        assert!(found());
        std::fs::remove_dir_all(&top).unwrap();
    }

    #[test]
    fn the_example_of_the_documents() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/configuration.md");
        #[allow(clippy::disallowed_methods, reason = "the test reads the document")]
        let text = std::fs::read_to_string(file).unwrap();
        let (_, block) = text.split_once("```toml\n").unwrap();
        let config = parse(block.split_once("```").unwrap().0).unwrap();
        // What it calls the usual thresholds are the usual ones.
        assert_eq!(config.thresholds, Thresholds::default());
        assert_eq!((config.waivers.len(), config.paths.len(), config.levels.len()), (1, 1, 3));
    }
}
