//! Exports of the browser extension SAML-tracer.

use std::borrow::Cow;

use super::json::Json;
use super::{Exported, carries_message, form};

/// The messages in an export; `None` if it is none.
pub(super) fn messages<'j>(json: &Json<'j>) -> Option<Vec<Exported<'j>>> {
    let requests = json.list("requests")?;
    // They stand in the order of time, and say none.
    let numbered = requests.iter().enumerate();
    Some(numbered.filter_map(|(number, request)| message(number, request)).collect())
}

fn message<'j>(number: usize, request: &Json<'j>) -> Option<Exported<'j>> {
    let url = request.text("url").cloned().unwrap_or_default();
    // Masked values are objects and no strings.
    let pairs = |name: &str| {
        let pairs = request.list(name).into_iter().flatten();
        let pairs = pairs.filter_map(|pair| match pair.as_list()? {
            [Json::Text(name), Json::Text(value), ..] => Some((&**name, &**value)),
            _ => None,
        });
        form(pairs).map(Cow::Owned)
    };
    // What the browser sent keeps its signature; the decoded message may have been formatted.
    let posted = pairs("post");
    let of_url = carries_message(&url).then(|| url.clone());
    let found =
        posted.or(of_url).or_else(|| pairs("get")).or_else(|| request.text("saml").cloned());
    let place = url.split(['?', '#']).next().unwrap_or(&url);
    let method = request.text("method").map_or("", |method| method);
    Some(Exported {
        place: format!("{method} {place}"),
        time: Cow::Owned(format!("{number:09}")),
        text: found.filter(|found| !found.is_empty())?,
    })
}
