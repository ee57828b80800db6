//! Rules about what was pasted or read: how a message came, and what happened to it on the way.

pub mod base64url;
pub mod html_page;
pub mod inflate_limit;
pub mod live_credential;
pub mod plus_lost;
pub mod several_messages;
pub mod truncated;
pub mod unrecognized;
pub mod wrong_parameter;

use samlkit::capture::{CaptureError, Message};

use crate::rule::Outcome;

/// What taking a message out of a capture came to.
pub type Captured<'b> = Result<Message<'b>, CaptureError>;

/// The outcome of the rules here for a file that is XML as it is.
const NO_CAPTURE: Outcome = Outcome::DoesNotApply("the file is no capture but XML");
