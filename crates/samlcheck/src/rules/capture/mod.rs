//! Rules about what was pasted or read: how a message came, and what happened to it on the way.

pub mod base64url;
pub mod html_page;
pub mod inflate_limit;
pub mod live_credential;
pub mod plus_lost;
pub mod repeated_parameter;
pub mod several_messages;
pub mod truncated;
pub mod unrecognized;
pub mod wrong_parameter;

use samlkit::capture::{CaptureError, Form, Message};

use crate::rule::Outcome;

/// What taking a message out of a capture came to.
pub type Captured<'b> = Result<Message<'b>, CaptureError>;

/// The outcome of a rule about a message that had to be taken out of something.
fn for_message(captured: &Captured<'_>, check: impl FnOnce(&Message<'_>) -> Outcome) -> Outcome {
    match captured {
        Err(_) => Outcome::NotReached,
        Ok(message) if message.form == Form::Xml => {
            Outcome::DoesNotApply("the file is no capture but XML")
        }
        Ok(message) => check(message),
    }
}
