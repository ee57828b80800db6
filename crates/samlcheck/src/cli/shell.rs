//! `samlcheck completions` and `samlcheck man`: what a package installs beside the command.

use std::io;

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Arguments as Call, GOOD, TROUBLE, complain, print_out};

/// The words of `completions`.
#[derive(clap::Args, Debug)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// The words of `man`.
#[derive(clap::Args, Debug)]
pub(super) struct Man {
    /// The subcommand that the page is about; without it, the command itself
    #[arg(value_name = "SUBCOMMAND")]
    subcommand: Option<String>,
}

/// Writes the completions for a shell.
pub(super) fn completions(arguments: &Completions) -> u8 {
    let mut out = Vec::new();
    clap_complete::generate(arguments.shell, &mut Call::command(), "samlcheck", &mut out);
    if print_out(&out) { GOOD } else { TROUBLE }
}

/// Writes a page of the manual, in roff.
pub(super) fn man(arguments: &Man) -> u8 {
    let mut command = Call::command();
    command.build();
    let command = match &arguments.subcommand {
        None => command,
        Some(name) => match command.find_subcommand(name) {
            // A page's name has a dash where the call has a space.
            Some(found) => found.clone().name(format!("samlcheck-{name}")),
            None => {
                complain(&format!("there is no subcommand {name:?}; samlcheck --help lists all"));
                return TROUBLE;
            }
        },
    };
    let mut out = Vec::new();
    let written: io::Result<()> = clap_mangen::Man::new(command).render(&mut out);
    if written.is_ok() && print_out(&out) { GOOD } else { TROUBLE }
}
