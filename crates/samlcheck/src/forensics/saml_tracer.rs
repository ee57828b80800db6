//! Exports of the browser extension SAML-tracer.

use serde_json::Value;

use super::{Exported, carries_message, form};

/// The messages in an export; `None` if it is none.
pub(super) fn messages(json: &Value) -> Option<Vec<Exported>> {
    let requests = json.get("requests")?.as_array()?;
    // They stand in the order of time, and say none.
    let numbered = requests.iter().enumerate();
    Some(numbered.filter_map(|(number, request)| message(number, request)).collect())
}

fn message(number: usize, request: &Value) -> Option<Exported> {
    let text = |name: &str| request.get(name).and_then(Value::as_str);
    let url = text("url").unwrap_or_default();
    // Masked values are objects and no strings.
    let pairs = |name: &str| {
        let pairs = request.get(name).and_then(Value::as_array).into_iter().flatten();
        form(pairs.filter_map(|pair| Some((pair.get(0)?.as_str()?, pair.get(1)?.as_str()?))))
    };
    // What the browser sent keeps its signature; the decoded message may have been formatted.
    let posted = pairs("post");
    let of_url = carries_message(url).then(|| url.to_owned());
    let found =
        posted.or(of_url).or_else(|| pairs("get")).or_else(|| text("saml").map(str::to_owned));
    let place = url.split(['?', '#']).next().unwrap_or(url);
    Some(Exported {
        place: format!("{} {place}", text("method").unwrap_or_default()),
        time: format!("{number:09}"),
        text: found.filter(|found| !found.is_empty())?,
    })
}
