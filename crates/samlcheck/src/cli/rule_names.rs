//! Names of rules and groups as the user writes them.

use crate::rule::Rule;
use crate::rules::ALL;

/// The group that a rule belongs to: what its name begins with.
pub(super) fn group(rule: &Rule) -> &'static str {
    rule.name.split('.').next().unwrap_or_default()
}

/// Whether there is a rule or a group of that name; else the sentence that says so, with the nearest name.
pub(super) fn check(name: &str) -> Result<(), String> {
    let known = ALL.iter().any(|rule| rule.name == name || group(rule) == name);
    if known { Ok(()) } else { Err(unknown(name)) }
}

/// The sentence that there is no such rule, with the nearest one.
pub(super) fn unknown(wanted: &str) -> String {
    let distance = |name: &&str| strsim::damerau_levenshtein(name, wanted);
    let names = ALL.iter().map(|rule| rule.name);
    let groups = ALL.iter().map(|rule| group(rule));
    // A name that is half another one is no slip.
    let near = names.chain(groups).min_by_key(distance);
    match near.filter(|name| distance(name) <= wanted.len() / 2) {
        Some(name) => format!("there is no rule {wanted:?}; did you mean {name}?"),
        None => format!("there is no rule {wanted:?}; samlcheck explain lists all"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_and_strangers() {
        assert!(unknown("aws-iam.bon").contains("did you mean aws-iam.bom?"));
        assert!(unknown("entrs").contains("did you mean entra?"));
        assert!(!unknown("weather").contains("did you mean"));
        assert_eq!(check("entra"), Ok(()));
        assert_eq!(check("entra.cloud"), Ok(()));
        assert!(check("entra.clouds").is_err());
    }
}
