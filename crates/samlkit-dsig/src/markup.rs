//! Writing: the characters of an attribute's value as they have to stand between double quotes, so that
//! whoever reads them gets the value back (XML 1.0, 2.4, 3.3.3).

/// The value with what would end or change it written as references.
pub(crate) fn attribute_value(value: &str) -> String {
    let mut written = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '"' => written.push_str("&quot;"),
            '\t' => written.push_str("&#x9;"),
            '\n' => written.push_str("&#xA;"),
            '\r' => written.push_str("&#xD;"),
            other => written.push(other),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use samlkit_xml::Document;

    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let value = "a\t\n\r <&>\"' \u{20ac}&amp;";
        let xml = format!("<a b=\"{}\"/>", attribute_value(value));
        let document = Document::parse(xml.as_bytes()).unwrap();
        assert_eq!(document.root().attribute("b").map(|b| b.value()), Some(value));
    }
}
