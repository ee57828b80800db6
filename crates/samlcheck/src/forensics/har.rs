//! HAR files (HTTP Archive 1.2), which the network tools of browsers save.

use serde_json::Value;

use super::{Exported, carries_message, form};

/// The messages in a HAR file; `None` if it is none.
pub(super) fn messages(json: &Value) -> Option<Vec<Exported>> {
    let entries = json.get("log")?.get("entries")?.as_array()?;
    Some(entries.iter().filter_map(message).collect())
}

fn message(entry: &Value) -> Option<Exported> {
    let request = entry.get("request")?;
    let text = |value: &Value, name: &str| value.get(name)?.as_str().map(str::to_owned);
    let url = text(request, "url")?;
    let posted = request.get("postData");
    let pairs = posted.and_then(|posted| posted.get("params")?.as_array());
    let pairs = pairs
        .into_iter()
        .flatten()
        .filter_map(|pair| Some((pair.get("name")?.as_str()?, pair.get("value")?.as_str()?)));
    // Some browsers write both, and the text is what was sent.
    let body = posted.and_then(|posted| text(posted, "text")).filter(|body| carries_message(body));
    let of_url = carries_message(&url).then(|| url.clone());
    let place = url.split(['?', '#']).next().unwrap_or(&url);
    Some(Exported {
        place: format!("{} {place}", text(request, "method").unwrap_or_default()),
        time: text(entry, "startedDateTime").unwrap_or_default(),
        text: body.or_else(|| form(pairs)).or(of_url)?,
    })
}
