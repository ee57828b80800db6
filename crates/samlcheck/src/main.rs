//! The command `samlcheck`: the clock and the words of the command line; all else is in the
//! library.

use std::process::ExitCode;

use chrono::{DateTime, Utc};

fn main() -> ExitCode {
    #[allow(clippy::disallowed_methods, reason = "this is where the clock is read")]
    let now: DateTime<Utc> = std::time::SystemTime::now().into();
    ExitCode::from(samlcheck::cli::run(std::env::args_os(), now))
}
