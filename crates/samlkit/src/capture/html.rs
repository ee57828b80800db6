//! A page with a form that posts itself, as the POST binding has it (saml-bindings 3.5): the hidden
//! input is found by its name. This is no reader of HTML.

use super::{CaptureError, Form, Message, Parameter, of_value};

/// The message in the page's hidden input; `None` if there is none.
pub(super) fn form(page: &str) -> Option<Result<Message<'static>, CaptureError>> {
    let inputs = || page.split("<input").skip(1).chain(page.split("<INPUT").skip(1));
    let value_of = |name: &str| {
        let named = inputs().filter_map(|rest| Some(rest.split_once('>')?.0));
        let mut named = named.filter(|tag| attribute(tag, "name").is_some_and(|n| n == name));
        named.find_map(|tag| attribute(tag, "value"))
    };
    let found = Parameter::ALL.into_iter().find_map(|p| Some((p, value_of(p.name())?)));
    let (parameter, value) = found?;
    let message = of_value(&value, parameter.name(), Form::HtmlForm);
    let relay_state = value_of("RelayState");
    Some(message.map(|message| Message { parameter: Some(parameter), relay_state, ..message }))
}

/// The title of a page, its white space made single spaces.
pub(super) fn title(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start.checked_add(lower.get(start..)?.find('>')?)?.checked_add(1)?;
    let end = start.checked_add(lower.get(start..)?.find("</title")?)?;
    let text = unescape(page.get(start..end)?);
    let words: Vec<&str> = text.split_whitespace().collect();
    Some(words.join(" ")).filter(|title| !title.is_empty())
}

/// The value of an attribute in the text of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    lower.match_indices(name).find_map(|(at, _)| {
        let (before, after) = (tag.get(..at)?, tag.get(at..)?.get(name.len()..)?);
        let is_whole = before.ends_with(|c: char| c.is_whitespace() || c == '"' || c == '\'');
        let value = after.trim_start().strip_prefix('=').filter(|_| is_whole)?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        Some(unescape(value.get(1..)?.split(quote).next()?))
    })
}

fn unescape(text: &str) -> String {
    let text = text.replace("&#43;", "+").replace("&#x2B;", "+").replace("&#x2b;", "+");
    let text = text.replace("&#61;", "=").replace("&#x3D;", "=").replace("&#x3d;", "=");
    let text = text.replace("&#47;", "/").replace("&#x2F;", "/").replace("&#x2f;", "/");
    let text = text.replace("&#13;", "\r").replace("&#10;", "\n").replace("&quot;", "\"");
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
