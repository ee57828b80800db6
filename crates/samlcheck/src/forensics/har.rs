//! HAR files (HTTP Archive 1.2), which the network tools of browsers save.

use std::borrow::Cow;

use super::json::Json;
use super::{Exported, carries_message, form};

/// The messages in a HAR file; `None` if it is none.
pub(super) fn messages<'j>(json: &Json<'j>) -> Option<Vec<Exported<'j>>> {
    let entries = json.get("log")?.list("entries")?;
    Some(entries.iter().filter_map(message).collect())
}

fn message<'j>(entry: &Json<'j>) -> Option<Exported<'j>> {
    let request = entry.get("request")?;
    let url = request.text("url")?;
    let posted = request.get("postData");
    let pairs = posted.and_then(|posted| posted.list("params")).into_iter().flatten();
    let pairs = pairs.filter_map(|pair| Some((&**pair.text("name")?, &**pair.text("value")?)));
    // Some browsers write both, and the text is what was sent.
    let body = posted.and_then(|posted| posted.text("text")).filter(|body| carries_message(body));
    let of_url = carries_message(url).then(|| url.clone());
    let place = url.split(['?', '#']).next().unwrap_or(url);
    let method = request.text("method").map_or("", |method| method);
    Some(Exported {
        place: format!("{method} {place}"),
        time: entry.text("startedDateTime").cloned().unwrap_or_default(),
        text: body.cloned().or_else(|| form(pairs).map(Cow::Owned)).or(of_url)?,
    })
}
