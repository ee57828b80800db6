//! A page with a form that posts itself, as the POST binding has it (saml-bindings 3.5): the hidden
//! input is found by its name. This is no reader of HTML: it knows tags, attributes, comments and
//! the elements whose content is text, and cannot say which of two inputs a browser would send. So
//! two are an error wherever they stand, in a comment and in a script too.

use super::{CaptureError, Form, Message, Parameter, RELAY_STATE, of_value, one_message};

/// Elements whose content has no tags (HTML Living Standard, 13.2.6.2).
const TEXT: [&str; 8] =
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// An input with a name and a value, entities in them resolved.
struct Input {
    name: String,
    value: String,
}

/// A start tag.
struct Tag<'t> {
    name: &'t str,
    attributes: Vec<(&'t str, &'t str)>,
}

impl<'t> Tag<'t> {
    /// The value of an attribute as it stands there; of the first, if there are two (13.2.5.33).
    fn attribute(&self, wanted: &str) -> Option<&'t str> {
        let mut attributes = self.attributes.iter();
        attributes.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|&(_, value)| value)
    }
}

/// The message in the page's hidden input; `None` if there is none.
pub(super) fn form(page: &str) -> Option<Result<Message<'static>, CaptureError>> {
    let mut inputs = Vec::new();
    collect(page, true, &mut inputs);
    let named = |name: &'static str| {
        let mut found = inputs.iter().filter(|input| input.name == name);
        let first = found.next().map(|input| input.value.as_str());
        if found.next().is_some() { Err(CaptureError::Repeated { name }) } else { Ok(first) }
    };
    let read = |(parameter, value): (Parameter, &str)| {
        let relay_state = named(RELAY_STATE)?.map(str::to_owned);
        let message = of_value(value, parameter.name(), Form::HtmlForm)?;
        Ok(Message { parameter: Some(parameter), relay_state, ..message })
    };
    match one_message(named) {
        Ok(found) => found.map(read),
        Err(error) => Some(Err(error)),
    }
}

/// Adds the inputs of `html` to `inputs`. Inside comments and text nothing but tags is known: what
/// stands there is either written into the page by a script, or nobody's.
fn collect(html: &str, is_page: bool, inputs: &mut Vec<Input>) {
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        if is_page && let Some(comment) = after.strip_prefix("!--") {
            // `<!-->` is a whole comment.
            let (inside, after) = match comment.strip_prefix('>') {
                Some(after) => ("", after),
                None => comment.split_once("-->").unwrap_or((comment, "")),
            };
            collect(inside, false, inputs);
            rest = after;
            continue;
        }
        let Some((tag, after)) = start_tag(after) else { continue };
        rest = after;
        if tag.name.eq_ignore_ascii_case("input")
            && let Some(name) = tag.attribute("name")
        {
            let value = tag.attribute("value").unwrap_or("");
            inputs.push(Input { name: unescape(name), value: unescape(value) });
        }
        let text = TEXT.iter().find(|text| is_page && text.eq_ignore_ascii_case(tag.name));
        if let Some(text) = text {
            let (inside, after) = until_end_tag(after, text);
            collect(inside, false, inputs);
            rest = after;
        }
    }
}

/// The start tag that begins behind `<`, and what follows it; `None` if none begins there.
fn start_tag(text: &str) -> Option<(Tag<'_>, &str)> {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
    let (name, mut rest) = split_at(text, is_end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return Some((Tag { name, attributes }, rest));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Some((Tag { name, attributes }, after));
        }
        // A name may begin with `=`.
        let from = rest.chars().next().map_or(0, char::len_utf8);
        let length = rest.get(from..).and_then(|after| after.find(|c| is_end(c) || c == '='));
        let length = length.map_or(rest.len(), |length| length.saturating_add(from));
        let (attribute, after) = rest.split_at_checked(length)?;
        let spaced = after.trim_ascii_start();
        let Some(value) = spaced.strip_prefix('=') else {
            attributes.push((attribute, ""));
            rest = after;
            continue;
        };
        let value = value.trim_ascii_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => {
                let inside = value.strip_prefix(quote).unwrap_or(value);
                inside.split_once(quote).unwrap_or((inside, ""))
            }
            None => split_at(value, |c: char| c.is_ascii_whitespace() || c == '>'),
        };
        attributes.push((attribute, value));
        rest = after;
    }
}

/// What stands before the first character that `is_end`, and the rest from that on.
fn split_at(text: &str, is_end: impl Fn(char) -> bool) -> (&str, &str) {
    let at = text.find(is_end).unwrap_or(text.len());
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// The content of an element of text, and what follows its end tag's `</`.
fn until_end_tag<'t>(text: &'t str, name: &str) -> (&'t str, &'t str) {
    let ends = text.match_indices("</").find_map(|(at, _)| {
        let (inside, after) = text.split_at_checked(at)?;
        let after = after.get(2..)?;
        let found = after.get(..name.len())?;
        found.eq_ignore_ascii_case(name).then_some((inside, after))
    });
    ends.unwrap_or((text, ""))
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

/// Character references resolved: all by number, and by name those that stand in base64, URLs and
/// XML (13.5).
fn unescape(text: &str) -> String {
    let mut pieces = text.split('&');
    let mut resolved = pieces.next().unwrap_or("").to_owned();
    for piece in pieces {
        match reference(piece) {
            Some((c, after)) => {
                resolved.push(c);
                resolved.push_str(after);
            }
            None => {
                resolved.push('&');
                resolved.push_str(piece);
            }
        }
    }
    resolved
}

/// The character that the reference behind `&` stands for, and what follows it.
fn reference(text: &str) -> Option<(char, &str)> {
    const NAMED: [(&str, char); 10] = [
        ("amp;", '&'),
        ("lt;", '<'),
        ("gt;", '>'),
        ("quot;", '"'),
        ("apos;", '\''),
        ("plus;", '+'),
        ("equals;", '='),
        ("sol;", '/'),
        ("NewLine;", '\n'),
        ("Tab;", '\t'),
    ];
    let Some(number) = text.strip_prefix('#') else {
        return NAMED.iter().find_map(|&(name, c)| Some((c, text.strip_prefix(name)?)));
    };
    let hexadecimal = number.strip_prefix(['x', 'X']);
    let (digits, radix) = hexadecimal.map_or((number, 10), |digits| (digits, 16));
    let (digits, after) = split_at(digits, |c| !c.is_digit(radix));
    let c = char::from_u32(u32::from_str_radix(digits, radix).ok()?)?;
    Some((c, after.strip_prefix(';').unwrap_or(after)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REAL: &str = "<input type=hidden name=SAMLResponse value='PGEvPg=='>";

    fn message(inside: &str) -> Result<Message<'static>, CaptureError> {
        form(&format!("<!DOCTYPE html><html><body>{inside}</body></html>")).unwrap()
    }

    #[test]
    fn two_inputs_wherever_they_stand() {
        let again = "<INPUT value=\"PGEvPg==\" name=\"SAMLResponse\"/>";
        for second in [
            again.to_owned(),
            format!("<!-- {again} -->"),
            format!("<!-- > {again}"),
            format!("<!--><p>{again}"),
            format!("<script>document.write('{again}')</script>"),
            format!("<script>if (a<b && c=='\"') {{}}</script>{again}"),
            format!("<STYLE>{again}</style >"),
            format!("<textarea>{again}</textarea>"),
            format!("<template>{again}</template>"),
            format!("<noscript>{again}</noscript>"),
            again.replace("SAMLResponse", "SAMLRe&#115;ponse"),
            again.replace("SAMLResponse", "SAMLRe&#x73;ponse"),
            again.replace("name=", "NAME ="),
            "<input name=SAMLResponse>".to_owned(),
        ] {
            let repeated = Err(CaptureError::Repeated { name: "SAMLResponse" });
            assert_eq!(message(&format!("{REAL}{second}")), repeated, "{second}");
            assert_eq!(message(&format!("{second}{REAL}")), repeated, "{second}");
        }
        let other = REAL.replace("SAMLResponse", "SAMLRequest");
        assert_eq!(
            message(&format!("{REAL}{other}")),
            Err(CaptureError::SeveralMessages { first: "SAMLResponse", second: "SAMLRequest" })
        );
        let state = "<input name=RelayState value=x>";
        assert_eq!(
            message(&format!("{REAL}{state}<!--{state}-->")),
            Err(CaptureError::Repeated { name: "RelayState" })
        );
    }

    #[test]
    fn one_input_and_what_only_looks_like_a_second() {
        for other in [
            "<input name=x value=\"<input name='SAMLResponse' value='x'>\">",
            "<input data-name='SAMLResponse' value='x'>",
            "<input name=x name=SAMLResponse>",
            "<input id=\"name='SAMLResponse'\" name=x>",
            "<inputs name=SAMLResponse>",
            "<a title='a > b' name=SAMLResponse>",
            "<!-- SAMLResponse -->",
            "<script>form.SAMLResponse.value</script>",
            "<p>SAMLResponse & a < b</p>",
        ] {
            for page in [format!("{REAL}{other}"), format!("{other}{REAL}")] {
                assert_eq!(*message(&page).unwrap().xml, *b"<a/>", "{page}");
            }
        }
        assert!(form("<html><input name=q value=x><input name").is_none());
    }

    #[test]
    fn entities_are_resolved_once() {
        assert_eq!(unescape("a&#43;b&#x2B;&plus;&amp;lt;&lt;&#10"), "a+b++&lt;<\n");
        assert_eq!(unescape("&;&#;&#x;&#xD800;&unknown;&"), "&;&#;&#x;&#xD800;&unknown;&");
    }
}
