//! JSON of exports, of which only what is asked for is kept: a recording of a browser is mostly pages and
//! pictures, and a tree of all of it would take many times its size. Texts are borrowed from the file where
//! they have no escapes. Anything may stand anywhere: what is not expected is passed over.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The keys that are kept; the values of others are read and forgotten.
const KEYS: [&str; 16] = [
    "SAMLMetadataDocument",
    "entries",
    "get",
    "log",
    "method",
    "name",
    "params",
    "post",
    "postData",
    "request",
    "requests",
    "saml",
    "startedDateTime",
    "text",
    "url",
    "value",
];

/// A value, as far as it is kept.
#[derive(Debug)]
pub(super) enum Json<'j> {
    /// A string.
    Text(Cow<'j, str>),
    /// An array, without what is not kept or empty in it.
    List(Box<[Json<'j>]>),
    /// An object, with the keys that are kept.
    Map(Box<[(&'static str, Json<'j>)]>),
    /// Anything else.
    Other,
}

impl<'j> Json<'j> {
    /// The value of a key.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Map(pairs) = self else { return None };
        pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The text of a key.
    pub(super) fn text(&self, name: &str) -> Option<&Cow<'j, str>> {
        self.get(name)?.as_text()
    }

    /// The text that this is.
    pub(super) fn as_text(&self) -> Option<&Cow<'j, str>> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The list of a key.
    pub(super) fn list(&self, name: &str) -> Option<&[Self]> {
        self.get(name)?.as_list()
    }

    /// The list that this is.
    pub(super) fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(list) = self { Some(list) } else { None }
    }

    fn is_worth_a_place(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            Self::List(list) => !list.is_empty(),
            Self::Map(pairs) => !pairs.is_empty(),
            Self::Other => false,
        }
    }
}

impl<'j> Deserialize<'j> for Json<'j> {
    fn deserialize<D: Deserializer<'j>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'j> Visitor<'j> for Reader {
    type Value = Json<'j>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_borrowed_str<E>(self, text: &'j str) -> Result<Json<'j>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'j>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json<'j>, E> {
        Ok(Json::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json<'j>, E> {
        Ok(Json::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Json<'j>, E> {
        Ok(Json::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json<'j>, E> {
        Ok(Json::Other)
    }

    fn visit_unit<E>(self) -> Result<Json<'j>, E> {
        Ok(Json::Other)
    }

    fn visit_seq<A: SeqAccess<'j>>(self, mut values: A) -> Result<Json<'j>, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = values.next_element::<Json<'j>>()? {
            if value.is_worth_a_place() {
                list.push(value);
            }
        }
        Ok(Json::List(list.into_boxed_slice()))
    }

    fn visit_map<A: MapAccess<'j>>(self, mut pairs: A) -> Result<Json<'j>, A::Error> {
        let mut map: Vec<(&'static str, Json<'j>)> = Vec::new();
        while let Some(Key(key)) = pairs.next_key()? {
            let Some(key) = key else {
                pairs.next_value::<IgnoredAny>()?;
                continue;
            };
            let value = pairs.next_value()?;
            // Of two the later one holds, as for most readers.
            match map.iter_mut().find(|(known, _)| *known == key) {
                Some((_, known)) => *known = value,
                None => map.push((key, value)),
            }
        }
        Ok(Json::Map(map.into_boxed_slice()))
    }
}

/// A key, if it is one that is kept.
struct Key(Option<&'static str>);

impl<'j> Deserialize<'j> for Key {
    fn deserialize<D: Deserializer<'j>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E>(self, name: &str) -> Result<Key, E> {
                Ok(Key(KEYS.into_iter().find(|key| *key == name)))
            }
        }
        deserializer.deserialize_str(Name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Json<'_> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn only_what_is_asked_for_is_kept() {
        let json = read(
            r#"{"log": {"pages": [{"url": "x"}], "entries": [1, null, {}, [], "", {"name": "n", "size": 3}]},
                "text": "a", "text": "b\n"}"#,
        );
        let entries = json.get("log").unwrap().list("entries").unwrap();
        assert_eq!(entries.len(), 1);
        assert!(matches!(entries[0].text("name"), Some(Cow::Borrowed("n"))));
        assert!(
            entries[0].get("size").is_none() && json.get("log").unwrap().get("pages").is_none()
        );
        assert!(matches!(json.text("text"), Some(Cow::Owned(text)) if text == "b\n"));
    }

    #[test]
    fn anything_may_stand_anywhere() {
        for odd in ["1", "-1", "1.5", "true", "null", r#""x""#, "[]"] {
            let json = read(odd);
            assert!(json.get("log").is_none() && json.text("url").is_none(), "{odd}");
            assert_eq!(json.list("entries").map(<[_]>::len), None);
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(serde_json::from_str::<Json<'_>>(&deep).is_err());
    }
}
