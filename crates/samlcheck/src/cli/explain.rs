//! `samlcheck explain`: what a rule means, why it matters, how to fix it and what demands it; without
//! a name, all rules in a line each. The texts are those of the rules, and nothing is read but them.

use std::io::{self, IsTerminal, Write};

use super::rule_names::{group, unknown};
use super::{GOOD, TROUBLE, complain};
use crate::profiles::aws_error::{AwsError, aws_errors};
use crate::profiles::entra_error::{INBOUND, code_in, entra_error};
use crate::rule::Rule;
use crate::rules::ALL;

/// The words of the subcommand.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// The name of a rule, the group that names begin with, an AADSTS code, or a sentence of AWS's such
    /// as "Response signature invalid"; without it, all rules are listed
    #[arg(value_name = "RULE")]
    rule: Option<String>,
}

/// Runs the subcommand and gives its exit status.
pub(super) fn run(arguments: &Arguments) -> u8 {
    let text = match arguments.rule.as_deref() {
        None => list(ALL.iter().copied()),
        Some(wanted) => match about(wanted) {
            Ok(text) => text,
            Err(message) => {
                complain(&message);
                return TROUBLE;
            }
        },
    };
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("the text cannot be written: {error}"));
            TROUBLE
        }
        _ => GOOD,
    }
}

/// One rule whole, or the rules of a group.
fn about(wanted: &str) -> Result<String, String> {
    if let Some(code) = code_in(wanted) {
        return of_entra(code);
    }
    if let Some(rule) = ALL.iter().find(|rule| rule.name == wanted) {
        return Ok(whole(rule));
    }
    let group = ALL.iter().copied().filter(|rule| group(rule) == wanted.trim_end_matches('.'));
    match list(group) {
        text if text.is_empty() => match aws_errors(wanted).as_slice() {
            [] => Err(unknown(wanted)),
            errors => Ok(errors.iter().map(|error| of_aws(error)).collect::<Vec<_>>().join("\n")),
        },
        text => Ok(text),
    }
}

/// What a sentence of AWS's means.
fn of_aws(error: &AwsError) -> String {
    let rules = error.rules.iter().filter_map(|name| ALL.iter().copied().find(|r| r.name == *name));
    format!(
        "\"{}\" ({})\n{}\n\nThe rules that find the cause, in a response and the metadata of both sides\n{}",
        error.sentence,
        error.source,
        wrap(error.cause),
        list(rules)
    )
}

/// Breaks a sentence into lines as long as those of the rules' texts.
fn wrap(text: &str) -> String {
    crate::render::text::wrap(text, 100)
}

/// What an error code of Entra's means.
fn of_entra(code: u32) -> Result<String, String> {
    let error = entra_error(code).ok_or_else(|| {
        format!(
            "AADSTS{code} is none of the codes known here; the sign-in log has its text: Entra admin \
             center > Monitoring & health > Sign-in logs"
        )
    })?;
    let rule = if INBOUND.contains(&code) { "entra.inbound-code" } else { "entra.error-status" };
    // A rule that finds the cause names the code in its text.
    let named = format!("AADSTS{code}");
    let about = ALL.iter().copied().filter(|rule| rule.explanation.contains(&named));
    let about = list(about);
    let about = match about.as_str() {
        "" => String::new(),
        about => format!("\nRules that have to do with the cause\n{about}"),
    };
    Ok(format!(
        "{named}\n{}\n\nHow to fix it\n{}\n\nThe rule {rule} finds it in a response.\n{about}",
        wrap(error.cause),
        wrap(error.fix)
    ))
}

/// The explanation as text: its headings without the marks of Markdown.
fn whole(rule: &Rule) -> String {
    let mut is_example = false;
    let lines = rule.lines().filter_map(|line| {
        if line.starts_with("```") {
            is_example = !is_example;
            return None;
        }
        let line = line.strip_prefix("## ").unwrap_or(line);
        Some(if is_example { format!("  {line}") } else { line.to_owned() })
    });
    let lines: Vec<String> = lines.collect();
    let sources = match rule.sources {
        [] => String::new(),
        _ => format!("\nSource\n{}\n", rule.source_names().join("\n")),
    };
    format!("{}[{}]\n{}\n{sources}", rule.severity, rule.name, lines.join("\n"))
}

/// Each rule in a line: its severity, its name, its first sentence.
fn list<'r>(rules: impl Iterator<Item = &'r Rule>) -> String {
    let width = ALL.iter().map(|rule| rule.name.len()).max().unwrap_or_default();
    // Where it is read by a program, nothing is cut.
    let terminal = terminal_size::terminal_size().filter(|_| io::stdout().is_terminal());
    let terminal = terminal.map(|(width, _)| usize::from(width.0));
    let line = |rule: &Rule| -> String {
        let text = rule.summary();
        let sentence = text.split_once(". ").map_or(text.as_str(), |(first, _)| first);
        let sentence = sentence.trim_end_matches('.');
        let line = format!("{:7}  {:width$}  {sentence}", rule.severity.name(), rule.name);
        match terminal {
            Some(terminal) if line.chars().count() > terminal => {
                let kept = line.chars().take(terminal.saturating_sub(1));
                kept.chain(['…', '\n']).collect()
            }
            _ => format!("{line}\n"),
        }
    };
    rules.map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_line_and_a_text() {
        assert_eq!(list(ALL.iter().copied()).lines().count(), ALL.len());
        for rule in ALL {
            let text = whole(rule);
            assert!(text.starts_with(&format!("{}[{}]\n", rule.severity, rule.name)), "{text}");
            assert!(
                text.contains("\nWhy it matters\n") && text.contains("\nHow to fix it\n"),
                "{text}"
            );
        }
    }
}
