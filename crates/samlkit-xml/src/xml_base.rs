//! `xml:base` values put together, for Canonical XML 1.1 only (2.4, *join-URI-References*): RFC
//! 3986, 5.2, changed so that two relative values give a relative one. No SAML document has one.

/// A URI reference taken apart (RFC 3986, appendix B).
struct Reference<'t> {
    scheme: Option<&'t str>,
    authority: Option<&'t str>,
    path: &'t str,
    query: Option<&'t str>,
}

fn parse(text: &str) -> Reference<'_> {
    let text = text.split_once('#').map_or(text, |(before, _)| before);
    let (text, query) = match text.split_once('?') {
        Some((before, query)) => (before, Some(query)),
        None => (text, None),
    };
    let is_scheme = |s: &&str| !s.is_empty() && !s.contains('/');
    let (scheme, text) = match text.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, text),
    };
    match text.strip_prefix("//") {
        Some(rest) => {
            let path = rest.find('/').unwrap_or(rest.len());
            let (authority, path) = rest.split_at_checked(path).unwrap_or((rest, ""));
            Reference { scheme, authority: Some(authority), path, query }
        }
        None => Reference { scheme, authority: None, path: text, query },
    }
}

/// The value `inner` seen from an element whose own value is `outer`.
pub(crate) fn join(outer: &str, inner: &str) -> String {
    let (base, reference) = (parse(outer), parse(inner));
    let (scheme, authority, path, query);
    if reference.scheme.is_some() || reference.authority.is_some() {
        scheme = reference.scheme.or(base.scheme);
        authority = reference.authority;
        path = without_dots(reference.path);
        query = reference.query;
    } else {
        scheme = base.scheme;
        authority = base.authority;
        if reference.path.is_empty() {
            path = base.path.to_owned();
            query = reference.query.or(base.query);
        } else if reference.path.starts_with('/') {
            path = without_dots(reference.path);
            query = reference.query;
        } else {
            // A last segment of two dots names a folder.
            let folder = base.path == ".." || base.path.ends_with("/..");
            let above = if folder { "/" } else { "" };
            let kept = if folder {
                base.path
            } else {
                base.path.rfind('/').map_or("", |at| base.path.get(..=at).unwrap_or(""))
            };
            let root = if base.authority.is_some() && base.path.is_empty() { "/" } else { "" };
            path = without_dots(&format!("{root}{kept}{above}{}", reference.path));
            query = reference.query;
        }
    }
    let mut joined = String::new();
    if let Some(scheme) = scheme {
        joined.push_str(scheme);
        joined.push(':');
    }
    if let Some(authority) = authority {
        joined.push_str("//");
        joined.push_str(authority);
    }
    joined.push_str(&path);
    if let Some(query) = query {
        joined.push('?');
        joined.push_str(query);
    }
    joined
}

/// Takes out `.` and `..` but for those that lead a relative path out of where it begins, and
/// makes several slashes one.
fn without_dots(path: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty() && *segment != ".") {
        match segment {
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if is_absolute => {}
            segment => kept.push(segment),
        }
    }
    let last = path.rsplit('/').next().unwrap_or("");
    let is_folder = matches!(last, "" | "." | "..") && !kept.is_empty();
    let (before, after) = (if is_absolute { "/" } else { "" }, if is_folder { "/" } else { "" });
    format!("{before}{}{after}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_joined_as_the_recommendation_says() {
        for (outer, inner, joined) in [
            ("http://a/b/c", "d", "http://a/b/d"),
            ("http://a", "d", "http://a/d"),
            ("http://a/b/", "../d?e", "http://a/d?e"),
            ("http://a/b", "//c/./d", "http://c/d"),
            ("http://a/b", "x:y", "x:y"),
            ("http://a/b?c", "", "http://a/b?c"),
            ("a/b", "c", "a/c"),
            ("a/", "../../c", "../c"),
            ("..", "c", "../c"),
            ("../..", "..", "../../../"),
            ("/a//b", "/c//d", "/c/d"),
            ("/a", "../../b", "/b"),
        ] {
            assert_eq!(join(outer, inner), joined, "{inner} in {outer}");
        }
    }
}
